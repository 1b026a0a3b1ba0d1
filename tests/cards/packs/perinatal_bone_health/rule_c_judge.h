// What the tests of rule C share: the codes they use, and how they run and read it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cards/card_check.h"
#include "cards/packs/perinatal_bone_health/rules.h"
#include "tests/cards/packs/perinatal_bone_health/chart_builder.h"

// Today is 2026-06-15.
namespace osteon::cards::perinatal::rule_c_testing {

using testing::ChartBuilder;

inline constexpr std::string_view kAlendronate = "rxnorm 904431";
inline constexpr std::string_view kIbandronate = "rxnorm 904932";
inline constexpr std::string_view kRisedronate = "rxnorm 905024";
inline constexpr std::string_view kReclast = "rxnorm 705875";
inline constexpr std::string_view kStatus = "loinc 82810-3";
inline constexpr std::string_view kEdd = "loinc 11778-8";
inline constexpr std::string_view kIntention = "loinc 86645-9";

inline std::vector<RuleOutcome> RunAll(ChartBuilder& chart, std::string_view hook) {
  return chart.Run(*MakeBisphosphonateRule(), hook);
}

inline RuleOutcome RunOn(ChartBuilder& chart, std::string_view hook) {
  auto outcomes = RunAll(chart, hook);
  EXPECT_EQ(outcomes.size(), 1U);
  if (outcomes[0].card) {
    for (const CardFinding& finding : CheckCard(*outcomes[0].card)) {
      ADD_FAILURE() << outcomes[0].row << ": " << finding.rule << " at " << finding.path;
    }
  }
  return std::move(outcomes[0]);
}
inline RuleOutcome Sign(ChartBuilder& chart) {
  return RunOn(chart, "order-sign");
}
inline RuleOutcome View(ChartBuilder& chart) {
  return RunOn(chart, "patient-view");
}

// "C.1 critical", "not_fired", "suppressed:reason", "not_evaluated:reason".
inline std::string Brief(const RuleOutcome& outcome) {
  if (outcome.status == RuleStatus::kFired) {
    return outcome.row + " " + std::string(IndicatorCode(outcome.card->indicator)) +
           (outcome.reason.empty() ? "" : " " + outcome.reason);
  }
  std::string brief(RuleStatusName(outcome.status));
  return outcome.reason.empty() ? brief : brief + ":" + outcome.reason;
}

inline std::string BriefSign(ChartBuilder& chart) {
  return Brief(Sign(chart));
}
inline std::string BriefView(ChartBuilder& chart) {
  return Brief(View(chart));
}

inline std::string AllResources(const Card& card) {
  std::string all;
  for (const Suggestion& suggestion : card.suggestions) {
    for (const Action& action : suggestion.actions) all += action.resource + action.resource_id + "\n";
  }
  return all;
}

inline ChartBuilder Woman28() {
  ChartBuilder chart;
  chart.Patient("female", "1998-01-01");
  return chart;
}

}  // namespace osteon::cards::perinatal::rule_c_testing
