#include "cards/pack_compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cards/pack_folder.h"

namespace osteon::testing {
namespace {

using ::testing::HasSubstr;

cards::PackFiles With(const std::string& file, const std::string& from, const std::string& to) {
  cards::PackFiles files = SmallPack();
  std::string& text = files[file];
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  return files;
}

std::string FindingsOf(const cards::PackFiles& files,
                       const std::map<std::string, std::string>& overrides = {}) {
  return Told(cards::CompilePack(files, overrides).findings);
}

TEST(PackCompiler, CompilesASmallPack) {
  const auto compiled = cards::CompilePack(SmallPack());
  ASSERT_TRUE(compiled.pack.has_value()) << Told(compiled.findings);
  EXPECT_EQ(compiled.pack->id, "small");
  EXPECT_EQ(compiled.pack->max_cards, 5u);
  ASSERT_EQ(compiled.pack->rules.size(), 2u);
  EXPECT_EQ(compiled.pack->rules[0]->id(), "S");
  EXPECT_EQ(compiled.pack->parameters.rows().size(), 4u);
}

TEST(PackCompiler, DerivesPrefetchFromWhatTheRulesRead) {
  const auto compiled = cards::CompilePack(SmallPack());
  ASSERT_TRUE(compiled.pack.has_value());
  const auto& prefetch = compiled.pack->services[0].prefetch;
  ASSERT_EQ(prefetch.size(), 3u);
  EXPECT_EQ(prefetch[0].query, "Patient/{{context.patientId}}");
  EXPECT_EQ(prefetch[1].query,
            "Observation?patient={{context.patientId}}&code=http://loinc.org|29463-7,http://loinc.org|8340-8"
            "&_sort=-date&_count=20");
  EXPECT_EQ(prefetch[2].query, "Condition?patient={{context.patientId}}");
}

TEST(PackCompiler, OutlivesItsFiles) {
  std::optional<cards::Pack> pack;
  {
    const cards::PackFiles files = SmallPack();
    pack = cards::CompilePack(files).pack;
  }
  ASSERT_TRUE(pack.has_value());
  EXPECT_EQ(pack->services[1].hook, "order-sign");
  EXPECT_EQ(pack->rules[1]->title(), "No weight");
}

TEST(PackCompiler, LeavesOutARuleThatIsSwitchedOff) {
  const auto compiled = cards::CompilePack(SmallPack(), {{"w.enabled", "false"}});
  ASSERT_TRUE(compiled.pack.has_value());
  EXPECT_EQ(compiled.pack->rules.size(), 1u);
}

TEST(PackCompiler, NamesTheRangeThatAnOverrideLeaves) {
  EXPECT_THAT(FindingsOf(SmallPack(), {{"s.limit", "90"}}),
              HasSubstr("parameter \"s.limit\" is \"90\"; allowed is a decimal number from 30 to 60 kg"));
}

TEST(PackCompiler, PlacesAMistakeInAnExpressionWhereItIsWritten) {
  EXPECT_THAT(FindingsOf(With("rules/w.yaml", "when: not exists Weights", "when: not exists Weigts")),
              HasSubstr("rules/w.yaml:9:26: "));
  EXPECT_THAT(FindingsOf(With("rules/w.yaml", "when: not exists Weights", "when: \"not exists Weigts\"")),
              HasSubstr("rules/w.yaml:9:27: "));
  EXPECT_THAT(FindingsOf(With("rules/w.yaml", "when: not exists Weights",
                              "when: |\n          not\n            exists Weigts")),
              HasSubstr("rules/w.yaml:11:20: "));
}

TEST(PackCompiler, PlacesAMistakeInAPlaceholder) {
  EXPECT_THAT(FindingsOf(With("rules/w.yaml", "summary: No weight on record",
                              "summary: \"No weight of {{Patiens.id}}\"")),
              HasSubstr("rules/w.yaml:14:30: "));
}

TEST(PackCompiler, SaysWhichDefinitionIsMeant) {
  const std::string told = FindingsOf(With("rules/s.yaml", "when: Weight Is Old", "when: Weight Is Odl"));
  EXPECT_THAT(told, HasSubstr("the library Small has no definition 'Weight Is Odl'"));
  EXPECT_THAT(told, HasSubstr("did you mean 'Weight Is Old'?"));
}

TEST(PackCompiler, WantsConditionsThatAreBoolean) {
  EXPECT_THAT(FindingsOf(With("rules/w.yaml", "when: not exists Weights", "when: Weight Text")),
              HasSubstr("this is String, and a Boolean is needed"));
}

TEST(PackCompiler, WantsParametersThatAreKnownAndOfTheirType) {
  EXPECT_THAT(
      FindingsOf(With("logic/Small.cql", "parameter \"s.limit\" Decimal", "parameter \"s.limit\" Integer")),
      HasSubstr("the parameter \"s.limit\" is System.Decimal, and here System.Integer"));
  EXPECT_THAT(
      FindingsOf(With("logic/Small.cql", "parameter \"s.limit\" Decimal",
                      "parameter \"s.limit\" Decimal\nparameter \"s.limits\" Decimal")),
      HasSubstr("logic/Small.cql:10:11: the parameter \"s.limits\" is neither in pack.yaml nor one of the "
                "host's (did you mean \"s.limit\"?)"));
}

TEST(PackCompiler, WantsValueSetsThatAreInThePack) {
  EXPECT_THAT(
      FindingsOf(With("logic/Small.cql", "urn:osteon:small:body-weight", "urn:osteon:small:body-weigth")),
      HasSubstr("the pack has no value set 'urn:osteon:small:body-weigth' (did you mean \"body-weight\"?)"));
}

TEST(PackCompiler, WantsAKeyForEveryRetrieve) {
  EXPECT_THAT(FindingsOf(With("logic/Small.cql", "define \"Weight Is Known\":\n  Count(Weights) > 5",
                              "define \"Weight Is Known\":\n  exists [Procedure]")),
              HasSubstr("logic/Small.cql:29:10: no prefetch key brings Procedure"));
}

TEST(PackCompiler, RefusesToNameCodesThatAreOnlyBeginnings) {
  EXPECT_THAT(
      FindingsOf(With("value_sets/dry-weight.yaml", "codes: [{code: 8340-8}]",
                      "codes: [{code: 8340-8}]\n    prefixes: [\"8341\"]")),
      HasSubstr(
          "pack.yaml:20:18: the value set \"body-weight\" has prefixes, and a query can only name codes"));
}

TEST(PackCompiler, ChecksResourcesAgainstR4) {
  EXPECT_THAT(
      FindingsOf(With("resources/weighing.yaml", "priority: routine", "prioritie: routine")),
      HasSubstr("resources/weighing.yaml:2:1: ServiceRequest has no element \"prioritie\" (did you mean "
                "\"priority\"?)"));
  EXPECT_THAT(FindingsOf(With("resources/weighing.yaml", "priority: routine", "doNotPerform: maybe")),
              HasSubstr("\"doNotPerform\" is true or false, and this is not"));
  EXPECT_THAT(FindingsOf(With("resources/weighing.yaml", "priority: routine", "note: {text: x}")),
              HasSubstr("\"note\" is a list"));
  EXPECT_THAT(FindingsOf(With("resources/weighing.yaml", "priority: routine", "occurrence: 2026-01-01")),
              HasSubstr("ServiceRequest has no element \"occurrence\""));
}

TEST(PackCompiler, NamesEveryMistakeAtOnce) {
  cards::PackFiles files = With("rules/w.yaml", "when: not exists Weights", "when: not exists Weigts");
  std::string& logic = files["logic/Small.cql"];
  logic.replace(logic.find("O.status"), 8, "O.statuz");
  std::string& rule = files["rules/s.yaml"];
  rule.replace(rule.find("when: Weight Is Known"), 21, "when: Weight Is Knwon");
  const std::string told = FindingsOf(files);
  EXPECT_THAT(told, HasSubstr("rules/w.yaml:9:26: "));
  EXPECT_THAT(told, HasSubstr("logic/Small.cql:16:11: "));
  EXPECT_THAT(told, HasSubstr("has no definition 'Weight Is Knwon'"));
}

TEST(PackCompiler, RendersAFindingWithItsLine) {
  const cards::PackFiles files = With("rules/w.yaml", "when: not exists Weights", "when: not exists Weigts");
  const auto compiled = cards::CompilePack(files);
  ASSERT_FALSE(compiled.findings.empty());
  EXPECT_THAT(cards::RenderFinding(compiled.findings.front(), files),
              HasSubstr("        when: not exists Weigts\n                           ^\n"));
}

TEST(PackCompiler, ConstraintsHoldBetweenParametersWhoeverSetThem) {
  const auto constrained = [](const std::string& constraint) {
    return With("pack.yaml", "override_reasons:\n", "constraints: [" + constraint + "]\noverride_reasons:\n");
  };
  EXPECT_EQ(FindingsOf(constrained("cards.max < s.limit")), "");
  EXPECT_EQ(FindingsOf(constrained("cards.max <= cards.max < s.limit")), "");
  EXPECT_THAT(FindingsOf(constrained("s.limit < cards.max")),
              HasSubstr("parameters contradict each other: s.limit (42.5) < cards.max (5) does not hold"));
  EXPECT_THAT(FindingsOf(constrained("s.limit <= s.limit < s.limit"), {{"s.limit", "31"}}),
              HasSubstr("s.limit (31) < s.limit (31) does not hold"));
  EXPECT_THAT(FindingsOf(constrained("cards.max < s.mode")),
              HasSubstr("\"s.mode\" is not a numeric parameter of the pack"));
  EXPECT_THAT(FindingsOf(constrained("s.limit > cards.max")),
              HasSubstr("a constraint is parameters with < or <= between them"));
  EXPECT_THAT(FindingsOf(constrained("s.limit <")), HasSubstr("a constraint is parameters"));
}

}  // namespace
}  // namespace osteon::testing
