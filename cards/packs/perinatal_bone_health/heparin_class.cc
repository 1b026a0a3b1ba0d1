// Which heparin a resource is of. Source: rules.md 3.1.
//
// Codes decide; text never makes a heparin (rules.md 0.2: the text fallback is for rules C and G). What only
// a text names is a doubt, so that the rule says "not evaluated" instead of nothing.
#include "cards/packs/perinatal_bone_health/heparin_class.h"

#include <cctype>
#include <string>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/packs/perinatal_bone_health/heparin_dose.h"
#include "cards/packs/perinatal_bone_health/medication_concept.h"
#include "fhir/base/text.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::string_view kHeparinWords[] = {
    "heparin",    "enoxaparin", "dalteparin",  "tinzaparin", "nadroparin",  "bemiparin",
    "parnaparin", "reviparin",  "certoparin",  "lovenox",    "clexane",     "inhixa",
    "fragmin",    "innohep",    "fraxiparine", "hibor",      "calciparine", "liquemin",
};
constexpr std::string_view kFlushWords[] = {"flush", "flushes",  "flushing", "lock",
                                            "locks", "hep-lock", "heplock"};

template <typename Words>
bool HasAnyWord(std::string_view text, const Words& words) {
  for (const std::string_view word : words) {
    if (base::ContainsWord(text, word)) return true;
  }
  return false;
}

json::Value DosagesOf(const model::MedicationResource& resource) {
  if (resource.json["dosageInstruction"_key]) return resource.json["dosageInstruction"_key];
  return resource.json["dosage"_key];  // a list on statements, one object on administrations
}

// Calls `visit` with each dosage, whether they came as a list or as one object.
template <typename Visit>
bool AnyDosage(const model::MedicationResource& resource, const Visit& visit) {
  const json::Value dosages = DosagesOf(resource);
  if (dosages.is_object()) return visit(dosages);
  for (const json::Value dosage : dosages) {
    if (visit(dosage)) return true;
  }
  return false;
}

template <typename Words>
bool ConceptHasWord(json::Value concept_value, const Words& words) {
  if (HasAnyWord(concept_value["text"_key].string(), words)) return true;
  for (const json::Value coding : concept_value["coding"_key]) {
    if (HasAnyWord(coding["display"_key].string(), words)) return true;
  }
  return false;
}

bool SaysFlush(const model::MedicationResource& resource, json::Value code) {
  if (ConceptHasWord(code, kFlushWords)) return true;
  for (const json::Value note : resource.json["note"_key]) {
    if (HasAnyWord(note["text"_key].string(), kFlushWords)) return true;
  }
  return AnyDosage(resource, [](json::Value dosage) {
    if (HasAnyWord(dosage["text"_key].string(), kFlushWords)) return true;
    if (HasAnyWord(dosage["patientInstruction"_key].string(), kFlushWords)) return true;
    for (const json::Value extra : dosage["additionalInstruction"_key]) {
      if (ConceptHasWord(extra, kFlushWords)) return true;
    }
    return false;
  });
}

bool RouteIsIntracatheter(const model::MedicationResource& resource) {
  return AnyDosage(resource, [](json::Value dosage) {
    const json::Value route = dosage["route"_key];
    if (base::ContainsIgnoreCase(route["text"_key].string(), "catheter")) return true;
    for (const json::Value coding : route["coding"_key]) {
      if (base::ContainsIgnoreCase(coding["display"_key].string(), "catheter")) return true;
    }
    return false;
  });
}

bool DoseIsFlush(const model::MedicationResource& resource, const HeparinProduct& product) {
  constexpr std::int64_t kFlushDoseIu = 500;
  return AnyDosage(resource, [&product](json::Value dosage) {
    auto dose = model::QuantityOf(dosage["doseAndRate"_key].At(0)["doseQuantity"_key]);
    if (!dose) dose = model::QuantityOf(dosage["dose"_key]);  // administrations
    const auto iu = dose ? AmountInIu(*dose, product) : std::nullopt;
    return iu && *iu <= kFlushDoseIu;
  });
}

struct Preparation {
  std::optional<Decimal> iu_per_ml;
  std::optional<Decimal> millilitres;  // filled in one piece
};

// The number right before `unit` in a drug's name: "3 ML heparin 100 UNT/ML" has 100 before "UNT/ML".
std::optional<Decimal> NumberBefore(const std::string& lowered, std::string_view unit) {
  for (std::size_t at = lowered.find(unit); at != std::string::npos; at = lowered.find(unit, at + 1)) {
    const std::size_t after = at + unit.size();
    if (after < lowered.size() && std::isalnum(static_cast<unsigned char>(lowered[after])) != 0) continue;
    std::size_t end = at;
    while (end > 0 && lowered[end - 1] == ' ') --end;
    std::size_t begin = end;
    std::string digits;
    while (begin > 0 && (std::isdigit(static_cast<unsigned char>(lowered[begin - 1])) != 0 ||
                         lowered[begin - 1] == '.' || lowered[begin - 1] == ',')) {
      --begin;
    }
    for (const char c : lowered.substr(begin, end - begin)) {
      if (c != ',') digits += c;
    }
    if (const auto number = Decimal::Parse(digits)) return number;
  }
  return std::nullopt;
}

void ReadName(std::string_view name, Preparation& preparation) {
  const std::string lowered = base::AsciiLower(name);
  for (const std::string_view unit : {"unt/ml", "units/ml", "unit/ml", "iu/ml", "u/ml"}) {
    if (!preparation.iu_per_ml) preparation.iu_per_ml = NumberBefore(lowered, unit);
  }
  if (!preparation.millilitres) preparation.millilitres = NumberBefore(lowered, "ml");
}

void ReadIngredients(json::Value medication, Preparation& preparation) {
  for (const json::Value ingredient : medication["ingredient"_key]) {
    const auto amount = model::QuantityOf(ingredient["strength"_key]["numerator"_key]);
    const auto volume = model::QuantityOf(ingredient["strength"_key]["denominator"_key]);
    if (!amount || !volume) continue;
    const auto iu = model::Convert(amount->value, amount->unit, "[iU]");
    const auto millilitres = model::Convert(volume->value, volume->unit, "mL");
    if (iu && millilitres) preparation.iu_per_ml = iu->DividedBy(*millilitres);
  }
  const auto total = model::QuantityOf(medication["amount"_key]["numerator"_key]);
  if (total) preparation.millilitres = model::Convert(total->value, total->unit, "mL");
}

// Strength <= 100 UNT/ML in a unit of <= 10 ML, or a bag of 2 UNT/ML.
bool PreparedAsFlush(const MedicationName& name) {
  Preparation preparation;
  ReadIngredients(name.medication, preparation);
  ReadName(name.code["text"_key].string(), preparation);
  for (const json::Value coding : name.code["coding"_key])
    ReadName(coding["display"_key].string(), preparation);
  if (!preparation.iu_per_ml) return false;
  if (*preparation.iu_per_ml == Decimal(2)) return true;
  return *preparation.iu_per_ml <= Decimal(100) && preparation.millilitres &&
         *preparation.millilitres <= Decimal(10);
}

bool IsFlush(const model::MedicationResource& resource, const MedicationName& name, json::Value code) {
  // A catheter is no way into the body, whatever the product.
  if (RouteIsIntracatheter(resource)) return true;
  const HeparinProduct product = ProductOf(code);
  if (product.iu_per_ml) return false;  // a product code: its strength is known to be systemic
  return SaysFlush(resource, code) || DoseIsFlush(resource, product) || PreparedAsFlush(name);
}

HeparinKind KindOfCode(const model::MedicationResource& resource, const MedicationName& name,
                       json::Value code) {
  const GroupSet groups = GroupsOf(code);
  if (groups.Has(Group::kUfhFlushOrLockExclude)) return HeparinKind::kFlush;
  if (groups.HasAny(Group::kFondaparinuxNotCounted, Group::kHeparinoidDanaparoidNotCounted)) {
    return HeparinKind::kNotCounted;
  }
  if (groups.Has(Group::kLmwh)) return HeparinKind::kLmwh;
  if (groups.Has(Group::kUfhSystemic)) {
    return IsFlush(resource, name, code) ? HeparinKind::kFlush : HeparinKind::kUfhSystemic;
  }
  return groups.Has(Group::kHeparinGroup) ? HeparinKind::kUnknownHeparin : HeparinKind::kNone;
}

}  // namespace

HeparinKind KindOf(const model::MedicationResource& resource, const Chart& chart) {
  const MedicationName name = NameOf(resource, chart);
  if (name.unresolved) return HeparinKind::kUnknownMedication;
  HeparinKind kind = KindOfCode(resource, name, name.code);
  for (const json::Value ingredient : name.medication["ingredient"_key]) {
    if (kind == HeparinKind::kNone) kind = KindOfCode(resource, name, ingredient["itemCodeableConcept"_key]);
  }
  if (kind != HeparinKind::kNone || !ConceptHasWord(name.code, kHeparinWords)) return kind;
  const bool flush =
      SaysFlush(resource, name.code) || PreparedAsFlush(name) || RouteIsIntracatheter(resource);
  return flush ? HeparinKind::kFlush : HeparinKind::kNamedByText;
}

HeparinClass ClassifyHeparin(const model::MedicationResource& medication, const Chart& chart) {
  switch (KindOf(medication, chart)) {
    case HeparinKind::kUfhSystemic:
      return HeparinClass::kUfhSystemic;
    case HeparinKind::kLmwh:
      return HeparinClass::kLmwh;
    case HeparinKind::kFlush:
      return HeparinClass::kFlush;
    case HeparinKind::kNotCounted:
      return HeparinClass::kNotCounted;
    case HeparinKind::kNone:
    case HeparinKind::kUnknownHeparin:
    case HeparinKind::kNamedByText:
    case HeparinKind::kUnknownMedication:
      return HeparinClass::kNone;
  }
  return HeparinClass::kNone;
}

std::string_view DoubtOf(HeparinKind kind) {
  switch (kind) {
    case HeparinKind::kUnknownHeparin:
      return "heparin_class";
    case HeparinKind::kNamedByText:
      return "heparin_named_by_text";
    case HeparinKind::kUnknownMedication:
      return "medication_reference";
    default:
      return {};
  }
}

}  // namespace osteon::cards::perinatal
