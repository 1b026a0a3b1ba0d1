#include "tests/fhir/path/run.h"

#include "fhir/model/r4_model.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"
#include "fhir/path/node.h"

namespace osteon::path {

using model::Kind;

Ran RunExpression(std::string_view expression, const model::Val& context, base::Arena& arena,
                  const RunOptions& options) {
  CheckOptions check;
  check.context = context.fhir_type();
  check.strictness = options.strict ? Strictness::kStrict : Strictness::kNormal;
  check.terminology = options.terminology;
  for (const Variable& variable : options.variables) check.variables.push_back({std::string(variable.name)});
  Compilation compilation = Compile(expression, check);
  Ran ran;
  ran.diagnostics = compilation.diagnostics;
  for (const Diagnostic& diagnostic : compilation.diagnostics) {
    if (diagnostic.severity != Severity::kError) continue;
    ran.phase = diagnostic.phase;
    ran.error = Render(diagnostic, expression);
    return ran;
  }
  Input input;
  input.context = context;
  input.resource = options.resource;
  input.root_resource = options.root_resource;
  input.now = *base::ParseInstant("2026-06-15T10:00:00Z");
  input.offset_minutes = 120;
  input.variables = options.variables;
  input.terminology = options.terminology;
  input.trace = options.trace;
  input.limits = options.limits;
  ran.program = compilation.program;
  Outcome outcome = compilation.program->Evaluate(input, arena);
  if (!outcome.ok()) {
    ran.phase = Phase::kRun;
    ran.error = Render(outcome.errors[0], expression);
    ran.diagnostics.push_back(outcome.errors[0]);
    return ran;
  }
  ran.value = outcome.value;
  return ran;
}

std::string TypeOf(const model::Val& value) {
  if (value.is(Kind::kNode) && model::KindOf(value.fhir_type()) == model::TypeKind::kComponent) {
    return "BackboneElement";
  }
  return std::string(KindName(value));
}

std::string ValueText(const model::Val& value) {
  base::Arena arena(1024);
  const model::Val system = model::ToSystem(value, {arena, model::Language::kFhirPath, model::kNoOffset});
  if (system.is(Kind::kNode)) return std::string(system.node().raw());
  std::string text = model::ToText(system).value_or("?");
  if (system.is(Kind::kTime)) text = "T" + text;
  return system.is_temporal() ? "@" + text : text;
}

}  // namespace osteon::path
