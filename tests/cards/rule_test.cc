#include "cards/rule.h"

#include <gtest/gtest.h>

namespace osteon::testing {
namespace {

using cards::RuleStatus;

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
