#include "server/cli/eval_language.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "fhir/cql/evaluate.h"
#include "fhir/model/resource_index.h"
#include "fhir/model/value_node.h"
#include "fhir/path/program.h"

namespace osteon::server {
namespace {

using model::Val;

ExpressionError RequestError(std::string_view phase, std::string message) {
  return {phase, std::move(message), "", 1, 1, false};
}

ExpressionOutcome Refused(ExpressionError error) {
  ExpressionOutcome outcome;
  outcome.report = "error: " + error.message + "\n";
  outcome.errors.push_back(std::move(error));
  return outcome;
}

// --- FHIRPath --------------------------------------------------------------------------------------------

std::optional<std::int32_t> IntegerOf(std::string_view number) {
  std::int32_t value = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, failure] = std::from_chars(number.data(), end, value);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return value;
}

Val VariableValue(json::Value value, base::Arena& arena) {
  if (value.is_bool()) return Val::Boolean(value.is_true());
  if (value.is_string()) return Val::String(value.string());
  if (value.is_number()) {
    if (const auto integer = IntegerOf(value.number())) return Val::Integer(*integer);
    const auto decimal = base::Decimal::Parse(value.number());
    return decimal ? Val::Decimal(*decimal, arena) : Val();
  }
  if (value.is_array()) {
    model::ListBuilder items(arena);
    for (const json::Value item : value) items.AddItems(VariableValue(item, arena));
    return items.FinishCollection();
  }
  return model::ResourceNode(value);
}

void TakeDiagnostic(const path::Diagnostic& found, std::string_view text, ExpressionOutcome& outcome) {
  outcome.report += path::Render(found, text);
  if (!outcome.report.ends_with('\n')) outcome.report += '\n';
  if (found.severity != path::Severity::kError) return;
  const path::Position at = path::PositionOf(text, found.span.begin);
  outcome.errors.push_back(
      {path::PhaseName(found.phase), found.message, found.hint, at.line, at.column, false});
}

ExpressionOutcome EvaluateFhirPath(const ExpressionRequest& request, const ExpressionSettings& settings,
                                   base::Arena& arena) {
  path::Input input;
  input.context = model::ResourceNode(request.data);
  input.now = settings.now;
  input.offset_minutes = settings.offset_minutes;
  path::CheckOptions check;
  check.context = input.context.fhir_type();
  std::vector<path::Variable> variables;
  for (const json::Value variable : request.variables) {
    variables.push_back({variable.name(), VariableValue(variable, arena)});
    check.variables.push_back({std::string(variable.name()), model::TypeId::kNone});
  }
  input.variables = variables;

  ExpressionOutcome outcome;
  const path::Compilation compilation = path::Compile(request.expression, check);
  for (const auto& found : compilation.diagnostics) TakeDiagnostic(found, request.expression, outcome);
  if (!outcome.ok() || compilation.program == nullptr) return outcome;
  const path::Outcome ran = compilation.program->Evaluate(input, arena);
  for (const auto& found : ran.errors) TakeDiagnostic(found, request.expression, outcome);
  if (outcome.ok()) outcome.value = ran.value;
  outcome.keeps = compilation.program;
  return outcome;
}

// --- CQL -------------------------------------------------------------------------------------------------

constexpr std::string_view kLoneDefine = "Expression";
// A name that no library has.
constexpr std::string_view kAddedDefine = "osteon eval: expression";

void AppendQuoted(std::string& out, std::string_view text, char quote) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += quote;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      ((out += "\\u00") += kHex[byte >> 4U]) += kHex[byte & 15U];
      continue;
    }
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  out += quote;
}

// The definition of a variable; false when CQL has no literal for it.
bool AppendVariable(std::string& out, json::Value variable) {
  out += "define ";
  AppendQuoted(out, variable.name(), '"');
  out += ": ";
  if (variable.is_string()) {
    AppendQuoted(out, variable.string(), '\'');
  } else if (variable.is_number()) {
    // CQL has no exponents.
    const auto decimal = base::Decimal::Parse(variable.number());
    if (!decimal) return false;
    out += decimal->ToString();
  } else if (variable.is_bool() || variable.is_null()) {
    out += variable.raw();
  } else {
    return false;
  }
  out += '\n';
  return true;
}

// The text that stands before the expression, which begins a line; empty: the expression stands alone.
struct Wrapping {
  std::string before;
  std::uint32_t lines = 0;
  std::uint32_t library_bytes = 0;
};

std::optional<Wrapping> Wrap(const ExpressionRequest& request) {
  Wrapping wrapping;
  if (request.library.empty() && request.variables.empty()) return wrapping;
  std::string& text = wrapping.before;
  if (!request.library.empty()) {
    text = request.library;
    text += '\n';
    wrapping.library_bytes = static_cast<std::uint32_t>(text.size());
  } else if (request.data) {
    text = "using FHIR version '4.0.1'\ncontext Patient\n";
  }
  for (const json::Value variable : request.variables) {
    if (!AppendVariable(text, variable)) return std::nullopt;
  }
  text += "define ";
  AppendQuoted(text, kAddedDefine, '"');
  text += ":\n";
  wrapping.lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  return wrapping;
}

std::string_view CqlPhase(cql::Phase phase) {
  switch (phase) {
    case cql::Phase::kParse:
      return "parse";
    case cql::Phase::kCheck:
      return "check";
    case cql::Phase::kRun:
      return "run";
  }
  return "run";
}

// A finding at its place in what the user wrote: the library, or the expression.
void TakeFinding(cql::Diagnostic found, const ExpressionRequest& request, const Wrapping& wrapping,
                 ExpressionOutcome& outcome) {
  const auto before = static_cast<std::uint32_t>(wrapping.before.size());
  const bool in_library = found.span.begin < wrapping.library_bytes;
  if (in_library) {
    outcome.report += Render(found, {"library", std::string(request.library)});
  } else {
    const bool inside = found.span.begin >= before;
    found.library = "expression";
    found.line = inside ? found.line - wrapping.lines : 1;
    if (!inside) found.column = 1;
    found.span.begin = inside ? found.span.begin - before : 0;
    found.span.end = found.span.end > before ? found.span.end - before : found.span.begin;
    outcome.report += Render(found, {"expression", std::string(request.expression)});
  }
  outcome.errors.push_back({CqlPhase(found.phase), std::move(found.message), std::move(found.hint),
                            found.line, found.column, in_library});
}

cql::Analysis AnalyzeWrapped(const ExpressionRequest& request, const Wrapping& wrapping) {
  std::string expression(request.expression);
  if (!wrapping.before.empty()) {
    return cql::AnalyzeLibrary({"expression", wrapping.before + expression});
  }
  return cql::AnalyzeExpression({"expression", std::move(expression)},
                                request.data ? cql::ExpressionModel::kFhir : cql::ExpressionModel::kSystem);
}

ExpressionOutcome EvaluateCql(const ExpressionRequest& request, const ExpressionSettings& settings,
                              base::Arena& arena) {
  const auto wrapping = Wrap(request);
  if (!wrapping) {
    return Refused(RequestError("check", "in CQL, a variable is a text, a number, a boolean or null"));
  }
  ExpressionOutcome outcome;
  cql::Analysis analysis = AnalyzeWrapped(request, *wrapping);
  for (cql::Diagnostic& found : analysis.findings) {
    TakeFinding(std::move(found), request, *wrapping, outcome);
  }
  if (!outcome.ok() || analysis.program == nullptr) return outcome;
  const auto library = std::make_shared<cql::CompiledLibrary>(std::move(analysis.program));

  model::ResourceIndex index(arena);
  index.Add(request.data);
  const auto patients = index.OfType(model::FindType("Patient"));
  cql::Inputs inputs;
  inputs.now = settings.now;
  inputs.offset_minutes = settings.offset_minutes;
  inputs.resources = &index;
  if (!patients.empty()) inputs.subject = model::ResourceNode(patients.front());
  std::shared_ptr<cql::Trace> trace;
  if (request.explanation == Explanation::kWanted) trace = std::make_shared<cql::Trace>(index);
  inputs.trace = trace.get();
  cql::Evaluation evaluation(*library, inputs, arena);
  outcome.value = evaluation.Define(wrapping->before.empty() ? kLoneDefine : kAddedDefine);
  if (evaluation.error()) {
    outcome.value = {};
    TakeFinding(*evaluation.error(), request, *wrapping, outcome);
  }
  outcome.trace = trace;
  outcome.keeps = library;
  return outcome;
}

}  // namespace

ExpressionOutcome EvaluateExpression(const ExpressionRequest& request, const ExpressionSettings& settings,
                                     base::Arena& arena) {
  if (request.data.exists() && !request.data.is_object()) {
    return Refused(RequestError("run", "the data is no FHIR resource"));
  }
  return request.language == ExpressionLanguage::kFhirPath ? EvaluateFhirPath(request, settings, arena)
                                                           : EvaluateCql(request, settings, arena);
}

}  // namespace osteon::server
