// The tree against a second reader that shares nothing with it. Known::* in rapid_reader.h lists every
// difference there may be.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fhir/json/writer.h"
#include "tests/fhir/json/canonical.h"
#include "tests/fhir/json/grammar_cases.h"
#include "tests/fhir/json/mutation.h"
#include "tests/fhir/json/padded_text.h"
#include "tests/fhir/json/rapid_reader.h"

namespace osteon::json {
namespace {

void Write(Value value, Writer& to) {
  if (value.is_object()) {
    to.StartObject();
    for (Value member : value) {
      to.Key(member.name());
      Write(member, to);
    }
    to.EndObject();
  } else if (value.is_array()) {
    to.StartArray();
    for (Value element : value) Write(element, to);
    to.EndArray();
  } else if (value.is_string()) {
    to.String(value.string());
  } else if (value.is_number()) {
    to.Raw(value.number());
  } else if (value.is_bool()) {
    to.Bool(value.is_true());
  } else {
    to.Null();
  }
}

// Empty when both readers say the same of `text`; otherwise what each of them says.
std::string Difference(std::string_view text) {
  const PaddedText padded(text);
  base::Arena arena(4096);
  const auto tree = Tree::Read(padded.view(), arena);
  const RapidResult rapid = ReadWithRapid(text);
  if (rapid.known == Known::kNumberBeyondDouble) return "";
  if (tree.ok() != rapid.accepted) {
    return "tree: " + (tree.ok() ? "accepted" : tree.error().public_text) +
           ", RapidJSON: " + (rapid.accepted ? "accepted" : "refused") + ", text: " + std::string(text);
  }
  if (!tree.ok()) return "";
  const std::string canonical = Canonical((*tree)->root());
  if (canonical != rapid.canonical) return "tree: " + canonical + "\nRapidJSON: " + rapid.canonical;

  Writer writer;
  Write((*tree)->root(), writer);
  const PaddedText written(writer.text());
  const auto again = Tree::Read(written.view(), arena);
  if (!again.ok() || Canonical((*again)->root()) != canonical)
    return "written differently: " + std::string(text);
  return "";
}

TEST(Differential, BothReadersAgreeOnEveryGrammarCase) {
  for (const GrammarCase& c : GrammarCases()) EXPECT_EQ(Difference(c.text), "") << c.about;
}

TEST(Differential, BothReadersAgreeOnTheSeedsOfTheMutations) {
  for (std::string_view seed : SeedDocuments()) {
    EXPECT_EQ(Difference(seed), "");
    EXPECT_TRUE(ReadWithRapid(seed).accepted) << seed;
  }
}

TEST(Differential, BothReadersAgreeOnTwentyFiveThousandMutations) {
  Mutator mutator(0x05732026);
  std::size_t accepted = 0;
  for (int i = 0; i < 25'000; ++i) {
    const std::string text = mutator.Next();
    accepted += ReadWithRapid(text).accepted ? 1 : 0;
    ASSERT_EQ(Difference(text), "") << "mutation " << i;
  }
  // Neither a pile of rubbish nor of valid text: both sides of the readers' decisions are visited.
  EXPECT_GT(accepted, 1'000u);
  EXPECT_LT(accepted, 20'000u);
}

TEST(Differential, BothReadersAgreeOnTheCollectedFixtures) {
  const char* const shared = std::getenv("OSTEON_SHARED");
  const std::filesystem::path root =
      std::filesystem::path(shared != nullptr ? shared : OSTEON_SOURCE_DIR "/../shared") / "spec" /
      "fixtures";
  if (!std::filesystem::is_directory(root))
    GTEST_SKIP() << "no fixtures: OSTEON_SHARED names no evidence folder";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_EQ(Difference(text), "") << entry.path();
    ++files;
  }
  EXPECT_GT(files, 100u);
}

}  // namespace
}  // namespace osteon::json
