#!/usr/bin/env python3
"""Compares logic/HeparinStrengths.cql with an RxNorm tree of heparin products and their strengths.

usage: check_strengths.py rxnorm-hierarchy.csv
Exit 0: every product of the tree stands in the library with its agent and strengths; 1: it does not; 77: no such file.
"""
import csv
import pathlib
import re
import sys

GROUPS = ("ufh-systemic", "lmwh")
AGENTS = {"lovenox": "enoxaparin", "fragmin": "dalteparin"}  # brands; else the agent's own name
IU_PER_MG = 100  # of enoxaparin, the one that is labelled in milligrams
ROW = re.compile(r"agent: '(\w+)', perMl: (\S+), perPiece: (\S+), codes: \{([^}]*)\}")


def agent_of(name):
    lowered = name.lower()
    names = ("enoxaparin", "dalteparin", "tinzaparin", "nadroparin", "heparin")
    return next((agent for brand, agent in AGENTS.items() if brand in lowered),
                next((agent for agent in names if agent in lowered), None))


def iu_of(text):
    if not text:
        return None
    number, unit = text.split(" ", 1)
    return float(number) * (IU_PER_MG if unit.startswith("MG") else 1)


def library():
    text = (pathlib.Path(__file__).parent / "logic" / "HeparinStrengths.cql").read_text(encoding="utf-8")
    number = lambda word: None if word == "null" else float(word)
    return {code.strip(" '"): (agent, number(per_ml), number(per_piece))
            for agent, per_ml, per_piece, codes in ROW.findall(text) for code in codes.split(",")}


def main():
    if not pathlib.Path(sys.argv[1]).is_file():
        print(f"skipped: there is no {sys.argv[1]}")
        return 77
    known = library()
    wrong = 0
    with open(sys.argv[1], newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            if row["concept_group"] not in GROUPS:
                continue
            wanted = (agent_of(row["name"]), iu_of(row["strength"]), iu_of(row["total_per_unit"]))
            if wanted == (None, None, None):
                continue  # an ingredient whose doses are not computed
            if known.get(row["rxcui"]) != wanted:
                print(f"{row['rxcui']} {row['name']}: {wanted}, and in the library {known.get(row['rxcui'])}")
                wrong += 1
    return 1 if wrong else 0


sys.exit(main())
