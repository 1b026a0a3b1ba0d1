#!/usr/bin/env python3
"""Checks which way includes run, where third-party headers stand, and that the domain does no I/O.

usage: check_layers.py [ROOT] [--dot]
Prints "file:line: message" for each violation and exits 1. With --dot prints the graph of folders with the
number of includes between them, for graphviz, and checks nothing.
"""
import argparse
import collections
import pathlib
import re
import sys

from cpp_text import SUFFIXES, code_only, tracked_files

# Folder -> folders it may include besides itself; from bottom to top.
ALLOWED = {
    "fhir/base": (),
    "fhir/json": ("fhir/base",),
    "fhir/model": ("fhir/base", "fhir/json"),
    "fhir/terminology": ("fhir/base", "fhir/json", "fhir/model"),
    "fhir/path": ("fhir/base", "fhir/json", "fhir/model", "fhir/terminology"),
    "fhir/cql": ("fhir/base", "fhir/json", "fhir/model", "fhir/terminology", "fhir/path"),
}
ALLOWED["cards"] = tuple(ALLOWED)
ALLOWED["cds_hooks"] = tuple(ALLOWED)
ALLOWED["server"] = tuple(ALLOWED)
# May include everything; nothing includes them.
OUTSIDE = ("tests", "bench")

# Header prefixes -> path prefixes of the files that may include them, tests and bench apart.
THIRD_PARTY = {
    ("rapidjson/", "simdjson"): ("fhir/json/",),
    ("yaml-cpp/",): ("cards/rule_yaml", "cards/pack", "server/config"),
    ("re2/",): ("fhir/path/", "fhir/cql/", "fhir/terminology/"),
    # Boost's value libraries; its sockets and threads fall to the row below.
    ("boost/multiprecision/", "boost/uuid/"): ("fhir/base/", "fhir/model/", "server/"),
    ("boost/", "grpc/", "grpcpp/", "google/", "openssl/", "curl/", "sqlite3", "libpq", "postgresql/",
     "spdlog/", "fmt/", "prometheus/", "CLI/"): ("server/",),
    ("gtest/", "gmock/", "benchmark/"): (),
}
# The standard library by its C++ names, and intrinsics for the vector code.
STANDARD = re.compile(r"[a-z_0-9]+$|[a-z0-9]+intrin\.h$|arm_neon\.h$")
# Headers of files, sockets, consoles and the system: for server/ only.
IO_HEADERS = re.compile(r"(iostream|fstream|filesystem|syncstream|unistd\.h|fcntl\.h|poll\.h|netdb\.h|dirent\.h|"
                        r"(sys|netinet|arpa)/.*)$")
DOMAIN = ("fhir", "cards", "cds_hooks")
# What the domain must not call: pattern on code without comments and literals -> what it would do.
DOMAIN_CALLS = (
    (re.compile(r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock)\b"), "reads a clock"),
    (re.compile(r"(?<![\w.>])time\s*\(\s*(NULL|nullptr|0|&\w+)\s*\)"), "reads a clock"),
    (re.compile(r"\b(gettimeofday|clock_gettime|timespec_get|localtime(_r)?|mktime)\s*\("), "reads a clock or time zone"),
    (re.compile(r"\bstd::(cout|cerr|clog|cin)\b"), "writes to or reads a console"),
    (re.compile(r"(?<![\w.>])(f|v|vf)?printf\s*\(|(?<![\w.>])f?puts\s*\(|(?<![\w.>])perror\s*\("), "writes to a console or file"),
    (re.compile(r"\bf?open\s*\(\s*\"|\bfopen\s*\(|\bfreopen\s*\(|\b(i|o)?fstream\b"), "opens a file"),
    (re.compile(r"\bgetenv\s*\("), "reads the environment"),
    (re.compile(r"\brandom_device\b|(?<![\w.>:])s?rand\s*\("), "draws a random number nobody can repeat"),
    (re.compile(r"\bspdlog\b"), "writes a log"),
)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def folder_of(path):
    """The layer a path belongs to: its first part, or its first two below fhir/; '' when it is none of ours."""
    parts = path.split("/")
    if len(parts) < 2:
        return ""
    if parts[0] == "fhir":
        return "/".join(parts[:2])
    return parts[0] if parts[0] in ALLOWED or parts[0] in OUTSIDE else ""


def includes_of(text):
    """(line number, '<' or '"', header) for each include that is not commented out."""
    blanked = code_only(text).splitlines()
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        # The name in quotes is blanked as a literal; the word "include" is not.
        if found and "include" in blanked[number - 1]:
            yield number, found[1], found[2]


def check_third_party(path, header, is_public):
    for prefixes, places in THIRD_PARTY.items():
        if not header.startswith(prefixes):
            continue
        if not path.startswith(places or ("\0",)):
            where = " and ".join(places) if places else "tests/ and bench/"
            return f"{header} belongs in {where} only"
        if is_public and not path.startswith("server/"):
            return f"a public header must not show {header}; include it in the .cc"
        break
    return ""


def check_include(path, here, quote, header):
    there = folder_of(header)
    if there in OUTSIDE:
        return f"{here} must not include {there}: nothing includes tests or benchmarks"
    if there and there not in ALLOWED:
        return f"{there} is not a folder of the layer table"
    if there and there != here and there not in ALLOWED[here]:
        return f"{here} must not include {there}"
    third = check_third_party(path, header, path.endswith(".h"))
    if third:
        return third
    if path.startswith(DOMAIN) and IO_HEADERS.match(header):
        return f"{here} does no I/O: <{header}> is for server/"
    listed = there or any(header.startswith(prefixes) for prefixes in THIRD_PARTY)
    if quote == '"' and not listed and not header.endswith(".pb.h"):
        return f'"{header}": include our own headers from the repository root, others in angle brackets'
    if path.startswith(DOMAIN) and not listed and not STANDARD.match(header):
        return f"{header} is in no row of the table of third-party headers"
    return ""


def check_file(path, text, root):
    here = folder_of(path)
    if here not in ALLOWED:
        yield 1, f"{here or path} is not a folder of the layer table"
        return
    included = list(includes_of(text))
    for number, quote, header in included:
        message = check_include(path, here, quote, header)
        if message:
            yield number, message
    if path.endswith(".h") and "#pragma once" not in text:
        yield 1, "a header starts with #pragma once"
    own = path.removesuffix(".cc") + ".h"
    if path.endswith(".cc") and included and (root / own).exists() and included[0][2] != own:
        yield included[0][0], f"own header first: {own}"
    if path.startswith(DOMAIN):
        for number, line in enumerate(code_only(text).splitlines(), 1):
            for pattern, what in DOMAIN_CALLS:
                if pattern.search(line):
                    yield number, f"{here} {what}: that is for server/"


def product_files(root):
    tops = {name.split("/")[0] for name in ALLOWED}
    return [name for name in tracked_files(root) if name.endswith(SUFFIXES) and name.split("/")[0] in tops]


def print_dot(root):
    edges = collections.Counter()
    for path in product_files(root):
        for _, _, header in includes_of((root / path).read_text(encoding="utf-8")):
            here, there = folder_of(path), folder_of(header)
            if there and there != here:
                edges[here, there] += 1
    print("digraph includes {\n  rankdir=TB;\n  node [shape=box];")
    for (here, there), count in sorted(edges.items()):
        print(f'  "{here}" -> "{there}" [label="{count}"];')
    print("}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).resolve().parent.parent, type=pathlib.Path)
    parser.add_argument("--dot", action="store_true")
    options = parser.parse_args()
    if options.dot:
        print_dot(options.root)
        return 0
    violations = files = 0
    for path in product_files(options.root):
        files += 1
        for number, message in check_file(path, (options.root / path).read_text(encoding="utf-8"), options.root):
            print(f"{path}:{number}: {message}")
            violations += 1
    print(f"check_layers: {files} files, {violations} violations", file=sys.stderr)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
