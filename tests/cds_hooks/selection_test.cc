// Which cards are shown: folding, order, cap (rules.md 0.4).
#include "cds_hooks/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/toy_pack.h"

namespace osteon::testing {
namespace {

using cards::Indicator;
using cards::RuleStatus;
using cds_hooks::Candidate;
using ::testing::ElementsAre;

Candidate Make(std::string_view rule, std::string row, std::size_t order, Indicator indicator,
               std::size_t draft = 0) {
  return Candidate{order, draft, Fired(rule, std::move(row), ToyCard("x", indicator))};
}

std::vector<std::string> Rows(const std::vector<Candidate*>& shown) {
  std::vector<std::string> rows;
  for (const Candidate* candidate : shown) rows.push_back(candidate->outcome.row);
  return rows;
}

TEST(Selection, OrdersByIndicatorThenPackThenDraft) {
  std::vector<Candidate> all;
  all.push_back(Make("C", "C.9", 0, Indicator::kInfo, 1));
  all.push_back(Make("C", "C.8", 0, Indicator::kInfo, 0));
  all.push_back(Make("A", "A.1", 1, Indicator::kWarning));
  all.push_back(Make("B", "B.1", 2, Indicator::kCritical));
  EXPECT_THAT(Rows(cds_hooks::FoldAndOrder(all)), ElementsAre("B.1", "A.1", "C.8", "C.9"));
}

TEST(Selection, AnAbsorbedCardIsSuppressedAndSaysInto) {
  std::vector<Candidate> all;
  all.push_back(Make("A", "A.2", 0, Indicator::kWarning));
  all.push_back(Make("B", "B.1", 1, Indicator::kWarning));
  all.push_back(Make("E", "E.2", 2, Indicator::kInfo));
  all.push_back(Make("E", "E.3", 2, Indicator::kInfo));
  all[0].outcome.absorbs = {"B", "E.2"};
  EXPECT_THAT(Rows(cds_hooks::FoldAndOrder(all)), ElementsAre("A.2", "E.3"));
  EXPECT_EQ(all[1].outcome.status, RuleStatus::kSuppressed);
  EXPECT_EQ(all[1].outcome.reason, "folded_into:A.2");
  EXPECT_FALSE(all[1].outcome.card.has_value());
}

TEST(Selection, AnAbsorbedCardAbsorbsNothing) {
  std::vector<Candidate> all;
  all.push_back(Make("A", "2", 0, Indicator::kWarning));
  all.push_back(Make("B", "1", 1, Indicator::kWarning));
  all.push_back(Make("E", "2", 2, Indicator::kInfo));
  all[0].outcome.absorbs = {"B"};
  all[1].outcome.absorbs = {"E"};
  EXPECT_THAT(Rows(cds_hooks::FoldAndOrder(all)), ElementsAre("2", "2"));
  EXPECT_EQ(all[1].outcome.reason, "folded_into:A.2");
}

TEST(Selection, TheCapSparesCriticalCards) {
  std::vector<Candidate> all;
  for (int i = 0; i < 3; ++i) all.push_back(Make("C", "c" + std::to_string(i), 0, Indicator::kCritical));
  all.push_back(Make("A", "a", 1, Indicator::kWarning));
  std::vector<Candidate*> shown = cds_hooks::FoldAndOrder(all);
  cds_hooks::Cap(shown, 2);
  EXPECT_THAT(Rows(shown), ElementsAre("c0", "c1", "c2"));
  EXPECT_EQ(all[3].outcome.status, RuleStatus::kSuppressed);
  EXPECT_EQ(all[3].outcome.reason, "cards_max");
}

}  // namespace
}  // namespace osteon::testing
