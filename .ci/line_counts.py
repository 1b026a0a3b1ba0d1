#!/usr/bin/env python3
"""Prints, for each folder of C++ sources, its files, lines, lines of code, and its longest file and function.

usage: line_counts.py [--markdown] [FOLDER...]    FOLDER: only those, e.g. fhir/path fhir/cql
Code: lines that hold more than blanks and comments. Tables (.inc) and generated files are not counted.
"""
import pathlib
import sys
from collections import defaultdict

from check_size import functions_of
from cpp_text import code_only, tracked_files


def lines_of_code(text):
    pairs = zip(text.splitlines(), code_only(text).splitlines())
    # What is blanked although it is no comment is a literal.
    return sum(1 for line, code in pairs
               if code.strip() or (line.strip() and not line.lstrip().startswith(("//", "/*", "*"))))


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    markdown = "--markdown" in sys.argv
    wanted = [argument for argument in sys.argv[1:] if argument != "--markdown"]
    folders = defaultdict(list)
    for path in tracked_files(root):
        folder = path.rpartition("/")[0]
        if not path.endswith((".h", ".cc")) or (wanted and folder not in wanted):
            continue
        text = (root / path).read_text(encoding="utf-8")
        if "generated" in text.split("\n", 1)[0].lower():
            continue
        functions = [(length, f"{path}:{line}") for line, length in functions_of(text)]
        folders[folder].append((text.count("\n"), lines_of_code(text), max(functions, default=(0, "")), path))
    rows = [("folder", "files", "lines", "code", "longest file", "longest function")]
    total = [0, 0, 0]
    for folder, files in sorted(folders.items()):
        longest = max(files)
        function = max(file[2] for file in files)
        counts = [len(files), sum(file[0] for file in files), sum(file[1] for file in files)]
        total = [a + b for a, b in zip(total, counts)]
        rows.append((folder, *map(str, counts), f"{longest[3].rpartition('/')[2]} ({longest[0]})",
                     f"{function[1].rpartition('/')[2]} ({function[0]})"))
    rows.append(("all", *map(str, total), "", ""))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        if markdown:
            print("| " + " | ".join(row) + " |")
            if number == 0:
                print("|---" * len(row) + "|")
        else:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


if __name__ == "__main__":
    main()
