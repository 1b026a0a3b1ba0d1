#include "cds_hooks/cases/mutants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace osteon::testing {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Told(const cards::PackFiles& files) {
  std::vector<std::string> told;
  for (const auto& mutant : cds_hooks::MutantsOf(files))
    told.push_back(cds_hooks::PlaceText(files, mutant) + " " + mutant.was + "->" + mutant.is);
  return told;
}

TEST(Mutants, ChangeComparisonsAndLogicButNoCommentsOrTexts) {
  EXPECT_THAT(Told({{"logic/A.cql", "// a < b\ndefine \"x < y\": a <= 3 and b > 'x < y' or /* > */ c\n"}}),
              ElementsAre("logic/A.cql:2:19 <=-><", "logic/A.cql:2:23  and -> or ",
                          "logic/A.cql:2:30 >->>=", "logic/A.cql:2:39  or -> and "));
}

TEST(Mutants, ChangeConditionsOfRulesAndNumbersOfParameters) {
  EXPECT_THAT(
      Told({{"rules/a.yaml", "title: a and b\nrows: [{id: A, when: x and y, card: a}]\n"},
            {"pack.yaml", "parameters: {n: {default: 28}, d: {default: 1.5}, b: {default: true}}\n"}}),
      ElementsAre("pack.yaml:1:27 28->29", "pack.yaml:1:27 28->27", "pack.yaml:1:45 1.5->1.6",
                  "pack.yaml:1:45 1.5->1.4", "rules/a.yaml:2:23  and -> or "));
}

TEST(Mutants, AreOneChangeOfTheFiles) {
  const cards::PackFiles files = {{"logic/A.cql", "a < b"}, {"pack.yaml", ""}};
  EXPECT_EQ(cds_hooks::Mutated(files, cds_hooks::MutantsOf(files).front()).at("logic/A.cql"), "a <= b");
}

}  // namespace
}  // namespace osteon::testing
