#!/usr/bin/env python3
"""Writes value_sets/*.yaml from a verified code list: one file per concept_group that the pack uses, and
what the clinical document adds to the list in prose.

usage: generate_value_sets.py CODES.csv

CODES.csv has the columns system, code, display, concept_group (others are not used). Displays are written for the
code systems that are free of rights only.
"""

import csv
import json
import pathlib
import re
import sys

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
# The international edition: the listed codes mean the same there.
ICD10_INTERNATIONAL = "http://hl7.org/fhir/sid/icd-10"
ATC = "http://www.whocc.no/atc"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
HCPCS_HL7 = "http://terminology.hl7.org/CodeSystem/HCPCS"
ORDER = [LOINC, SNOMED, ICD10, RXNORM, ATC, HCPCS]
DISPLAYED = {ICD10, RXNORM, HCPCS}
ALIASES = {ICD10: [ICD10_INTERNATIONAL], HCPCS: [HCPCS_HL7]}

# Codes that the document adds to the list in prose, and listed codes that mean a second thing by their name.
FURTHER = [
    (LOINC, "LA28438-4", "answer-intent-yes"),  # a draft's misprint of LA26438-4 (rules.md 2.5)
    (ICD10, "O82", "delivery-outcome"),  # rules.md 2.1, T1
    (ICD10, "Z37.1", "stillbirth"),  # clarification 12
    (ICD10, "Z37.4", "stillbirth"),
    (ICD10, "Z37.7", "stillbirth"),
    # Caesarean sections by their names.
    (SNOMED, "736018001", "delivery-outcome"),
    (SNOMED, "736020003", "delivery-outcome"),
    (SNOMED, "736026009", "delivery-outcome"),
    (SNOMED, "736118004", "delivery-outcome"),
    (SNOMED, "41059002", "delivery-outcome"),
    (SNOMED, "236987005", "delivery-outcome"),
    # Calcium combined with cholecalciferol.
    (RXNORM, "1007835", "vitamin-d"),
    (RXNORM, "1233607", "vitamin-d"),
    (RXNORM, "1310948", "vitamin-d"),
    (RXNORM, "152770", "vitamin-d"),
    (RXNORM, "428485", "vitamin-d"),
    (RXNORM, "608343", "vitamin-d"),
    (RXNORM, "864665", "vitamin-d"),
    (RXNORM, "994831", "vitamin-d"),
    (ATC, "G03AC06", "dmpa-contraceptive-bone-risk"),
    (ATC, "G03AC08", "larc-drug"),
    # Zoledronate and pamidronate exist for infusion only (clarification 33).
    (ATC, "M05BA03", "bisphosphonate-infusion-agent"),
    (ATC, "M05BA08", "bisphosphonate-infusion-agent"),
    (ATC, "M05BB08", "bisphosphonate-infusion-agent"),
]

# Families (rules.md section 7).
PREFIXES = [
    (ICD10, ["M54.5", "M54.6", "M54.8", "M54.9"], "back-pain"),
    (ICD10, ["M81"], "osteoporosis"),
    (ICD10, ["M85.8"], "osteopenia"),
    (ICD10, ["Z3A"], "gestational-age-code"),
    (ICD10, ["O09", "Z34"], "pregnancy-condition"),
    (ICD10, ["O22.3"], "dvt"),
    (ICD10, ["O88.2"], "pulmonary-embolism"),
    (ICD10, ["F17.21", "O99.33"], "smoker-current"),
    (ICD10, ["M25.55"], "hip-pain"),
    (ICD10, ["O26.71"], "symphysis-subluxation"),
    (ICD10, ["M87.05"], "avascular-necrosis-femur"),
    (ICD10, ["C77", "C78", "C79", "C7B"], "metastatic-disease"),
    (ICD10, ["C90.0"], "multiple-myeloma"),
    # Deliveries: every Z37 that is not a stillbirth (clarification 12).
    (ICD10, ["Z37.5", "Z37.6"], "delivery-outcome"),
    # Fragility fractures of the limbs, of any 7th character.
    (ICD10, [f"M80.{a}{b}" for a in "08" for b in "1234567"], "history-fragility-fracture"),
    (ATC, ["M05BA", "M05BB"], "bisphosphonate"),
    (ATC, ["G03AA", "G03AB", "G02BB"], "combined-contraceptive"),
    (ATC, ["G02BA"], "larc-drug"),
]
for code in ["Z37.0", "Z37.2", "Z37.3", "Z37.9"]:
    FURTHER.append((ICD10, code, "delivery-outcome"))

# The 7th character A (or B) is a new fracture; D, G, K, P and S are follow-up: history.
LATER = "DGKPS"
for stem in ["M80.08X", "M80.88X", "M80.0AX", "M80.8AX"]:
    FURTHER.append((ICD10, stem + "A", "vertebral-or-pathological-fracture"))
for stem in [f"M80.{a}{b}X" for a in "08" for b in "08A"]:
    FURTHER += [(ICD10, stem + s, "history-fragility-fracture") for s in LATER]
for region in "012345678":
    FURTHER.append((ICD10, f"M48.5{region}XA", "vertebral-or-pathological-fracture"))
    FURTHER += [(ICD10, f"M48.5{region}X{s}", "history-fragility-fracture") for s in "DGS"]
for stem, vertebrae in (("S22.0", "012345678"), ("S32.0", "012345")):
    FURTHER += [
        (ICD10, f"{stem}{v}{kind}{s}", "vertebral-or-pathological-fracture")
        for v in vertebrae
        for kind in "01289"
        for s in "AB"
    ]

EXCLUDED = {"smoker-current": [(ICD10, ["F17.211"])]}

# Several groups under one name, for the logic.
UNIONS = {
    "any-bisphosphonate": ["bisphosphonate", "bisphosphonate-oral", "bisphosphonate-iv"],
    "malignancy-indication": ["hypercalcaemia", "metastatic-disease", "multiple-myeloma"],
    "pregnant-status": ["pregnancy-condition", "answer-pregnant"],
    "not-pregnant-status": ["not-pregnant", "answer-not-pregnant"],
    "breastfeeding-status": ["answer-currently-breastfeeding", "lactating"],
    "not-breastfeeding-status": ["answer-not-currently-breastfeeding", "lactation-stopped"],
    "hcg-test": ["hcg-qualitative", "hcg-quantitative"],
    "no-childbearing": ["hysterectomy", "bilateral-oophorectomy", "menopause"],
    "any-calcium-test": ["calcium-total", "calcium-albumin-adjusted", "calcium-ionized"],
}


# Whatever names a drug: a code that the pack knows beats every text (rules.md 0.2).
DRUG_SYSTEMS = {RXNORM, ATC, HCPCS}


def id_of(group):
    return re.sub(r"[^A-Za-z0-9]+", "-", group)


def title_of(group):
    text = id_of(group).replace("-", " ")
    return text[0].upper() + text[1:]


def include(system, codes, prefixes):
    lines = [f'  - system: "{system}"']
    if codes:
        lines.append("    codes:")
        for code, display in sorted(codes.items()):
            shown = f", display: {json.dumps(display, ensure_ascii=False)}" if display else ""
            lines.append(f'      - {{code: "{code}"{shown}}}')
    if prefixes:
        lines.append("    prefixes: [" + ", ".join(f'"{p}"' for p in sorted(prefixes)) + "]")
    return lines


def value_set(group, codes, prefixes):
    lines = [f"id: {id_of(group)}", f"title: {title_of(group)}", "include:"]
    for system in ORDER:
        for name in [system] + ALIASES.get(system, []):
            here, families = codes.get(system, {}), prefixes.get(system, [])
            if here or families:
                shown = here if name == system else dict.fromkeys(here, "")
                lines += include(name, shown, families)
    for system, excluded in EXCLUDED.get(group, []):
        lines.append("exclude:")
        for name in [system] + ALIASES.get(system, []):
            lines += include(name, dict.fromkeys(excluded, ""), [])
    return "\n".join(lines) + "\n"


def write_used(texts):
    """A pack holds no value set that nobody uses."""
    pack = pathlib.Path(__file__).resolve().parent
    used = set(re.findall(r"^      - ([A-Za-z0-9-]+)$", (pack / "pack.yaml").read_text(encoding="utf-8"), re.M))
    for library in (pack / "logic").glob("*.cql"):
        used |= set(re.findall(r"urn:osteon:perinatal_bone_health:([A-Za-z0-9-]+)", library.read_text(encoding="utf-8")))
    # Sets written by hand may include these.
    for file in (pack / "value_sets").glob("*.yaml"):
        if file.stem not in texts:
            used |= set(re.findall(r"value_set: ([A-Za-z0-9-]+)", file.read_text(encoding="utf-8")))
    todo = sorted(used & set(texts))
    for name in todo:
        parts = re.findall(r"value_set: ([A-Za-z0-9-]+)", texts[name])
        todo += [part for part in parts if part not in todo]
    (pack / "value_sets").mkdir(exist_ok=True)
    for name in texts:
        file = pack / "value_sets" / f"{name}.yaml"
        if name in todo:
            file.write_text(texts[name], encoding="utf-8")
        else:
            file.unlink(missing_ok=True)


def main(path):
    codes, prefixes = {}, {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            system, code = row["system"].strip(), row["code"].strip()
            display = row["display"].strip() if system in DISPLAYED else ""
            codes.setdefault(row["concept_group"].strip(), {}).setdefault(system, {})[code] = display
    for system, code, group in FURTHER:
        codes.setdefault(group, {}).setdefault(system, {}).setdefault(code, "")
    for system, families, group in PREFIXES:
        prefixes.setdefault(group, {}).setdefault(system, []).extend(families)
    texts = {id_of(g): value_set(g, codes.get(g, {}), prefixes.get(g, {})) for g in sorted(set(codes) | set(prefixes))}
    drugs = [g for g in sorted(set(codes) | set(prefixes)) if DRUG_SYSTEMS & (set(codes.get(g, {})) | set(prefixes.get(g, {})))]
    for name, groups in (UNIONS | {"known-drug": drugs}).items():
        lines = [f"id: {name}", f"title: {title_of(name)}", "include:"]
        lines += [f"  - {{value_set: {id_of(group)}}}" for group in groups]
        texts[name] = "\n".join(lines) + "\n"
    write_used(texts)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
