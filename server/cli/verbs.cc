#include "server/cli/verbs.h"

#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cds_hooks/engine.h"
#include "server/app.h"
#include "server/call.h"
#include "server/cli/parameters_page.h"
#include "server/error_outcome.h"
#include "server/time_zone.h"

namespace osteon::server {
namespace {

// Blocked before any thread starts, so that all threads leave these signals to the wait below.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

std::string ReadAll(const std::string& file) {
  std::string text;
  const auto read = [&](std::istream& in) { text.assign(std::istreambuf_iterator<char>(in), {}); };
  if (file == "-") {
    read(std::cin);
  } else {
    std::ifstream in(file, std::ios::binary);
    read(in);
  }
  return text;
}

base::Error Usage(std::string text) {
  return {base::ErrorCode::kInvalidRequest, std::move(text), "", ""};
}

// The id of the one service that answers the request's hook.
base::Result<std::string> FindService(const cds_hooks::Catalog& catalog, const std::string& body) {
  base::Arena arena;
  OSTEON_ASSIGN_OR_RETURN(const json::Tree* tree, json::Tree::Read(body, arena));
  const std::string_view hook = tree->root().Find("hook").string();
  std::string found;
  for (const auto& service : catalog.pack().services) {
    if (service.hook != hook) continue;
    if (!found.empty()) return Usage("several services answer this hook; name one with --service");
    found = service.id;
  }
  if (found.empty()) return Usage("no service answers this request's hook");
  return found;
}

base::Result<std::string> Evaluate(const Config& config, std::string body, std::string service) {
  OSTEON_ASSIGN_OR_RETURN(const auto catalog, LoadCatalog(config));
  OSTEON_ASSIGN_OR_RETURN(const base::TimeZone zone, LoadTimeZone(config.time_zone));
  body.reserve(body.size() + json::kReadPadding);
  if (service.empty()) {
    OSTEON_ASSIGN_OR_RETURN(service, FindService(*catalog, body));
  }
  std::optional<base::Instant> now;
  if (!config.clock.empty()) now = base::ParseInstant(config.clock);
  std::optional<std::string> seed;
  if (!config.ids_seed.empty()) seed = config.ids_seed;
  const auto source = MakeSource(now, std::move(seed));
  cds_hooks::CallInput input;
  input.service_id = service;
  input.body = body;
  input.decision_id = source->DecisionId(service, body);
  input.now = source->Now();
  input.zone = &zone;
  const std::string source_url = config.external_url.empty() ? "" : config.external_url + "/rules/";
  input.source_url = source_url;
  base::Arena arena;
  const json::ReadLimits limits{static_cast<std::size_t>(config.max_depth),
                                static_cast<std::size_t>(config.max_nodes)};
  OSTEON_ASSIGN_OR_RETURN(const auto prepared, cds_hooks::Prepare(*catalog, input, arena, limits));
  OSTEON_ASSIGN_OR_RETURN(auto decision, cds_hooks::Decide(prepared));
  return std::move(decision.response_json);
}

}  // namespace

void PrintError(const base::Error& error) {
  std::cerr << "osteon: " << error.path << (error.path.empty() ? "" : ": ") << error.public_text
            << (error.log_detail.empty() ? "" : " (" + error.log_detail + ")") << '\n';
}

int Serve(const ConfigInput& input) {
  const auto config = LoadConfig(input);
  if (!config.ok()) {
    PrintError(config.error());
    return kExitUsage;
  }
  const sigset_t signals = BlockStopSignals();
  auto app = App::Start(*config);
  if (!app.ok()) {
    PrintError(app.error());
    return kExitFailed;
  }
  const App::Addresses& addresses = (*app)->addresses();
  std::cout << "http " << addresses.http << "\ngrpc " << addresses.grpc << "\nadmin " << addresses.admin
            << std::endl;
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) (*app)->Reload("SIGHUP");
  // A second one ends at once.
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  (*app)->Stop();
  return kExitOk;
}

int Eval(const ConfigInput& input, const std::string& file, const std::string& service) {
  const auto config = LoadConfig(input);
  if (!config.ok()) {
    PrintError(config.error());
    return kExitUsage;
  }
  std::string body = ReadAll(file);
  if (body.empty()) {
    PrintError({base::ErrorCode::kInvalidRequest, "nothing to read", "", file});
    return kExitUsage;
  }
  const auto answer = Evaluate(*config, std::move(body), service);
  if (!answer.ok()) {
    PrintError(answer.error());
    return kExitUsage;
  }
  std::cout << *answer << std::endl;
  return kExitOk;
}

int PrintOptions() {
  std::cout << ConfigMarkdown();
  return kExitOk;
}

int PrintParameters() {
  const auto catalog = LoadCatalog(Config{});
  if (!catalog.ok()) {
    PrintError(catalog.error());
    return kExitFailed;
  }
  std::cout << ParametersMarkdown((*catalog)->pack());
  return kExitOk;
}

}  // namespace osteon::server
