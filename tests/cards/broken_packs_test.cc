// A small pack without mistakes, broken in one way after another: each mistake is found at its place, and
// nothing else is.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_reader.h"
#include "tests/cards/broken_packs.h"
#include "tests/cards/pack_folder.h"

namespace osteon::testing {
namespace {

class BrokenPack : public ::testing::TestWithParam<Mistake> {};

TEST_P(BrokenPack, IsToldAtItsPlace) {
  cards::PackFiles files = SmallPack();
  ASSERT_TRUE(Apply(GetParam(), files));
  EXPECT_EQ(Told(cards::ReadPack(files).findings), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(Mistakes, BrokenPack, ::testing::ValuesIn(AllMistakes()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BrokenPacks, AreAtLeastForty) {
  EXPECT_GE(AllMistakes().size(), 40u);
}

TEST(BrokenPacks, TenMistakesInOnePackAreTenFindings) {
  cards::PackFiles files = SmallPack();
  std::vector<std::string> told;
  for (const char* name : {"VersionIsNotSemantic", "LinkIsNotHttps", "DefaultOutOfRange", "IndicatorUnknown",
                           "CardOfARowMisspelt", "SummaryTooLong", "UnknownKeyInACard",
                           "SuppressedRowUnknown", "ValueSetIdIsNotTheFileName", "ResourceHasNoType"}) {
    const Mistake* mistake = FindMistake(name);
    ASSERT_NE(mistake, nullptr) << name;
    ASSERT_TRUE(Apply(*mistake, files)) << name;
    told.emplace_back(mistake->told);
  }
  std::string all;
  for (const cards::PackFinding& finding : cards::ReadPack(files).findings) {
    all = Told({finding});
    const auto expected = std::find(told.begin(), told.end(), all);
    EXPECT_NE(expected, told.end()) << all;
    if (expected != told.end()) told.erase(expected);
  }
  EXPECT_TRUE(told.empty()) << told.front();
}

}  // namespace
}  // namespace osteon::testing
