// simdjson's stage 1 is used through an internal class. These tests say what osteon relies on.
#include "fhir/json/structural_index.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/fhir/json/padded_text.h"

namespace osteon::json::internal {
namespace {

using Outcome = StructuralIndex::Outcome;

std::vector<std::uint32_t> Positions(std::string_view text) {
  const PaddedText padded(text);
  const StructuralIndex index = IndexStructure(padded.view());
  EXPECT_EQ(index.outcome, Outcome::kIndexed) << text;
  if (index.outcome != Outcome::kIndexed) return {};
  return {index.positions, index.positions + index.count + 1};
}

using Expected = std::vector<std::uint32_t>;

TEST(StructuralIndex, PointsAtBracketsCommasColonsOpeningQuotesAndFirstCharacters) {
  EXPECT_EQ(Positions(R"({"a":[1,true]})"), (Expected{0, 1, 4, 5, 6, 7, 8, 12, 13, 14}));
}

TEST(StructuralIndex, EndsWithTheLengthOfTheText) {
  EXPECT_EQ(Positions("[]   "), (Expected{0, 1, 5}));
  EXPECT_EQ(Positions("7"), (Expected{0, 1}));
}

TEST(StructuralIndex, LooksIntoNoString) {
  EXPECT_EQ(Positions(R"(["{[:,]}\"",1])"), (Expected{0, 1, 11, 12, 13, 14}));
}

TEST(StructuralIndex, PointsAtWhateverFollowsAString) {
  EXPECT_EQ(Positions(R"("a"1)"), (Expected{0, 3, 4}));
  EXPECT_EQ(Positions(R"("a""b")"), (Expected{0, 3, 6}));
  EXPECT_EQ(Positions(R"("a"\)"), (Expected{0, 3, 4}));
}

TEST(StructuralIndex, TakesAQuoteInsideAnotherValueForAPartOfIt) {
  EXPECT_EQ(Positions(R"(1"a" ,)"), (Expected{0, 5, 6}));
}

TEST(StructuralIndex, HoldsAsManyPositionsAsTheTextHasBytes) {
  EXPECT_EQ(Positions(std::string(100'000, '[')).size(), 100'001u);
}

TEST(StructuralIndex, RefusesLexicalErrorsWithTheirPlace) {
  struct {
    std::string_view text;
    std::string_view what;
    std::size_t offset;
  } const cases[] = {
      {"", "nothing but white space", 0},
      {"  \n", "nothing but white space", 3},
      {"[\"ab", "string that does not end, begun", 1},
      {"[\"a\\\"", "string that does not end, begun", 1},
      {"[\"a\nb\"]", "unescaped control character in a string", 3},
      {"[\"a\\\nb\"]", "unescaped control character in a string", 4},
      {"[\"\xC3\xA9\xE2\x82\"]", "invalid UTF-8", 4},
      {"[\"\xED\xA0\x80\"]", "invalid UTF-8", 2},
      {"[\"\xF4\x90\x80\x80\"]", "invalid UTF-8", 2},
      {"[\"\xE0\x9F\xBF\"]", "invalid UTF-8", 2},
      {"[\"\xF0\x8F\xBF\xBF\"]", "invalid UTF-8", 2},
      {"[\"\xF5\"]", "invalid UTF-8", 2},
      {"[\"\xC1\xBF\"]", "invalid UTF-8", 2},
      {"[\"a\\\x80\"]", "invalid UTF-8", 4},
  };
  for (const auto& c : cases) {
    const PaddedText padded(c.text);
    EXPECT_EQ(IndexStructure(padded.view()).outcome, Outcome::kLexicalError) << c.text;
    const LexicalError error = LocateLexicalError(c.text);
    EXPECT_EQ(error.what, c.what) << c.text;
    EXPECT_EQ(error.offset, c.offset) << c.text;
  }
}

TEST(StructuralIndex, GivesTheMemoryOfAHugeBodyBackAtTheNextSmallOne) {
  Positions(std::string(8 << 20, ' ').append("1"));
  EXPECT_GE(StructuralIndexCapacity(), std::size_t{8} << 20);
  Positions("[1]");
  EXPECT_LE(StructuralIndexCapacity(), std::size_t{1} << 20);
}

TEST(StructuralIndex, KeepsTheMemoryOfAnOrdinaryBody) {
  Positions(std::string(500'000, ' ').append("1"));
  const std::size_t ordinary = StructuralIndexCapacity();
  Positions("[1]");
  EXPECT_EQ(StructuralIndexCapacity(), ordinary);
}

TEST(StructuralIndex, BelongsToItsThread) {
  const PaddedText mine("[1,2,3]");
  const StructuralIndex index = IndexStructure(mine.view());
  std::thread([] { Positions(R"({"another":"text"})"); }).join();
  EXPECT_EQ(std::vector<std::uint32_t>(index.positions, index.positions + index.count),
            (Expected{0, 1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace osteon::json::internal
