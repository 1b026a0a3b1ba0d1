#!/usr/bin/env bash
# Checks everything in deploy/ without a daemon; last line "N passed, N failed, N skipped", exit 1 on a failure.
# usage: check.sh [--quick]    --quick: only what a bare Debian 12 has the tools for
# OSTEON_PROGRAM names another program than build/osteon for the image.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root/deploy"
program=${OSTEON_PROGRAM:-$root/build/osteon}
quick=0
[ "${1:-}" = --quick ] && quick=1
work=$(mktemp -d)
passed=0 failed=0 skipped=0
server=0
container=

storage=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)

finish() {
  if [ "$server" -ne 0 ]; then kill "$server" 2>/dev/null || true; fi
  if [ -n "$container" ]; then buildah "${storage[@]}" rm "$container" >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap finish EXIT

# The command runs as a condition, where errexit is off: each step of a function says "|| return 1".
check() {  # NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    echo "ok   $name"
    passed=$((passed + 1))
  else
    echo "FAIL $name"
    sed 's/^/     | /' "$work/output" | tail -n 30
    failed=$((failed + 1))
  fi
}

skip() {  # NAME REASON
  echo "skip $1: $2"
  skipped=$((skipped + 1))
}

check_with() {  # TOOL NAME COMMAND...: skipped where the tool is not installed
  if command -v "$1" >/dev/null; then check "${@:2}"; else skip "$2" "$1 is not installed"; fi
}

# --- texts ------------------------------------------------------------------------------------

scripts_parse() { local script; for script in check.sh container/*.sh; do bash -n "$script" || return 1; done; }

# Whatever the other Dockerfile proves must hold for the one that needs a base image.
final_stages_agree() {
  diff <(sed -n '/^FROM scratch/,$p' container/Dockerfile | sed '/^COPY /d') \
       <(sed -n '/^FROM scratch/,$p' container/Dockerfile.scratch | sed '/^COPY /d')
}

dockerfile_rules() {
  local file
  for file in container/Dockerfile container/Dockerfile.scratch; do
    grep -Eq '^USER [1-9][0-9]*:[1-9][0-9]*$' "$file" || { echo "$file: USER must be a number that is not 0"; return 1; }
    grep -Eq '^ENTRYPOINT \["/' "$file" || { echo "$file: ENTRYPOINT must be an exec form"; return 1; }
    grep -Eq '^HEALTHCHECK .* CMD \["/' "$file" || { echo "$file: HEALTHCHECK must not need a shell"; return 1; }
    if grep -En '^ADD |:latest|^ENV .*(KEY|TOKEN|PASSWORD)|--insecure-bind"' "$file"; then
      echo "$file: no ADD, no :latest, no secret in ENV, no open port by default"
      return 1
    fi
  done
}

lines_present() {  # FILE LINE...
  local file=$1 line
  shift
  for line in "$@"; do grep -qxF -- "$line" "$file" || { echo "$file: no line \"$line\""; return 1; }; done
}

compose_rules() {
  lines_present compose/compose.yml '    read_only: true' '    cap_drop:' '      - ALL' '    user: "65532:65532"' \
    '      - no-new-privileges:true' '    healthcheck:' || return 1
  # Nobody is authenticated in this trial, so nothing may be published beyond this machine.
  ! grep -En '^ +- "?([0-9]+:|0\.0\.0\.0:|\[::\]:)[0-9]' compose/compose.yml
}

unit_rules() {
  lines_present systemd/osteon.service DynamicUser=yes ProtectSystem=strict NoNewPrivileges=yes \
    MemoryDenyWriteExecute=yes CapabilityBoundingSet= StateDirectory=osteon 'SystemCallFilter=@system-service'
}

# --- tools ------------------------------------------------------------------------------------

unit_verifies() {
  # verify wants the program to be there; on this machine it is not installed.
  mkdir -p "$work/unit" || return 1
  sed "s|^ExecStart=/usr/bin/osteon|ExecStart=$(command -v true)|; /^Documentation=/d" systemd/osteon.service \
    >"$work/unit/osteon.service" || return 1
  systemd-analyze verify "$work/unit/osteon.service"
}

unit_exposure() { systemd-analyze security --offline=true --threshold=15 "$PWD/systemd/osteon.service"; }

# An error that a schema must catch: a misspelt key.
compose_schema_catches_a_mistake() {
  sed 's/cap_drop/cap_dropp/' compose/compose.yml >"$work/bad.yml" || return 1
  ! docker-compose -f "$work/bad.yml" config -q
}

# --- container --------------------------------------------------------------------------------

image_builds() {
  container/bundle.sh "$program" "$work/context" || return 1
  buildah "${storage[@]}" bud --isolation chroot --format docker -t osteon-check \
    -f "$PWD/container/Dockerfile.scratch" "$work/context" || return 1
  buildah "${storage[@]}" inspect --type image osteon-check >"$work/image.json"
}

image_is_non_root() { grep -q '"User": "65532:65532"' "$work/image.json"; }

image_has_no_shell() {
  ! find "$work/context/rootfs" \( -name sh -o -name bash -o -name dash -o -name busybox -o -name perl \) -type f | grep .
}

image_has_no_setuid() { ! find "$work/context/rootfs" -type f -perm /6000 | grep .; }

state_folder_is_the_users() {
  local owner
  container=$(buildah "${storage[@]}" from osteon-check) || return 1
  owner=$(stat -c '%u:%g' "$(buildah "${storage[@]}" mount "$container")/var/lib/osteon") || return 1
  [ "$owner" = 65532:65532 ] || { echo "/var/lib/osteon is $owner"; return 1; }
}

# The pack is at its place, whole, and right by the program beside it: the shipped one is looked for relative to it.
image_carries_the_pack() {
  local pack=/usr/share/osteon/packs/perinatal_bone_health found
  found=$(find "$work/context/rootfs/usr/share/osteon" -name '*.py' -o -perm /022 -type f) || return 1
  [ -z "$found" ] || { echo "not for the image: $found"; return 1; }
  inside /usr/bin/osteon check "$pack" || return 1
  inside /usr/bin/osteon test "$pack" || return 1
}

# Runs osteon-ready, or any other program of the image, as the image's user.
inside() { buildah "${storage[@]}" run --isolation chroot "$container" -- "$@"; }

port_of() { awk -v name="$1" '$1 == name { sub(/.*:/, "", $2); print $2; exit }' "$work/server.log"; }

image_serves() {
  # This isolation shares the network of this machine: port 0, so that it takes a free one.
  buildah "${storage[@]}" run --isolation chroot "$container" -- /usr/bin/osteon serve --data /var/lib/osteon \
    --http 127.0.0.1:0 --grpc 127.0.0.1:0 --admin 127.0.0.1:0 >"$work/server.log" 2>&1 &
  server=$!
  local tries
  for tries in $(seq 100); do
    http=$(port_of http)
    [ -n "$http" ] && inside /usr/bin/osteon-ready "$http" && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "not ready after $tries tries"
  cat "$work/server.log"
  return 1
}

discovery_answers() {
  local body
  body=$(curl -fsS --max-time 5 "http://127.0.0.1:$http/cds-services") || return 1
  [[ $body == *'"services"'*perinatal-bone-health-order-sign* ]] || { echo "$body"; return 1; }
}

server_is_the_image_user() {
  # buildah re-executes itself for the isolation: the server is the last of a chain of children.
  # Each thread lists the children it started.
  local child=$server
  while [ -n "$child" ]; do
    server_pid=$child
    child=$(cat "/proc/$server_pid"/task/*/children)
    child=${child%% *}
  done
  grep -Eq '^Uid:[[:space:]]65532[[:space:]]' "/proc/$server_pid/status" || { head -n 12 "/proc/$server_pid/status"; return 1; }
}

server_drains_on_sigterm() {
  kill -TERM "$server_pid" || return 1
  local code=0
  wait "$server" || code=$?
  server=0
  [ "$code" -eq 0 ] || { echo "exit code $code"; cat "$work/server.log"; return 1; }
}

check_image() {
  if [ ! -x "$program" ]; then skip "container image" "$program is not built"; return; fi
  if ! command -v buildah >/dev/null; then skip "container image" "buildah is not installed"; return; fi
  if [ "$(id -u)" -ne 0 ]; then skip "container image" "chroot isolation wants root here"; return; fi
  local before=$failed
  check "image: builds from scratch" image_builds
  [ "$failed" -eq "$before" ] || return 0
  echo "     $(du -sm "$work/context/rootfs" | cut -f1) MiB, $(find "$work/context/rootfs" -name '*.so*' -type f | wc -l) shared libraries"
  check "image: runs as 65532" image_is_non_root
  check "image: holds no shell" image_has_no_shell
  check "image: holds no setuid program" image_has_no_setuid
  check "image: /var/lib/osteon belongs to the user" state_folder_is_the_users
  [ "$failed" -eq "$before" ] || return 0
  check "image: carries the pack, and its cases pass" image_carries_the_pack
  check "image: serves and is ready, asked from inside" image_serves
  [ "$failed" -eq "$before" ] || return 0
  check "image: discovery answers, asked from outside" discovery_answers
  check "image: the server process is user 65532" server_is_the_image_user
  [ "$failed" -eq "$before" ] || return 0
  check "image: SIGTERM ends it with exit code 0" server_drains_on_sigterm
}

check "scripts parse" scripts_parse
check "Dockerfile rules" dockerfile_rules
check "both Dockerfiles end alike" final_stages_agree
check "compose file rules" compose_rules
check "systemd unit rules" unit_rules
if [ "$quick" -eq 0 ]; then
  check_with shellcheck "shellcheck" shellcheck check.sh container/bundle.sh
  check_with systemd-analyze "systemd unit verifies" unit_verifies
  check_with systemd-analyze "systemd unit exposure is at most 1.5" unit_exposure
  check_with docker-compose "compose file schema" docker-compose -f compose/compose.yml config -q
  check_with docker-compose "compose schema catches a mistake" compose_schema_catches_a_mistake
  check_image
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
