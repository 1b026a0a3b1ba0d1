#include <gtest/gtest.h>

#include <set>

#include "server/call.h"

namespace osteon::server {
namespace {

TEST(Source, FixedOnesGiveTheSameIdForTheSameRequest) {
  const base::Instant now = *base::ParseInstant("2026-06-15T10:00:00Z");
  const auto one = MakeFixedSource(now, "seed");
  const auto two = MakeFixedSource(now, "seed");
  EXPECT_EQ(one->Now(), now);
  EXPECT_EQ(one->DecisionId("s", "body"), two->DecisionId("s", "body"));
  EXPECT_NE(one->DecisionId("s", "body"), one->DecisionId("t", "body"));
  EXPECT_NE(one->DecisionId("s", "body"), one->DecisionId("s", "other"));
  EXPECT_NE(one->DecisionId("s", "body"), MakeFixedSource(now, "other")->DecisionId("s", "body"));
}

TEST(Source, LiveIdsAreUniqueVersion7AndGrowWithTime) {
  const auto source = MakeSystemSource();
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(source->DecisionId("s", "body").ToString());
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ((*ids.begin())[14], '7');
  EXPECT_NE(std::string("89ab").find((*ids.begin())[19]), std::string::npos);
}

TEST(Source, EitherMayBeFixedAlone) {
  const base::Instant now = *base::ParseInstant("2026-06-15T10:00:00Z");
  const auto clock = MakeSource(now, std::nullopt);
  EXPECT_EQ(clock->Now(), now);
  EXPECT_NE(clock->DecisionId("s", "b"), clock->DecisionId("s", "b"));
  const auto ids = MakeSource(std::nullopt, "seed");
  EXPECT_NE(ids->Now(), now);
  EXPECT_EQ(ids->DecisionId("s", "b"), ids->DecisionId("s", "b"));
}

}  // namespace
}  // namespace osteon::server
