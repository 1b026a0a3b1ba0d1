#include "cards/rule_yaml.h"

#include <gtest/gtest.h>

#include "tests/cards/pack_folder.h"

namespace osteon::testing {
namespace {

std::string FindingsOf(std::string_view text) {
  return Told(cards::ReadYaml("f", text).findings);
}

TEST(RuleYaml, EveryScalarIsItsText) {
  const auto reading = cards::ReadYaml(
      "f", "a: no\nb: 1e5\nc: 0123\nd: null\ne: ~\nf: 2020-01-01\ng: \"\"\nh: [null, yes]\ni: {x: ~}\n");
  EXPECT_EQ(Told(reading.findings), "");
  EXPECT_EQ(reading.root.Find("a")->value.text, "no");
  EXPECT_EQ(reading.root.Find("b")->value.text, "1e5");
  EXPECT_EQ(reading.root.Find("c")->value.text, "0123");
  EXPECT_EQ(reading.root.Find("d")->value.text, "null");
  EXPECT_EQ(reading.root.Find("e")->value.text, "~");
  EXPECT_EQ(reading.root.Find("f")->value.text, "2020-01-01");
  EXPECT_EQ(reading.root.Find("g")->value.kind, cards::YamlNode::Kind::kScalar);
  EXPECT_EQ(reading.root.Find("h")->value.items[0].text, "null");
  EXPECT_EQ(reading.root.Find("i")->value.members[0].value.text, "~");
}

TEST(RuleYaml, NothingIsNoText) {
  const auto reading = cards::ReadYaml("f", "a:\nb:\n  - x\n  -\nnull: y\n");
  EXPECT_EQ(Told(reading.findings), "");
  EXPECT_EQ(reading.root.Find("a")->value.kind, cards::YamlNode::Kind::kNone);
  EXPECT_EQ(reading.root.Find("a")->value.place.line, 1u);
  const auto& item = reading.root.Find("b")->value.items[1];
  EXPECT_EQ(item.kind, cards::YamlNode::Kind::kNone);
  EXPECT_EQ(item.place.line, 4u);
  EXPECT_EQ(item.place.column, 3u);
  EXPECT_EQ(reading.root.Find("null")->value.text, "y");
}

TEST(RuleYaml, PlacesCountCodePointsFromOne) {
  const auto reading = cards::ReadYaml("f", "\xEF\xBB\xBF{\"\xC3\xA4\xE2\x82\xAC\": x, b: y}\r\n# end\r\n");
  EXPECT_EQ(Told(reading.findings), "");
  ASSERT_EQ(reading.root.members.size(), 2u);
  EXPECT_EQ(reading.root.members[0].value.place.column, 8u);
  EXPECT_EQ(reading.root.members[1].place.column, 11u);
  EXPECT_EQ(reading.root.members[1].place.line, 1u);
}

TEST(RuleYaml, WhatStrictYamlDoesNotAllowIsTold) {
  EXPECT_EQ(FindingsOf("a: 1\nb: 2\na: 3\n"), "f:3:1: \"a\" is given twice (the first is in line 1)\n");
  EXPECT_EQ(FindingsOf("a: &x 1\n"),
            "f:1:4: anchors (\"&name\") are not allowed (put the text in double quotes)\n");
  EXPECT_EQ(FindingsOf("a: !!str 1\n"),
            "f:1:4: tags (\"!name\") are not allowed (put the text in double quotes)\n");
  EXPECT_EQ(FindingsOf("a: !include x\n"),
            "f:1:4: tags (\"!name\") are not allowed (put the text in double quotes)\n");
  EXPECT_EQ(FindingsOf("a: *x\nb: 1\n"),
            "f:1:4: aliases (\"*name\") are not allowed (put the text in double quotes)\n");
  EXPECT_EQ(FindingsOf("a: 1\n---\nb: 2\n"),
            "f:2:1: a second document in one file (one file, one document)\n");
  EXPECT_EQ(FindingsOf("%YAML 1.2\n---\na: 1\n"),
            "f:1:1: directives (\"%YAML\", \"%TAG\") are not allowed\n");
  EXPECT_EQ(FindingsOf("a:\tb\n"), "f:1:3: a tab (use spaces; in double quotes \\t)\n");
  EXPECT_EQ(FindingsOf("a: \x01\n"), "f:1:4: a control character\n");
  EXPECT_EQ(FindingsOf("a: b\nc: \xFF\n"), "f:2:1: this line is not UTF-8 (save the file as UTF-8)\n");
  EXPECT_EQ(FindingsOf("? [a]\n: b\n"), "f:1:1: a key is a text\n");
  EXPECT_EQ(FindingsOf("a: {{b}}\n"),
            "f:1:4: a text with {{...}} that is not in quotes (put the text in double quotes)\n");
}

TEST(RuleYaml, AQuotedTextMayGoOnWhereItIsIndented) {
  EXPECT_EQ(FindingsOf("a: \"x\n  y\n\n  z\"\nb: 'it''s\n   so'\nc: [\"d\n  e\", f]\n"), "");
  EXPECT_EQ(FindingsOf("a: \"x\nb: y\"\n").substr(0, 33), "f:1:4: a quote that is not closed");
  EXPECT_EQ(FindingsOf("- a: 'x\n  b: y'\n").substr(0, 33), "f:1:6: a quote that is not closed");
}

TEST(RuleYaml, ReadingGoesOnBehindAMistake) {
  const auto reading = cards::ReadYaml("f",
                                       "a: b: c\n"
                                       "d: \"open\n"
                                       "e: 1\n"
                                       "f:\n"
                                       "  - g: @x\n"
                                       "    h: 2\n"
                                       "  - {i: 3\n"
                                       "j: 4\n"
                                       "j: 5\n");
  std::string told;
  for (const auto& finding : reading.findings)
    told +=
        std::to_string(finding.line) + ":" + std::to_string(finding.column) + " " + finding.message + "\n";
  EXPECT_EQ(told,
            "1:5 a \": \" where no key can be\n"
            "2:4 a quote that is not closed where its text ends\n"
            "5:8 a text cannot begin with this character\n"
            "7:5 a \"{\" without its \"}\"\n"
            "9:1 \"j\" is given twice\n");
  EXPECT_EQ(reading.root.Find("j")->value.text, "4");
  EXPECT_TRUE(reading.root.is_damaged);
  EXPECT_FALSE(reading.root.Find("e")->value.is_damaged);
  EXPECT_TRUE(reading.root.Find("f")->value.is_damaged);
  EXPECT_EQ(reading.root.Find("f")->value.items[0].Find("h")->value.text, "2");
}

}  // namespace
}  // namespace osteon::testing
