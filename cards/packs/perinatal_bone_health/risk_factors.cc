// Risk factors from conditions, observations and family history. Source: rules.md section 4,
// clarification 28.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/risk_chart.h"
#include "fhir/base/text.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int32_t kVitaminDDays = 365;
constexpr std::int32_t kFirstTrimesterDays = 97;  // to 13w6d
constexpr std::string_view kHypothalamicAmenorrhoea =
    "237120002";  // SNOMED CT; clarification 28: this code only

std::string Shown(const model::Quantity& quantity) {
  std::string text = quantity.value.ToString();
  if (quantity.comparator == model::Comparator::kLess) text = "<" + text;
  if (quantity.comparator == model::Comparator::kLessOrEqual) text = "<=" + text;
  if (quantity.comparator == model::Comparator::kGreater) text = ">" + text;
  if (quantity.comparator == model::Comparator::kGreaterOrEqual) text = ">=" + text;
  return text + " " + std::string(quantity.unit);
}

// --- vitamin D
// Source of the factor: rules.md rule E (nmol/L / 2.496 = ng/mL).
std::optional<Decimal> NanogramsPerMl(const model::Quantity& quantity) {
  if (const auto mass = model::Convert(quantity.value, quantity.unit, "ng/mL")) return mass;
  const auto molar = model::Convert(quantity.value, quantity.unit, "nmol/L");
  return molar ? molar->DividedBy(Decimal::Of("2.496")) : std::nullopt;
}

enum class VitaminDPart : std::uint8_t { kNone, kTotal, kD3, kD2 };

VitaminDPart PartOf(const KnownObservation& known) {
  if (known.groups.Has(Group::k25ohd2Component)) return VitaminDPart::kD2;
  if (!known.groups.HasAny(Group::k25ohdNgMl, Group::k25ohdNmolL)) return VitaminDPart::kNone;
  // 1989-3 and 14635-7 are 25-OH-D3; the total when there is no D2 of the same day.
  const bool d3 = model::HasCode(known.observation.code(), kLoincSystem, "1989-3") ||
                  model::HasCode(known.observation.code(), kLoincSystem, "14635-7");
  return d3 ? VitaminDPart::kD3 : VitaminDPart::kTotal;
}

struct VitaminDDay {
  std::optional<VitaminD> total;
  std::optional<VitaminD> d3;
  std::optional<VitaminD> d2;
};

// Of several results of one day the higher one: the reading that speaks less (rules.md 0.1).
void KeepHigher(std::optional<VitaminD>& kept, VitaminD value) {
  if (!kept || kept->ng_per_ml < value.ng_per_ml) kept = std::move(value);
}

std::optional<VitaminD> TotalOf(const VitaminDDay& day) {
  if (day.total || !day.d3) return day.total;
  if (!day.d2) return day.d3;
  const auto sum = day.d3->ng_per_ml.Plus(day.d2->ng_per_ml);
  if (!sum) return day.d3;
  return VitaminD{*sum, day.d3->date, day.d3->as_received + " D3 + " + day.d2->as_received + " D2"};
}

// --- smoking
struct SmokingStatus {
  bool smokes = false;
  Day day;
};

std::optional<SmokingStatus> RecordedSmoking(const RiskChart& chart) {
  for (const KnownObservation& known : chart.observations) {  // newest first
    if (!known.groups.HasAny(Group::kTobaccoSmokingStatus, Group::kTobaccoUseHistory)) continue;
    const GroupSet answer = GroupsOf(known.observation.value_concept());
    if (answer.Has(Group::kSmokerCurrent)) return SmokingStatus{true, known.date.first};
    if (answer.HasAny(Group::kSmokerFormerNotCounted, Group::kSmokerNever)) {
      return SmokingStatus{false, known.date.first};
    }
  }
  return std::nullopt;
}

// --- family history
constexpr std::string_view kFirstDegree[] = {"MTH",  "FTH",  "SIS",  "BRO",  "PRN",     "NMTH",   "NFTH",
                                             "NSIS", "NBRO", "NPRN", "TWIN", "TWINSIS", "TWINBRO"};
constexpr std::string_view kFirstDegreeSnomed[] = {"72705000", "66839005", "27733009", "70924004",
                                                   "40683002"};

bool IsFirstDegree(json::Value relationship) {
  for (const json::Value coding : relationship["coding"_key]) {
    const std::string_view code = coding["code"_key].string();
    if (std::find(std::begin(kFirstDegree), std::end(kFirstDegree), code) != std::end(kFirstDegree))
      return true;
    const bool snomed = coding["system"_key].string() == kSnomedSystem;
    if (snomed && std::find(std::begin(kFirstDegreeSnomed), std::end(kFirstDegreeSnomed), code) !=
                      std::end(kFirstDegreeSnomed)) {
      return true;
    }
  }
  return false;
}

bool SpeaksOfOsteoporosis(std::string_view text) {
  return base::ContainsIgnoreCase(text, "osteoporo") || base::ContainsIgnoreCase(text, "hip fracture");
}

bool IsBoneHistory(json::Value code) {
  const GroupSet groups = GroupsOf(code);
  if (groups.HasAny(Group::kOsteoporosis, Group::kVertebralOrPathologicalFracture,
                    Group::kHistoryFragilityFracture, Group::kFamilyHistoryOsteoporosis,
                    Group::kFamilyHistoryHipFracture)) {
    return true;
  }
  if (SpeaksOfOsteoporosis(code["text"_key].string())) return true;
  for (const json::Value coding : code["coding"_key]) {
    if (SpeaksOfOsteoporosis(coding["display"_key].string())) return true;
  }
  return false;
}

std::optional<Finding> RelativesHistory(const RiskChart& chart) {
  for (const model::Resource& resource : chart.reader.Read("family", "FamilyMemberHistory")) {
    const model::FamilyMemberHistory history{resource};
    if (!CountsFamilyHistory(history) || !IsFirstDegree(history.relationship())) continue;
    for (const json::Value condition : history.conditions()) {
      if (!IsBoneHistory(condition["code"_key])) continue;
      const auto date = model::ParseDate(history.json["date"_key].string(), *chart.input.zone);
      return Finding{"osteoporosis or fragility fracture in a first-degree relative", ShownDay(date),
                     "family history", 1};
    }
  }
  return std::nullopt;
}

// --- body mass index
// The value
// before the pregnancy, else the first of its first trimester; outside pregnancy the newest.
const KnownObservation* BmiThatCounts(const RiskChart& chart) {
  const auto start = chart.state.window_start;
  const bool gestation_unknown = chart.state.pregnancy == Pregnancy::kPostpartum && !start;
  if (gestation_unknown) return nullptr;  // it may be a third-trimester value
  const KnownObservation* first_trimester = nullptr;
  for (const KnownObservation& known : chart.observations) {  // newest first
    if (!known.groups.Has(Group::kBmi) || !known.observation.value_quantity()) continue;
    if (!start || known.date.last < *start) return &known;
    if (known.date.first >= *start && known.date.last - *start <= kFirstTrimesterDays)
      first_trimester = &known;
  }
  return first_trimester;
}

}  // namespace

std::optional<VitaminD> NewestVitaminD(const RuleInput& input, ChartReader& reader) {
  VitaminDDay day;
  std::optional<Day> newest;
  for (const KnownObservation& known : KnownObservations(input, reader)) {  // newest first
    const VitaminDPart part = PartOf(known);
    if (part == VitaminDPart::kNone || !IsWithin(known.date, kVitaminDDays, input.today)) continue;
    if (newest && known.date.first != *newest && TotalOf(day)) break;
    const auto value = known.observation.value_quantity();
    const auto ng_per_ml = value ? NanogramsPerMl(*value) : std::nullopt;
    if (!ng_per_ml) {
      if (value) reader.Doubt("25ohd_unit");
      continue;
    }
    if (newest && known.date.first != *newest) day = {};
    newest = known.date.first;
    VitaminD result{*ng_per_ml, known.date.first, Shown(*value)};
    KeepHigher(part == VitaminDPart::kTotal ? day.total
               : part == VitaminDPart::kD3  ? day.d3
                                            : day.d2,
               std::move(result));
  }
  return TotalOf(day);
}

std::optional<Finding> FindSmoking(const RiskChart& chart) {
  const auto recorded = RecordedSmoking(chart);
  if (recorded && recorded->smokes) return Finding{"current smoker", recorded->day, "observation", 1};
  auto diagnosed = NewestActive(chart, "current smoker", Group::kSmokerCurrent);
  // A newer record that she does not smoke outweighs the problem list.
  if (diagnosed && recorded && (!diagnosed->date || *diagnosed->date < recorded->day)) return std::nullopt;
  return diagnosed;
}

std::optional<Finding> FindFamilyHistory(const RiskChart& chart) {
  if (auto relatives = RelativesHistory(chart)) return relatives;
  for (const KnownCondition& known : chart.conditions) {
    if (!known.groups.HasAny(Group::kFamilyHistoryOsteoporosis, Group::kFamilyHistoryHipFracture)) continue;
    return Finding{"family history of osteoporosis or hip fracture", ShownDay(known.date()), "condition", 1};
  }
  return std::nullopt;
}

std::optional<Finding> FindVitaminDDeficiency(const RiskChart& chart) {
  constexpr std::int64_t kDeficientBelow = 20;  // ng/mL = 50 nmol/L; IOM 2011, ACOG 495
  const auto newest = NewestVitaminD(chart.input, chart.reader);
  if (newest && newest->ng_per_ml < Decimal(kDeficientBelow)) {
    const std::string converted = newest->ng_per_ml.Rounded(1).ToString() + " ng/mL";
    const bool as_is = base::AsciiEqualsIgnoreCase(newest->as_received, converted);
    return Finding{
        "vitamin D (25-OH-D) " + (as_is ? converted : converted + ", received as " + newest->as_received),
        newest->date, "observation", 1};
  }
  return NewestActive(chart, "vitamin D deficiency", Group::kVitaminDDeficiency);
}

std::optional<Finding> FindLowBmi(const RiskChart& chart) {
  const KnownObservation* known = BmiThatCounts(chart);
  if (known != nullptr) {
    const auto value = known->observation.value_quantity();
    const auto bmi = model::Convert(value->value, value->unit, "kg/m2");
    if (bmi && *bmi < Decimal::Of("18.5")) {
      return Finding{"BMI " + bmi->Rounded(1).ToString() + " kg/m2", known->date.first, "observation", 1};
    }
  }
  return NewestActive(chart, "underweight or eating disorder", Group::kUnderweight, Group::kEatingDisorder);
}

// An "ever" factor: a healed fracture on the problem list counts, whatever its clinical status. The fractures
// that are red flags (active, or of this pregnancy) do not count twice.
std::optional<Finding> FindFragilityFracture(const RiskChart& chart) {
  for (const KnownCondition& known : chart.conditions) {
    const bool in_window =
        known.date() && chart.state.window_start && known.date()->first >= *chart.state.window_start;
    const bool healed =
        known.groups.Has(Group::kVertebralOrPathologicalFracture) && !known.active() && !in_window;
    if (!healed && !known.groups.Has(Group::kHistoryFragilityFracture)) continue;
    return Finding{"previous fragility fracture", ShownDay(known.date()), "condition", 1};
  }
  return std::nullopt;
}

std::optional<Finding> FindOsteopenia(const RiskChart& chart) {
  return NewestActive(chart, "osteopenia", Group::kOsteopenia);
}

std::optional<Finding> FindImmobility(const RiskChart& chart) {
  return NewestActive(chart, "immobility or bed rest", Group::kImmobility);
}

std::optional<Finding> FindBoneDisease(const RiskChart& chart) {
  constexpr std::pair<Group, std::string_view> kDiseases[] = {
      {Group::kHyperparathyroidism, "hyperparathyroidism"},
      {Group::kHyperthyroidism, "hyperthyroidism"},
      {Group::kCeliac, "coeliac disease"},
      {Group::kIbd, "inflammatory bowel disease"},
      {Group::kRheumatoidArthritis, "rheumatoid arthritis"},
      {Group::kSle, "systemic lupus erythematosus"},
      {Group::kCushing, "Cushing syndrome"},
      {Group::kOsteogenesisImperfecta, "osteogenesis imperfecta"},
  };
  std::optional<Finding> all;
  for (const auto& [group, name] : kDiseases) {
    const auto found = NewestActive(chart, name, group);
    if (!found) continue;
    if (all) {
      all->text += ", " + found->text;
    } else {
      all = found;
    }
  }
  return all;
}

std::optional<Finding> FindLowCalciumDiet(const RiskChart& chart) {
  return NewestActive(chart, "dietary calcium deficiency", Group::kDietaryCalciumDeficiency);
}

std::optional<Finding> FindHypoestrogenism(const RiskChart& chart) {
  if (auto found = NewestActive(chart, "premature menopause", Group::kPrematureMenopause)) return found;
  for (const KnownCondition& known : chart.conditions) {
    if (!known.active()) continue;
    if (!model::HasCode(known.condition.code(), kSnomedSystem, kHypothalamicAmenorrhoea)) continue;
    return Finding{"hypothalamic amenorrhoea", ShownDay(known.date()), "condition", 1};
  }
  return std::nullopt;
}

std::optional<Finding> FindAdolescence(const RiskChart& chart) {
  constexpr std::int32_t kLmpToConception = 14;
  if (!chart.state.window_start) return std::nullopt;
  const Day conception = *chart.state.window_start + kLmpToConception;
  for (const model::Resource& resource : chart.reader.Read("patient", "Patient")) {
    const auto birth = model::Patient{resource}.birth_date(*chart.input.zone);
    if (!birth) continue;
    const std::int32_t age = base::WholeYears(birth->first, conception);
    if (age < 0 || age >= IntegerOf(*chart.input.parameters, Param::kRfAdolescentAge)) return std::nullopt;
    return Finding{"aged " + std::to_string(age) + " at conception", conception, "birth date", 1};
  }
  return std::nullopt;
}

std::optional<Finding> FindFirstPregnancy(const RiskChart& chart) {
  for (const KnownObservation& known : chart.observations) {
    if (!known.groups.Has(Group::kGravidity)) continue;
    const auto value = known.observation.value_quantity();
    if (!value || value->value != Decimal(1)) return std::nullopt;
    return Finding{"first pregnancy", known.date.first, "observation", 0};
  }
  return std::nullopt;
}

std::optional<Finding> FindMultiplePregnancy(const RiskChart& chart) {
  constexpr std::string_view kMultiple[] = {"65147003", "16356006", "64254006", "60810003"};
  for (const KnownCondition& known : chart.conditions) {
    if (!known.active()) continue;
    for (const std::string_view code : kMultiple) {
      if (!model::HasCode(known.condition.code(), kSnomedSystem, code)) continue;
      return Finding{"multiple pregnancy", ShownDay(known.date()), "condition", 0};
    }
  }
  return std::nullopt;
}

std::optional<Finding> FindComplications(const RiskChart& chart) {
  return NewestActive(chart, "preterm contractions, vaginal bleeding or hypertension in pregnancy",
                      Group::kPregnancyComplicationContext, Group::kPretermLabour);
}

}  // namespace osteon::cards::perinatal
