// Which drug a medication resource is of: by its codes, or by a name in its texts when no code is known.
// Source: rules.md 0.2 "Code matching order", clarification 61.
#pragma once

#include <string>

#include "cards/chart.h"
#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/parameters.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal {

struct DrugIdentity {
  GroupSet groups;       // a bisphosphonate found by name is in kBisphosphonateOral or kBisphosphonateIv
  bool by_name = false;  // no code was known; a whole word of a text names the drug
  // Nobody can say what it is: a reference that leads nowhere and has no display, or a code of a foreign
  // system alone.
  bool unknown = false;
};

// Codes of the concept and of the Medication's ingredients first. A code that the pack knows beats every
// text; without one, text and displays are searched for ingredients and brand names (when text.fallback is
// on).
DrugIdentity IdentifyDrug(const model::MedicationResource& resource, const Chart& chart,
                          const Parameters& parameters);

// All texts that name the drug (concept text, displays, reference display, ingredients), one after another.
std::string DrugTexts(const model::MedicationResource& resource, const Chart& chart);

// The drug's name for a card, without characters that mean something in Markdown; empty when there is none.
std::string DrugLabel(const model::MedicationResource& resource, const Chart& chart);

}  // namespace osteon::cards::perinatal
