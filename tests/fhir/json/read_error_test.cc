#include <gtest/gtest.h>

#include "tests/fhir/json/mutation.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

std::string ErrorOf(std::string_view text) {
  const PaddedText padded(text);
  base::Arena arena;
  const auto tree = Tree::Read(padded.view(), arena);
  return tree.ok() ? "" : tree.error().public_text;
}

TEST(ReadError, TellsTheByteAtWhichReadingStopped) {
  struct {
    std::string_view text;
    std::string_view error;
  } const cases[] = {
      {R"({"a":1,})", "malformed JSON: member name expected at byte 7"},
      {R"({"a" 1})", "malformed JSON: ':' expected at byte 5"},
      {R"({"a":1 "b":2})", "malformed JSON: ',' or '}' expected at byte 7"},
      {R"({"a":tru})", "malformed JSON: value expected at byte 5"},
      {R"({"a":01})", "malformed JSON: malformed number at byte 5"},
      {R"({"a":"\x"})", "malformed JSON: malformed escape in a string at byte 6"},
      {R"({"a":"ok\ud800"})", "malformed JSON: malformed escape in a string at byte 8"},
      {R"({"\q":1})", "malformed JSON: malformed escape in a string at byte 2"},
      {"[1 2]", "malformed JSON: ',' or ']' expected at byte 3"},
      {"[1,]", "malformed JSON: value expected at byte 3"},
      {"[1}", "malformed JSON: ',' or ']' expected at byte 2"},
      {"[1", "malformed JSON: ',' or ']' expected at byte 2"},
      {"[", "malformed JSON: value expected at byte 1"},
      {"{", "malformed JSON: member name expected at byte 1"},
      {R"({"a")", "malformed JSON: ':' expected at byte 4"},
      {R"({"a":)", "malformed JSON: value expected at byte 5"},
      {"[[]", "malformed JSON: text ends inside an array or object at byte 3"},
      {"{} x", "malformed JSON: text after the end of the document at byte 3"},
      {"1 2", "malformed JSON: text after the end of the document at byte 2"},
      {"]", "malformed JSON: value expected at byte 0"},
      {"", "malformed JSON: nothing but white space at byte 0"},
      {" \n", "malformed JSON: nothing but white space at byte 2"},
      {"[\"a", "malformed JSON: string that does not end, begun at byte 1"},
      {"[\"\xFF\"]", "malformed JSON: invalid UTF-8 at byte 2"},
      {"\xEF\xBB\xBF{}", "malformed JSON: value expected at byte 0"},
  };
  for (const auto& c : cases) EXPECT_EQ(ErrorOf(c.text), c.error) << c.text;
}

TEST(ReadError, TellsWhereTheSecondOfTwoEqualNamesIs) {
  EXPECT_EQ(ErrorOf(R"({"id":1,"id":2})"), "malformed JSON: member name repeated in its object at byte 8");
  EXPECT_EQ(ErrorOf(R"({"id":"a", "x":{"id":[1,{}]} , "\u0069d":2})"),
            "malformed JSON: member name repeated in its object at byte 31");
  EXPECT_EQ(ErrorOf(R"([{"zz":"a","y":"b"},{"zz":"a","zz":"b"}])"),
            "malformed JSON: member name repeated in its object at byte 30");
}

// What a caller is told must not repeat what the body says about a patient.
TEST(ReadError, RepeatsNothingOfTheText) {
  for (std::string_view text :
       {R"({"Quillfeather":"Quillfeather","Quillfeather":1})", R"(["Quillfeather\q"])", R"(["Quillfeather)",
        R"([Quillfeather])", R"({"Quillfeather"})", "[\"Quillfeather\xFF\"]", "[\"Quillfeather\n\"]",
        R"([12345Quillfeather])"}) {
    const std::string error = ErrorOf(text);
    EXPECT_NE(error, "") << text;
    EXPECT_EQ(error.find("Quill"), std::string::npos) << error;
    EXPECT_EQ(error.find("12345"), std::string::npos) << error;
  }
}

TEST(ReadError, NamesAByteOfTheTextOrItsEnd) {
  Mutator mutator(4711);
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = mutator.Next();
    const std::string error = ErrorOf(text);
    if (error.empty() || error.starts_with("JSON over the limit")) continue;
    const std::size_t at = error.rfind(" at byte ");
    ASSERT_NE(at, std::string::npos) << error;
    EXPECT_LE(std::stoull(error.substr(at + 9)), text.size()) << error;
  }
}

}  // namespace
}  // namespace osteon::json
