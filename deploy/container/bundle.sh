#!/usr/bin/env bash
# Collects what a container needs to run osteon and nothing else, in two folders below BUNDLE:
#   rootfs/  the program, the shared libraries it loads, the rule pack, trust anchors, time zones, one user, licences
#   state/   what goes below /var/lib and belongs to that user; apart, because COPY makes everything else root's
# usage: bundle.sh PROGRAM BUNDLE    (BUNDLE must not exist)
set -euo pipefail

program=$1
bundle=$2
rootfs=$bundle/rootfs
[ -x "$program" ] || { echo "bundle: $program is not a program" >&2; exit 1; }
[ ! -e "$bundle" ] || { echo "bundle: $bundle exists" >&2; exit 1; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

mkdir -p "$rootfs"/{etc/ssl/certs,etc/osteon,tmp,usr/bin,usr/share/doc/osteon,var/lib}
mkdir -p "$bundle/state/osteon"
install -m 0755 "$program" "$rootfs/usr/bin/osteon"
strip --strip-debug "$rootfs/usr/bin/osteon"

# Asks /health/ready from inside: there is no shell and no curl in there. Static, so that it needs nothing.
g++ -O2 -static -Wall -Wextra -Werror -o "$rootfs/usr/bin/osteon-ready" "$here/ready.cc"

licence_of() {  # FILE: the copyright file of the package it came from
  local package=""
  # dpkg knows a library under /lib or under /usr/lib; they are the same folder.
  package=$(dpkg-query -S "$1" 2>/dev/null || dpkg-query -S "/usr$1" 2>/dev/null || dpkg-query -S "${1#/usr}" 2>/dev/null) || true
  package=${package%%:*}
  if [ -n "$package" ] && [ -f "/usr/share/doc/$package/copyright" ]; then
    install -D -m 0644 "/usr/share/doc/$package/copyright" "$rootfs/usr/share/doc/$package/copyright"
  else
    echo "bundle: no licence found for $1" >&2
  fi
}

libraries=$(ldd "$program")
if grep -q 'not found' <<<"$libraries"; then
  echo "bundle: a library is missing:" >&2
  grep 'not found' <<<"$libraries" >&2
  exit 1
fi
while IFS= read -r library; do
  install -D -m 0755 "$(readlink -f "$library")" "$rootfs$library"
  licence_of "$(readlink -f "$library")"
done < <(awk '/=> \// { print $3 } $1 ~ /^\// { print $1 }' <<<"$libraries")

# The rule packs, where the program looks for the shipped one; the same files as CMake's install rule.
mkdir -p "$rootfs/usr/share/osteon/packs"
cp -r "$here"/../../cards/packs/. "$rootfs/usr/share/osteon/packs"
find "$rootfs/usr/share/osteon/packs" \( -name '*.py' -o -name __pycache__ \) -prune -exec rm -r {} +
chmod -R a+rX,go-w "$rootfs/usr/share/osteon"

# What is not linked but read at run time, where the build machine has it.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
  install -m 0644 /etc/ssl/certs/ca-certificates.crt "$rootfs/etc/ssl/certs/ca-certificates.crt"
fi
if [ -d /usr/share/zoneinfo ]; then
  cp -rL /usr/share/zoneinfo "$rootfs/usr/share/zoneinfo"
  rm -rf "$rootfs"/usr/share/zoneinfo/{posix,right}
fi
echo 'osteon:x:65532:65532::/var/lib/osteon:/nonexistent' >"$rootfs/etc/passwd"
echo 'osteon:x:65532:' >"$rootfs/etc/group"
install -m 0644 "$here/../../LICENSE" "$here/../../NOTICE" "$rootfs/usr/share/doc/osteon/"
chmod 1777 "$rootfs/tmp"
