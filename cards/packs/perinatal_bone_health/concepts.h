// Concept groups of the pack: which codes mean "back pain", "UFH", ... The table is generated from the
// verified code list; prefix and descendant rules (ICD-10-CM families) are rows of their own. Source:
// rules.md section 7.
#pragma once

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <string>
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

// The code systems of the pack, in the spelling FHIR R4 gives them (terminologies-systems.html).
inline constexpr std::string_view kLoincSystem = "http://loinc.org";
inline constexpr std::string_view kSnomedSystem = "http://snomed.info/sct";
inline constexpr std::string_view kRxNormSystem = "http://www.nlm.nih.gov/research/umls/rxnorm";
inline constexpr std::string_view kIcd10System = "http://hl7.org/fhir/sid/icd-10-cm";

// The groups a concept is in. Finding them is one hash look-up per coding, so a resource that is asked about
// several groups is looked up once: `const GroupSet groups = GroupsOf(code); if (groups.Has(Group::kEdd))
// ...`.
class GroupSet {
 public:
  bool Has(Group group) const { return bits_[static_cast<std::size_t>(group)]; }
  template <typename... Groups>
  bool HasAny(Groups... groups) const {
    return (Has(groups) || ...);
  }
  bool empty() const { return bits_.none(); }
  void Add(Group group) { bits_.set(static_cast<std::size_t>(group)); }
  GroupSet& operator|=(const GroupSet& other) {
    bits_ |= other.bits_;
    return *this;
  }

 private:
  std::bitset<static_cast<std::size_t>(Group::kCount_)> bits_;
};

// `system` may be the FHIR URL with http or https, with a version or a trailing slash, a SNOMED CT edition
// URI, or urn:oid. ICD-10 codes may come with or without their dot and under the international edition's URL:
// the listed codes mean the same there. Everything else must match exactly.
GroupSet GroupsOf(std::string_view system, std::string_view code);
// All codings of the CodeableConcept together. A concept without codings is in no group; text never counts
// here.
GroupSet GroupsOf(json::Value codeable_concept);

// The LOINC codes of the groups as a search's token values:
// "http://loinc.org|1989-3,http://loinc.org|35365-6".
std::string LoincTokens(std::initializer_list<Group> groups);

// The weeks of an ICD-10-CM code Z3A.nn; 0 when it is another code or states no number (Z3A.00).
std::int32_t GestationWeeksOf(json::Value codeable_concept);

// True when (system, code) is in the group, by the table or by a prefix row.
bool CodeInGroup(std::string_view system, std::string_view code, Group group);
// True when any coding of the CodeableConcept is.
bool InGroup(json::Value codeable_concept, Group group);

}  // namespace osteon::cards::perinatal
