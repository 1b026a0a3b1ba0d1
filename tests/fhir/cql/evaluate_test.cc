// Libraries over FHIR data: retrieves, conversions, contexts, parameters, functions, includes, budgets.
#include "fhir/cql/evaluate.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "fhir/cql/requirements.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::cql {
namespace {

constexpr std::string_view kBundle = R"({"resourceType": "Bundle", "entry": [
  {"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1960-03-04",
    "name": [{"family": "A", "given": ["B", "C"]}, {"family": "D", "given": ["E"]}]}},
  {"resource": {"resourceType": "Observation", "id": "o1", "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "33914-3"}]},
    "effectiveDateTime": "2026-05-01T10:00:00Z", "valueQuantity": {"value": 45, "code": "mL/min/{1.73_m2}",
    "system": "http://unitsofmeasure.org"}}},
  {"resource": {"resourceType": "Observation", "id": "o2", "status": "amended",
    "code": {"coding": [{"system": "http://loinc.org", "code": "33914-3"}]},
    "effectiveDateTime": "2026-06-01T10:00:00Z", "valueQuantity": {"value": 25, "code": "mL/min/{1.73_m2}",
    "system": "http://unitsofmeasure.org"}}},
  {"resource": {"resourceType": "Observation", "id": "o3", "status": "cancelled",
    "code": {"coding": [{"system": "http://loinc.org", "code": "33914-3"}]},
    "effectiveDateTime": "2026-06-10T10:00:00Z"}},
  {"resource": {"resourceType": "MedicationRequest", "id": "m1", "status": "active",
    "medicationCodeableConcept": {"coding": [{"system": "http://rx", "code": "ibu"}]}}},
  {"resource": {"resourceType": "Condition", "id": "c1",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]},
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "onsetPeriod": {"start": "2020-01-01", "end": "2020-03-01"}}}]})";

constexpr std::string_view kHeader = R"(library Test version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
codesystem "LOINC": 'http://loinc.org'
codesystem "SNOMED": 'http://snomed.info/sct'
valueset "NSAIDs": 'http://example.org/nsaids'
code "eGFR": '33914-3' from "LOINC"
code "Diabetes": '44054006' from "SNOMED" display 'Diabetes'
parameter "Threshold" System.Quantity default 30 'mL/min/{1.73_m2}'
context Patient
)";

// A library over the bundle, evaluated on 2026-06-15T10:00:00Z.
class LibraryRun {
 public:
  explicit LibraryRun(std::string_view definitions, const LibraryProvider& provider = {}) {
    const auto tree = json::Tree::Read(document_.view(), arena_);
    index_.Add((*tree)->root());
    terminology::Definitions sets;
    terminology::ValueSetDefinition& set = sets.value_sets.emplace_back();
    set.url = "http://example.org/nsaids";
    set.include.push_back({.system = "http://rx", .codes = {"ibu", "nap"}, .filters = {}, .value_sets = {}});
    terminology_ = terminology::Build(sets).index;
    Analysis analysis = AnalyzeLibrary({"test", std::string(kHeader) + std::string(definitions)}, provider);
    report_ = analysis.report;
    if (analysis.program == nullptr) return;
    program_ = analysis.program;
    library_.emplace(analysis.program);
    inputs_.now = base::Instant{1781517600000};
    inputs_.resources = &index_;
    inputs_.terminology = terminology_.get();
    inputs_.subject = model::ResourceNode(index_.OfType(model::FindType("Patient")).front());
  }

  std::string operator[](std::string_view name) {
    if (!library_) return report_;
    Evaluation evaluation(*library_, inputs_, arena_);
    const model::Val value = evaluation.Define(name);
    return evaluation.error() ? "error: " + evaluation.error()->message : model::ToLiteral(value);
  }
  Inputs& inputs() { return inputs_; }
  const ProgramIr& program() const { return library_->program(); }
  std::shared_ptr<const ProgramIr> shared_program() const { return program_; }
  base::Arena& arena() { return arena_; }

 private:
  json::PaddedText document_{kBundle};
  base::Arena arena_;
  model::ResourceIndex index_{arena_};
  std::shared_ptr<const terminology::Index> terminology_;
  std::string report_;
  std::shared_ptr<const ProgramIr> program_;
  std::optional<CompiledLibrary> library_;
  Inputs inputs_;
};

std::string ValueOf(std::string_view expression) {
  return LibraryRun("define X: " + std::string(expression))["X"];
}

TEST(CqlEvaluation, RetrievesFindResourcesByTypeCodeAndValueSet) {
  EXPECT_EQ(ValueOf("Count([Observation])"), "3");
  EXPECT_EQ(ValueOf("Count([Observation: \"eGFR\"])"), "3");
  EXPECT_EQ(ValueOf("Count([Observation: \"Diabetes\"])"), "0");
  EXPECT_EQ(ValueOf("Count([MedicationRequest: \"NSAIDs\"])"), "1");
  EXPECT_EQ(ValueOf("Count([MedicationRequest: medication in \"NSAIDs\"])"), "1");
  EXPECT_EQ(ValueOf("Count([Condition: code in { \"Diabetes\", \"eGFR\" }])"), "1");
}

TEST(CqlEvaluation, FhirElementsConvertWhereALanguageTypeIsNeeded) {
  EXPECT_EQ(ValueOf("Patient.gender = 'female'"), "true");
  EXPECT_EQ(ValueOf("Patient.birthDate + 1 year"), "@1961-03-04");
  EXPECT_EQ(ValueOf("AgeInYears()"), "66");
  EXPECT_EQ(ValueOf("AgeInYearsAt(@2000-03-03)"), "39");
  EXPECT_EQ(ValueOf("First([Condition]).code ~ \"Diabetes\""), "true");
  EXPECT_EQ(ValueOf("start of (First([Condition]).onset as FHIR.Period) = @2020-01-01"), "true");
  EXPECT_EQ(ValueOf("FHIRHelpers.ToConcept(First([Condition]).code) ~ \"Diabetes\""), "true");
  EXPECT_EQ(ValueOf("Patient.name.given"), "{ 'B', 'C', 'E' }");
  EXPECT_EQ(ValueOf("First([Observation] O where O.status = 'amended').value < \"Threshold\""), "true");
}

TEST(CqlEvaluation, QueriesFilterRelateReturnAndSort) {
  EXPECT_EQ(ValueOf("[Observation: \"eGFR\"] O where O.status in { 'final', 'amended' } return O.id.value "
                    "sort desc"),
            "{ 'o2', 'o1' }");
  EXPECT_EQ(
      ValueOf("Last([Observation] O where O.value is not null sort by (effective as FHIR.dateTime).value)"
              ".id.value"),
      "'o2'");
  EXPECT_EQ(ValueOf("Count([Observation] O with [Condition] C such that C.onset starts before O.effective)"),
            "3");
  EXPECT_EQ(ValueOf("Count([Observation] O without [Condition] C such that C.id = O.id)"), "3");
}

TEST(CqlEvaluation, RelatedItemsMayDependOnTheRowOrBeTheSameForAll) {
  EXPECT_EQ(ValueOf("({ 1, 2, 3 }) N with ({ 2, 3, 4 }) M such that M = N"), "{ 2, 3 }");
  EXPECT_EQ(ValueOf("({ 1, 2, 3 }) N with (({ 1, 5 }) X where X > N) M such that M > 0 return N"),
            "{ 1, 2, 3 }");
  EXPECT_EQ(ValueOf("({ 1, 2, 3 }) N without (({ 1, 2 }) X where X > N) M such that true"), "{ 2, 3 }");
  EXPECT_EQ(ValueOf("({ 1, 2, 3 }) N with (({ 1, 2 }) X let Y: X + 1 where Y > 2) M such that M = N"),
            "{ 2 }");
  EXPECT_EQ(ValueOf("({ { 1, 2 }, { 3 } }) L return (L N with ({ 2, 3 }) M such that M = N and exists L)"),
            "{ { 2 }, { 3 } }");
}

TEST(CqlEvaluation, TextSplitsAtLiteralsAndPatterns) {
  EXPECT_EQ(ValueOf("Split('a,b', ',')"), "{ 'a', 'b' }");
  EXPECT_EQ(ValueOf("SplitOnMatches('a1b22c', '[0-9]+')"), "{ 'a', 'b', 'c' }");
  EXPECT_NE(ValueOf("Matches('a', '(')").find("error: the regular expression is not valid"),
            std::string::npos);
}

TEST(CqlEvaluation, FunctionsOverloadAndFluentOnesAreCalledOnTheirFirstOperand) {
  LibraryRun run(
      "define function f(x Integer): x + 1\n"
      "define function f(x String): x + '!'\n"
      "define fluent function twice(x Integer): x * 2\n"
      "define A: f(1)\ndefine B: f('a')\ndefine C: (3).twice()\n");
  EXPECT_EQ(run["A"], "2");
  EXPECT_EQ(run["B"], "'a!'");
  EXPECT_EQ(run["C"], "6");
}

TEST(CqlEvaluation, ParametersHaveDefaultsAndTakeValues) {
  LibraryRun run("parameter Limit Integer default 5\ndefine X: Limit * 2");
  EXPECT_EQ(run["X"], "10");
  const ParameterValue given{.library = "", .name = "Limit", .value = model::Val::Integer(7)};
  run.inputs().parameters = {&given, 1};
  EXPECT_EQ(run["X"], "14");
}

TEST(CqlEvaluation, IncludedLibrariesAreAnalysedOnceAndTheirPrivatePartsStayTheirs) {
  const LibraryProvider provider = [](std::string_view name, std::string_view) -> std::optional<Source> {
    if (name != "Common") return std::nullopt;
    return Source{"Common",
                  "library Common\ndefine Two: 2\ndefine private Three: 3\n"
                  "define function Plus(a Integer, b Integer): a + b\n"};
  };
  const std::string include = "include Common called C\n";
  const auto value = [&](std::string_view expression) {
    return LibraryRun(include + "define X: " + std::string(expression), provider)["X"];
  };
  EXPECT_EQ(value("C.Plus(C.Two, 5)"), "7");
  EXPECT_NE(value("C.Three").find("is private in its library"), std::string::npos);
  EXPECT_NE(value("C.Tow").find("did you mean 'Two'?"), std::string::npos);
}

TEST(CqlEvaluation, AValueSetThatIsNotLoadedIsAnErrorAndNotEmpty) {
  LibraryRun run("valueset \"Other\": 'http://example.org/other'\ndefine X: exists [Condition: \"Other\"]");
  EXPECT_EQ(run["X"], "error: the value set http://example.org/other is not loaded");
}

TEST(CqlEvaluation, BudgetsEndAnEvaluationWithALocatedError) {
  LibraryRun endless("define function f(x Integer) returns Integer: f(x + 1)\ndefine X: f(0)");
  EXPECT_EQ(endless["X"], "error: the evaluation is nested too deeply");
  LibraryRun large("define L: expand Interval[1, 1000000]\ndefine X: Count(from L a, L b, L c return a)");
  large.inputs().limits.steps = 100000;
  EXPECT_EQ(large["X"], "error: the evaluation takes too many steps");
}

TEST(CqlEvaluation, ARunTimeErrorIsPlacedInTheLibraryItHappensIn) {
  const LibraryProvider provider = [](std::string_view, std::string_view) {
    return std::optional(Source{"Common", "library Common\n\ndefine Two: singleton from { 1, 2 }\n"});
  };
  LibraryRun run("include Common\ndefine X: Common.Two", provider);
  Inputs& inputs = run.inputs();
  const CompiledLibrary library(run.shared_program());
  Evaluation evaluation(library, inputs, run.arena());
  EXPECT_TRUE(evaluation.Define("X").is_null());
  ASSERT_TRUE(evaluation.error().has_value());
  EXPECT_EQ(evaluation.error()->library, "Common");
  EXPECT_EQ(evaluation.error()->line, 3U);
  EXPECT_EQ(evaluation.error()->column, 13U);
}

TEST(CqlEvaluation, RequirementsNameTypesFiltersElementsAndValueSets) {
  const LibraryRun run(
      "define \"eGFRs\": [Observation: \"eGFR\"] O where O.status = 'final'\n"
      "define \"Drugs\": [MedicationRequest: \"NSAIDs\"]\n"
      "define X: exists \"eGFRs\" and exists \"Drugs\" and AgeInYears() >= 18 and exists [Condition]\n");
  const Requirements all = RequirementsOf(run.program(), {"X"});
  std::string shown;
  for (const DataRequirement& data : all.data) {
    shown += data.type;
    for (const CodeFilter& filter : data.filters) {
      shown += ":" + filter.path + " in " + filter.value_set;
      for (const CodeFilter::Code& code : filter.codes) shown += code.system + "|" + code.code;
    }
    shown += "; ";
  }
  EXPECT_NE(shown.find("Observation:code in http://loinc.org|33914-3; "), std::string::npos) << shown;
  EXPECT_NE(shown.find("MedicationRequest:medication in http://example.org/nsaids; "), std::string::npos);
  EXPECT_NE(shown.find("Condition; "), std::string::npos);
  EXPECT_TRUE(all.needs_subject);
  EXPECT_TRUE(all.elements.contains("Observation.status"));
  EXPECT_TRUE(all.elements.contains("Patient.birthDate"));
  EXPECT_TRUE(all.value_sets.contains("http://example.org/nsaids"));
  EXPECT_TRUE(RequirementsOf(run.program(), {"Drugs"}).data.size() == 1);
}

// Rules A and B of a pack: libraries that one main library includes.
class RuleRun {
 public:
  explicit RuleRun(std::string_view rules)
      : run_("include Rules\n",
             [text = std::string(rules)](std::string_view, std::string_view) -> std::optional<Source> {
               return Source{"Rules", "library Rules\nusing FHIR version '4.0.1'\ncontext Patient\n" + text};
             }),
        library_(run_.shared_program()) {}

  Inputs& inputs() { return run_.inputs(); }
  const LibraryIr& rules() const { return *FindLibrary(run_.program(), "Rules"); }
  const ProgramIr& program() const { return run_.program(); }
  const DefineIr& define(std::string_view name) const { return *FindDefine(rules(), name); }
  // After this, inputs() changes nothing.
  Evaluation& evaluation() {
    if (!evaluation_) evaluation_.emplace(library_, run_.inputs(), run_.arena());
    return *evaluation_;
  }
  // As a rule of its own: the value, or the error.
  std::string Rule(std::string_view name) {
    evaluation().BeginRule();
    const model::Val value = evaluation().Define(define(name));
    return evaluation().error() ? "error: " + evaluation().error()->message : model::ToLiteral(value);
  }

 private:
  LibraryRun run_;
  CompiledLibrary library_;
  std::optional<Evaluation> evaluation_;
};

TEST(CqlRules, DefinitionsAndFunctionsOfAnyLibraryAreEvaluated) {
  RuleRun run("define function Sum(a Integer, b Integer): a + b\ndefine Two: 2\n");
  EXPECT_EQ(run.Rule("Two"), "2");
  const model::Val operands[] = {run.evaluation().Define(run.define("Two")), model::Val::Integer(5)};
  EXPECT_EQ(model::ToLiteral(run.evaluation().Call(*FindFunctions(run.rules(), "Sum").front(), operands)),
            "7");
}

TEST(CqlRules, TheGapsOfARuleAreThoseOfTheRetrievesItLookedAt) {
  RuleRun run(
      "define Meds: [MedicationRequest]\n"
      "define Either: exists Meds or exists [Condition]\n"
      "define Age: AgeInYears()\n"
      "define Again: Count(Meds)\n"
      "define None: 1\n");
  std::vector<Gaps> gaps(run.program().retrieve_count());
  const auto set = [&](std::string_view define, Gaps bits) {
    const Requirements needs = RequirementsOf(RequirementRoots{.defines = {&run.define(define)}});
    ASSERT_FALSE(needs.retrieves.empty());
    for (const std::uint32_t index : needs.retrieves) gaps[index] |= bits;
  };
  set("Either", 2);
  set("Meds", 1);
  run.inputs().retrieve_gaps = gaps;
  run.inputs().subject_gaps = 8;
  const auto gaps_of = [&](std::string_view name) {
    (void)run.Rule(name);
    return run.evaluation().gaps();
  };
  EXPECT_EQ(gaps_of("Either"), 3U);  // the medication decides: conditions are not looked at
  EXPECT_EQ(gaps_of("Again"), 3U);   // from the memo
  EXPECT_EQ(gaps_of("None"), 0U);
  EXPECT_EQ(gaps_of("Age"), 8U);
  EXPECT_EQ(gaps_of("Age"), 8U);
}

TEST(CqlRules, AnErrorIsThatOfItsRuleAndOfThoseThatShareTheDefinition) {
  RuleRun run(
      "define Broken: singleton from { 1, 2 }\n"
      "define Middle: Broken + 1\n"
      "define A: Middle\n"
      "define B: if exists [Condition] then 5 else Broken\n"
      "define C: Middle + 2\n");
  const std::string error = run.Rule("A");
  EXPECT_NE(error.find("error: "), std::string::npos) << error;
  EXPECT_EQ(run.evaluation().Define(run.define("B")).is_null(), true);  // the rule has ended
  EXPECT_EQ(run.Rule("B"), "5");
  EXPECT_EQ(run.Rule("C"), error);
  EXPECT_EQ(run.Rule("Broken"), error);
  EXPECT_EQ(run.evaluation().error()->library, "Rules");
}

TEST(CqlRules, EachRuleHasItsOwnBudgetAndCaughtDefinitionsAreEvaluatedAnew) {
  RuleRun run(
      "define function Pairs(n Integer): Count(from (expand Interval[1, 100]) a, (expand Interval[1, n]) b "
      "return all a)\n"
      "define Endless: Pairs(100000)\n"
      "define A: Endless + 1\n"
      "define Burn: Pairs(400)\n"
      "define Innocent: Pairs(200)\n"
      "define B: Burn + Innocent\n"
      "define C: Innocent + 1\n");
  run.inputs().limits.steps = 100000;
  const std::string error = "error: the evaluation takes too many steps";
  EXPECT_EQ(run.Rule("A"), error);
  EXPECT_EQ(run.Rule("Endless"), error);
  EXPECT_EQ(run.Rule("B"), error);
  EXPECT_EQ(run.Rule("C"), "20001");
  EXPECT_EQ(run.Rule("B"), error);  // it took a whole budget itself
}

TEST(CqlRules, TheStopCheckEndsEveryRuleThatIsNotDone) {
  RuleRun run(
      "define L: expand Interval[1, 100]\ndefine Slow: Count(from L a, L b, L c return a)\ndefine Two: 2\n");
  int questions_left = 3;
  run.inputs().stop = {[](const void* data) {
                         int& left = *static_cast<int*>(const_cast<void*>(data));
                         return left == 0 || --left == 0;
                       },
                       &questions_left};
  EXPECT_EQ(run.Rule("Slow"), "error: the evaluation takes too long");
  EXPECT_EQ(run.Rule("Two"), "error: the evaluation takes too long");
}

TEST(CqlRules, ParametersAreGivenByIndex) {
  RuleRun run(
      "parameter Limit Integer default 5\nparameter Other Integer default 7\ndefine X: Limit * 10 + Other\n");
  std::vector<std::optional<model::Val>> values(run.program().parameter_count);
  values[FindParameter(run.rules(), "Limit")->index] = model::Val::Integer(1);
  run.inputs().parameters_by_index = values;
  EXPECT_EQ(run.Rule("X"), "17");
}

TEST(CqlRules, RequirementsBeginAtFunctionsAndExpressionsToo) {
  RuleRun run(
      "parameter Limit Integer default 5\n"
      "define function Conditions(x Integer): [Condition] C where x > Limit\n"
      "define X: Count(Conditions(1)) + Count([Encounter])\n");
  const Requirements of_function =
      RequirementsOf(RequirementRoots{.functions = FindFunctions(run.rules(), "Conditions")});
  EXPECT_EQ(of_function.retrieves.size(), 1U);
  EXPECT_EQ(of_function.data.front().type, "Condition");
  ASSERT_EQ(of_function.parameters.size(), 1U);
  EXPECT_EQ(NameOf(*of_function.parameters.front()->type), "System.Integer");
  const Requirements of_body = RequirementsOf(RequirementRoots{.expressions = {run.define("X").body}});
  EXPECT_EQ(of_body.retrieves.size(), 2U);
}

}  // namespace
}  // namespace osteon::cql
