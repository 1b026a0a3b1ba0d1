#include "cards/packs/perinatal_bone_health/concepts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "fhir/model/resources.h"

namespace osteon::cards::perinatal {
namespace {

using model::operator""_key;

enum class System : std::uint8_t { kLoinc, kSnomed, kRxNorm, kIcd10, kAtc, kHcpcs };
constexpr std::size_t kSystemCount = 6;
using enum System;
using enum Group;

struct SystemRow {
  std::string_view name;  // without scheme, version and trailing slash
  System system;
};
constexpr SystemRow kSystems[] = {
    {"snomed.info/sct", kSnomed},
    {"loinc.org", kLoinc},
    {"www.nlm.nih.gov/research/umls/rxnorm", kRxNorm},
    {"hl7.org/fhir/sid/icd-10-cm", kIcd10},
    {"hl7.org/fhir/sid/icd-10", kIcd10},
    {"www.whocc.no/atc", kAtc},
    {"www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", kHcpcs},
    {"terminology.hl7.org/CodeSystem/HCPCS", kHcpcs},
    {"urn:oid:2.16.840.1.113883.6.96", kSnomed},
    {"urn:oid:2.16.840.1.113883.6.1", kLoinc},
    {"urn:oid:2.16.840.1.113883.6.88", kRxNorm},
    {"urn:oid:2.16.840.1.113883.6.90", kIcd10},
    {"urn:oid:2.16.840.1.113883.6.3", kIcd10},
    {"urn:oid:2.16.840.1.113883.6.73", kAtc},
    {"urn:oid:2.16.840.1.113883.6.285", kHcpcs},
};

std::optional<System> SystemOf(std::string_view name) {
  if (name.starts_with("http://")) name.remove_prefix(7);
  if (name.starts_with("https://")) name.remove_prefix(8);
  name = name.substr(0, name.find('|'));
  if (name.ends_with('/')) name.remove_suffix(1);
  for (const SystemRow& row : kSystems) {
    if (name == row.name) return row.system;
  }
  if (name.starts_with("snomed.info/sct/")) return kSnomed;
  return std::nullopt;
}

struct CodeRow {
  System system;
  std::string_view code;  // ICD-10 without the dot
  Group group;
};
constexpr CodeRow kCodes[] = {
#define OSTEON_CODE(system, code, group) {system, code, group},
#include "cards/packs/perinatal_bone_health/concept_codes.inc"
#undef OSTEON_CODE
};

// Codes that the clinical document adds to the list in prose, and listed codes that mean a second thing by
// their name.
constexpr CodeRow kFurtherCodes[] = {
    {kLoinc, "LA28438-4", kAnswerIntentYes},  // a draft's misprint of LA26438-4 (rules.md 2.5)
    {kIcd10, "O82", kDeliveryOutcome},        // rules.md 2.1, T1
    {kIcd10, "Z371", kStillbirth},            // clarification 12
    {kIcd10, "Z374", kStillbirth},
    {kIcd10, "Z377", kStillbirth},
    // Caesarean sections by their names.
    {kSnomed, "736018001", kDeliveryOutcome},
    {kSnomed, "736020003", kDeliveryOutcome},
    {kSnomed, "736026009", kDeliveryOutcome},
    {kSnomed, "736118004", kDeliveryOutcome},
    {kSnomed, "41059002", kDeliveryOutcome},
    {kSnomed, "236987005", kDeliveryOutcome},
    // Calcium combined with cholecalciferol.
    {kRxNorm, "1007835", kVitaminD},
    {kRxNorm, "1233607", kVitaminD},
    {kRxNorm, "1310948", kVitaminD},
    {kRxNorm, "152770", kVitaminD},
    {kRxNorm, "428485", kVitaminD},
    {kRxNorm, "608343", kVitaminD},
    {kRxNorm, "864665", kVitaminD},
    {kRxNorm, "994831", kVitaminD},
    {kAtc, "G03AC06", kDmpaContraceptiveBoneRisk},
    {kAtc, "G03AC08", kLarcDrug},
};

// Families. `pattern` and `except` are written without the dot; '?' is any character, '*' at the end any
// rest.
struct PrefixRow {
  System system;
  std::string_view pattern;
  std::string_view except;  // one pattern, or empty
  Group group;
};
constexpr PrefixRow kPrefixes[] = {
    {kIcd10, "M545*", "", kBackPain},
    {kIcd10, "M546*", "", kBackPain},
    {kIcd10, "M548*", "", kBackPain},
    {kIcd10, "M549*", "", kBackPain},
    // The 7th character A (or B) is a new fracture; D, G, K, P and S are follow-up: history.
    {kIcd10, "M80?8XA", "", kVertebralOrPathologicalFracture},
    {kIcd10, "M80?AXA", "", kVertebralOrPathologicalFracture},
    {kIcd10, "M485?XA", "", kVertebralOrPathologicalFracture},
    {kIcd10, "S220??A", "", kVertebralOrPathologicalFracture},
    {kIcd10, "S220??B", "", kVertebralOrPathologicalFracture},
    {kIcd10, "S320??A", "", kVertebralOrPathologicalFracture},
    {kIcd10, "S320??B", "", kVertebralOrPathologicalFracture},
    {kIcd10, "M80????", "M80??XA", kHistoryFragilityFracture},
    {kIcd10, "M485?XD", "", kHistoryFragilityFracture},
    {kIcd10, "M485?XG", "", kHistoryFragilityFracture},
    {kIcd10, "M485?XS", "", kHistoryFragilityFracture},
    {kIcd10, "M81*", "", kOsteoporosis},
    {kIcd10, "M858*", "", kOsteopenia},
    {kIcd10, "Z3A*", "", kGestationalAgeCode},
    {kIcd10, "O09*", "", kPregnancyCondition},
    {kIcd10, "Z34*", "", kPregnancyCondition},
    {kIcd10, "O223*", "", kDvt},
    {kIcd10, "O882*", "", kPulmonaryEmbolism},
    {kIcd10, "F1721*", "F17211", kSmokerCurrent},
    {kIcd10, "O9933*", "", kSmokerCurrent},
    {kIcd10, "M2555*", "", kHipPain},
    {kIcd10, "O2671*", "", kSymphysisSubluxation},
    {kIcd10, "M8705*", "", kAvascularNecrosisFemur},
    {kIcd10, "C77*", "", kMetastaticDisease},
    {kIcd10, "C78*", "", kMetastaticDisease},
    {kIcd10, "C79*", "", kMetastaticDisease},
    {kIcd10, "C7B*", "", kMetastaticDisease},
    {kIcd10, "C900*", "", kMultipleMyeloma},
    {kAtc, "M05BA*", "", kBisphosphonate},
    {kAtc, "M05BB*", "", kBisphosphonate},
    {kAtc, "G03AA*", "", kCombinedContraceptive},
    {kAtc, "G03AB*", "", kCombinedContraceptive},
    {kAtc, "G02BB*", "", kCombinedContraceptive},
    {kAtc, "G02BA*", "", kLarcDrug},
};
// Deliveries: every Z37 that is not a stillbirth (clarification 12).
constexpr std::string_view kLiveBirths[] = {"Z370", "Z372", "Z373", "Z375*", "Z376*", "Z379"};

bool Matches(std::string_view code, std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') return true;
    if (i >= code.size() || (pattern[i] != '?' && pattern[i] != code[i])) return false;
  }
  return code.size() == pattern.size();
}

using CodeTable = std::array<std::unordered_map<std::string_view, GroupSet>, kSystemCount>;

CodeTable BuildTable() {
  CodeTable table;
  for (const CodeRow& row : kCodes) table[static_cast<std::size_t>(row.system)][row.code].Add(row.group);
  for (const CodeRow& row : kFurtherCodes)
    table[static_cast<std::size_t>(row.system)][row.code].Add(row.group);
  return table;
}

void AddPrefixGroups(System system, std::string_view code, GroupSet& groups) {
  for (const PrefixRow& row : kPrefixes) {
    if (row.system != system || row.pattern[0] != code[0] || !Matches(code, row.pattern)) continue;
    if (row.except.empty() || !Matches(code, row.except)) groups.Add(row.group);
  }
  if (system != kIcd10 || !code.starts_with("Z37")) return;
  for (const std::string_view pattern : kLiveBirths) {
    if (Matches(code, pattern)) groups.Add(kDeliveryOutcome);
  }
}

// Upper case and without the dot; empty when it is too long for a code of ICD-10.
class Icd10Code {
 public:
  explicit Icd10Code(std::string_view code) {
    for (const char c : code) {
      if (c == '.' || c == ' ') continue;
      if (length_ == sizeof text_) {
        length_ = 0;
        return;
      }
      text_[length_++] = (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  std::string_view text() const { return {text_, length_}; }

 private:
  char text_[12];
  std::size_t length_ = 0;
};

GroupSet LookUp(System system, std::string_view code) {
  static const CodeTable kTable = BuildTable();
  const auto& codes = kTable[static_cast<std::size_t>(system)];
  const auto found = codes.find(code);
  GroupSet groups = found != codes.end() ? found->second : GroupSet();
  if (system == kIcd10 || system == kAtc) AddPrefixGroups(system, code, groups);
  return groups;
}

}  // namespace

std::string_view GroupName(Group group) {
  static constexpr std::string_view kNames[] = {
#define OSTEON_GROUP(enumerator, name) name,
#include "cards/packs/perinatal_bone_health/concept_groups.inc"
#undef OSTEON_GROUP
  };
  static_assert(std::size(kNames) == static_cast<std::size_t>(Group::kCount_));
  return kNames[static_cast<std::size_t>(group)];
}

GroupSet GroupsOf(std::string_view system, std::string_view code) {
  if (code.empty()) return {};
  const std::optional<System> known = SystemOf(system);
  if (!known) return {};
  if (*known != kIcd10) return LookUp(*known, code);
  const Icd10Code icd10(code);
  return icd10.text().empty() ? GroupSet() : LookUp(kIcd10, icd10.text());
}

GroupSet GroupsOf(json::Value codeable_concept) {
  GroupSet groups;
  for (const json::Value coding : codeable_concept["coding"_key]) {
    groups |= GroupsOf(coding["system"_key].string(), coding["code"_key].string());
  }
  return groups;
}

std::string LoincTokens(std::initializer_list<Group> groups) {
  std::string tokens;
  for (const CodeRow& row : kCodes) {
    const bool wanted = std::ranges::find(groups, row.group) != groups.end();
    // Answer codes are no observations.
    if (!wanted || row.system != kLoinc || row.code.starts_with("LA")) continue;
    if (!tokens.empty()) tokens += ',';
    tokens += kLoincSystem;
    tokens += '|';
    tokens += row.code;
  }
  return tokens;
}

std::int32_t GestationWeeksOf(json::Value codeable_concept) {
  for (const json::Value coding : codeable_concept["coding"_key]) {
    if (SystemOf(coding["system"_key].string()) != kIcd10) continue;
    const Icd10Code code(coding["code"_key].string());
    const std::string_view text = code.text();
    if (text.size() != 5 || !text.starts_with("Z3A")) continue;
    if (text[3] < '0' || text[3] > '9' || text[4] < '0' || text[4] > '9') continue;
    return (text[3] - '0') * 10 + (text[4] - '0');
  }
  return 0;
}

bool CodeInGroup(std::string_view system, std::string_view code, Group group) {
  return GroupsOf(system, code).Has(group);
}

bool InGroup(json::Value codeable_concept, Group group) {
  return GroupsOf(codeable_concept).Has(group);
}

}  // namespace osteon::cards::perinatal
