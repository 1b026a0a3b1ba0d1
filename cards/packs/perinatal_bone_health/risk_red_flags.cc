// Red flags of the risk engine. Source: rules.md section 4, clarifications 27, 30, 54, 55.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/risk_chart.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;

namespace {

constexpr std::int32_t kBmdDays = 1825;            // five years
constexpr std::int32_t kHeightDays = 90;           // the latest height
constexpr std::int32_t kEarlierHeightDays = 1825;  // the heights it is compared with
constexpr std::int64_t kLowestHeightCm = 120;
constexpr std::int64_t kGreatestHeightCm = 220;

bool InWindow(const std::optional<model::DateSpan>& date, const State& state) {
  return date && state.window_start && date->first >= *state.window_start;
}

void KeepNewest(std::optional<Finding>& kept, Finding finding) {
  const bool later = !kept || (finding.date && (!kept->date || *kept->date < *finding.date));
  if (later) kept = std::move(finding);
}

struct Height {
  Day day;
  Decimal cm;
};

// Measured heights, newest first; on one day the tallest.
std::vector<Height> MeasuredHeights(const RiskChart& chart) {
  std::vector<Height> heights;
  for (const KnownObservation& known : chart.observations) {
    if (!known.groups.Has(Group::kBodyHeight)) continue;
    const auto value = known.observation.value_quantity();
    const auto cm = value ? model::Convert(value->value, value->unit, "cm") : std::nullopt;
    if (!cm || *cm < Decimal(kLowestHeightCm) || *cm > Decimal(kGreatestHeightCm)) continue;
    heights.push_back({known.date.first, *cm});
  }
  std::stable_sort(heights.begin(), heights.end(), [](const Height& a, const Height& b) {
    return a.day != b.day ? b.day < a.day : b.cm < a.cm;
  });
  return heights;
}

std::optional<Finding> MeasuredLoss(const RiskChart& chart) {
  const std::vector<Height> heights = MeasuredHeights(chart);
  if (heights.empty() || chart.input.today - heights.front().day > kHeightDays) return std::nullopt;
  const Height& latest = heights.front();
  const Height* tallest = nullptr;
  for (const Height& height : heights) {
    if (height.day >= latest.day || latest.day - height.day > kEarlierHeightDays) continue;
    if (tallest == nullptr || tallest->cm < height.cm) tallest = &height;
  }
  const auto loss = tallest != nullptr ? tallest->cm.Minus(latest.cm) : std::nullopt;
  if (!loss || *loss < NumberOf(*chart.input.parameters, Param::kRfHeightLossCm)) return std::nullopt;
  return Finding{"height loss " + loss->Normalized().ToString() + " cm (" +
                     tallest->cm.Rounded(1).ToString() + " cm on " + base::FormatDay(tallest->day) + ", " +
                     latest.cm.Rounded(1).ToString() + " cm now)",
                 latest.day, "observation", 1};
}

struct Score {
  std::string_view name;
  Decimal limit;  // at or below it bone density is low
};

std::optional<Score> ScoreOf(const GroupSet& groups, const RiskChart& chart) {
  if (groups.HasAny(Group::kBmdZScoreHip, Group::kBmdZScoreSpine)) {
    return Score{"Z-score", NumberOf(*chart.input.parameters, Param::kRfZ)};
  }
  if (groups.HasAny(Group::kBmdTScoreFemurHip, Group::kBmdTScoreSpine)) {
    return Score{"T-score", Decimal::Of("-2.5")};
  }
  return std::nullopt;
}

std::optional<Finding> LowScore(const model::Observation& part, const GroupSet& groups,
                                const model::DateSpan& date, const RiskChart& chart) {
  const auto score = ScoreOf(groups, chart);
  const auto value = score ? part.value_quantity() : std::nullopt;
  if (!value || value->value > score->limit) return std::nullopt;
  return Finding{"low bone density: " + std::string(score->name) + " " + value->value.ToString(), date.first,
                 "observation", 1};
}

}  // namespace

PloStatus FindPlo(const RuleInput& input, ChartReader& reader, const State& state) {
  using model::operator""_key;
  PloStatus status;
  for (const KnownCondition& known : KnownConditions(input, reader)) {
    const bool plo = known.groups.Has(Group::kPaoPloDiagnosis);
    if (!plo && !known.groups.Has(Group::kOsteoporosis)) continue;
    const bool in_window = InWindow(known.date(), state);
    Finding finding{std::string(model::LabelOf(known.condition.code())), ShownDay(known.date()), "condition",
                    1};
    if (plo) finding.text = "pregnancy/lactation osteoporosis";
    if (in_window) {
      if (known.active()) KeepNewest(status.active, std::move(finding));
      continue;
    }
    // Outside pregnancy and the postpartum window everything before today is prior; so is what has no date.
    const bool before = !known.date() || state.window_start || known.date()->first < input.today;
    if (!plo || !before) continue;
    finding.text = "earlier pregnancy/lactation osteoporosis";
    KeepNewest(status.prior, std::move(finding));
  }
  return status;
}

FractureStatus FindFractures(const RuleInput& input, ChartReader& reader, const State& state) {
  FractureStatus status;
  for (const KnownCondition& known : KnownConditions(input, reader)) {
    if (!known.groups.Has(Group::kVertebralOrPathologicalFracture)) continue;
    const bool in_window = InWindow(known.date(), state);
    if (!known.active() && !in_window) continue;
    const std::string_view label = model::LabelOf(known.condition.code());
    const Finding finding{"fracture: " + std::string(label), ShownDay(known.date()), "condition", 1};
    KeepNewest(status.newest, finding);
    if (in_window) KeepNewest(status.newest_in_window, finding);
  }
  return status;
}

std::optional<Finding> FindHeightLoss(const RiskChart& chart) {
  if (auto measured = MeasuredLoss(chart)) return measured;
  return NewestActive(chart, "loss of height", Group::kHeightLoss);
}

std::optional<Finding> FindLowBmd(const RiskChart& chart) {
  using model::operator""_key;
  for (const KnownObservation& known : chart.observations) {
    if (!IsWithin(known.date, kBmdDays, chart.input.today)) continue;
    if (auto low = LowScore(known.observation, known.groups, known.date, chart)) return low;
    for (const json::Value component : known.observation.components()) {
      const model::Observation part{{component}};
      if (auto low = LowScore(part, GroupsOf(part.code()), known.date, chart)) return low;
    }
  }
  return NewestActive(chart, "osteoporosis", Group::kOsteoporosis);
}

}  // namespace osteon::cards::perinatal
