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

}  // namespace
}  // namespace osteon::cql
