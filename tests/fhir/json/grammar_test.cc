#include <gtest/gtest.h>

#include <set>

#include "tests/fhir/json/canonical.h"
#include "tests/fhir/json/grammar_cases.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

bool IsToBeAccepted(const GrammarCase& c) {
  return c.verdict == Verdict::kAccepted || c.verdict == Verdict::kOurChoiceAccepted;
}

TEST(Grammar, EveryCaseIsReadAsRfc8259Says) {
  for (const GrammarCase& c : GrammarCases()) {
    const PaddedText text(c.text);
    base::Arena arena;
    const auto tree = Tree::Read(text.view(), arena);
    EXPECT_EQ(tree.ok(), IsToBeAccepted(c)) << c.about << (tree.ok() ? "" : ": " + tree.error().public_text);
    if (!tree.ok()) {
      EXPECT_EQ(tree.error().code, base::ErrorCode::kMalformedJson) << c.about;
    }
  }
}

TEST(Grammar, EveryPrefixOfAnAcceptedContainerIsRefused) {
  for (const GrammarCase& c : GrammarCases()) {
    const std::size_t end = c.text.find_last_of("]}");
    if (!IsToBeAccepted(c) || end == std::string_view::npos || (c.text.find_first_of("[{") > 4)) continue;
    for (std::size_t length = 0; length <= end; ++length) {
      const PaddedText text(c.text.substr(0, length));
      base::Arena arena;
      EXPECT_FALSE(Tree::Read(text.view(), arena).ok()) << c.about << ", " << length << " bytes of it";
    }
  }
}

// The vector code looks at 64 bytes at a time; a text must mean the same wherever it lies in them.
TEST(Grammar, EveryCaseIsReadTheSameAtEveryDistanceFromABlock) {
  for (const GrammarCase& c : GrammarCases()) {
    if (c.text.starts_with('\xEF')) continue;  // a BOM is special at the start only
    for (std::size_t distance = 50; distance < 66; ++distance) {
      const PaddedText text(std::string(distance, ' ').append(c.text));
      base::Arena arena;
      EXPECT_EQ(Tree::Read(text.view(), arena).ok(), IsToBeAccepted(c))
          << c.about << " after " << distance << " spaces";
    }
  }
}

TEST(Grammar, TheTableHoldsNoCaseTwice) {
  std::set<std::string_view> names;
  for (const GrammarCase& c : GrammarCases()) EXPECT_TRUE(names.insert(c.about).second) << c.about;
  EXPECT_GE(names.size(), 150u);
}

}  // namespace
}  // namespace osteon::json
