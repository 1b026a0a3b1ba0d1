// Why a definition has its value: what it used and read.
#include "fhir/cql/trace.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "fhir/cql/evaluate.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::cql {
namespace {

constexpr std::string_view kRequest = R"({"hook": "patient-view", "prefetch": {
  "patient": {"resourceType": "Patient", "id": "p", "birthDate": "1960-03-04"},
  "conditions": {"resourceType": "Bundle", "entry": [
    {"resource": {"resourceType": "Condition", "id": "c1", "code": {"text": "a \"quoted\" text"}}},
    {"resource": {"resourceType": "Condition", "id": "c2", "clinicalStatus": {"coding": [{"code": "active"}]}}}]}}})";

constexpr std::string_view kLibrary = R"(library Why
using FHIR version '4.0.1'
context Patient
define function Texts(c FHIR.Condition): c.code.text
define Adult: AgeInYears() >= 18
define Conditions: [Condition]
define Named: First(Conditions C where Texts(C) is not null).id
define Both: Adult and Named = 'c1' and Adult
define Broken: singleton from Conditions
define Unused: [Condition]
)";

std::string Shown(const model::Val& value) {
  return value.is(model::Kind::kList) ? std::to_string(value.list().size()) + " items"
                                      : model::ToLiteral(value);
}

// "Both: true, uses Adult Named; Adult: true, reads Patient/p": the last to finish first.
std::string Explained(const Trace& trace, json::Value root) {
  std::string out;
  for (auto step = trace.steps().rbegin(); step != trace.steps().rend(); ++step) {
    out += std::string(step->name()) + ": " + (step->error ? step->error->message : Shown(step->value));
    for (const json::Value resource : step->resources) out += ", reads " + PlaceOf(root, resource);
    for (const DefineIr* const used : step->uses) out += ", uses " + used->name;
    out += "\n";
  }
  return out;
}

class CqlTrace : public testing::Test {
 protected:
  void SetUp() override {
    root_ = (*json::Tree::Read(document_.view(), arena_))->root();
    index_.Add(root_);
    inputs_.now = base::Instant{1781517600000};
    inputs_.resources = &index_;
    inputs_.subject = model::ResourceNode(index_.OfType(model::FindType("Patient")).front());
  }
  std::string Explain(std::initializer_list<std::string_view> defines) {
    const Analysis analysis = AnalyzeLibrary({"why.cql", std::string(kLibrary)});
    const CompiledLibrary library(analysis.program);
    Trace trace(index_);
    inputs_.trace = &trace;
    Evaluation evaluation(library, inputs_, arena_);
    for (const std::string_view define : defines) {
      evaluation.BeginRule();
      (void)evaluation.Define(define);
    }
    return Explained(trace, root_);
  }

  json::PaddedText document_{kRequest};
  base::Arena arena_;
  json::Value root_;
  model::ResourceIndex index_{arena_};
  Inputs inputs_;
};

TEST_F(CqlTrace, EachDefinitionHasItsValueWhatItReadAndWhatItUsed) {
  EXPECT_EQ(Explain({"Both"}),
            "Both: true, uses Adult, uses Named\n"
            "Named: 'c1', reads prefetch.conditions.entry[0].resource, uses Conditions\n"
            "Conditions: 2 items, reads prefetch.conditions.entry[0].resource, "
            "reads prefetch.conditions.entry[1].resource\n"
            "Adult: true, reads prefetch.patient\n");
}

TEST_F(CqlTrace, AFailedDefinitionHasItsErrorAndWhatWasEvaluatedBeforeIsNotEvaluatedAgain) {
  EXPECT_EQ(Explain({"Conditions", "Broken", "Conditions"}),
            "Broken: the list has more than one item, uses Conditions\n"
            "Conditions: 2 items, reads prefetch.conditions.entry[0].resource, "
            "reads prefetch.conditions.entry[1].resource\n");
}

TEST_F(CqlTrace, ThePlaceOfWhatIsNotThereIsEmpty) {
  EXPECT_EQ(PlaceOf(root_, root_), "");
  EXPECT_EQ(PlaceOf(root_, json::Value()), "");
  EXPECT_EQ(PlaceOf(root_.Find("prefetch").Find("patient"), index_.OfType(model::FindType("Condition"))[0]),
            "");
}

}  // namespace
}  // namespace osteon::cql
