// Runs one rule on a chart and says in one line how it ended, for expectations that read as sentences.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cards/card_check.h"
#include "fhir/base/text.h"
#include "tests/cards/packs/perinatal_bone_health/chart_builder.h"

namespace osteon::cards::perinatal::testing {

// The rule's only outcome; a card it made keeps the specification.
inline RuleOutcome JudgeBy(const Rule& rule, ChartBuilder& chart, std::string_view hook) {
  const auto outcomes = chart.Run(rule, hook);
  EXPECT_EQ(outcomes.size(), 1u);
  if (outcomes[0].card) {
    EXPECT_TRUE(CheckCard(*outcomes[0].card).empty());
    EXPECT_LT(base::CodePointCount(outcomes[0].card->summary), 140u);
  }
  return outcomes[0];
}

// "A.2 warning", "not_fired", "suppressed A.2 workup_complete", "not_evaluated missing:pregObs".
inline std::string Brief(const RuleOutcome& outcome) {
  if (outcome.status == RuleStatus::kFired) {
    return outcome.row + " " + std::string(IndicatorCode(outcome.card->indicator));
  }
  std::string text(RuleStatusName(outcome.status));
  if (!outcome.row.empty()) text += " " + outcome.row;
  if (!outcome.reason.empty()) text += " " + outcome.reason;
  return text;
}

// All resources that the card's suggestions would create, as text.
inline std::string SuggestedResources(const Card& card) {
  std::string text;
  for (const Suggestion& suggestion : card.suggestions) {
    for (const Action& action : suggestion.actions) text += action.resource + "\n";
  }
  return text;
}

}  // namespace osteon::cards::perinatal::testing
