#!/usr/bin/env python3
"""Runs what ctest knows of and counts single gtest cases.

The last line is "N passed, N failed, N skipped". Exit 1 when something failed or nothing passed.
A gtest program counts one for each of its cases; any other test counts one, by its exit code
(77 = skipped, with the first line of its output that starts with SKIP as the reason).
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

SKIP_EXIT_CODE = 77
DEFAULT_LIMIT_S = 300
TAIL_LINES = 60


@dataclasses.dataclass
class Test:
    name: str
    command: list
    directory: str
    environment: dict
    labels: list
    limit_s: float
    alone: bool


@dataclasses.dataclass
class Outcome:
    passed: int = 0
    failures: list = dataclasses.field(default_factory=list)  # names
    skips: list = dataclasses.field(default_factory=list)  # (name, reason)
    output: str = ""
    seconds: float = 0.0


def read_tests(build, slower):
    listing = subprocess.run(
        ["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    tests = []
    for entry in json.loads(listing.stdout)["tests"]:
        properties = {p["name"]: p["value"] for p in entry.get("properties", [])}
        environment = dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", []))
        tests.append(Test(
            name=entry["name"],
            # ctest gives no command for a program that was not built: that test fails, it is not left out.
            command=entry.get("command", []),
            directory=properties.get("WORKING_DIRECTORY", build),
            environment=environment,
            labels=properties.get("LABELS", []),
            limit_s=float(properties.get("TIMEOUT", DEFAULT_LIMIT_S)) * slower,
            alone=bool(properties.get("RUN_SERIAL", False))))
    return tests


def end_group(process):
    """Ends whatever the test left running; its group holds nothing but what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_command(test, report, log):
    """Returns the exit code, or None when the time limit passed."""
    environment = {**os.environ, **test.environment, "GTEST_OUTPUT": f"json:{report}", "GTEST_COLOR": "no"}
    process = subprocess.Popen(
        test.command, cwd=test.directory, env=environment, stdin=subprocess.DEVNULL, stdout=log,
        stderr=subprocess.STDOUT, start_new_session=True)
    try:
        return process.wait(timeout=test.limit_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end_group(process)
        process.wait()


def skip_reasons(output):
    """gtest prints the reason of a skip between the case's RUN and SKIPPED lines, and not in its report."""
    reasons, case, lines = {}, "", []
    for line in output.splitlines():
        if line.startswith("[ RUN      ] "):
            case, lines = line[13:].strip(), []
        elif line.startswith("[  SKIPPED ] ") and case:
            said = [text for text in lines if text.strip() and not re.match(r"\S+:\d+: Skipped$", text)]
            reasons.setdefault(case, " ".join(said).strip())
            case = ""
        else:
            lines.append(line)
    return reasons


def count_report(test, report, outcome):
    reasons = skip_reasons(outcome.output)
    for suite in report.get("testsuites", []):
        for case in suite.get("testsuite", []):
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                outcome.failures.append(f"{test.name}: {name}")
            elif case.get("result") == "SKIPPED":
                outcome.skips.append((f"{test.name}: {name}", reasons.get(name) or "no reason given"))
            elif case.get("status") == "NOTRUN" or case.get("result") == "SUPPRESSED":
                outcome.skips.append((f"{test.name}: {name}", "disabled in the source"))
            else:
                outcome.passed += 1


def count_unfinished(test, why, outcome):
    """A gtest program that crashed or hung leaves no report: count what it said before."""
    outcome.passed += len(re.findall(r"^\[       OK \] ", outcome.output, re.M))
    outcome.failures += [f"{test.name}: {name}"
                         for name in re.findall(r"^\[  FAILED  \] ([^\s,]+) \(\d+ ms\)", outcome.output, re.M)]
    started = re.findall(r"^\[ RUN      \] (\S+)", outcome.output, re.M)
    outcome.failures.append(f"{test.name}: {why}" + (f" in {started[-1]}" if started else ""))


def judge(test, code, report_path, outcome):
    why = f"over the limit of {test.limit_s:.0f} s" if code is None else f"exit code {code}"
    try:
        report = json.loads(report_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = None
    if report is not None and code is not None:
        count_report(test, report, outcome)
        # A leak report or a crash in a destructor comes after the last case.
        if code != 0 and not outcome.failures:
            outcome.failures.append(f"{test.name}: {why} though no case failed")
    elif code == 0:
        outcome.passed = 1
    elif code == SKIP_EXIT_CODE:
        said = re.search(r"^SKIP\W*(.*)$", outcome.output, re.M)
        outcome.skips.append((test.name, said[1] if said else "no reason given"))
    else:
        count_unfinished(test, why, outcome)


def run_test(test, results):
    outcome = Outcome()
    log_path, report_path = results / f"{test.name}.log", results / f"{test.name}.json"
    report_path.unlink(missing_ok=True)
    start = time.monotonic()
    if not test.command or not pathlib.Path(test.command[0]).exists():
        outcome.failures.append(f"{test.name}: not built")
        return outcome
    with open(log_path, "wb") as log:
        code = run_command(test, report_path, log)
    outcome.seconds = time.monotonic() - start
    outcome.output = log_path.read_text(encoding="utf-8", errors="replace")
    judge(test, code, report_path, outcome)
    return outcome


def tell(test, outcome):
    state = "FAIL" if outcome.failures else "ok" if outcome.passed else "skip"
    print(f"{state:4} {test.name}: {outcome.passed} passed, {len(outcome.failures)} failed, "
          f"{len(outcome.skips)} skipped, {outcome.seconds:.1f} s", flush=True)
    if outcome.failures:
        lines = outcome.output.splitlines()
        wanted = [line for line in lines if not line.startswith(("[ RUN ", "[       OK"))][-TAIL_LINES:]
        print("\n".join("     | " + line for line in wanted), flush=True)


def run_all(tests, jobs, results):
    outcomes, printing = [], threading.Lock()

    def one(test):
        outcome = run_test(test, results)
        with printing:
            tell(test, outcome)
            outcomes.append(outcome)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, [test for test in tests if not test.alone]))
    for test in tests:
        if test.alone:
            one(test)
    return outcomes


def chosen(test, options):
    return (not options.filter or re.search(options.filter, test.name)) and \
        (not options.label or options.label in test.labels) and \
        (not options.exclude_label or options.exclude_label not in test.labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--filter", help="regular expression on test names")
    parser.add_argument("--label")
    parser.add_argument("--exclude-label")
    parser.add_argument("--slower", type=float, default=1, help="factor on every time limit")
    options = parser.parse_args()

    tests = [test for test in read_tests(options.build, options.slower) if chosen(test, options)]
    results = pathlib.Path(options.build, "test-results").resolve()
    results.mkdir(exist_ok=True)
    outcomes = run_all(tests, max(1, options.jobs), results)

    for reason, names in group_skips(outcomes).items():
        print(f"skipped: {reason}: {', '.join(names[:3])}" + (f" and {len(names) - 3} more" if len(names) > 3 else ""))
    failures = [name for outcome in outcomes for name in outcome.failures]
    for name in failures:
        print(f"failed: {name}")
    passed = sum(outcome.passed for outcome in outcomes)
    skipped = sum(len(outcome.skips) for outcome in outcomes)
    print(f"{passed} passed, {len(failures)} failed, {skipped} skipped")
    return 1 if failures or passed == 0 else 0


def group_skips(outcomes):
    groups = {}
    for outcome in outcomes:
        for name, reason in outcome.skips:
            groups.setdefault(reason, []).append(name)
    return groups


if __name__ == "__main__":
    sys.exit(main())
