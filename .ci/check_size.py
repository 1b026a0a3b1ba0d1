#!/usr/bin/env python3
"""Fails on files over 500 lines and functions over 80; prints "file:line: message".

usage: check_size.py [ROOT]
Tables (.inc) and generated files (their first line says "generated") may be longer.
"""
import ast
import pathlib
import re
import sys

from cpp_text import code_only, tracked_files

FILE_LIMIT = 500
FUNCTION_LIMIT = 80
CHECKED = (".h", ".cc", ".py", ".sh", ".proto")
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
# A constructor's member initialiser with braces: "Foo::Foo() : a_" before "{1}".
MEMBER_INITIALISER = re.compile(r"\)[^;{}]*:(?!:).*[\w>]\s*$", re.S)


def close_of(code, opening):
    """The index of the brace that closes the one at `opening`."""
    depth = 0
    for at in range(opening, len(code)):
        if code[at] == "{":
            depth += 1
        elif code[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return len(code) - 1


def opens_scope(header):
    # "struct Foo Make(int x) {" is a function; "class alignas(8) Foo {" is not, but has no name before "(".
    return SCOPE.search(header) and not re.search(r"\w\s*\([^()]*(\([^()]*\)[^()]*)*\)[^()]*$",
                                                  re.sub(r"alignas\s*\([^)]*\)|\[\[.*?\]\]", "", header))


def functions_of(text):
    """(line of the signature, number of lines to the closing brace) of each function of a C++ file."""
    code = re.sub(r"^[ \t]*#.*(\\\n.*)*$", lambda m: re.sub(r"[^\n]", " ", m[0]), code_only(text), flags=re.M)
    at = start = 0  # start: where the text before the next brace begins
    while at < len(code):
        if code[at] in ";}":
            start = at + 1
        elif code[at] == "{":
            header = code[start:at]
            if MEMBER_INITIALISER.search(header):
                at = close_of(code, at)
            elif opens_scope(header):
                start = at + 1
            elif ")" in header:
                end = close_of(code, at)
                first = start + len(header) - len(header.lstrip())
                yield code.count("\n", 0, first) + 1, code.count("\n", first, end) + 1
                at, start = end, end + 1
            else:
                at = close_of(code, at)
                start = at + 1
        at += 1


def python_functions_of(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            yield node.lineno, node.end_lineno - node.lineno + 1


def check(path, text):
    if "generated" in text.split("\n", 1)[0].lower():
        return
    lines = text.count("\n")
    if lines > FILE_LIMIT:
        yield 1, f"{lines} lines; the limit for a file is {FILE_LIMIT}"
    functions = functions_of(text) if path.endswith((".h", ".cc")) else \
        python_functions_of(text) if path.endswith(".py") else ()
    for number, length in functions:
        if length > FUNCTION_LIMIT:
            yield number, f"a function of {length} lines; the limit is {FUNCTION_LIMIT}"


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    violations = 0
    for path in tracked_files(root):
        if path.endswith(CHECKED) or path == "dev":
            for number, message in check(path, (root / path).read_text(encoding="utf-8")):
                print(f"{path}:{number}: {message}")
                violations += 1
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
