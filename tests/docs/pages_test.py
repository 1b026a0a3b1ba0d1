#!/usr/bin/env python3
"""Pages agree with what they describe: the pack's README lists its rows with their indicators, in order; the clinical pages
name rows, files and parameters that are there; links lead somewhere.

usage: pages_test.py [ROOT]
"""
import pathlib
import re
import subprocess
import sys

PACK = "cards/packs/perinatal_bone_health"
# Rows stand in one line or in several; either way `indicator` is the first one after the row's id.
ROW = re.compile(r'^ *- \{?id: "?([A-Z]\.\w+).*?indicator: (\w+)', re.M | re.S)
README_ROW = re.compile(r"^\| ([A-Z]\.\w+) \| (\w+)", re.M)
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
NAMED_ROW = re.compile(r"\b([A-Z]\.\d\w?)\b")
NAMED_FILE = re.compile(r"`((?:rules|logic|resources|value_sets)/[\w./]+)`")
NAMED_PARAMETER = re.compile(r"`([a-z]\w*\.[a-zA-Z]\w+)`")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.M | re.S)


def pack_rows(root):
    rows = []
    for path in sorted((root / PACK / "rules").glob("*.yaml")):
        rows += ROW.findall(path.read_text(encoding="utf-8"))
    return rows


def row_problems(root):
    wanted = pack_rows(root)
    written = README_ROW.findall((root / PACK / "README.md").read_text(encoding="utf-8"))
    if not wanted:
        yield f"{PACK}/rules: no row found"
    for row in wanted:
        if row not in written:
            yield f"{PACK}/README.md: no line \"| {row[0]} | {row[1]} ...\""
    for row in written:
        if row not in wanted:
            yield f"{PACK}/README.md: {row[0]} {row[1]} is no row of the pack"
    if sorted(wanted) == sorted(written) and wanted != written:
        yield f"{PACK}/README.md: the rows stand in another order than in the pack"


def clinical_problems(root):
    rows = {row for row, _ in pack_rows(root)}
    parameters = set(re.findall(r"^  ([\w.]+): \{type:", (root / PACK / "pack.yaml").read_text(encoding="utf-8"), re.M))
    for page in ("docs/clinical/choices.md", "docs/clinical/traceability.md"):
        text = (root / page).read_text(encoding="utf-8")
        for name in sorted(set(NAMED_ROW.findall(text))):
            # "G.2" may speak of G.2a to G.2x.
            if not any(row.startswith(name) for row in rows):
                yield f"{page}: there is no row {name}"
        for name in sorted(set(NAMED_FILE.findall(text))):
            if not (root / PACK / name).exists():
                yield f"{page}: there is no file {name}"
        for name in sorted(set(NAMED_PARAMETER.findall(text)) - parameters):
            if not name.endswith(".md"):
                yield f"{page}: there is no parameter {name}"


def link_problems(root):
    pages = subprocess.run(["git", "ls-files", "*.md"], cwd=root, check=True, capture_output=True, text=True).stdout
    for page in pages.split():
        for target in LINK.findall(CODE.sub("", (root / page).read_text(encoding="utf-8"))):
            if "://" not in target and not (root / page).parent.joinpath(target).exists():
                yield f"{page}: the link to {target} leads nowhere"


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    problems = [*row_problems(root), *clinical_problems(root), *link_problems(root)]
    print("\n".join(problems) or f"{len(pack_rows(root))} rows, all links lead somewhere")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
