#include "server/cli/cli.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

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

void AddOptions(CLI::App& verb, ConfigInput& input) {
  for (const OptionRow& row : OptionTable()) {
    const std::string flag(row.flag);
    verb.add_option_function<std::string>(
            flag, [&input, flag](const std::string& value) { input.flags[flag] = value; }, HelpOf(row))
        ->type_name(row.unit.empty() ? "TEXT" : std::string(row.unit));
  }
  verb.add_option("--parameter", input.parameters, "KEY=VALUE: a parameter of the rule pack; may be repeated")
      ->type_name("KEY=VALUE");
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App app("osteon: clinical decision support over CDS Hooks 2.0.1, HTTP/JSON and gRPC", "osteon");
  app.set_version_flag("--version", "osteon " + std::string(kVersion));
  app.require_subcommand(1);
  ConfigInput input;
  input.environment = [](const char* name) -> const char* { return std::getenv(name); };

  std::string pack;
  CLI::App* serve =
      app.add_subcommand("serve", "serve CDS Hooks over HTTP and gRPC, the admin API, metrics, health");
  AddOptions(*serve, input);
  serve->add_option("--pack", pack)->group("");

  std::string file = "-";
  std::string service;
  CLI::App* eval =
      app.add_subcommand("eval", "answer one CDS Hooks request from a file; exit status 2 on errors");
  AddOptions(*eval, input);
  eval->add_option("--service", service, "service id; needed when several services answer the hook");
  eval->add_option("FILE", file, "the request, - for standard input")->capture_default_str();

  bool markdown = false;
  CLI::App* config = app.add_subcommand("config", "print every option");
  config->add_flag("--markdown", markdown, "as a Markdown page (the only form)");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kExitOk : kExitUsage;
  }
  if (!pack.empty()) {
    PrintError({base::ErrorCode::kInvalidConfig,
                "not yet available: this version serves the pack that is built in (perinatal_bone_health)",
                "", "--pack"});
    return kExitUsage;
  }
  if (*serve) return Serve(input);
  if (*eval) return Eval(input, file, service);
  std::cout << ConfigMarkdown();
  return kExitOk;
}

}  // namespace osteon::server
