#!/usr/bin/env python3
"""Runs every libFuzzer program (*_fuzz) of a build directory for a fixed time from its committed corpus.

New inputs go to the build directory; a crash leaves its input there and names it. Exit 1 on a crash.
"""
import argparse
import os
import pathlib
import subprocess
import sys


def fuzz(program, corpus, work, seconds):
    work.mkdir(parents=True, exist_ok=True)
    command = [str(program), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-artifact_prefix={work}/crash-", str(work)]
    if corpus.is_dir():
        command.append(str(corpus))
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds * 3 + 120)
    executed = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    return done.returncode, executed[0].split()[-1] if executed else "0", done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()

    build = pathlib.Path(options.build).resolve()
    programs = sorted(p for p in build.rglob("*_fuzz") if p.is_file() and os.access(p, os.X_OK))
    failed = 0
    for program in programs:
        corpus = pathlib.Path("tests/fuzz/corpus", program.name.removesuffix("_fuzz"))
        code, executed, log = fuzz(program, corpus, build / "fuzz" / program.name, options.seconds)
        print(f"{'ok  ' if code == 0 else 'FAIL'} {program.name}: {executed} inputs in {options.seconds} s", flush=True)
        if code != 0:
            failed += 1
            print("\n".join("     | " + line for line in log.splitlines()[-40:]))
    print(f"{len(programs) - failed} passed, {failed} failed")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
