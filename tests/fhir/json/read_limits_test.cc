#include <gtest/gtest.h>

#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

base::ErrorCode CodeOf(std::string_view text, const ReadLimits& limits = {}) {
  const PaddedText padded(text);
  base::Arena arena;
  const auto tree = Tree::Read(padded.view(), arena, limits);
  return tree.ok() ? base::ErrorCode::kCount_ : tree.error().code;
}

constexpr base::ErrorCode kAccepted = base::ErrorCode::kCount_;

std::string Nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(ReadLimits, SixtyFourLevelsAreReadAndSixtyFiveAreTooLarge) {
  EXPECT_EQ(CodeOf(Nested(64, "[", "]")), kAccepted);
  EXPECT_EQ(CodeOf(Nested(65, "[", "]")), base::ErrorCode::kBodyTooLarge);
  EXPECT_EQ(CodeOf(Nested(64, R"({"a":)", "}")), kAccepted);
  EXPECT_EQ(CodeOf(Nested(65, R"({"a":)", "}")), base::ErrorCode::kBodyTooLarge);
}

TEST(ReadLimits, AMillionOpenBracketsAreTooLargeAndNoCrash) {
  EXPECT_EQ(CodeOf(std::string(1'000'000, '[')), base::ErrorCode::kBodyTooLarge);
  EXPECT_EQ(CodeOf(Nested(1'000'000, "[", "]")), base::ErrorCode::kBodyTooLarge);
  EXPECT_EQ(CodeOf(Nested(200'000, R"({"a":)", "}")), base::ErrorCode::kBodyTooLarge);
}

TEST(ReadLimits, TheDepthCanBeSetUpToItsGreatestValue) {
  EXPECT_EQ(CodeOf("[1]", {.max_depth = 1}), kAccepted);
  EXPECT_EQ(CodeOf("[[1]]", {.max_depth = 1}), base::ErrorCode::kBodyTooLarge);
  EXPECT_EQ(CodeOf("1", {.max_depth = 0}), kAccepted);
  EXPECT_EQ(CodeOf("[]", {.max_depth = 0}), base::ErrorCode::kBodyTooLarge);
  const ReadLimits greatest{.max_depth = std::size_t{1} << 40};
  EXPECT_EQ(CodeOf(Nested(kGreatestDepth, "[", "]"), greatest), kAccepted);
  EXPECT_EQ(CodeOf(Nested(kGreatestDepth + 1, "[", "]"), greatest), base::ErrorCode::kBodyTooLarge);
}

TEST(ReadLimits, ValuesAreCountedAndBounded) {
  EXPECT_EQ(CodeOf("[1,2,3]", {.max_nodes = 4}), kAccepted);
  EXPECT_EQ(CodeOf("[1,2,3,4]", {.max_nodes = 4}), base::ErrorCode::kBodyTooLarge);
  EXPECT_EQ(CodeOf("1", {.max_nodes = 0}), base::ErrorCode::kBodyTooLarge);
}

TEST(ReadLimits, TheErrorNamesTheLimit) {
  const PaddedText padded("[[1]]");
  base::Arena arena;
  const auto deep = Tree::Read(padded.view(), arena, {.max_depth = 1});
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().public_text, "JSON over the limit: arrays and objects nested deeper than 1");
  const auto many = Tree::Read(padded.view(), arena, {.max_nodes = 2});
  ASSERT_FALSE(many.ok());
  EXPECT_EQ(many.error().public_text, "JSON over the limit: more values than 2");
}

std::string ObjectOf(std::size_t members, std::string_view last) {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i)
    text += "\"name" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  return text.append(last).append("}");
}

TEST(ReadLimits, AsManyUnknownNamesAsThereAreNumbersAreReadAndOneMoreIsTooLarge) {
  const PaddedText padded(ObjectOf(kMaxLocalNames - 1, R"("last":1)"));
  base::Arena arena;
  const auto tree = Tree::Read(padded.view(), arena);
  ASSERT_TRUE(tree.ok()) << tree.error().public_text;
  EXPECT_EQ((*tree)->root().Find("name12345").number(), "12345");
  EXPECT_TRUE((*tree)->root().Find("last").exists());
  EXPECT_EQ(CodeOf(ObjectOf(kMaxLocalNames, R"("last":1)")), base::ErrorCode::kBodyTooLarge);
}

TEST(ReadLimits, ARepeatedNameIsFoundAmongTensOfThousands) {
  EXPECT_EQ(CodeOf(ObjectOf(50'000, R"("name0":1)")), base::ErrorCode::kMalformedJson);
  EXPECT_EQ(CodeOf(ObjectOf(50'000, R"("name49999":1)")), base::ErrorCode::kMalformedJson);
  EXPECT_EQ(CodeOf(ObjectOf(50'000, R"("id":1)")), kAccepted);
}

// A refused document must leave nothing behind that the next one of the thread trips over.
TEST(ReadLimits, ARefusedDocumentDoesNotHarmTheNext) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(R"({"id":1,"name":2,"id":3})"), base::ErrorCode::kMalformedJson);
    EXPECT_EQ(CodeOf(R"({"id":1,"name":2,"status":3})"), kAccepted);
  }
}

TEST(ReadLimits, TheArenaHoldsNoMoreThanAFixedMultipleOfTheText) {
  const PaddedText padded(ObjectOf(1'000, R"("last":"\"escaped\"")"));
  base::Arena arena;
  ASSERT_TRUE(Tree::Read(padded.view(), arena).ok());
  EXPECT_LT(arena.used_bytes(), 16 * padded.view().size());
}

}  // namespace
}  // namespace osteon::json
