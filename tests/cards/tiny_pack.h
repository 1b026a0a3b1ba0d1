// A rule pack of one library and one rule, whose parts a test writes itself.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cards/pack_compiler.h"
#include "cds_hooks/catalog.h"
#include "tests/cards/pack_folder.h"

namespace osteon::testing {

inline constexpr std::string_view kTinyPack = R"(id: tiny
version: 1.0.0
title: Tiny
publisher: The tests
license: Apache-2.0
source: {label: Tiny, topic_system: "urn:tiny"}
override_system: "urn:tiny:override"
max_cards: 5
precedence: [T, U]
services:
  - {id: view, hook: patient-view, title: View, description: Looks}
  - {id: select, hook: order-select, title: Select, description: Looks}
prefetch:
  patient: {query: "Patient/{{context.patientId}}", types: [Patient], says: the patient}
  conditions: {types: [Condition], says: diagnoses}
  procedures: {types: [Procedure], says: procedures}
)";

inline constexpr std::string_view kTinyLogic = R"(library Tiny
using FHIR version '4.0.1'
parameter "Draft Medications" List<FHIR.MedicationRequest>
parameter "Selected" List<System.String>
context Patient
define "Ill": exists [Condition]
define "Operated": exists [Procedure]
define "Never": false
define "Always": true
define "Nothing": null as System.String
define "Fails": (Interval[5, 1]).low = 3
define "Texts": [Condition] C return C.code.text.value
define "Male": Patient.gender = 'male'
define "Odd": { 'first', 'second' }
define "Medications":
  "Draft Medications" M
    return Tuple { reference: 'MedicationRequest/' + M.id, order: M, labs: { 'one', 'two' } }
)";

inline constexpr std::string_view kOtherRule = R"(id: U
title: Other
hooks: [patient-view, order-select]
logic: Tiny
tables:
  - rows: [{id: U.1, when: Always, indicator: info, card: plain}]
cards: {plain: {summary: Other}}
)";

inline cards::PackFiles TinyPack(std::string_view rule) {
  return {{"pack.yaml", std::string(kTinyPack)},
          {"logic/Tiny.cql", std::string(kTinyLogic)},
          {"rules/t.yaml", std::string(rule)},
          {"rules/u.yaml", std::string(kOtherRule)}};
}

inline std::shared_ptr<const cds_hooks::Catalog> TinyCatalog(std::string_view rule) {
  cards::PackCompilation compiled = cards::CompilePack(TinyPack(rule));
  if (!compiled.pack) {
    ADD_FAILURE() << Told(compiled.findings);
    return nullptr;
  }
  auto catalog = cds_hooks::Catalog::Create(std::move(*compiled.pack));
  if (!catalog.ok()) ADD_FAILURE() << catalog.error().public_text;
  return catalog.ok() ? std::move(catalog).value() : nullptr;
}

}  // namespace osteon::testing
