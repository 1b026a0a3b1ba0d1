// An expression over one patient: the run ends within its budget, in a value or in an error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/cql/evaluate.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"
#include "tests/fhir/json/padded_text.h"

namespace {

constexpr std::string_view kBundle =
    R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p","birthDate":"1974-12",)"
    R"("name":[{"family":"F","given":["A",null]}]}},{"resource":{"resourceType":"Observation","id":"o",)"
    R"("status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1"}]},"valueQuantity":)"
    R"({"value":1.50,"code":"mg","system":"http://unitsofmeasure.org"},)"
    R"("effectivePeriod":{"start":"2026-05-01T10:00:00Z"}}}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace osteon;
  cql::Analysis analysis =
      cql::AnalyzeExpression({"fuzz", std::string(reinterpret_cast<const char*>(data), size)});
  if (analysis.program == nullptr) return 0;
  const cql::CompiledLibrary library(std::move(analysis.program));
  const json::PaddedText document(kBundle);
  base::Arena arena(1024);
  const auto tree = json::Tree::Read(document.view(), arena);
  model::ResourceIndex index(arena);
  index.Add((*tree)->root());
  cql::Inputs inputs;
  inputs.now = base::Instant{1781517600000};
  inputs.resources = &index;
  inputs.subject = model::ResourceNode(index.OfType(model::FindType("Patient")).front());
  inputs.limits = {20'000, 4 * 1024 * 1024};
  cql::Evaluation evaluation(library, inputs, arena);
  const model::Val value = evaluation.Define("Expression");
  if (!evaluation.error()) model::ToLiteral(value);
  return 0;
}
