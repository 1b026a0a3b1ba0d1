#include "server/cli/backtest_verb.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "server/app.h"
#include "server/backtest/backtest.h"
#include "server/backtest/population.h"
#include "server/backtest/report.h"
#include "server/call.h"
#include "server/cli/eval_batch.h"
#include "server/cli/verbs.h"
#include "server/time_zone.h"

namespace osteon::server {

using json::operator""_key;

namespace {

base::Error Invalid(std::string text, std::string path) {
  return {base::ErrorCode::kInvalidConfig, std::move(text), {}, std::move(path)};
}

base::Result<std::shared_ptr<const cds_hooks::Catalog>> Load(const std::string& pack) {
  Config config;
  config.pack = pack;
  return LoadCatalog(config);
}

// A resource, or each of a Bundle's entries.
base::Status AddDrafts(const std::string& file, std::vector<std::string>& drafts) {
  const auto data = DataFile::Read(file);
  if (!data.ok()) return Invalid(data.error().public_text, file);
  const json::Value root = (*data)->root();
  const auto add = [&](json::Value order) -> base::Status {
    if (order["resourceType"_key].string().empty())
      return Invalid("holds something that is no resource", file);
    drafts.emplace_back(order.raw());
    return base::Ok{};
  };
  if (root["resourceType"_key].string() != "Bundle") return add(root);
  for (const json::Value entry : root["entry"_key]) OSTEON_RETURN_IF_ERROR(add(entry["resource"_key]));
  return base::Ok{};
}

base::Result<BacktestMoment> MomentOf(const std::string& at) {
  for (const auto moment :
       {BacktestMoment::kNow, BacktestMoment::kLastEncounter, BacktestMoment::kEveryEncounter}) {
    if (BacktestMomentName(moment) == at) return moment;
  }
  return Invalid("is now, last-encounter or every-encounter", "--at");
}

base::Status Write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return Invalid("cannot be written", file.string());
  return base::Ok{};
}

base::Result<BacktestSummary> Run(const BacktestCommand& command) {
  BacktestPlan plan;
  OSTEON_ASSIGN_OR_RETURN(plan.catalog, Load(command.pack));
  if (!command.against.empty()) {
    OSTEON_ASSIGN_OR_RETURN(plan.against, Load(command.against));
  }
  plan.hook = command.hook;
  OSTEON_ASSIGN_OR_RETURN(plan.moment, MomentOf(command.at));
  OSTEON_ASSIGN_OR_RETURN(const base::TimeZone zone, LoadTimeZone(command.time_zone));
  plan.zone = &zone;
  std::optional<base::Instant> now;
  if (!command.clock.empty()) {
    now = base::ParseInstant(command.clock);
    if (!now) return Invalid("is no RFC 3339 time", "--clock");
  }
  plan.now = MakeSource(now, std::nullopt)->Now();
  for (const std::string& file : command.drafts) OSTEON_RETURN_IF_ERROR(AddDrafts(file, plan.drafts));
  OSTEON_ASSIGN_OR_RETURN(plan.files, ListPopulation(command.patients));
  plan.jobs = command.jobs > 0 ? static_cast<unsigned>(command.jobs)
                               : std::max(1U, std::thread::hardware_concurrency());
  const std::filesystem::path out = command.out;
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) return Invalid("cannot be made", command.out);
  plan.journal = (out / "journal.ndjson").string();
  if (command.starts_anew) std::filesystem::remove(plan.journal, error);
  plan.shows_progress = isatty(STDERR_FILENO) != 0;
  OSTEON_ASSIGN_OR_RETURN(const auto results, RunBacktest(plan));
  BacktestSummary summary = Summarize(plan, results);
  OSTEON_RETURN_IF_ERROR(Write(out / "report.md", BacktestMarkdown(summary)));
  OSTEON_RETURN_IF_ERROR(Write(out / "report.json", BacktestJson(summary)));
  OSTEON_RETURN_IF_ERROR(Write(out / "report.html", BacktestHtml(summary)));
  return summary;
}

}  // namespace

int Backtest(const BacktestCommand& command) {
  const auto summary = Run(command);
  if (!summary.ok()) {
    PrintError(summary.error());
    return kExitUsage;
  }
  std::cout << BacktestMarkdown(*summary);
  return kExitOk;
}

}  // namespace osteon::server
