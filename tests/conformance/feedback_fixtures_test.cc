// Public feedback bodies: what the independent checker finds fault with is refused, the rest is taken.
#include <gtest/gtest.h>

#include "cards/feedback.h"
#include "tests/conformance/fixture_index.h"
#include "tests/testing/document.h"

namespace osteon::testing {
namespace {

TEST(FeedbackFixtures, AreTakenOrRefusedAsTheIndependentCheckerJudgesThem) {
  const std::vector<Fixture> all = FixturesOfKind("feedback");
  if (all.empty()) GTEST_SKIP() << "no evidence folder: set OSTEON_SHARED";
  EXPECT_EQ(all.size(), 8u);
  for (const Fixture& fixture : all) {
    const auto items = cards::ParseFeedback(Document(fixture.text));
    EXPECT_EQ(items.ok(), fixture.errors.empty())
        << fixture.file << ": " << (items.ok() ? "taken" : items.error().public_text);
  }
}

}  // namespace
}  // namespace osteon::testing
