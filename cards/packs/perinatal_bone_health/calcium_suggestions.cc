// Calcium and vitamin D as suggestions of any card, and when not to suggest them.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/medication_concept.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"

namespace osteon::cards::perinatal {

namespace {

using base::Decimal;

// rules.md section 5, rule E: 1 mmol/L of calcium is 4.008 mg/dL; ionised calcium is high above 1.32 mmol/L.
constexpr std::string_view kMgPerMmol = "4.008";
constexpr std::string_view kHighIonisedMmol = "1.32";

std::optional<Decimal> CalciumMgPerDl(const model::Quantity& quantity) {
  if (quantity.unit == "mg/dL") return quantity.value;
  if (quantity.unit == "mmol/L") return quantity.value.Times(Decimal::Of(kMgPerMmol));
  return std::nullopt;
}

std::optional<Decimal> AlbuminGPerDl(const model::Quantity& quantity) {
  if (quantity.unit == "g/dL") return quantity.value;
  if (quantity.unit == "g/L") return quantity.value.Times(Decimal::Of("0.1"));
  return std::nullopt;
}

struct CalciumDay {
  base::Day day;
  std::optional<Decimal> total;
  std::optional<Decimal> adjusted;
  std::optional<Decimal> ionised;
  std::optional<Decimal> albumin;
};

void KeepHighest(std::optional<Decimal>& kept, const std::optional<Decimal>& value) {
  if (value && (!kept || *kept < *value)) kept = value;
}

bool IsCalcium(const GroupSet& groups) {
  return groups.HasAny(Group::kCalciumTotal, Group::kCalciumAlbuminAdjusted, Group::kCalciumIonized);
}

// The newest day with any calcium, within e.lookback (clarification 40).
std::optional<CalciumDay> NewestCalcium(const RuleInput& input) {
  std::optional<CalciumDay> newest;
  const std::int32_t lookback = IntegerOf(*input.parameters, Param::kELookback);
  for (const auto& [observation, groups, date, counts] : AllObservations(input)) {
    if (!IsCalcium(groups) || !counts) continue;
    if (!date || IsFuture(*date, input.today) || input.today - date->last > lookback) continue;
    if (!newest || date->last > newest->day) newest = CalciumDay{date->last, {}, {}, {}, {}};
  }
  if (!newest) return std::nullopt;
  for (const auto& [observation, groups, date, counts] : AllObservations(input)) {
    if (!counts || !date || date->last != newest->day) continue;
    const auto quantity = observation.value_quantity();
    if (!quantity) continue;
    if (groups.Has(Group::kCalciumTotal)) KeepHighest(newest->total, CalciumMgPerDl(*quantity));
    if (groups.Has(Group::kCalciumAlbuminAdjusted)) KeepHighest(newest->adjusted, CalciumMgPerDl(*quantity));
    if (groups.Has(Group::kCalciumIonized)) KeepHighest(newest->ionised, CalciumMgPerDl(*quantity));
    if (groups.Has(Group::kAlbumin)) KeepHighest(newest->albumin, AlbuminGPerDl(*quantity));
  }
  return newest;
}

// total + 0.8 x (4.0 - albumin g/dL), with an albumin of the same day.
std::optional<Decimal> Adjusted(const CalciumDay& calcium) {
  if (calcium.adjusted) return calcium.adjusted;
  if (!calcium.total || !calcium.albumin) return std::nullopt;
  const auto missing_albumin = Decimal::Of("4.0").Minus(*calcium.albumin);
  const auto correction = missing_albumin ? missing_albumin->Times(Decimal::Of("0.8")) : std::nullopt;
  return correction ? calcium.total->Plus(*correction) : std::nullopt;
}

bool IsHigh(const CalciumDay& calcium, const Decimal& limit) {
  const auto high_ionised = Decimal::Of(kHighIonisedMmol).Times(Decimal::Of(kMgPerMmol));
  if (calcium.ionised && high_ionised && *calcium.ionised > *high_ionised) return true;
  const auto adjusted = Adjusted(calcium);
  if (adjusted) return *adjusted > limit;
  // A high total without albumin raises no card of its own, but is no time to suggest calcium.
  return !calcium.ionised && calcium.total && *calcium.total > limit;
}

GroupSet GroupsTakenNow(const RuleInput& input) {
  GroupSet taken;
  for (const model::Resource& resource : input.chart->OfType("MedicationRequest")) {
    const model::MedicationRequest request{resource};
    if (request.status() != "active" || !CountsMedicationRequest(request)) continue;
    taken |= GroupsOf(NameOf(request, *input.chart).code);
  }
  for (const model::Resource& resource : input.chart->OfType("MedicationStatement")) {
    const model::MedicationStatement statement{resource};
    if (statement.status() == "active") taken |= GroupsOf(NameOf(statement, *input.chart).code);
  }
  return taken;
}

}  // namespace

bool KnownHypercalcaemia(const RuleInput& input) {
  for (const KnownCondition& known : AllConditions(input)) {
    if (known.groups.Has(Group::kHypercalcaemia) && known.active()) return true;
  }
  const auto calcium = NewestCalcium(input);
  return calcium && IsHigh(*calcium, NumberOf(*input.parameters, Param::kECaHigh));
}

std::vector<Suggestion> CalciumAndVitaminD(const RuleInput& input, std::string_view about, PlainText reason) {
  std::vector<Suggestion> suggestions;
  if (KnownHypercalcaemia(input)) return suggestions;
  const GroupSet taken = GroupsTakenNow(input);
  if (!taken.Has(Group::kCalcium)) {
    suggestions.push_back(
        OneAction("Order calcium", CreateMedicationRequest(input, about, CalciumOrder(reason))));
  }
  if (!taken.Has(Group::kVitaminD)) {
    suggestions.push_back(
        OneAction("Order vitamin D", CreateMedicationRequest(input, about, VitaminDOrder(reason))));
  }
  return suggestions;
}

}  // namespace osteon::cards::perinatal
