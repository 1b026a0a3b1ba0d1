#include "fhir/terminology/terminology.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace osteon::terminology {
namespace {

ConceptSet Codes(std::string system, std::vector<std::string> codes) {
  return {std::move(system), std::move(codes), {}, {}};
}
ConceptSet Nested(std::vector<std::string> value_sets) {
  return {"", {}, {}, std::move(value_sets)};
}
ConceptSet Filtered(std::string property, FilterOperator op, std::string value) {
  return {"animals", {}, {{std::move(property), op, std::move(value)}}, {}};
}

class Terminology : public ::testing::Test {
 protected:
  Terminology() {
    CodeSystemDefinition animals{"animals", "1", "animals.json", {}, true};
    animals.concepts = {{"animal", {}, {}},
                        {"bird", {"animal"}, {{"legs", "2"}}},
                        {"dog", {"animal"}, {{"legs", "4"}, {"pet", "true"}}},
                        {"owl", {"bird"}, {{"legs", "2"}}},
                        {"griffin", {"bird", "dog"}, {}}};
    definitions_.code_systems.push_back(animals);
  }
  void Add(std::string url, std::vector<ConceptSet> include, std::vector<ConceptSet> exclude = {}) {
    definitions_.value_sets.push_back(
        {std::move(url), "", "", "sets.yaml:1:1", std::move(include), std::move(exclude), {}});
  }
  // "dog owl", by name; "-" for no value set.
  std::string Content(std::string_view canonical) {
    const BuildResult result = Build(definitions_);
    for (const Problem& problem : result.problems) ADD_FAILURE() << problem.url << ": " << problem.reason;
    if (result.index == nullptr) return "failed";
    const ValueSet* value_set = result.index->FindValueSet(canonical);
    if (value_set == nullptr) return "-";
    std::set<std::string> codes;
    for (const CodeId code : value_set->codes()) codes.insert(std::string(result.index->Describe(code).code));
    std::string text;
    for (const std::string& code : codes) text += (text.empty() ? "" : " ") + code;
    return text;
  }
  // The reasons why loading fails.
  std::vector<std::string> Reasons() {
    const BuildResult result = Build(definitions_);
    EXPECT_EQ(result.index == nullptr, !result.problems.empty());
    std::vector<std::string> reasons;
    for (const Problem& problem : result.problems) reasons.push_back(problem.reason);
    return reasons;
  }

  Definitions definitions_;
};

TEST_F(Terminology, AnswersMembershipBySystemAndCode) {
  Add("vs", {Codes("s", {"1", "2"}), Codes("t", {"1"})});
  const BuildResult result = Build(definitions_);
  ASSERT_NE(result.index, nullptr);
  const Index& index = *result.index;
  const ValueSet& value_set = *index.FindValueSet("vs");
  EXPECT_TRUE(index.Contains(value_set, "s", "2"));
  EXPECT_FALSE(index.Contains(value_set, "t", "2"));
  EXPECT_FALSE(index.Contains(value_set, "", "1"));
  EXPECT_FALSE(index.Contains(value_set, "s", "unheard of"));
  EXPECT_EQ(index.FindInAnySystem("1").size(), 2U);
  EXPECT_EQ(value_set.size(), 3U);
  EXPECT_EQ(index.FindValueSet("other"), nullptr);
  EXPECT_EQ(index.Describe(*index.Find("s", "1")).system, "s");
}

TEST_F(Terminology, IncludesUniteAndExcludesSubtract) {
  Add("a", {Codes("s", {"1", "2", "3"})}, {Codes("s", {"2"}), Codes("other", {"3"})});
  EXPECT_EQ(Content("a"), "1 3");
}

// R4 valueset.html#compositions: within one include, everything must hold.
TEST_F(Terminology, NestedValueSetsIntersectWithinAnInclude) {
  Add("outer", {Nested({"a", "b"}), Nested({"c"})});
  Add("a", {Codes("s", {"1", "2"})});
  Add("b", {Codes("s", {"2", "3"})});
  Add("c", {{"s", {"2", "9"}, {}, {"d"}}});
  Add("d", {Codes("s", {"9"})});
  EXPECT_EQ(Content("outer"), "2 9");
  EXPECT_EQ(Content("c"), "9");
}

TEST_F(Terminology, FiltersReadTheCodeSystem) {
  Add("is-a", {Filtered("concept", FilterOperator::kIsA, "bird")});
  Add("below", {Filtered("concept", FilterOperator::kDescendentOf, "bird")});
  Add("not", {Filtered("concept", FilterOperator::kIsNotA, "bird")});
  Add("above", {Filtered("concept", FilterOperator::kGeneralizes, "owl")});
  Add("legs", {Filtered("legs", FilterOperator::kEquals, "2")});
  Add("in", {Filtered("code", FilterOperator::kIn, "dog, owl")});
  Add("not-in", {Filtered("legs", FilterOperator::kNotIn, "2,3")});
  Add("regex", {Filtered("code", FilterOperator::kRegex, ".*o.")});
  Add("exists", {Filtered("pet", FilterOperator::kExists, "true")});
  Add("all", {{"animals", {}, {}, {}}});
  EXPECT_EQ(Content("is-a"), "bird griffin owl");
  EXPECT_EQ(Content("below"), "griffin owl");
  EXPECT_EQ(Content("not"), "animal dog");
  EXPECT_EQ(Content("above"), "animal bird owl");
  EXPECT_EQ(Content("legs"), "bird owl");
  EXPECT_EQ(Content("in"), "dog owl");
  EXPECT_EQ(Content("not-in"), "animal dog griffin");
  EXPECT_EQ(Content("regex"), "dog");
  EXPECT_EQ(Content("exists"), "dog");
  EXPECT_EQ(Content("all"), "animal bird dog griffin owl");
}

TEST_F(Terminology, SubsumesAlongEveryParent) {
  Add("any", {Codes("s", {"1"})});
  const BuildResult result = Build(definitions_);
  ASSERT_NE(result.index, nullptr);
  const CodeSystem& animals = *result.index->FindCodeSystem("animals");
  const auto id = [&](std::string_view code) { return *result.index->Find("animals", code); };
  EXPECT_EQ(animals.Subsumes(id("animal"), id("griffin")), true);
  EXPECT_EQ(animals.Subsumes(id("dog"), id("griffin")), true);
  EXPECT_EQ(animals.Subsumes(id("dog"), id("owl")), false);
  EXPECT_EQ(animals.Subsumes(id("owl"), id("owl")), true);
  EXPECT_EQ(animals.Subsumes(id("owl"), *result.index->Find("s", "1")), std::nullopt);
}

TEST_F(Terminology, MeansTheGreatestVersionWhereNoneIsNamed) {
  for (const char* version : {"4.9", "4.10", "4.1"}) {
    definitions_.value_sets.push_back({"vs", version, "", "", {Codes("s", {version})}, {}, {}});
  }
  Add("outer", {Nested({"vs"}), Nested({"vs|4.1"})});
  EXPECT_EQ(Content("vs"), "4.10");
  EXPECT_EQ(Content("vs|4.9"), "4.9");
  EXPECT_EQ(Content("vs|5"), "-");
  EXPECT_EQ(Content("outer"), "4.1 4.10");
}

TEST_F(Terminology, TakesACompleteExpansionWhereNothingElseHelps) {
  ValueSetDefinition expanded{"vs", "", "", "", {}, {}, Expansion{{{"s", "1"}, {"t", "2"}}, true}};
  definitions_.value_sets.push_back(expanded);
  expanded.url = "needs-snomed";
  expanded.include = {{"http://snomed.info/sct", {}, {{"concept", FilterOperator::kIsA, "1"}}, {}}};
  definitions_.value_sets.push_back(expanded);
  EXPECT_EQ(Content("vs"), "1 2");
  EXPECT_EQ(Content("needs-snomed"), "1 2");
}

TEST_F(Terminology, FailsWithTheReasonInsteadOfLoadingAnEmptySet) {
  Add("a", {{"http://snomed.info/sct", {}, {{"concept", FilterOperator::kIsA, "1"}}, {}}});
  Add("b", {{"http://loinc.org", {}, {}, {}}});
  Add("c", {Nested({"nowhere"})});
  Add("d", {});
  Add("e", {Filtered("concept", FilterOperator::kIsA, "unicorn")});
  Add("f", {Filtered("code", FilterOperator::kRegex, "(")});
  Add("g", {{"", {}, {}, {}}});
  Add("h", {Nested({"a"})});
  EXPECT_EQ(Reasons(), (std::vector<std::string>{
                           "it needs a filter on the code system http://snomed.info/sct that is not there",
                           "it needs all codes of the code system http://loinc.org that is not there",
                           "the value set nowhere that it includes is not there",
                           "it has neither includes nor an expansion",
                           "the code 'unicorn' of a filter is not in the code system animals",
                           "the regular expression '(' of a filter cannot be read",
                           "an include or exclude names neither a system nor a value set",
                           "the value set a that it includes could not be loaded"}));
}

TEST_F(Terminology, RefusesCyclesFragmentsAndPages) {
  Add("a", {Nested({"b"})});
  Add("b", {Nested({"a"})});
  definitions_.code_systems[0].is_complete = false;
  Add("c", {{"animals", {}, {}, {}}});
  definitions_.value_sets.push_back({"d", "", "", "", {}, {}, Expansion{{{"s", "1"}}, false}});
  const std::vector<std::string> reasons = Reasons();
  ASSERT_EQ(reasons.size(), 4U);
  EXPECT_EQ(reasons[0], "it includes itself through other value sets");
  EXPECT_EQ(reasons[2], "it needs all codes of the code system animals that is only a fragment");
  EXPECT_EQ(reasons[3], "its expansion is not complete");
}

TEST_F(Terminology, RefusesDefinitionsThatContradict) {
  Add("a", {Codes("s", {"1"})});
  Add("a", {Codes("s", {"2"})});
  Add("", {Codes("s", {"2"})});
  definitions_.code_systems.push_back({"animals", "2", "", {}, true});
  definitions_.code_systems.push_back({"twice", "", "", {{"x", {}, {}}, {"x", {}, {}}}, true});
  definitions_.code_systems.push_back({"orphan", "", "", {{"x", {"y"}, {}}}, true});
  definitions_.code_systems.push_back({"loop", "", "", {{"x", {"y"}, {}}, {"y", {"x"}, {}}}, true});
  EXPECT_EQ(Reasons().size(), 6U);
}

TEST_F(Terminology, HoldsManyCodes) {
  std::vector<std::string> codes;
  for (int i = 0; i < 20'000; ++i) codes.push_back(std::to_string(i));
  Add("many", {Codes("s", codes)});
  const BuildResult result = Build(definitions_);
  ASSERT_NE(result.index, nullptr);
  const ValueSet& many = *result.index->FindValueSet("many");
  EXPECT_EQ(many.size(), 20'000U);
  EXPECT_TRUE(result.index->Contains(many, "s", "19999"));
  EXPECT_FALSE(result.index->Contains(many, "s", "20000"));
}

TEST(FilterOperators, AreThoseOfR4) {
  EXPECT_EQ(FindFilterOperator("is-a"), FilterOperator::kIsA);
  EXPECT_EQ(FindFilterOperator("="), FilterOperator::kEquals);
  EXPECT_EQ(FindFilterOperator("exists"), FilterOperator::kExists);
  EXPECT_EQ(FindFilterOperator("child-of"), std::nullopt);
}

}  // namespace
}  // namespace osteon::terminology
