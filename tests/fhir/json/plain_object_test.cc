#include "fhir/json/plain_object.h"

#include <gtest/gtest.h>

#include <string>

#include "fhir/json/utf8.h"
#include "tests/fhir/json/grammar_cases.h"
#include "tests/fhir/json/mutation.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

bool HasEmpty(Value value) {
  if (value.is_null() || (value.is_string() && value.string().empty())) return true;
  if ((value.is_array() || value.is_object()) && value.empty()) return true;
  for (const Value child : value) {
    if (HasEmpty(child)) return true;
  }
  return false;
}

// What IsPlainObject promises, found out by reading.
bool IsSoundObject(std::string_view text) {
  const PaddedText padded(text);
  base::Arena arena;
  const auto tree = Tree::Read(padded.view(), arena);
  return tree.ok() && (*tree)->root().is_object() && !HasEmpty((*tree)->root());
}

TEST(IsPlainObject, TakesAResource) {
  constexpr std::string_view kResource =
      R"({"resourceType":"ServiceRequest","id":"5f","code":{"coding":[{"system":"http://loinc.org","code":"1"},)"
      R"({"display":"a \"b\"\n≥"}]},"flag":true,"other":false,"n":[-1.50e3,0,[1]]})";
  EXPECT_TRUE(IsPlainObject(kResource));
  EXPECT_EQ(PlainMember(kResource, "resourceType"), "ServiceRequest");
  EXPECT_EQ(PlainMember(kResource, "id"), "5f");
  EXPECT_EQ(PlainMember(kResource, "system"), "");
  EXPECT_EQ(PlainMember(kResource, "flag"), "");
  EXPECT_TRUE(IsPlainObject(" { \"a\" : [ 1 , \"b\" ] ,\n\"c\" :\t{ \"d\" : true } } \r\n"));
  EXPECT_EQ(PlainMember(" { \"a\" : [ 1 , \"b\" ] ,\n\"c\" :\t\"x\" } ", "c"), "x");
  EXPECT_EQ(PlainMember(R"({"id":"a\\b"})", "id"), "");
}

TEST(IsPlainObject, RefusesWhatHoldsNothingOrIsWrong) {
  for (const std::string_view text : {"",
                                      "[]",
                                      "[1]",
                                      "1",
                                      "{}",
                                      R"({"a":null})",
                                      R"({"a":""})",
                                      R"({"a":[]})",
                                      R"({"a":{}})",
                                      R"({"a":[null]})",
                                      R"({"a":[1,""]})",
                                      R"({"a":1,"a":2})",
                                      R"({"resourceType":1,"b":{},"resourceType":1})",
                                      R"({"a":1)",
                                      R"({"a":1}})",
                                      R"({"a":1},)",
                                      R"({"a":1,})",
                                      R"({"a":[1,]})",
                                      R"({"a":01})",
                                      R"({"a":tru})",
                                      R"({"a"})",
                                      R"({"a":"b})",
                                      R"({"a":"\x"})",
                                      R"({"a":"\u0041"})",
                                      "{\"a\":\"\n\"}",
                                      R"({"a":"b\)",
                                      R"({a:1})",
                                      "{"}) {
    EXPECT_FALSE(IsPlainObject(text)) << text;
  }
}

TEST(IsPlainObject, BoundsItsDepthAndItsNames) {
  const auto nested = [](int levels) {
    std::string text = "1";
    for (int i = 0; i < levels; ++i) text = "{\"a\":" + text + "}";
    return text;
  };
  EXPECT_TRUE(IsPlainObject(nested(24)));
  EXPECT_FALSE(IsPlainObject(nested(25)));
  EXPECT_FALSE(IsPlainObject(nested(100'000)));
  std::string many = "{";
  for (int i = 0; i < 300; ++i) many += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\":1";
  EXPECT_FALSE(IsPlainObject(many + "}"));
}

// The one thing that matters: a yes is never wrong.
TEST(IsPlainObject, NeverTakesWhatTheReaderRefuses) {
  std::size_t taken = 0;
  const auto check = [&](std::string_view text) {
    if (!IsUtf8(text) || !IsPlainObject(text)) return;
    ++taken;
    ASSERT_TRUE(IsSoundObject(text)) << text;
  };
  for (const GrammarCase& row : GrammarCases()) {
    check(row.text);
    check("{\"a\":" + std::string(row.text) + "}");
  }
  Mutator mutator(7);
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = mutator.Next();
    check(text);
    check("{\"resourceType\":" + text + "}");
  }
  EXPECT_GT(taken, 500u);
}

}  // namespace
}  // namespace osteon::json
