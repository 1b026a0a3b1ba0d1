#!/usr/bin/env python3
"""Whether a request pays for rules that do not listen to its hook.

    bench/pack_growth.py REQUESTS DECIDE_BENCH [NUMBER OF RULES ...]

REQUESTS is the folder that request_maker.py filled, DECIDE_BENCH the built binary. For each number a pack is made in a
temporary folder: the first rule listens to patient-view, too, all others to order-sign only. Printed: CPU time of a patient-view
request of 5 KB (one thread, reading included) and of loading the pack.
"""
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

PACK = """id: growth
version: 1.0.0
title: A pack that grows
publisher: The benchmark
license: Apache-2.0
source: {label: Growth, topic_system: "urn:osteon:growth:rule"}
override_system: "urn:osteon:growth:override"
max_cards: "10"
precedence: [%s]
services:
  - {id: perinatal-bone-health-patient-view, hook: patient-view, title: View, description: Looks at the patient}
  - {id: perinatal-bone-health-order-select, hook: order-select, title: Select, description: Looks at the orders}
  - {id: growth-order-sign, hook: order-sign, title: Sign, description: Looks at the orders}
prefetch:
  patient: {query: "Patient/{{context.patientId}}", types: [Patient]}
  conditions: {types: [Condition], says: diagnoses}
"""

RULE = """id: %(id)s
title: Rule %(number)d
hooks: [%(hooks)s]
logic: %(id)sLogic
tables:
  - rows:
      - {id: %(id)s.1, title: Many diagnoses, when: Many, indicator: info, card: many}
      - {id: %(id)s.2, title: No diagnosis, when: None At All, indicator: info, card: many}
cards:
  many:
    summary: "{{Number}} diagnoses"
    detail: "Rule %(number)d."
"""

LOGIC = """library %(id)sLogic
using FHIR version '4.0.1'
context Patient
define "Active":
  [Condition] C where exists (C.clinicalStatus.coding K where K.code.value = 'active')
define "Number": Count("Active")
define "Many": "Number" > %(limit)d
define "None At All": "Number" < 0
"""


def write_pack(folder, rules):
    names = ["R%d" % number for number in range(rules)]
    (folder / "rules").mkdir()
    (folder / "logic").mkdir()
    (folder / "pack.yaml").write_text(PACK % ", ".join(names))
    for number, name in enumerate(names):
        fields = {"id": name, "number": number, "limit": 1000 + number,
                  "hooks": "patient-view, order-select, order-sign" if number == 0 else "order-sign"}
        (folder / "rules" / (name + ".yaml")).write_text(RULE % fields)
        (folder / "logic" / (name + "Logic.cql")).write_text(LOGIC % fields)


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "ERROR" in done.stdout:
        sys.exit(done.stdout + done.stderr)
    return done.stdout, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def cpu_us(output, name):
    found = re.search(r"^%s +[\d.]+ us +([\d.]+) us" % re.escape(name), output, re.MULTILINE)
    return float(found.group(1)) if found else float("nan")


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    requests, bench = arguments[:2]
    print("%6s  %14s  %12s" % ("rules", "request, us CPU", "load, ms CPU"))
    for rules in [int(text) for text in arguments[2:]] or [1, 10, 100, 1000]:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write_pack(folder, rules)
            _, load_s = run([bench, requests, name, "--benchmark_filter=^none$", "--benchmark_list_tests"])
            output, _ = run([bench, requests, name, "--benchmark_filter=^prepare_and_decide/5KB$",
                             "--benchmark_min_time=0.3"])
            print("%6d  %14.1f  %12.1f" % (rules, cpu_us(output, "prepare_and_decide/5KB"), load_s * 1000))


if __name__ == "__main__":
    main(sys.argv[1:])
