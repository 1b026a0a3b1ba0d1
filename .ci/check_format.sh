#!/usr/bin/env bash
# Fails where clang-format would change a C++ source, and where a shell or Python script does not parse.
# usage: check_format.sh [--fix]    --fix: format the C++ sources in place, nothing else
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

existing() {  # PATTERN...: tracked files that are there
  git ls-files -- "$@" | while IFS= read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done
}

# .inc files are tables: one row a line, however long.
cpp_sources() { existing '*.h' '*.cc'; }

if [ "${1:-}" = --fix ]; then
  cpp_sources | xargs -r clang-format-14 -i
  exit 0
fi

failed=0
unformatted=$(cpp_sources | xargs -r clang-format-14 --dry-run 2>&1 | sed -n 's/^\([^ :]*:[0-9]*\):.*clang-format-violations.*/\1/p' | sort -u -t: -k1,1)
if [ -n "$unformatted" ]; then
  sed 's/$/: not as clang-format-14 writes it; run .\/dev fmt/' <<<"$unformatted"
  failed=1
fi
while IFS= read -r file; do
  bash -n "$file" || failed=1
done < <(existing dev .ci/run '*.sh')
existing '*.py' | xargs -r python3 -c '
import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name, encoding="utf-8").read(), name)
' || failed=1
exit $failed
