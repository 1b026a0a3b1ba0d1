// The first line is an expression, the rest a JSON document: whatever both hold, the run ends within its
// budget, in a value or in an error.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"
#include "fhir/path/program.h"
#include "tests/fhir/json/padded_text.h"

namespace {

constexpr std::string_view kPatient =
    R"({"resourceType":"Patient","id":"p","active":true,"name":[{"use":"official","family":"F","given":["A",null],)"
    R"("_given":[null,{"extension":[{"url":"u","valueCode":"c"}]}]}],"birthDate":"1974-12",)"
    R"("multipleBirthInteger":2,"contained":[{"resourceType":"Observation","id":"o","valueQuantity":)"
    R"({"value":1.50,"code":"mg","system":"http://unitsofmeasure.org"},"effectiveDateTime":"2026-05-01T10:00:00Z"}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace osteon;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = std::min(all.find('\n'), all.size());
  const std::string_view rest = all.substr(std::min(line_end + 1, all.size()));
  const json::PaddedText document(rest.empty() ? kPatient : rest);
  base::Arena arena(1024);
  const auto tree = json::Tree::Read(document.view(), arena);
  if (!tree.ok()) return 0;
  const path::Compilation compilation = path::Compile(all.substr(0, line_end), {});
  if (compilation.program == nullptr) return 0;
  path::Input input;
  input.context = model::ResourceNode((*tree)->root());
  input.limits = {20'000, 4 * 1024 * 1024};
  const path::Outcome outcome = compilation.program->Evaluate(input, arena);
  for (const model::Val& item : model::Items(outcome.value)) model::ToLiteral(item);
  return 0;
}
