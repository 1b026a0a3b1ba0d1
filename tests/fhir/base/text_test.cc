#include "fhir/base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace osteon::base {
namespace {

TEST(CodePointCount, CountsCharactersNotBytes) {
  EXPECT_EQ(CodePointCount(""), 0u);
  EXPECT_EQ(CodePointCount("bone"), 4u);
  EXPECT_EQ(CodePointCount("\u00B5g"), 2u);
  EXPECT_EQ(CodePointCount("\u2265 28 d"), 6u);
  EXPECT_EQ(CodePointCount("\U0001F9B4"), 1u);
}

TEST(TakeCodePoints, CutsBetweenCharacters) {
  EXPECT_EQ(TakeCodePoints("bone", 2), "bo");
  EXPECT_EQ(TakeCodePoints("bone", 4), "bone");
  EXPECT_EQ(TakeCodePoints("bone", 99), "bone");
  EXPECT_EQ(TakeCodePoints("bone", 0), "");
  EXPECT_EQ(TakeCodePoints("\u2265\U0001F9B4x", 2), "\u2265\U0001F9B4");
  EXPECT_EQ(TakeCodePoints("\u2265\U0001F9B4x", 1), "\u2265");
}

TEST(AsciiCase, LeavesOtherLettersAlone) {
  EXPECT_EQ(AsciiLower("FOSAMAX \u00C9"), "fosamax \u00C9");
  EXPECT_TRUE(AsciiEqualsIgnoreCase("Heparin", "hEPARIN"));
  EXPECT_FALSE(AsciiEqualsIgnoreCase("Heparin", "Heparine"));
  EXPECT_FALSE(AsciiEqualsIgnoreCase("\u00C9", "\u00E9"));
  EXPECT_TRUE(AsciiEqualsIgnoreCase("", ""));
}

TEST(ContainsWord, FindsWholeWordsOnly) {
  EXPECT_TRUE(ContainsWord("Fosamax 70 mg", "fosamax"));
  EXPECT_FALSE(ContainsWord("Fosamaxx 70 mg", "fosamax"));
  EXPECT_FALSE(ContainsWord("aFosamax", "fosamax"));
  EXPECT_TRUE(ContainsWord("xfosamax (fosamax)", "fosamax"));
  EXPECT_TRUE(ContainsWord("FOSAMAX", "fosamax"));
  EXPECT_TRUE(ContainsWord("hep-lock flush", "hep-lock"));
  EXPECT_TRUE(ContainsWord("history of hip fracture, left", "hip fracture"));
  EXPECT_FALSE(ContainsWord("heparin5000", "heparin"));
  EXPECT_TRUE(ContainsWord("dose: 5%", "5%"));
}

TEST(ContainsWord, TakesLettersOutsideAsciiAsPartOfAWordAndSignsAsItsEnd) {
  EXPECT_TRUE(ContainsWord("Fosamax\u00AE 70 mg", "fosamax"));
  EXPECT_TRUE(ContainsWord("Fosamax\u2122", "fosamax"));
  EXPECT_TRUE(ContainsWord("\u201CFosamax\u201D", "fosamax"));
  EXPECT_TRUE(
      ContainsWord("Fosamax\u00A0"
                   "70",
                   "fosamax"));
  EXPECT_FALSE(ContainsWord("Fosamax\u00E9", "fosamax"));
  EXPECT_FALSE(ContainsWord("\u00E9Fosamax", "fosamax"));
  EXPECT_FALSE(ContainsWord("\u0416Fosamax", "fosamax"));
}

TEST(ContainsWord, SurvivesEmptyAndBrokenText) {
  EXPECT_FALSE(ContainsWord("anything", ""));
  EXPECT_FALSE(ContainsWord("", "word"));
  EXPECT_FALSE(ContainsWord("", ""));
  EXPECT_TRUE(ContainsWord("\xFFword\xC3", "word"));
  EXPECT_TRUE(ContainsWord("\x80\x80\x80\x80\x80word\xF0\x9F", "word"));
}

TEST(Trim, RemovesJsonWhiteSpaceAtBothEnds) {
  EXPECT_EQ(Trim(" \t\r\n mg \n"), "mg");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Trim("a b"), "a b");
  EXPECT_TRUE(IsBlank(" \t\r\n"));
  EXPECT_TRUE(IsBlank(""));
  EXPECT_FALSE(IsBlank(" . "));
}

}  // namespace
}  // namespace osteon::base
