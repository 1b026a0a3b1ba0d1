#include "fhir/path/program.h"

#include <algorithm>

#include "fhir/path/compiler.h"
#include "fhir/path/parser.h"

namespace osteon::path {

Program::Program(std::string text, std::unique_ptr<base::Arena> constants, std::unique_ptr<const Node> root,
                 StaticType result)
    : text_(std::move(text)),
      constants_(std::move(constants)),
      root_(std::move(root)),
      result_(std::move(result)) {}
Program::~Program() = default;

Outcome Program::Evaluate(const Input& input, base::Arena& arena) const {
  Evaluation run(input, arena);
  Outcome outcome;
  outcome.value = root_->Eval(run);
  // A list of one or none comes from lists handed in; to the caller they are the item and nothing.
  const auto items = model::Items(outcome.value);
  if (outcome.value.is(model::Kind::kList) && items.size() < 2) {
    outcome.value = items.empty() ? model::Val() : model::Val(items[0]);
  }
  if (!run.failed()) return outcome;
  outcome.value = {};
  outcome.errors.push_back(
      {Severity::kError, Phase::kRun, run.error_span(), std::string(run.error_message()), {}});
  return outcome;
}

Compilation Compile(std::string_view text, const CheckOptions& options) {
  Compilation result;
  Ast ast = Parse(text, result.diagnostics);
  if (!HasErrors(result.diagnostics)) Check(ast, options, result.diagnostics);
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  if (HasErrors(result.diagnostics)) return result;
  constexpr std::size_t kConstantBytes = 1024;
  auto constants = std::make_unique<base::Arena>(kConstantBytes);
  NodePtr root = BuildNodes(*ast.root, options.explanation, *constants, result.diagnostics);
  if (HasErrors(result.diagnostics)) return result;
  result.program = std::make_shared<const Program>(std::string(text), std::move(constants), std::move(root),
                                                   ast.root->result);
  return result;
}

}  // namespace osteon::path
