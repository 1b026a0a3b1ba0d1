#include "server/cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "server/cli/backtest_verb.h"
#include "server/cli/check_verb.h"
#include "server/cli/eval_verb.h"
#include "server/cli/test_verb.h"
#include "server/cli/verbs.h"
#include "server/version.h"

namespace osteon::server {
namespace {

std::string HelpOf(const OptionRow& row) {
  std::string help(row.help);
  if (const std::string range = RangeText(row); !range.empty()) help += " [" + range + "]";
  if (!row.default_value.empty()) {
    help += " (default " + std::string(row.default_value) +
            (row.unit.empty() ? "" : " " + std::string(row.unit)) + ")";
  }
  return help + " [" + EnvironmentName(row) + "]";
}

//   without: a flag that the verb uses in another sense; empty: none.
void AddOptions(CLI::App& verb, ConfigInput& input, std::string_view without = {}) {
  for (const OptionRow& row : OptionTable()) {
    if (row.flag == without) continue;
    const std::string flag(row.flag);
    verb.add_option_function<std::string>(
            flag, [&input, flag](const std::string& value) { input.flags[flag] = value; }, HelpOf(row))
        ->type_name(row.unit.empty() ? "TEXT" : std::string(row.unit));
  }
  verb.add_option("--parameter", input.parameters, "KEY=VALUE: a parameter of the rule pack; may be repeated")
      ->type_name("KEY=VALUE");
}

struct EvalOptions {
  std::string file = "-";
  std::string service;
  bool fhirpath = false;
  bool cql = false;
  bool batch = false;
  bool explain = false;
  ExpressionCommand expression;
};

CLI::App* AddEval(CLI::App& app, ConfigInput& input, EvalOptions& options) {
  CLI::App* eval = app.add_subcommand(
      "eval", "answer one CDS Hooks request from a file, or evaluate an expression; exit status 2 on errors");
  AddOptions(*eval, input, "--data");
  eval->add_option("--service", options.service, "service id; needed when several services answer the hook");
  auto* fhirpath = eval->add_flag("--fhirpath", options.fhirpath,
                                  "EXPRESSION: evaluate this FHIRPath expression; without one, ask for them");
  auto* cql = eval->add_flag("--cql", options.cql, "EXPRESSION: the same for CQL");
  auto* batch = eval->add_flag("--batch", options.batch,
                               "evaluate expressions from standard input, one JSON object a line: id, "
                               "language (fhirpath or cql), expression, data (path or resource), variables");
  fhirpath->excludes(cql)->excludes(batch);
  cql->excludes(batch);
  eval->add_option("--data", options.expression.data_file,
                   "the resource or Bundle that the expression looks at, as JSON")
      ->type_name("FILE");
  eval->add_option("--library", options.expression.library_file,
                   "a CQL library whose definitions the expression may use")
      ->type_name("FILE")
      ->needs(cql);
  eval->add_flag("--explain", options.explain,
                 "also every definition's value, the resources it rests on and the definitions it uses")
      ->needs(cql);
  eval->add_flag("--json", options.expression.as_json,
                 "the value (and explanation) of an expression as JSON");
  eval->add_option("--var", options.expression.variables,
                   "NAME=VALUE: %NAME in FHIRPath, a definition in CQL; VALUE is JSON or else a text; may be "
                   "repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  eval->add_option("FILE", options.file, "the request, - for standard input")->capture_default_str();
  return eval;
}

int RunEval(const ConfigInput& input, EvalOptions& options, std::optional<std::string> expression) {
  if (options.batch) return EvalBatch(input);
  if (!options.cql && !options.fhirpath) return Eval(input, options.file, options.service);
  options.expression.language = options.cql ? ExpressionLanguage::kCql : ExpressionLanguage::kFhirPath;
  if (options.explain) options.expression.explanation = Explanation::kWanted;
  options.expression.expression = std::move(expression).value_or("");
  return EvalExpression(input, options.expression);
}

CLI::App* AddTest(CLI::App& app, TestCommand& command) {
  CLI::App* test = app.add_subcommand(
      "test", "run the cases of a rule pack; exit status 1 when one fails, 2 when the pack is wrong");
  test->add_option("PACK", command.pack, "folder of the rule pack")->required();
  test->add_option("--case", command.only, "ID: run only this case; may be repeated")
      ->allow_extra_args(false)
      ->type_name("ID");
  test->add_option("--parameter", command.parameters, "KEY=VALUE: a parameter of the pack; may be repeated")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  test->add_flag("--show", command.shows_answers, "print each case's answer");
  test->add_flag(
      "--mutate", command.mutates,
      "put one small mistake after another into the pack and name those that no case notices; takes "
      "minutes");
  return test;
}

struct CheckOptions {
  std::string pack;
  std::string schema;
  bool json = false;
};

CLI::App* AddCheck(CLI::App& app, CheckOptions& options) {
  CLI::App* check = app.add_subcommand(
      "check",
      "name every mistake of a rule pack; exit status 1 when there are any, 2 without such a folder");
  auto* pack = check->add_option("PACK", options.pack, "folder of the rule pack");
  check->add_flag("--json", options.json, "as one JSON object");
  check
      ->add_option("--schema", options.schema,
                   "pack, rule or value-set: print the JSON Schema of such a file, for editors, instead")
      ->type_name("NAME")
      ->excludes(pack);
  return check;
}

CLI::App* AddBacktest(CLI::App& app, BacktestCommand& command) {
  CLI::App* backtest = app.add_subcommand(
      "backtest", "run a rule pack over a population: cards per rule and row, alert load, what changes");
  backtest->add_option("PACK", command.pack, "folder of the rule pack")->required();
  backtest
      ->add_option("--patients", command.patients,
                   "folder with one Bundle a file (.json) or a line (.ndjson), gzipped or not")
      ->required();
  backtest->add_option("--hook", command.hook, "hook that is fired for each patient")->capture_default_str();
  backtest
      ->add_option("--at", command.at,
                   "now, last-encounter or every-encounter, with the chart as it was that day")
      ->capture_default_str();
  backtest->add_option("--against", command.against,
                       "folder of another pack: whose cards appear, vanish, change");
  backtest
      ->add_option("--draft", command.drafts,
                   "FILE: an order, or a Bundle of orders, for order hooks; may be repeated")
      ->allow_extra_args(false)
      ->type_name("FILE");
  backtest->add_option("--clock", command.clock, "the time that counts as now (default the system's)");
  backtest->add_option("--site-timezone", command.time_zone, "whole days are counted in it")
      ->capture_default_str();
  backtest
      ->add_option("--out", command.out,
                   "folder of the reports and of the journal that a stopped run goes on from")
      ->capture_default_str();
  backtest->add_option("--jobs", command.jobs, "threads; 0 = one per core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  backtest->add_flag("--anew", command.starts_anew, "forget the journal");
  return backtest;
}

int RunCheck(const CheckOptions& options) {
  if (!options.schema.empty()) return PrintSchema(options.schema);
  return Check(options.pack, options.json ? CheckOutput::kJson : CheckOutput::kText);
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App app("osteon: clinical decision support over CDS Hooks 2.0.1, HTTP/JSON and gRPC", "osteon");
  app.set_version_flag("--version", "osteon " + std::string(kVersion));
  app.require_subcommand(1);
  ConfigInput input;
  input.environment = [](const char* name) -> const char* { return std::getenv(name); };

  CLI::App* serve =
      app.add_subcommand("serve", "serve CDS Hooks over HTTP and gRPC, the admin API, metrics, health");
  AddOptions(*serve, input);

  EvalOptions eval_options;
  const CLI::App* eval = AddEval(app, input, eval_options);

  TestCommand test_command;
  const CLI::App* test = AddTest(app, test_command);

  CheckOptions check_options;
  const CLI::App* check = AddCheck(app, check_options);

  BacktestCommand backtest_command;
  const CLI::App* backtest = AddBacktest(app, backtest_command);

  bool markdown = false;
  bool parameters = false;
  CLI::App* config = app.add_subcommand("config", "print every option");
  config->add_flag("--markdown", markdown, "as a Markdown page (the only form)");
  config->add_flag("--parameters", parameters, "the parameters of the rule pack instead");

  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  std::optional<std::string> expression;
  if (!arguments.empty() && arguments.front() == "eval") expression = TakeExpression(arguments);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kExitOk : kExitUsage;
  }
  if (*serve) return Serve(input);
  if (*eval) return RunEval(input, eval_options, std::move(expression));
  if (*test) return Test(test_command);
  if (*check) return RunCheck(check_options);
  if (*backtest) return Backtest(backtest_command);
  return parameters ? PrintParameters() : PrintOptions();
}

}  // namespace osteon::server
