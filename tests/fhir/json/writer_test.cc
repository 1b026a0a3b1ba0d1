#include "fhir/json/writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

TEST(Writer, WritesMembersInOrderWithoutWhiteSpace) {
  Writer writer;
  writer.StartObject().Member("summary", "Check bone density").Key("n").Integer(-7).Key("list").StartArray();
  writer.Bool(true).Bool(false).Null().StartObject().EndObject().EndArray();
  writer.Key("dose").Number(base::Decimal::Of("-1.50")).EndObject();
  EXPECT_EQ(writer.text(),
            R"({"summary":"Check bone density","n":-7,"list":[true,false,null,{}],"dose":-1.50})");
}

TEST(Writer, WritesTheGreatestAndSmallestInteger) {
  Writer writer;
  writer.StartArray().Integer(std::numeric_limits<std::int64_t>::max());
  writer.Integer(std::numeric_limits<std::int64_t>::min()).EndArray();
  EXPECT_EQ(writer.text(), "[9223372036854775807,-9223372036854775808]");
}

TEST(Writer, PutsReadyJsonInItsPlace) {
  Writer writer;
  writer.StartObject().Key("a").Raw(R"({"b":[1]})").Key("c").Raw("2").EndObject();
  EXPECT_EQ(writer.text(), R"({"a":{"b":[1]},"c":2})");
}

TEST(Writer, EscapesWhatRfc8259WantsEscapedAndNothingElse) {
  Writer writer;
  writer.StartObject()
      .Key(std::string_view("q\""))
      .String("\" \\ / \b \f \n \r \t \x01 \x1f \x7f \xC3\xA9 \xF0\x9F\x98\x80")
      .EndObject();
  EXPECT_EQ(writer.text(),
            "{\"q\\\"\":\"\\\" \\\\ / \\b \\f \\n \\r \\t \\u0001 \\u001F \x7f \xC3\xA9 \xF0\x9F\x98\x80\"}");
}

TEST(Writer, WritesTextWithNulBytes) {
  Writer writer;
  writer.String(std::string_view("a\0b", 3));
  EXPECT_EQ(writer.text(), R"("a\u0000b")");
}

TEST(Writer, WritesTextWithoutMemoryBehindIt) {
  Writer writer;
  writer.StartArray().String({}).EndArray();
  EXPECT_EQ(writer.text(), R"([""])");
}

// Runs are copied 16 bytes at a time; the character to escape may be anywhere in them.
TEST(Writer, FindsACharacterToEscapeAtEveryPosition) {
  for (std::size_t length = 0; length < 50; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (char special : {'"', '\\', '\x1f', '\0'}) {
        std::string text(length, 'x');
        text[at] = special;
        Writer writer;
        writer.String(text);
        const PaddedText padded(writer.text());
        base::Arena arena;
        const auto tree = Tree::Read(padded.view(), arena);
        ASSERT_TRUE(tree.ok()) << writer.text();
        EXPECT_EQ((*tree)->root().string(), text);
      }
    }
  }
}

TEST(Writer, GrowsBeyondItsFirstBuffer) {
  const std::string chunk(3'000, 'x');
  Writer writer;
  writer.StartArray();
  for (int i = 0; i < 100; ++i) writer.String(chunk).Raw(chunk);
  writer.EndArray();
  EXPECT_EQ(writer.text().size(), 2u + 200 * 3'000 + 100 * 2 + 199);
}

TEST(Writer, EscapesAtTheBorderOfItsBuffer) {
  for (std::size_t length = 8'100; length < 8'200; ++length) {
    Writer writer;
    writer.StartArray().String(std::string(length, 'x') + "\n\x01").String("y").EndArray();
    EXPECT_EQ(writer.text(), "[\"" + std::string(length, 'x') + "\\n\\u0001\",\"y\"]");
  }
  const std::string control(10'000, '\x1f');
  Writer writer;
  writer.String(control);
  EXPECT_EQ(writer.text().size(), 6 * control.size() + 2);
}

TEST(Writer, KnowsWhetherItWroteANullOrAnythingEmpty) {
  const auto wrote_empty = [](auto write) {
    Writer writer;
    writer.StartObject().Key("a");
    write(writer);
    writer.EndObject();
    return writer.wrote_empty();
  };
  EXPECT_FALSE(wrote_empty([](Writer& w) { w.String("b"); }));
  EXPECT_FALSE(wrote_empty([](Writer& w) { w.StartArray().StartArray().Integer(0).EndArray().EndArray(); }));
  EXPECT_FALSE(wrote_empty([](Writer& w) { w.StartArray().Raw("[]").EndArray(); }));
  EXPECT_FALSE(wrote_empty([](Writer& w) { w.StartObject().Key("").Bool(false).EndObject(); }));
  EXPECT_TRUE(wrote_empty([](Writer& w) { w.String(""); }));
  EXPECT_TRUE(wrote_empty([](Writer& w) { w.Null(); }));
  EXPECT_TRUE(wrote_empty([](Writer& w) { w.StartArray().EndArray(); }));
  EXPECT_TRUE(wrote_empty([](Writer& w) { w.StartArray().StartObject().EndObject().Bool(true).EndArray(); }));
}

TEST(Writer, TwoAtOnceDoNotShareMemory) {
  Writer outer;
  outer.StartArray();
  for (int i = 0; i < 3; ++i) {
    Writer inner;
    inner.StartObject().Member("a", std::string(3'000, 'i')).EndObject();
    outer.Raw(inner.text()).String("o");
  }
  outer.EndArray();
  const std::string once = "{\"a\":\"" + std::string(3'000, 'i') + "\"},\"o\"";
  EXPECT_EQ(outer.text(), "[" + once + "," + once + "," + once + "]");
}

TEST(Writer, StartsAnewAfterClear) {
  Writer writer;
  writer.StartArray().String("first");
  writer.Clear();
  EXPECT_EQ(writer.text(), "");
  writer.StartObject().Member("a", "b").EndObject();
  EXPECT_EQ(writer.text(), R"({"a":"b"})");
}

}  // namespace
}  // namespace osteon::json
