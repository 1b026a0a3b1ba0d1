#!/usr/bin/env python3
"""Fails where a file names a folder of one machine or the host of a package registry; prints "file:line: message".

usage: check_words.py [ROOT]
The evidence folder beside the repository is named by tests, benchmarks and scripts only: the product never reads it.
"""
import pathlib
import re
import sys

from cpp_text import tracked_files

# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w./-])/(work|root|home/\w+|Users)(/|\b(?!\w))")
REGISTRY_HOST = re.compile(
    r"\b(deb|security|snapshot)\.debian\.|\bregistry\.(npmjs|yarnpkg)|\bpypi\.(org|io)|\bpythonhosted\.|\bcrates\.io|"
    r"\bproxy\.golang|\brepo1?\.maven|\b(docker|gcr|ghcr|quay)\.io\b")
SHARED = re.compile(r"\.\./shared\b")
MAY_NAME_SHARED = ("tests/", "bench/", ".ci/", "dev")
# Pictures and archives, and published XML that is kept as it came.
SKIPPED = (".png", ".svg", ".gz", ".xz", ".db", ".xml")


def check(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield number, "names a folder of one machine"
        if REGISTRY_HOST.search(line):
            yield number, "names the host of a package registry"
        if SHARED.search(line) and not path.startswith(MAY_NAME_SHARED):
            yield number, "only tests, benchmarks and scripts name the evidence folder"


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    violations = 0
    for path in tracked_files(root):
        if path.endswith(SKIPPED) or path == ".ci/check_words.py":
            continue
        for number, message in check(path, (root / path).read_text(encoding="utf-8", errors="replace")):
            print(f"{path}:{number}: {message}")
            violations += 1
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
