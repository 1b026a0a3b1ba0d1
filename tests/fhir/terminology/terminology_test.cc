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

constexpr const char* kIcd = "http://hl7.org/fhir/sid/icd-10-cm";

ConceptSet Prefixes(std::string system, std::vector<std::string> prefixes) {
  return {std::move(system), {}, {}, {}, std::move(prefixes)};
}
ConceptSet Pattern(std::string pattern) {
  return {kIcd, {}, {{"code", FilterOperator::kRegex, std::move(pattern)}}, {}};
}

TEST_F(Terminology, APrefixHoldsCodesThatNobodyListed) {
  Add("pain", {Codes(kIcd, {"M54.9"}), Prefixes(kIcd, {"M54.5"})});
  Add("listed", {Codes(kIcd, {"M54.51", "M54.6"})});
  const auto index = Build(definitions_).index;
  ASSERT_NE(index, nullptr);
  const ValueSet& pain = *index->FindValueSet("pain");
  EXPECT_TRUE(pain.is_open());
  EXPECT_FALSE(index->FindValueSet("listed")->is_open());
  for (const char* code : {"M54.9", "M549", "M54.5", "M545", "m54.50", "M54.59", "M54.51", "M5451"})
    EXPECT_TRUE(index->Contains(pain, kIcd, code)) << code;
  for (const char* code :
       {"M54.6", "M54", "M5", "", "M54.91", "XM54.5", "5M54.5555555555555555555555555555555"})
    EXPECT_FALSE(index->Contains(pain, kIcd, code)) << code;
  EXPECT_FALSE(index->Contains(pain, "http://snomed.info/sct", "M54.50"));
  EXPECT_TRUE(index->ContainsInAnySystem(pain, "M5459"));
  EXPECT_FALSE(index->ContainsInAnySystem(pain, "M5460"));
  // A code that another set lists is found by its id, too.
  EXPECT_TRUE(pain.Contains(*index->Find(kIcd, "M5451")));
  EXPECT_EQ(index->Describe(*index->Find(kIcd, "m5451")).code, "M54.51");
}

TEST_F(Terminology, DotsAndCaseMatterOutsideIcd10) {
  Add("s", {Codes("http://loinc.org", {"1.5a"}), Prefixes("http://loinc.org", {"9.9"})});
  const auto index = Build(definitions_).index;
  ASSERT_NE(index, nullptr);
  const ValueSet& set = *index->FindValueSet("s");
  EXPECT_TRUE(index->Contains(set, "http://loinc.org", "1.5a"));
  EXPECT_FALSE(index->Contains(set, "http://loinc.org", "15a"));
  EXPECT_FALSE(index->Contains(set, "http://loinc.org", "1.5A"));
  EXPECT_TRUE(index->Contains(set, "http://loinc.org", "9.9-1"));
  EXPECT_FALSE(index->Contains(set, "http://loinc.org", "99-1"));
  EXPECT_TRUE(index->FindInAnySystem("15A").empty());
}

TEST_F(Terminology, PrefixesCanBeExcludedAndIntersected) {
  Add("m", {Prefixes(kIcd, {"M"})});
  Add("m54", {Prefixes(kIcd, {"M54"})});
  Add("without", {Nested({"m"})}, {Prefixes(kIcd, {"M80"}), Codes(kIcd, {"M81.0"})});
  Add("both", {{kIcd, {}, {}, {"m54"}, {"M5"}}});
  Add("none", {Nested({"m54"})}, {Nested({"m"})});
  Add("again", {Nested({"m"})}, {Nested({"without"})});
  EXPECT_EQ(Reasons(), std::vector<std::string>{
                           "it excludes the beginning of codes but for some of them, which cannot be told"});
  definitions_.value_sets.pop_back();
  const auto index = Build(definitions_).index;
  ASSERT_NE(index, nullptr);
  const auto has = [&](const char* set, const char* code) {
    return index->Contains(*index->FindValueSet(set), kIcd, code);
  };
  EXPECT_TRUE(has("without", "M81.8"));
  EXPECT_FALSE(has("without", "M810"));
  EXPECT_FALSE(has("without", "M80.00XA"));
  EXPECT_TRUE(has("both", "M54.2"));
  EXPECT_FALSE(has("both", "M51.2"));
  EXPECT_FALSE(has("none", "M54.2"));
}

TEST_F(Terminology, AnAnchoredPatternIsAPrefix) {
  Add("p", {Pattern("^M54\\.5.*"), Pattern("M80[.]0.*$")});
  const auto index = Build(definitions_).index;
  ASSERT_NE(index, nullptr);
  const ValueSet& set = *index->FindValueSet("p");
  EXPECT_TRUE(index->Contains(set, kIcd, "M54.59"));
  EXPECT_TRUE(index->Contains(set, kIcd, "M8000XA"));
  EXPECT_FALSE(index->Contains(set, kIcd, "M54.6"));
}

TEST_F(Terminology, AnyOtherPatternIsRefusedWithTheReason) {
  for (const char* pattern :
       {"M54.5.*", "M54\\.5", "M(54|55).*", ".*", "M5[45].*", "M54\\d.*", "M54\\.5.*x"}) {
    definitions_.value_sets.clear();
    Add("p", {Pattern(pattern)});
    ASSERT_EQ(Reasons().size(), 1u) << pattern;
    EXPECT_EQ(
        Reasons()[0],
        "it needs a filter on the code system http://hl7.org/fhir/sid/icd-10-cm that is not there; without "
        "it a filter can only be the beginning of codes: ^M54\\.5.*")
        << pattern;
  }
}

TEST(CanonicalSystem, KnowsTheOtherWritingsAndLeavesTheRest) {
  EXPECT_EQ(CanonicalSystem("http://loinc.org"), "http://loinc.org");
  EXPECT_EQ(CanonicalSystem("https://loinc.org/"), "http://loinc.org");
  EXPECT_EQ(CanonicalSystem("urn:oid:2.16.840.1.113883.6.90"), kIcd);
  EXPECT_EQ(CanonicalSystem("http://snomed.info/sct/900000000000207008/version/20260101"),
            "http://snomed.info/sct");
  EXPECT_EQ(CanonicalSystem("http://snomed.info/sctx"), "http://snomed.info/sctx");
  EXPECT_EQ(CanonicalSystem("urn:oid:1.2.3"), "urn:oid:1.2.3");
  EXPECT_EQ(CanonicalSystem("http://example.org/"), "http://example.org/");
  EXPECT_EQ(CanonicalSystem(""), "");
}

}  // namespace
}  // namespace osteon::terminology
