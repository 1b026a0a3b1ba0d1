#!/usr/bin/env python3
"""Makes the CDS Hooks requests of the benchmark: deterministic, synthetic FHIR R4, the standard library only.

    bench/request_maker.py DIR     writes DIR/<name>.json for every request of REQUESTS

The clock of the comparison is NOW; every date below is counted from it. The patients are invented. The sizes of the
patient-view requests are those of the first measurements of the floors, so that figures stay comparable.
"""
import datetime
import json
import pathlib
import sys
import uuid

NOW = datetime.datetime(2026, 6, 15, 10, 0, 0)
CLOCK = "2026-06-15T10:00:00Z"

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"

SERVER = "https://ehr.example.org/fhir"

PREFETCH_KEYS = ("patient", "pregObs", "conditions", "bonObs", "meds", "medStmts", "medAdmins", "dispenses",
                 "orders", "reports", "procedures", "family", "encounter")

# name -> (service id, body bytes, cards the request raises)
REQUESTS = {
    "2.5KB": ("perinatal-bone-health-order-select", 2_560, 3),
    "5KB": ("perinatal-bone-health-patient-view", 5_744, 1),
    "50KB": ("perinatal-bone-health-patient-view", 49_613, 1),
    "500KB": ("perinatal-bone-health-patient-view", 490_905, 1),
}


def day(days_ago):
    return (NOW - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%d")


def moment(days_ago, hour=9, minute=0):
    return "%sT%02d:%02d:00Z" % (day(days_ago), hour, minute)


def concept(system, code, display):
    return {"coding": [{"system": system, "code": code, "display": display}]}


def category(system, code):
    return [concept(TERMINOLOGY + system, code, code.replace("-", " ").capitalize())]


def quantity(value, unit, code):
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def searchset(resources):
    return {"resourceType": "Bundle", "type": "searchset", "total": len(resources),
            "entry": [entry(resource) for resource in resources]}


def entry(resource):
    return {"fullUrl": "%s/%s/%s" % (SERVER, resource["resourceType"], resource["id"]), "resource": resource}


def identity(kind, number):
    """A resource id as servers make them: a UUID, the same on every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:osteon:bench:%s:%d" % (kind, number)))


def encode(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def padded(request, text_holder, member, target_bytes):
    """The request as text of exactly target_bytes, made so by plain text in text_holder[member]."""
    text_holder[member] = ""
    missing = target_bytes - len(encode(request))
    if missing < 0:
        raise ValueError("the request is %d bytes longer than %d" % (-missing, target_bytes))
    phrase = "Seen in clinic; values discussed with the patient, no change of plan. "
    text_holder[member] = (phrase * (missing // len(phrase) + 1))[:missing]
    return encode(request)


# ---- order-select: pregnant, three drafts, three cards ------------------------------------------------------------

def draft(number, drug, dosage):
    return {"resource": {
        "resourceType": "MedicationRequest", "id": "rx-%d" % number, "status": "draft", "intent": "order",
        "medicationCodeableConcept": drug, "subject": {"reference": "Patient/p1"},
        "authoredOn": day(0), "dosageInstruction": [dosage]}}


def order_select(target_bytes):
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1998-03-04"}
    subject = {"reference": "Patient/p1"}
    pregnant = {"resourceType": "Observation", "id": "preg", "status": "final",
                "code": concept(LOINC, "82810-3", "Pregnancy status"), "subject": subject,
                "effectiveDateTime": day(26), "valueCodeableConcept": concept(SNOMED, "77386006", "Pregnant")}
    due = {"resourceType": "Observation", "id": "edd", "status": "final",
           "code": concept(LOINC, "11778-8", "Delivery date Estimated"), "subject": subject,
           "effectiveDateTime": day(120), "valueDateTime": day(-61)}
    weekly = {"text": "1 tablet a week"}
    twice_daily = {"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                   "doseAndRate": [{"doseQuantity": quantity(10000, "IU", "[iU]")}]}
    drafts = [
        draft(1, concept(RXNORM, "904431", "alendronic acid 70 MG Oral Tablet"), weekly),
        draft(2, concept(RXNORM, "905024", "risedronate sodium 35 MG Oral Tablet"), weekly),
        draft(3, concept(RXNORM, "1361615", "heparin sodium, porcine 5000 UNT/ML Injectable Solution"), twice_daily),
    ]
    prefetch = dict.fromkeys(PREFETCH_KEYS)
    found = {"resourceType": "Bundle", "type": "searchset", "total": 2,
             "entry": [{"resource": pregnant}, {"resource": due}]}
    prefetch.update(patient=patient, pregObs=found)
    context = {"userId": "Practitioner/7", "patientId": "p1",
               "selections": ["MedicationRequest/rx-%d" % number for number in (1, 2, 3)],
               "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": drafts}}
    return padded(envelope("order-select", context, prefetch), twice_daily, "text", target_bytes)


def envelope(hook, context, prefetch):
    return {"hook": hook, "hookInstance": str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:osteon:bench:" + hook)),
            "context": context, "prefetch": prefetch}


# ---- patient-view: six weeks after a birth, severe back pain, smoker; one card ------------------------------------

NOTE_BYTES = 30    # "note":[{"text":""}] and its comma, and the digits that "total" gains
BUNDLE_BYTES = 64  # what a searchset adds round its entries, in place of null

PATIENT = identity("Patient", 2)
SUBJECT = {"reference": "Patient/" + PATIENT, "display": "Zoë Müller-Søndergård"}


def observation(number, code, days_ago, value, category_code):
    resource = {"resourceType": "Observation", "id": identity("Observation", number), "meta": {"versionId": "1"},
                "status": "final",
                "category": category("observation-category", category_code), "code": code, "subject": SUBJECT,
                "effectiveDateTime": moment(days_ago, 7 + number % 11, number % 60)}
    resource.update(value)
    return resource


def condition(number, code, days_ago, status):
    resource = {"resourceType": "Condition", "id": identity("Condition", number),
                "clinicalStatus": concept(TERMINOLOGY + "condition-clinical", status, status.capitalize()),
                "verificationStatus": concept(TERMINOLOGY + "condition-ver-status", "confirmed", "Confirmed"),
                "category": category("condition-category", "encounter-diagnosis"), "code": code,
                "subject": SUBJECT, "onsetDateTime": day(days_ago), "recordedDate": day(days_ago)}
    if status == "resolved":
        resource["abatementDateTime"] = day(days_ago - 14)
    return resource


def deciding_resources():
    """What raises the card, and nothing else: prefetch key -> resources."""
    patient = {"resourceType": "Patient", "id": PATIENT, "gender": "female", "birthDate": "1994-11-20",
               "name": [{"use": "official", "family": "Müller-Søndergård", "given": ["Zoë"]}]}
    delivery = condition(1, concept(ICD10CM, "Z37.0", "Single live birth"), 42, "active")
    pain = condition(2, concept(ICD10CM, "M54.50", "Low back pain, unspecified"), 7, "active")
    due = observation(1, concept(LOINC, "11778-8", "Delivery date Estimated"), 230,
                      {"valueDateTime": day(40)}, "exam")
    severity = observation(2, concept(LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating"), 1,
                           {"valueQuantity": quantity(8, "{score}", "{score}")}, "survey")
    smoker = observation(3, concept(LOINC, "72166-2", "Tobacco smoking status"), 42,
                         {"valueCodeableConcept": concept(SNOMED, "449868002", "Smokes tobacco daily")},
                         "social-history")
    return patient, {"conditions": [delivery, pain], "pregObs": [due], "bonObs": [severity, smoker]}


# (LOINC code, display, lowest value, step, decimals, unit, UCUM code). Normal values: they raise no further card.
MEASURED = (
    ("29463-7", "Body weight", 61.0, 0.4, 1, "kg", "kg"),
    ("39156-5", "Body mass index (BMI) [Ratio]", 22.1, 0.1, 1, "kg/m2", "kg/m2"),
    ("8302-2", "Body height", 166.0, 0.0, 1, "cm", "cm"),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", 0.61, 0.01, 2, "mg/dL", "mg/dL"),
    ("17861-6", "Calcium [Mass/volume] in Serum or Plasma", 9.1, 0.1, 1, "mg/dL", "mg/dL"),
    ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", 3.9, 0.1, 1, "g/dL", "g/dL"),
    ("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", 1.120, 0.035, 3, "m[IU]/L", "m[IU]/L"),
    ("62292-8", "25-Hydroxyvitamin D2+D3 [Mass/volume] in Serum or Plasma", 32.0, 0.3, 1, "ng/mL", "ng/mL"),
)
DIAGNOSES = (
    ("195662009", "Acute viral pharyngitis"), ("444814009", "Viral sinusitis"), ("10509002", "Acute bronchitis"),
    ("43878008", "Streptococcal sore throat"), ("65363002", "Otitis media"), ("271737000", "Anemia"),
)
DRUGS = (
    ("313782", "Acetaminophen 325 MG Oral Tablet"), ("665078", "Loratadine 5 MG Chewable Tablet"),
    ("834061", "Penicillin V Potassium 250 MG Oral Tablet"), ("310965", "Ibuprofen 200 MG Oral Tablet"),
    ("966222", "Levothyroxine Sodium 0.075 MG Oral Tablet"),
)
TESTS = (("58410-2", "CBC panel - Blood by Automated count"), ("24323-8", "Comprehensive metabolic panel"),
         ("24356-8", "Urinalysis complete panel - Urine"))


def measured(number):
    code, display, low, step, decimals, unit, ucum = MEASURED[number % len(MEASURED)]
    value = round(low + step * (number // len(MEASURED) % 12), decimals)
    resource = observation(100 + number, concept(LOINC, code, display), 120 + number * 3 % 1700,
                           {"valueQuantity": quantity(value, unit, ucum)}, "laboratory")
    resource["encounter"] = {"reference": "Encounter/" + identity("Encounter", number // 8)}
    resource["performer"] = [{"reference": "Organization/lab-1", "display": "Labor Nord – Zentrallabor"}]
    return resource


def prescribed(number):
    code, display = DRUGS[number % len(DRUGS)]
    days_ago = 150 + number * 11 % 2000
    return {"resourceType": "MedicationRequest", "id": identity("MedicationRequest", number), "status": "completed",
            "intent": "order",
            "medicationCodeableConcept": concept(RXNORM, code, display), "subject": SUBJECT,
            "authoredOn": moment(days_ago), "requester": {"reference": "Practitioner/7"},
            "dosageInstruction": [{"sequence": 1, "text": "1 tablet twice daily for 7 days",
                                   "timing": {"repeat": {"boundsPeriod": {"start": day(days_ago),
                                                                          "end": day(days_ago - 7)},
                                                         "frequency": 2, "period": 1, "periodUnit": "d"}},
                                   "doseAndRate": [{"doseQuantity": quantity(1, "tablet", "{tbl}")}]}]}


def ordered(number):
    code, display = TESTS[number % len(TESTS)]
    return {"resourceType": "ServiceRequest", "id": identity("ServiceRequest", number), "status": "completed",
            "intent": "order", "code": concept(LOINC, code, display), "subject": SUBJECT, "authoredOn": moment(110 + number * 7 % 280),
            "requester": {"reference": "Practitioner/7"}}


def filler(number):
    """The record's rest: (prefetch key, resource). Of ten, seven results, and one each of the others."""
    kind, turn = number % 10, number // 10
    if kind == 7:
        code, display = DIAGNOSES[turn % len(DIAGNOSES)]
        return "conditions", condition(100 + turn, concept(SNOMED, code, display), 200 + turn * 23 % 1600, "resolved")
    if kind == 8:
        return "meds", prescribed(turn)
    if kind == 9:
        return "orders", ordered(turn)
    return "bonObs", measured(turn * 7 + kind)


def patient_view(target_bytes):
    patient, resources = deciding_resources()
    left = target_bytes - len(encode(patient_view_request(patient, resources))) - NOTE_BYTES
    too_big = 0
    number = 0
    while too_big < 10:  # the last ten are of every kind: not even the smallest fits
        key, resource = filler(number)
        cost = len(encode(entry(resource))) + (1 if key in resources else BUNDLE_BYTES)
        if cost <= left:
            resources.setdefault(key, []).append(resource)
            left -= cost
            too_big = 0
        else:
            too_big += 1
        number += 1
    note = {"text": ""}
    resources["conditions"][1]["note"] = [note]
    return padded(patient_view_request(patient, resources), note, "text", target_bytes)


def patient_view_request(patient, resources):
    prefetch = dict.fromkeys(PREFETCH_KEYS)
    prefetch["patient"] = patient
    prefetch.update({key: searchset(found) for key, found in resources.items()})
    return envelope("patient-view", {"userId": "Practitioner/7", "patientId": PATIENT}, prefetch)


def make(name):
    """The body of the request of that name, as bytes."""
    service, size, _ = REQUESTS[name]
    return order_select(size) if service.endswith("order-select") else patient_view(size)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in REQUESTS:
        (folder / (name + ".json")).write_bytes(make(name))
        print("%s/%s.json %d bytes" % (folder, name, len(make(name))))


if __name__ == "__main__":
    main()
