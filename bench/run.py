#!/usr/bin/env python3
"""What "./dev bench" runs: osteon against the two floors, in one run, over HTTP and gRPC.

    bench/run.py [--quick] [--build DIR] [--sizes 2.5KB,5KB,50KB,500KB] [--transports http,grpc]
                 [--rounds N] [--seconds S] [--no-instructions] [--floors-only] [--write]

Prints CPU microseconds and instructions per request, and their ratios to the floors; method in bench/README.md.
Everything is on 127.0.0.1, bounded in time (--timeout), and ended when this script ends.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import request_maker

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONNECTIONS = 32
WARM_UP_S = 0.5
START_TIMEOUT_S = 180  # under callgrind a start takes fifty times as long
STOP_TIMEOUT_S = 60
# Requests before and after which callgrind's totals are compared: the difference has no start-up in it.
INSTRUCTION_RUNS = {"2.5KB": (20, 220), "5KB": (20, 220), "50KB": (10, 60), "500KB": (5, 15)}
GOAL_RATIO = 3.0        # 5 KB over HTTP, against the parsing floor
GOAL_CPU_US = 100.0     # 2.5 KB order-select that raises three cards


def cores():
    """(core of the servers, core of the load), or nothing when there is one core only."""
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[1]) if len(allowed) > 1 else (None, None)


SERVER_CORE, LOAD_CORE = cores()
LOAD_AVERAGE = os.getloadavg()[0]  # of others: when it is near the number of cores, trust the instructions only


def pinned(core):
    return (lambda: os.sched_setaffinity(0, {core})) if core is not None else None


class Server:
    """A child process and the addresses it printed, by the word before each."""

    def __init__(self, command, words, folder):
        self.output = folder / ("server-%d.txt" % time.monotonic_ns())
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=subprocess.STDOUT, preexec_fn=pinned(SERVER_CORE))
        self.address = {}
        try:
            self._wait(words)
        except BaseException:
            self.stop()
            raise

    def _wait(self, words):
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            text = self.output.read_text(errors="replace")
            self.address = dict(re.findall(r"^(\w+) (127\.0\.0\.1:\d+)$", text, re.MULTILINE))
            if all(word in self.address for word in words):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError("%s did not start:\n%s" % (self.process.args[0], self.output.read_text(errors="replace")))

    def stop(self):
        """True when it ended by itself on SIGTERM."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                return False
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.build = ROOT / options.build
        self.data_folders = 0
        for name in options.sizes:
            (folder / (name + ".json")).write_bytes(request_maker.make(name))

    def body(self, name):
        return self.folder / (name + ".json")

    def floor(self, mode, answer_bytes, prefix=()):
        command = [str(self.build / "bench/floor_server"), "--mode", mode, "--answer-bytes", str(answer_bytes)]
        return Server([*prefix, *command], ["listening"], self.folder)

    def osteon(self, prefix=()):
        self.data_folders += 1
        data = self.folder / ("data-%d" % self.data_folders)
        command = [str(self.build / "osteon"), "serve", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0",
                   "--admin", "127.0.0.1:0", "--data", str(data), "--clock", request_maker.CLOCK]
        return Server([*prefix, *command], ["http", "grpc"], self.folder)

    def load(self, transport, address, name, *arguments, timeout=120):
        """One run of the load generator: its figures, by name."""
        command = [str(self.build / "bench/load"), "--transport", transport, "--address", address,
                   "--service", request_maker.REQUESTS[name][0], "--body", str(self.body(name)), *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
                              preexec_fn=pinned(LOAD_CORE))
        if done.returncode != 0:
            raise RuntimeError("load over %s, %s: %s%s" % (transport, name, done.stdout, done.stderr))
        figures = json.loads(done.stdout)
        if figures["errors"] or figures["unanswered"]:
            print("warning: %s over %s: %d errors, %d unanswered of %d" %
                  (name, transport, figures["errors"], figures["unanswered"], figures["requests"]), file=sys.stderr)
        return figures

    def timed(self, transport, server, word, name, rate=0.0):
        return self.load(transport, server.address[word], name, "--connections", str(CONNECTIONS),
                         "--seconds", str(self.options.seconds), "--warm-up-seconds", str(WARM_UP_S),
                         "--rate", "%.1f" % rate, "--pid", str(server.process.pid))

    def instructions(self, start, transport, word, name):
        """Instructions per request by callgrind: one connection, closed loop, two runs of different length."""
        totals = []
        few, many = INSTRUCTION_RUNS[name]
        for requests in (few, many):
            out = self.folder / ("callgrind-%d" % time.monotonic_ns())
            server = start(("valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=%s" % out))
            try:
                self.load(transport, server.address[word], name, "--connections", "1", "--requests", str(requests),
                          "--seconds", "100")
            finally:
                ended = server.stop()
            found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE) if ended else None
            if not found:
                raise RuntimeError("callgrind wrote no totals for %s over %s" % (name, transport))
            totals.append(int(found.group(1)))
        return (totals[1] - totals[0]) / (many - few)


def answer_of(address, name):
    """(bytes, cards) of osteon's answer; refuses to measure anything else than an answer."""
    service, _, expected = request_maker.REQUESTS[name]
    request = urllib.request.Request("http://%s/cds-services/%s" % (address, service), request_maker.make(name),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        body = response.read()
    cards = len(json.loads(body)["cards"])
    if cards != expected:
        print("warning: %s raises %d cards, %d expected" % (name, cards, expected), file=sys.stderr)
    return len(body), cards


def measure_times(bench, name, osteon):
    """Interleaved rounds of the closed loop, then the open loop at half of what the closed one reached."""
    options = bench.options
    size, cards = answer_of(osteon.address["http"], name) if osteon else (1863, None)
    row = {"answer_bytes": size, "cards": cards, "rounds": []}
    with bench.floor("read", size) as read, bench.floor("parse", size) as parse:
        for _ in range(options.rounds):
            figures = {"read": bench.timed("http", read, "listening", name),
                       "parse": bench.timed("http", parse, "listening", name)}
            for transport in options.transports if osteon else ():
                figures[transport] = bench.timed(transport, osteon, transport, name)
            row["rounds"].append(figures)
        row["open"] = {}
        for transport in options.transports if osteon else ():
            rate = statistics.median(figures[transport]["per_second"] for figures in row["rounds"]) / 2
            row["open"][transport] = bench.timed(transport, osteon, transport, name, rate)
    return row


def measure_instructions(bench, name, row):
    size = row["answer_bytes"]
    found = {}
    for mode in ("read", "parse"):
        found[mode] = bench.instructions(lambda prefix, mode=mode: bench.floor(mode, size, prefix), "http",
                                         "listening", name)
    if not bench.options.floors_only:
        for transport in bench.options.transports:
            found[transport] = bench.instructions(bench.osteon, transport, transport, name)
    return found


def middle(row, server, other=None):
    """Median over the rounds of the CPU of `server`, or of its ratio to that of `other` in the same round."""
    return statistics.median(figures[server]["server_cpu_us"] / (figures[other]["server_cpu_us"] if other else 1)
                             for figures in row["rounds"])


def thousands(value):
    return "{:,.0f}".format(value) if value is not None else "-"


HEADINGS = ("size", "transport", "CPU us osteon", "read floor", "parse floor", "x parse floor", "Ir osteon",
            "Ir read floor", "Ir parse floor", "Ir x parse floor", "open loop req/s", "CPU us", "p50 us", "p99 us")


def table(rows, transports):
    lines = [HEADINGS, tuple("-" * len(heading) for heading in HEADINGS)]
    for name, row in rows.items():
        counts = row.get("instructions", {})
        for transport in transports:
            measured = transport in row["rounds"][0]
            opened = row["open"].get(transport, {})
            ratio = counts[transport] / counts["parse"] if transport in counts else None
            lines.append((
                name, transport, "%.1f" % middle(row, transport) if measured else "-",
                "%.1f" % middle(row, "read"), "%.1f" % middle(row, "parse"),
                "%.2f" % middle(row, transport, "parse") if measured else "-",
                thousands(counts.get(transport)), thousands(counts.get("read")), thousands(counts.get("parse")),
                "%.2f" % ratio if ratio else "-", thousands(opened.get("per_second")),
                "%.1f" % opened["server_cpu_us"] if opened else "-",
                thousands(opened.get("p50_us")), thousands(opened.get("p99_us"))))
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join("| " + " | ".join(cell.rjust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines)


def goals(rows):
    """One line for each goal this run can judge."""
    def line(text, value, most, unit):
        return "%s: %.2f%s, goal at most %g%s: %s" % (text, value, unit, most, unit,
                                                      "met" if value <= most else "missed")
    lines = []
    five, small = rows.get("5KB"), rows.get("2.5KB")
    if five and "http" in five["rounds"][0]:
        lines.append(line("5 KB over HTTP, CPU against the parse floor", middle(five, "http", "parse"), GOAL_RATIO,
                          "x"))
    if five and "http" in five.get("instructions", {}):
        counts = five["instructions"]
        lines.append(line("5 KB over HTTP, instructions against the parse floor", counts["http"] / counts["parse"],
                          GOAL_RATIO, "x"))
    if small and "http" in small["rounds"][0]:
        lines.append(line("2.5 KB order-select over HTTP, %s cards, CPU" % small["cards"], middle(small, "http"),
                          GOAL_CPU_US, " us"))
    return lines


def git(*arguments):
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
    return done.stdout.strip()


def conditions():
    """The kind of machine, the commit and the command: what a figure means nothing without."""
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    release = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)
    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return ["machine: %s, %d cores, %s, Linux %s" % (model.group(1) if model else platform.machine(), os.cpu_count(),
                                                     release.group(1) if release else "unknown system",
                                                     platform.release().split("-")[0]),
            "commit: %s%s" % (git("rev-parse", "--short=12", "HEAD") or "none", changed),
            "command: bench/run.py %s" % " ".join(sys.argv[1:]),
            "load average at the start: %.2f" % LOAD_AVERAGE,
            "servers on core %s, load on core %s, %d connections, requests of %s" %
            (SERVER_CORE, LOAD_CORE, CONNECTIONS, ", ".join("%s = %d bytes" % (name, request[1])
                                                            for name, request in request_maker.REQUESTS.items()))]


def measure(options, folder):
    bench = Bench(options, folder)
    rows = {}

    def times(osteon):
        for name in options.sizes:
            print("timing %s" % name, file=sys.stderr)
            rows[name] = measure_times(bench, name, osteon)

    if options.floors_only:
        times(None)
    else:
        with bench.osteon() as osteon:
            times(osteon)
    for name in options.sizes if options.instructions else ():
        print("counting instructions of %s" % name, file=sys.stderr)
        rows[name]["instructions"] = measure_instructions(bench, name, rows[name])
    return rows


def listed(choices):
    def split(text):
        names = text.split(",")
        if not set(names) <= set(choices):
            raise argparse.ArgumentTypeError("choose from " + ",".join(choices))
        return names
    return split


def read_options():
    parser = argparse.ArgumentParser(description="osteon against the floors", epilog="method: bench/README.md")
    parser.add_argument("--quick", action="store_true", help="one short round, two sizes")
    parser.add_argument("--build", default="build", help="build folder (default: build)")
    parser.add_argument("--sizes", type=listed(request_maker.REQUESTS), help="default: all")
    parser.add_argument("--transports", type=listed(("http", "grpc")), default=["http", "grpc"])
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default: 3)")
    parser.add_argument("--seconds", type=float, help="of each measurement (default: 2)")
    parser.add_argument("--timeout", type=int, default=1800, help="seconds after which the run is given up")
    parser.add_argument("--no-instructions", dest="instructions", action="store_false")
    parser.add_argument("--floors-only", action="store_true", help="leave osteon out")
    parser.add_argument("--write", action="store_true", help="write bench/results.md")
    options = parser.parse_args()
    options.sizes = options.sizes or (["2.5KB", "5KB"] if options.quick else list(request_maker.REQUESTS))
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.seconds = options.seconds or (0.5 if options.quick else 2.0)
    for program in ("bench/floor_server", "bench/load") + (() if options.floors_only else ("osteon",)):
        if not (ROOT / options.build / program).exists():
            parser.error("%s/%s is not built; \"./dev build\" builds it" % (options.build, program))
    if options.instructions and not shutil.which("valgrind"):
        print("warning: valgrind is not installed; no instructions are counted", file=sys.stderr)
        options.instructions = False
    return options


def give_up(number, _):
    raise SystemExit("bench: given up (%s)" % signal.Signals(number).name)


def main():
    options = read_options()
    signal.signal(signal.SIGINT, give_up)
    signal.signal(signal.SIGTERM, give_up)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(options.timeout)
    with tempfile.TemporaryDirectory(prefix="osteon-bench-") as folder:
        try:
            rows = measure(options, pathlib.Path(folder))
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            sys.exit("bench: %s" % error)
    text = "\n".join(["# osteon against the floors", "", *("* " + line for line in conditions()), "",
                      table(rows, options.transports), "", *goals(rows), ""])
    print(text)
    if options.write:
        (ROOT / "bench/results.md").write_text(text)


if __name__ == "__main__":
    main()
