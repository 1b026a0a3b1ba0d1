#include "fhir/path/lexer.h"

#include <gtest/gtest.h>

namespace osteon::path {
namespace {

std::vector<std::string> Texts(std::string_view text) {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> texts;
  for (const Token& token : Tokenize(text, diagnostics)) {
    if (token.kind != TokenKind::kEnd) texts.push_back(token.text);
  }
  EXPECT_TRUE(diagnostics.empty()) << text << ": " << diagnostics[0].message;
  return texts;
}

TokenKind KindOfOnly(std::string_view text) {
  std::vector<Diagnostic> diagnostics;
  const auto tokens = Tokenize(text, diagnostics);
  EXPECT_EQ(tokens.size(), 2) << text;
  return tokens[0].kind;
}

using Strings = std::vector<std::string>;

TEST(Lexer, AMethodOnANumberIsNoFraction) {
  EXPECT_EQ(Texts("1.toString()"), (Strings{"1", ".", "toString", "(", ")"}));
  EXPECT_EQ(Texts("1.50.abs()"), (Strings{"1.50", ".", "abs", "(", ")"}));
}

TEST(Lexer, CommentsAreSpace) {
  EXPECT_EQ(Texts("a // b\n/* c */ d"), (Strings{"a", "d"}));
}

TEST(Lexer, EscapesAreResolved) {
  EXPECT_EQ(Texts(R"('it\'s\t\u00e9\ud83d\ude00')"), (Strings{"it's\t\xc3\xa9\xf0\x9f\x98\x80"}));
  EXPECT_EQ(Texts("`div`"), (Strings{"div"}));
}

TEST(Lexer, DatesAndTimesKeepTheirPrecision) {
  EXPECT_EQ(KindOfOnly("@2015"), TokenKind::kDate);
  EXPECT_EQ(KindOfOnly("@2015T"), TokenKind::kDateTime);
  EXPECT_EQ(KindOfOnly("@2015-02-04T14:34:28.123+10:00"), TokenKind::kDateTime);
  EXPECT_EQ(KindOfOnly("@T14:34"), TokenKind::kTime);
  EXPECT_EQ(Texts("@2015-02-04T14+1"), (Strings{"2015-02-04T14", "+", "1"}));
  EXPECT_EQ(Texts("@2015.is(Date)"), (Strings{"2015", ".", "is", "(", "Date", ")"}));
}

TEST(Lexer, EveryFaultIsReported) {
  std::vector<Diagnostic> diagnostics;
  Tokenize("# 'a\\q' $foo @T10:00Z 'open", diagnostics);
  ASSERT_EQ(diagnostics.size(), 5);
  EXPECT_EQ(diagnostics[0].span.begin, 0);
  EXPECT_EQ(diagnostics[4].message, "the string has no end");
}

TEST(Lexer, AnUnfinishedCommentIsReported) {
  std::vector<Diagnostic> diagnostics;
  Tokenize("1 /* open", diagnostics);
  ASSERT_EQ(diagnostics.size(), 1);
}

}  // namespace
}  // namespace osteon::path
