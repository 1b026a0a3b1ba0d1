// The chart as the risk engine looks at it: conditions, observations and drugs with their groups and days.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "cards/packs/perinatal_bone_health/risk.h"

namespace osteon::cards::perinatal {

// Orders and statements that count and whose drug the pack knows.
template <typename T>
struct KnownDrug {
  T resource;
  GroupSet groups;
  json::Value code;  // its own, or that of the Medication it refers to
};
struct KnownDrugs {
  std::vector<KnownDrug<model::MedicationRequest>> requests;
  std::vector<KnownDrug<model::MedicationStatement>> statements;
};
// Reads meds, and dispenses and medStmts when asked for. In risk_drugs.cc.
KnownDrugs KnownDrugsOf(ChartReader& reader);

// Surely within the last `days` days.
bool IsWithin(const model::DateSpan& date, std::int32_t days, base::Day today);
// The day shown on a card.
std::optional<base::Day> ShownDay(const std::optional<model::DateSpan>& date);

// What the finders of single factors work on.
struct RiskChart {
  const RuleInput& input;
  ChartReader& reader;
  const State& state;
  const HeparinExposure& exposure;
  std::span<const KnownCondition> conditions;
  std::span<const KnownObservation> observations;
  KnownDrugs drugs;
};

using Finder = std::optional<Finding> (*)(const RiskChart& chart);

// risk_factors.cc
std::optional<Finding> FindSmoking(const RiskChart& chart);
std::optional<Finding> FindFamilyHistory(const RiskChart& chart);
std::optional<Finding> FindVitaminDDeficiency(const RiskChart& chart);
std::optional<Finding> FindLowBmi(const RiskChart& chart);
std::optional<Finding> FindFragilityFracture(const RiskChart& chart);
std::optional<Finding> FindOsteopenia(const RiskChart& chart);
std::optional<Finding> FindImmobility(const RiskChart& chart);
std::optional<Finding> FindBoneDisease(const RiskChart& chart);
std::optional<Finding> FindLowCalciumDiet(const RiskChart& chart);
std::optional<Finding> FindHypoestrogenism(const RiskChart& chart);
std::optional<Finding> FindAdolescence(const RiskChart& chart);
std::optional<Finding> FindFirstPregnancy(const RiskChart& chart);
std::optional<Finding> FindMultiplePregnancy(const RiskChart& chart);
std::optional<Finding> FindComplications(const RiskChart& chart);
// risk_drugs.cc
std::optional<Finding> FindGlucocorticoid(const RiskChart& chart);
std::optional<Finding> FindLmwh(const RiskChart& chart);
std::optional<Finding> FindAntiepileptic(const RiskChart& chart);
std::optional<Finding> FindProtonPumpInhibitor(const RiskChart& chart);
std::optional<Finding> FindDmpa(const RiskChart& chart);
std::optional<Finding> FindMagnesium(const RiskChart& chart);
// risk_red_flags.cc
std::optional<Finding> FindHeightLoss(const RiskChart& chart);
std::optional<Finding> FindLowBmd(const RiskChart& chart);

// The newest active condition of any of the groups, as a finding with `text`.
template <typename... Groups>
std::optional<Finding> NewestActive(const RiskChart& chart, std::string_view text, Groups... groups) {
  const KnownCondition* newest = nullptr;
  for (const KnownCondition& known : chart.conditions) {
    if (!known.active() || !known.groups.HasAny(groups...)) continue;
    const bool later = newest == nullptr ||
                       (known.date() && (!newest->date() || newest->date()->first < known.date()->first));
    if (later) newest = &known;
  }
  if (newest == nullptr) return std::nullopt;
  return Finding{std::string(text), ShownDay(newest->date()), "condition", 1};
}

}  // namespace osteon::cards::perinatal
