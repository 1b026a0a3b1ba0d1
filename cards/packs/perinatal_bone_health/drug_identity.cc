#include "cards/packs/perinatal_bone_health/drug_identity.h"

#include <algorithm>
#include <unordered_map>

#include "cards/packs/perinatal_bone_health/medication_concept.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "fhir/base/text.h"

namespace osteon::cards::perinatal {

using json::operator""_key;

namespace {

struct NameRow {
  std::string_view name;  // whole word, lower case
  Group group;
  std::string_view with = {};  // another word that must be there too
};
using enum Group;
// Ingredients (both spellings) and brands. Names of the intravenous agents are given to kBisphosphonateIv;
// ibandronate and clodronate exist in both forms, and the dosage's route (clarification 33) or the form in
// the name decides.
constexpr NameRow kNames[] = {
    {"alendronate", kBisphosphonateOral},
    {"alendronic", kBisphosphonateOral},
    {"fosamax", kBisphosphonateOral},
    {"fosavance", kBisphosphonateOral},
    {"adrovance", kBisphosphonateOral},
    {"binosto", kBisphosphonateOral},
    {"risedronate", kBisphosphonateOral},
    {"risedronic", kBisphosphonateOral},
    {"actonel", kBisphosphonateOral},
    {"atelvia", kBisphosphonateOral},
    {"ibandronate", kBisphosphonateOral},
    {"ibandronic", kBisphosphonateOral},
    {"boniva", kBisphosphonateOral},
    {"bonviva", kBisphosphonateOral},
    {"bondronat", kBisphosphonateOral},
    {"etidronate", kBisphosphonateOral},
    {"etidronic", kBisphosphonateOral},
    {"didronel", kBisphosphonateOral},
    {"clodronate", kBisphosphonateOral},
    {"clodronic", kBisphosphonateOral},
    {"bonefos", kBisphosphonateOral},
    {"tiludronate", kBisphosphonateOral},
    {"tiludronic", kBisphosphonateOral},
    {"skelid", kBisphosphonateOral},
    {"bisphosphonate", kBisphosphonateOral},
    {"zoledronate", kBisphosphonateIv},
    {"zoledronic", kBisphosphonateIv},
    {"zometa", kBisphosphonateIv},
    {"reclast", kBisphosphonateIv},
    {"aclasta", kBisphosphonateIv},
    {"pamidronate", kBisphosphonateIv},
    {"pamidronic", kBisphosphonateIv},
    {"aredia", kBisphosphonateIv},
    {"neridronate", kBisphosphonateIv},
    {"neridronic", kBisphosphonateIv},
    {"mirena", kLarcDrug},
    {"kyleena", kLarcDrug},
    {"liletta", kLarcDrug},
    {"skyla", kLarcDrug},
    {"jaydess", kLarcDrug},
    {"paragard", kLarcDrug},
    {"nexplanon", kLarcDrug},
    {"implanon", kLarcDrug},
    {"provera", kDmpaContraceptiveBoneRisk, "depo"},
    {"ethinyl", kCombinedContraceptive},
    {"ethinylestradiol", kCombinedContraceptive},
    {"nuvaring", kCombinedContraceptive},
};

void AppendText(std::string& texts, std::string_view text) {
  if (base::IsBlank(text)) return;
  if (!texts.empty()) texts += " | ";
  texts += text;
}

void AppendConcept(std::string& texts, json::Value concept_value) {
  AppendText(texts, concept_value["text"_key].string());
  for (const json::Value coding : concept_value["coding"_key])
    AppendText(texts, coding["display"_key].string());
}

// A code of one of these systems says what the drug is even when the pack has no group for it.
bool HasDrugCode(json::Value concept_value) {
  for (const json::Value coding : concept_value["coding"_key]) {
    const std::string_view system = coding["system"_key].string();
    if (coding["code"_key].string().empty()) continue;
    for (const std::string_view known :
         {"rxnorm", "whocc.no/atc", "snomed.info", "HCPCS", "2.16.840.1.113883.6.88"}) {
      if (system.find(known) != std::string_view::npos) return true;
    }
  }
  return false;
}

const NameRow* FindName(const std::string& word) {
  static const auto kTable = [] {
    std::unordered_map<std::string_view, const NameRow*> table;
    for (const NameRow& row : kNames) table.emplace(row.name, &row);
    return table;
  }();
  const auto found = kTable.find(word);
  return found != kTable.end() ? found->second : nullptr;
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// One look-up per word of the text: charts bring hundreds of medications that no rule knows.
void AddNamedGroups(std::string_view texts, DrugIdentity& identity) {
  std::string word;
  for (std::size_t i = 0; i <= texts.size(); ++i) {
    if (i < texts.size() && IsWordCharacter(texts[i])) {
      word += texts[i] >= 'A' && texts[i] <= 'Z' ? static_cast<char>(texts[i] - 'A' + 'a') : texts[i];
      continue;
    }
    const NameRow* const row = word.empty() ? nullptr : FindName(word);
    word.clear();
    if (row == nullptr || (!row->with.empty() && !base::ContainsWord(texts, row->with))) continue;
    identity.groups.Add(row->group);
    identity.by_name = true;
  }
}

// Whether a drug's name tells that it is given by vein: "Bonviva 3 mg injection".
bool NamesInjection(std::string_view texts) {
  return base::ContainsWord(texts, "injection") || base::ContainsWord(texts, "infusion") ||
         base::ContainsWord(texts, "intravenous") || base::ContainsWord(texts, "IV");
}

}  // namespace

std::string DrugTexts(const model::MedicationResource& resource, const Chart& chart) {
  const MedicationName name = NameOf(resource, chart);
  std::string texts;
  AppendConcept(texts, name.code);
  AppendText(texts, resource.medication_reference()["display"_key].string());
  for (const json::Value ingredient : name.medication["ingredient"_key]) {
    AppendConcept(texts, ingredient["itemCodeableConcept"_key]);
  }
  return texts;
}

DrugIdentity IdentifyDrug(const model::MedicationResource& resource, const Chart& chart,
                          const Parameters& parameters) {
  const MedicationName name = NameOf(resource, chart);
  DrugIdentity identity;
  identity.groups = GroupsOf(name.code);
  bool has_code = HasDrugCode(name.code);
  for (const json::Value ingredient : name.medication["ingredient"_key]) {
    const json::Value item = ingredient["itemCodeableConcept"_key];
    identity.groups |= GroupsOf(item);
    has_code = has_code || HasDrugCode(item);
  }
  if (!identity.groups.empty()) return identity;
  const std::string texts = DrugTexts(resource, chart);
  if (FlagOf(parameters, Param::kTextFallback)) AddNamedGroups(texts, identity);
  if (identity.groups.Has(kBisphosphonateOral) && NamesInjection(texts))
    identity.groups.Add(kBisphosphonateIv);
  identity.unknown = texts.empty() && !has_code;
  return identity;
}

std::string DrugLabel(const model::MedicationResource& resource, const Chart& chart) {
  const MedicationName name = NameOf(resource, chart);
  std::string_view label = model::LabelOf(name.code);
  if (label.empty()) label = resource.medication_reference()["display"_key].string();
  constexpr std::size_t kLongest = 80;
  std::string plain;
  for (const char c : base::TakeCodePoints(label, kLongest)) {
    const bool has_meaning = std::string_view("<>[]*_`#|\\!&~\"").find(c) != std::string_view::npos;
    const bool is_control = static_cast<unsigned char>(c) < 0x20;
    plain += has_meaning || is_control ? ' ' : c;
  }
  const std::string trimmed(base::Trim(plain));
  // A bare code would read as a number without a meaning.
  const bool is_bare_code = !trimmed.empty() && std::ranges::all_of(trimmed, IsDigit);
  return is_bare_code ? "code " + trimmed : trimmed;
}

}  // namespace osteon::cards::perinatal
