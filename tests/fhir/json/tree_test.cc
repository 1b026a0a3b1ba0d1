#include "fhir/json/tree.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/fhir/json/canonical.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

class TreeTest : public ::testing::Test {
 protected:
  Value Read(std::string_view text) {
    texts_.emplace_back(text);
    const auto tree = Tree::Read(texts_.back().view(), arena_);
    EXPECT_TRUE(tree.ok()) << text << ": " << tree.error().public_text;
    return tree.ok() ? (*tree)->root() : Value();
  }

  base::Arena arena_;
  std::vector<PaddedText> texts_;
};

TEST_F(TreeTest, FindsMembersByKeyAndByText) {
  const Value patient = Read(R"({"resourceType":"Patient","birthDate":"1950-03-01","bedNumber":7})");
  EXPECT_EQ(patient["resourceType"_key].string(), "Patient");
  EXPECT_EQ(patient["birthDate"_key].string(), "1950-03-01");
  EXPECT_EQ(patient.Find("birthDate").string(), "1950-03-01");
  EXPECT_EQ(patient.Find("bedNumber").number(), "7");
  EXPECT_FALSE(patient["gender"_key].exists());
  EXPECT_FALSE(patient.Find("gender").exists());
  EXPECT_FALSE(patient.Find("unknown").exists());
  EXPECT_FALSE(patient.Find("").exists());
}

TEST_F(TreeTest, FindsAMemberWhoseNameIsWrittenWithEscapes) {
  const Value value = Read(R"({"\u0069d":"x","bed\u004eumber":7})");
  EXPECT_EQ(value["id"_key].string(), "x");
  EXPECT_EQ(value["id"_key].name(), "id");
  EXPECT_EQ(value.Find("bedNumber").number(), "7");
}

TEST_F(TreeTest, SkipsOverNestedValuesWhenLookingForAMember) {
  const Value value =
      Read(R"({"name":[{"id":"inner","given":["a",{"id":"deep"}]}],"code":{"id":"other"},"id":"outer"})");
  EXPECT_EQ(value["id"_key].string(), "outer");
  EXPECT_EQ(value["name"_key].At(0)["given"_key].At(1)["id"_key].string(), "deep");
}

TEST_F(TreeTest, AbsencePropagates) {
  const Value value = Read(R"({"id":"x","n":1})");
  const Value absent = value["code"_key]["coding"_key].At(3)["system"_key].Find("x");
  EXPECT_FALSE(absent);
  EXPECT_FALSE(absent.is_null());
  EXPECT_EQ(absent.string(), "");
  EXPECT_EQ(absent.number(), "");
  EXPECT_EQ(absent.raw(), "");
  EXPECT_EQ(absent.name(), "");
  EXPECT_EQ(absent.size(), 0u);
  EXPECT_EQ(absent.begin(), absent.end());
  EXPECT_FALSE(value["id"_key]["id"_key].exists());
  EXPECT_FALSE(value["id"_key].At(0).exists());
  EXPECT_FALSE(value.At(0).exists());
}

TEST_F(TreeTest, AnArrayHasNoMembers) {
  const Value value = Read(R"([1,{"id":2}])");
  EXPECT_FALSE(value["id"_key].exists());
  EXPECT_FALSE(value[Key(kNoKey)].exists());
  EXPECT_FALSE(value.Find("id").exists());
}

TEST_F(TreeTest, TellsTheKindOfEveryValue) {
  const Value value = Read(R"([null,true,false,1,"s",[],{}])");
  EXPECT_TRUE(value.is_array());
  EXPECT_TRUE(value.At(0).is_null());
  EXPECT_TRUE(value.At(1).is_bool());
  EXPECT_TRUE(value.At(1).is_true());
  EXPECT_TRUE(value.At(2).is_bool());
  EXPECT_FALSE(value.At(2).is_true());
  EXPECT_TRUE(value.At(3).is_number());
  EXPECT_TRUE(value.At(4).is_string());
  EXPECT_TRUE(value.At(5).is_array());
  EXPECT_TRUE(value.At(6).is_object());
  EXPECT_FALSE(value.At(7).exists());
}

TEST_F(TreeTest, KeepsNumbersAsWritten) {
  const Value value = Read("[1.50,-0,1E+5,123456789012345678901234567890.10 , 1e400]");
  EXPECT_EQ(value.At(0).number(), "1.50");
  EXPECT_EQ(value.At(1).number(), "-0");
  EXPECT_EQ(value.At(2).number(), "1E+5");
  EXPECT_EQ(value.At(3).number(), "123456789012345678901234567890.10");
  EXPECT_EQ(value.At(4).number(), "1e400");
  EXPECT_EQ(value.At(0).string(), "");
}

TEST_F(TreeTest, ResolvesEscapes) {
  const Value value = Read(R"(["a\"b\\c\/d\b\f\n\r\t","\u00e9\u20ac\ud83d\ude00\u0000.","plain","\\\\"])");
  EXPECT_EQ(value.At(0).string(), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(value.At(1).string(), std::string_view("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0.", 11));
  EXPECT_EQ(value.At(2).string(), "plain");
  EXPECT_EQ(value.At(3).string(), "\\\\");
}

TEST_F(TreeTest, GivesTheBytesOfContainersAsReceived) {
  const Value value = Read(R"( {"a": [1, "x\n" ] , "b":{ } } )");
  EXPECT_EQ(value.raw(), R"({"a": [1, "x\n" ] , "b":{ } })");
  EXPECT_EQ(value.Find("a").raw(), R"([1, "x\n" ])");
  EXPECT_EQ(value.Find("b").raw(), "{ }");
  EXPECT_EQ(value.Find("a").At(0).raw(), "1");
  EXPECT_EQ(value.Find("a").At(1).raw(), "x\n");
}

TEST_F(TreeTest, WalksMembersInOrderWithTheirNames) {
  const Value value = Read(R"({"id":"1","zeta":[1,[2]],"name":{"zeta":3},"":4})");
  std::string seen;
  for (Value member : value) seen.append(member.name()).append("/");
  EXPECT_EQ(seen, "id/zeta/name//");
  EXPECT_EQ(value.size(), 4u);
  EXPECT_EQ(value.Find("").number(), "4");
  EXPECT_EQ(value["name"_key].Find("zeta").number(), "3");
}

TEST_F(TreeTest, WalksNothingInScalarsAndEmptyContainers) {
  for (Value element : Read(R"([[],{},"s",1,null])")) {
    EXPECT_EQ(element.begin(), element.end());
    EXPECT_EQ(element.size(), 0u);
    EXPECT_TRUE(element.empty());
    EXPECT_EQ(element.name(), "");
  }
}

TEST_F(TreeTest, FindsElementsByIndexAmongContainersAndScalars) {
  const Value mixed = Read(R"([0,[1,2],{"a":3},4])");
  EXPECT_EQ(mixed.At(0).number(), "0");
  EXPECT_EQ(mixed.At(2).Find("a").number(), "3");
  EXPECT_EQ(mixed.At(3).number(), "4");
  EXPECT_FALSE(mixed.At(4).exists());
  EXPECT_EQ(Read("[0,1,2]").At(2).number(), "2");
}

TEST_F(TreeTest, ComparesByPlace) {
  const Value value = Read(R"([{"id":1},{"id":1}])");
  EXPECT_EQ(value.At(0), value.At(0));
  EXPECT_FALSE(value.At(0) == value.At(1));
}

TEST_F(TreeTest, CountsItsValues) {
  const PaddedText text(R"({"a":[1,2],"b":null})");
  const auto tree = Tree::Read(text.view(), arena_);
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ((*tree)->node_count(), 5u);
  EXPECT_EQ((*tree)->text(), text.view());
}

TEST_F(TreeTest, UnescapedStringsAreViewsOfTheText) {
  const PaddedText text(R"(["view"])");
  const auto tree = Tree::Read(text.view(), arena_);
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ((*tree)->root().At(0).string().data(), text.view().data() + 2);
}

TEST_F(TreeTest, StaysValidWhileOtherTextsAreRead) {
  const Value first = Read(R"({"mine":["a\n","b"],"id":1})");
  const std::string before = Canonical(first);
  for (int i = 0; i < 100; ++i) Read(R"({"other":[["x\ty"]]})");
  EXPECT_EQ(Canonical(first), before);
}

TEST(Tree, IsReadByManyThreadsAtOnce) {
  const PaddedText text(R"({"resourceType":"Bundle","own":[{"x":"\u00e9","y":[1.0]}],"id":"1","id2":"2"})");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& errors : wrong) {
    threads.emplace_back([&text, &errors] {
      base::Arena arena;
      for (int i = 0; i < 500; ++i) {
        const auto tree = Tree::Read(text.view(), arena);
        errors += tree.ok() && (*tree)->root().Find("own").At(0).Find("x").string() == "\xC3\xA9" ? 0 : 1;
        arena.Reset();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace osteon::json
