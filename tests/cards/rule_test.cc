#include "cards/rule.h"

#include <gtest/gtest.h>

namespace osteon::testing {
namespace {

using cards::Chart;
using cards::ChartReader;
using cards::RuleStatus;

TEST(RuleOutcomeTest, NoRowIsNotFiredWhenEverythingWasKnown) {
  const Chart chart;
  const cards::RuleOutcome outcome = cards::NoRow("A", "MedicationRequest/1", ChartReader(chart));
  EXPECT_EQ(outcome.rule, "A");
  EXPECT_EQ(outcome.draft, "MedicationRequest/1");
  EXPECT_EQ(outcome.status, RuleStatus::kNotFired);
  EXPECT_EQ(outcome.reason, "");
}

TEST(RuleOutcomeTest, NoRowIsNotEvaluatedWhenSomethingWasNot) {
  const Chart chart;
  ChartReader reader(chart);
  reader.Need("pregObs");
  reader.Doubt("medication_reference");
  const cards::RuleOutcome outcome = cards::NoRow("A", {}, reader);
  EXPECT_EQ(outcome.status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(outcome.reason, "missing:pregObs,medication_reference");
  EXPECT_EQ(cards::GapReason("unchecked", reader), "unchecked:pregObs,medication_reference");
}

TEST(RuleOutcomeTest, StatusesAndIndicatorsHaveStableNames) {
  EXPECT_EQ(cards::RuleStatusName(RuleStatus::kFired), "fired");
  EXPECT_EQ(cards::RuleStatusName(RuleStatus::kNotFired), "not_fired");
  EXPECT_EQ(cards::RuleStatusName(RuleStatus::kSuppressed), "suppressed");
  EXPECT_EQ(cards::RuleStatusName(RuleStatus::kNotEvaluated), "not_evaluated");
  EXPECT_EQ(cards::RuleStatusName(RuleStatus::kError), "error");
  EXPECT_EQ(cards::IndicatorCode(cards::Indicator::kInfo), "info");
  EXPECT_EQ(cards::IndicatorCode(cards::Indicator::kWarning), "warning");
  EXPECT_EQ(cards::IndicatorCode(cards::Indicator::kCritical), "critical");
}

}  // namespace
}  // namespace osteon::testing
