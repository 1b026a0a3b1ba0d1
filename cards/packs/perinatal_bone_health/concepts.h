// Concept groups of the pack: which codes mean "back pain", "UFH", ... The table is generated from the verified code
// list; prefix and descendant rules (ICD-10-CM families) are rows of their own. Source: rules.md section 7.
#pragma once

#include <cstdint>
#include <string_view>

#include "fhir/json/tree.h"

namespace osteon::cards::perinatal {

// One enumerator per concept_group of the code list, named in CamelCase ("back-pain" -> kBackPain).
enum class Group : std::uint16_t {
#define OSTEON_GROUP(enumerator, name) enumerator,
#include "cards/packs/perinatal_bone_health/concept_groups.inc"
#undef OSTEON_GROUP
  kCount_,
};

std::string_view GroupName(Group group);  // the list's own name, "back-pain"

// True when (system, code) is in the group, by the table or by a prefix row.
bool CodeInGroup(std::string_view system, std::string_view code, Group group);
// True when any coding of the CodeableConcept is. A concept without codings is in no group; text never counts here.
bool InGroup(json::Value codeable_concept, Group group);

}  // namespace osteon::cards::perinatal
