#!/usr/bin/env bash
# Fails where clang-format would change a C++ source, and where a shell or Python script does not parse.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0
sources=()
while IFS= read -r file; do
  case $file in *_table*.inc) ;; *) [ -f "$file" ] && sources+=("$file") ;; esac
done < <(git ls-files -- '*.h' '*.cc' '*.inc')
if [ ${#sources[@]} -gt 0 ]; then
  clang-format-14 --dry-run --Werror "${sources[@]}" || { echo "format: run ./dev fmt"; failed=1; }
fi

while IFS= read -r file; do
  [ -f "$file" ] || continue
  bash -n "$file" || failed=1
done < <(git ls-files -- dev .ci/run '*.sh')

while IFS= read -r file; do
  [ -f "$file" ] || continue
  python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1])' "$file" || failed=1
done < <(git ls-files -- '*.py')
exit $failed
