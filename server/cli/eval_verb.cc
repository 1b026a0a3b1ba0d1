#include "server/cli/eval_verb.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "server/call.h"
#include "server/cli/eval_batch.h"
#include "server/cli/repl.h"
#include "server/cli/verbs.h"
#include "server/time_zone.h"

namespace osteon::server {
namespace {

base::Error Invalid(std::string text, std::string path) {
  return {base::ErrorCode::kInvalidRequest, std::move(text), "", std::move(path)};
}

base::Result<ExpressionSettings> Settings(const ConfigInput& input) {
  OSTEON_ASSIGN_OR_RETURN(const Config config, LoadConfig(input));
  OSTEON_ASSIGN_OR_RETURN(const base::TimeZone zone, LoadTimeZone(config.time_zone));
  std::optional<base::Instant> now;
  if (!config.clock.empty()) now = base::ParseInstant(config.clock);
  ExpressionSettings settings;
  settings.now = MakeSource(now, std::nullopt)->Now();
  settings.offset_minutes = static_cast<std::int16_t>(zone.OffsetAt(settings.now) / 60);
  return settings;
}

// {"name": value, ...} from the "name=value" of the command line.
base::Result<std::string> VariablesText(const std::vector<std::string>& variables) {
  json::Writer out;
  out.StartObject();
  for (const std::string& variable : variables) {
    const std::size_t equals = variable.find('=');
    if (equals == 0 || equals == std::string::npos) return Invalid("is not name=value", "--var");
    out.Key(std::string_view(variable).substr(0, equals));
    std::string value = variable.substr(equals + 1);
    value.reserve(value.size() + json::kReadPadding);
    base::Arena arena;
    if (json::Tree::Read(value, arena).ok()) {
      out.Raw(value);
    } else {
      out.String(value);
    }
  }
  out.EndObject();
  return std::string(out.text());
}

base::Result<std::string> LibraryText(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return Invalid("there is no such file", path);
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Whether the expression had a value; without one, what a person types is answered until the input ends.
base::Result<bool> Evaluate(const ConfigInput& input, const ExpressionCommand& command) {
  OSTEON_ASSIGN_OR_RETURN(const ExpressionSettings settings, Settings(input));
  ExpressionRequest request;
  request.language = command.language;
  request.expression = command.expression;
  request.explanation = command.explanation;
  std::shared_ptr<const DataFile> data;
  if (!command.data_file.empty()) {
    auto read = DataFile::Read(command.data_file);
    if (!read.ok()) return Invalid(read.error().public_text, command.data_file);
    data = *std::move(read);
    request.data = data->root();
  }
  std::string library;
  if (!command.library_file.empty()) {
    OSTEON_ASSIGN_OR_RETURN(library, LibraryText(command.library_file));
    request.library = library;
  }
  OSTEON_ASSIGN_OR_RETURN(std::string variables, VariablesText(command.variables));
  variables.reserve(variables.size() + json::kReadPadding);
  base::Arena arena;
  OSTEON_ASSIGN_OR_RETURN(const json::Tree* tree, json::Tree::Read(variables, arena));
  request.variables = tree->root();
  if (command.expression.empty()) {
    Repl repl(request, settings);
    RunTerminal(repl);
    return true;
  }
  const ExpressionOutcome outcome = EvaluateExpression(request, settings, arena);
  std::cerr << outcome.report;
  if (command.as_json) {
    json::Writer out;
    WriteExplained(request, outcome, out);
    std::cout << out.text() << '\n';
  } else {
    if (outcome.ok()) std::cout << DisplayText(command.language, outcome.value);
    std::cout << ExplanationText(request, outcome);
  }
  return outcome.ok();
}

}  // namespace

int EvalExpression(const ConfigInput& input, const ExpressionCommand& command) {
  const auto evaluated = Evaluate(input, command);
  if (!evaluated.ok()) {
    PrintError(evaluated.error());
    return kExitUsage;
  }
  std::cout.flush();
  return *evaluated ? kExitOk : kExitUsage;
}

int EvalBatch(const ConfigInput& input) {
  const auto settings = Settings(input);
  if (!settings.ok()) {
    PrintError(settings.error());
    return kExitUsage;
  }
  RunBatch(std::cin, std::cout, *settings);
  return kExitOk;
}

std::optional<std::string> TakeExpression(std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string_view flag : {"--cql", "--fhirpath"}) {
      std::string& argument = arguments[i];
      if (!argument.starts_with(flag)) continue;
      if (argument.size() > flag.size() && argument[flag.size()] == '=') {
        std::string expression = argument.substr(flag.size() + 1);
        argument.resize(flag.size());
        return expression;
      }
      if (argument != flag || i + 1 == arguments.size() || arguments[i + 1].starts_with("--")) continue;
      std::string expression = std::move(arguments[i + 1]);
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      return expression;
    }
  }
  return std::nullopt;
}

}  // namespace osteon::server
