#!/usr/bin/env python3
"""Runs clang-tidy-14 on the C++ sources named on standard input, in that order, until the time is up.

Exit 1 on a finding. Files not reached before the limit are named; they are not counted as clean.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import time


# Padding is a matter of taste that the analyzer counts as an error.
ANALYZER = "--checks=clang-analyzer-*,-clang-analyzer-optin.performance.Padding"


def tidy(file, build, extra, deadline):
    left_s = deadline - time.monotonic()
    if left_s < 1:
        return file, None, ""
    try:
        done = subprocess.run(
            ["clang-tidy-14", "-p", build, "--quiet", *extra, "--extra-arg=-Wno-unknown-warning-option", file],
            capture_output=True, text=True, timeout=left_s)
    except subprocess.TimeoutExpired:
        return file, None, ""
    return file, done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--limit", type=float, required=True, help="seconds for all files together")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--analyzer", action="store_true", help="the path-sensitive checks too, which take longest")
    options = parser.parse_args()

    extra = [ANALYZER] if options.analyzer else []
    commands = json.loads(pathlib.Path(options.build, "compile_commands.json").read_text(encoding="utf-8"))
    known = {str(pathlib.Path(entry["directory"], entry["file"]).resolve()) for entry in commands}
    files = [line.strip() for line in sys.stdin if line.strip()]
    built = [file for file in files if str(pathlib.Path(file).resolve()) in known]
    deadline = time.monotonic() + options.limit
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        results = list(pool.map(lambda file: tidy(file, options.build, extra, deadline), built))

    bad = [file for file, code, _ in results if code]
    unreached = [file for file, code, _ in results if code is None]
    for _, code, output in results:
        if code:
            print(output)
    if unreached:
        print(f"clang-tidy: not reached in {options.limit:.0f} s: {' '.join(unreached)}")
    print(f"clang-tidy: {len(built) - len(bad) - len(unreached)} clean, {len(bad)} with findings, "
          f"{len(unreached)} not reached")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
