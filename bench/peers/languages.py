#!/usr/bin/env python3
"""The speed of osteon's FHIRPath and CQL against other engines, in one run: one Markdown table.

    bench/peers/languages.py [--build DIR] [--peers DIR] [--shared DIR]

Twelve FHIRPath expressions and a CQL library of eight definitions of the evidence folder, over its Bundle of 200
resources, which is made anew in a temporary folder. CPU time of one evaluation, warm, without reading the data and
without compiling. Needs Node and npm; the peers are installed below the build folder.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TIMEOUT_S = 600


def run(*command, cwd=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode != 0:
        sys.exit("languages: %s failed:\n%s" % (" ".join(map(str, command[:3])), (done.stderr or done.stdout)[-2000:]))
    return done.stdout


def install(peers):
    """What package-lock.json says, unless it is there."""
    peers.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    done = peers / "installed-lock.json"
    if done.exists() and done.read_bytes() == lock:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, peers / name)
    print("installing the peers", file=sys.stderr)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=peers)
    done.write_bytes(lock)


def of_osteon(output, column):
    """{name: (microseconds, value)} of a table with names of 20 characters."""
    found = {}
    for line in output.splitlines()[1:]:
        cells = line[20:].split(None, column + 2)
        found[line[:20].strip()] = (float(cells[column]), cells[-1] if column == 0 else "")
    return found


def of_peer(output):
    rows = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {row["name"]: (row.get("us"), row.get("value", row.get("error", ""))) for row in rows}


def cell(figure):
    return "-" if figure is None else "%.1f" % figure if figure >= 10 else "%.3f" % figure


def table(heading, osteon, peers):
    lines = ["| %s | osteon us | %s |" % (heading, " | ".join("%s us | ratio" % name for name in peers)),
             "|---|--:|" + "--:|--:|" * len(peers)]
    for name, (ours, _) in osteon.items():
        cells = []
        for figures in peers.values():
            theirs = figures.get(name, (None, ""))[0]
            cells += [cell(theirs), "%.0f" % (theirs / ours) if theirs else "-"]
        lines.append("| %s | %s | %s |" % (name, cell(ours), " | ".join(cells)))
    return "\n".join(lines)


def answers_that_differ(osteon, peers):
    """Of the definitions; the FHIRPath benchmark prints no values."""
    for name, (_, ours) in osteon.items():
        for peer, figures in peers.items():
            theirs = figures.get(name, (None, "no answer"))[1]
            if ours and ours != theirs:
                yield "%s: osteon %s, %s %s" % (name, ours, peer, theirs)


def measure(options, folder):
    shared = pathlib.Path(options.shared)
    bench = shared / "engine/bench"
    run(sys.executable, bench / "gen_bundle.py", cwd=folder)
    data = (bench / "exprs.json", folder / "bundle-200.json", folder / "patient.json")
    programs = ROOT / options.build / "bench"
    print("osteon", file=sys.stderr)
    fhirpath = of_osteon(run(programs / "fhirpath_bench", *data), 1)
    cql = of_osteon(run(programs / "cql_bench", bench / "rules.cql", data[1]), 0)
    of_fhirpath = {}
    for label, engine in (("fhirpath.js", "fhirpath"), ("medplum", "medplum")):
        print(label, file=sys.stderr)
        of_fhirpath[label] = of_peer(run("node", HERE / "fhirpath.mjs", options.peers, engine, *data))
    print("cql-execution", file=sys.stderr)
    system = shared / "suites/model/system-modelinfo.xml"
    of_cql = {"cql-execution": of_peer(run("node", HERE / "cql.mjs", options.peers, bench / "rules.cql", data[1], system))}
    return (fhirpath, of_fhirpath), (cql, of_cql)


def main():
    parser = argparse.ArgumentParser(description="FHIRPath and CQL against other engines")
    parser.add_argument("--build", default="build", help="build folder (default: build)")
    parser.add_argument("--peers", type=pathlib.Path, help="where the peers are installed (default: build/peers)")
    parser.add_argument("--shared", default=os.environ.get("OSTEON_SHARED", ROOT.parent / "shared"),
                        help="evidence folder (default: OSTEON_SHARED, or shared beside the repository)")
    options = parser.parse_args()
    options.peers = options.peers or ROOT / options.build / "peers"
    for program in ("fhirpath_bench", "cql_bench"):
        if not (ROOT / options.build / "bench" / program).exists():
            parser.error('%s is not built; "./dev build fhirpath_bench cql_bench" builds it' % program)
    load = os.getloadavg()[0]
    install(options.peers)
    with tempfile.TemporaryDirectory(prefix="osteon-languages-") as folder:
        fhirpath, cql = measure(options, pathlib.Path(folder))
    print("%s, %d cores, Node %s, load average at the start %.2f\n" % (
        platform.machine(), os.cpu_count(), run("node", "--version").strip(), load))
    print(table("FHIRPath", *fhirpath) + "\n\n" + table("CQL", *cql))
    for line in answers_that_differ(*cql):
        print("\nanswers differ: " + line)


if __name__ == "__main__":
    main()
