#include "server/backtest/backtest.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <set>
#include <thread>

#include "cards/rule.h"
#include "cds_hooks/chart_request.h"
#include "cds_hooks/engine.h"
#include "server/backtest/journal.h"
#include "server/backtest/population.h"

namespace osteon::server {

using json::operator""_key;

namespace {

constexpr std::string_view kClockTime = "T12:00:00Z";

const cards::ServiceSpec* ServiceOf(const cds_hooks::Catalog& catalog, std::string_view hook) {
  for (const cards::ServiceSpec& service : catalog.pack().services) {
    if (service.hook == hook) return &service;
  }
  return nullptr;
}

// One pack's side of the run.
struct Side {
  const cds_hooks::Catalog* catalog;
  const cards::ServiceSpec* service;
  cds_hooks::ChartRequestMaker maker;
};

std::string StatusText(const cds_hooks::RuleRecord& rule) {
  std::string text(cards::RuleStatusName(rule.status));
  if (!rule.row.empty()) text += " " + rule.row;
  if (!rule.reason.empty()) text += " (" + rule.reason + ")";
  return text;
}

void TakeCards(const cds_hooks::Decision& decision, std::vector<BacktestCard>& out) {
  std::string answer = decision.response_json;
  answer.reserve(answer.size() + json::kReadPadding);
  base::Arena arena;
  const auto tree = json::Tree::Read(answer, arena);
  if (!tree.ok()) return;
  std::size_t at = 0;
  for (const json::Value card : (*tree)->root()["cards"_key]) {
    if (at >= decision.cards.size()) return;
    const cds_hooks::CardRecord& record = decision.cards[at++];
    out.push_back({record.rule,
                   record.row,
                   {},
                   std::string(cards::IndicatorCode(record.indicator)),
                   std::string(card["summary"_key].string())});
  }
}

class Worker {
 public:
  Worker(const BacktestPlan& plan, const Side& side, const Side* other)
      : plan_(plan), side_(side), other_(other), drafts_(plan.drafts.begin(), plan.drafts.end()) {}

  std::vector<BacktestResult> Patient(const std::string& source, const std::string& text) const {
    base::Arena arena;
    const auto tree = json::Tree::Read(text, arena);
    if (!tree.ok()) return {Failed(source, "not_json")};
    const json::Value chart = (*tree)->root();
    if (plan_.moment == BacktestMoment::kNow) return {One(source, chart, {})};
    const std::string today = base::FormatDay(base::DayOf(plan_.now, *plan_.zone));
    std::vector<std::string> days = cds_hooks::EncounterDays(chart, today);
    if (plan_.moment == BacktestMoment::kLastEncounter && days.size() > 1)
      days.erase(days.begin(), days.end() - 1);
    if (days.empty()) return {Failed(source, "no_encounter")};
    std::vector<BacktestResult> results;
    for (const std::string& day : days) results.push_back(One(source, chart, day));
    return results;
  }

  static BacktestResult Failed(const std::string& source, std::string why) {
    BacktestResult result;
    result.source = source;
    result.failure = std::move(why);
    return result;
  }

 private:
  BacktestResult One(const std::string& source, json::Value chart, const std::string& day) const {
    BacktestResult result;
    result.source = source;
    result.day = day;
    Ask(side_, chart, result, result.cards, true);
    if (other_ != nullptr && result.failure.empty()) Ask(*other_, chart, result, result.other_cards, false);
    return result;
  }

  void Ask(const Side& side, json::Value chart, BacktestResult& result, std::vector<BacktestCard>& cards,
           bool is_main) const {
    auto request = side.maker.Make(chart, {result.day, drafts_});
    if (!request.ok()) {
      result.failure = request.error().public_text;
      return;
    }
    result.patient = request->patient_id;
    std::string body = std::move(request->body);
    body.reserve(body.size() + json::kReadPadding);
    cds_hooks::CallInput input;
    input.service_id = side.service->id;
    input.body = body;
    input.now = plan_.now;
    if (!result.day.empty()) {
      if (const auto then = base::ParseInstant(result.day + std::string(kClockTime))) input.now = *then;
    }
    input.zone = plan_.zone;
    const auto began = std::chrono::steady_clock::now();
    base::Arena arena;
    const auto prepared = cds_hooks::Prepare(*side.catalog, input, arena);
    const auto decision = prepared.ok() ? cds_hooks::Decide(*prepared) : prepared.error();
    const auto took = std::chrono::steady_clock::now() - began;
    if (!decision.ok()) {
      result.failure = decision.error().public_text;
      return;
    }
    TakeCards(*decision, cards);
    if (!is_main) return;
    result.microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    for (const cds_hooks::RuleRecord& rule : decision->rules) {
      std::string& status = result.statuses[rule.rule];
      status += (status.empty() ? "" : "; ") + StatusText(rule);
    }
  }

  const BacktestPlan& plan_;
  const Side& side_;
  const Side* other_;
  std::vector<std::string_view> drafts_;
};

// A line that is written over and over on a terminal.
class Progress {
 public:
  Progress(std::size_t files, bool is_shown) : files_(files), is_shown_(is_shown) {}
  ~Progress() {
    if (is_shown_) std::fputc('\n', stderr);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Show(std::size_t done) const {
    constexpr int kWidth = 40;
    if (!is_shown_ || files_ == 0) return;
    const int filled = static_cast<int>(done * kWidth / files_);
    std::fprintf(stderr, "\r[%-*.*s] %zu of %zu files", kWidth, filled,
                 "########################################", done, files_);
  }

 private:
  std::size_t files_;
  bool is_shown_;
};

}  // namespace

std::string_view BacktestMomentName(BacktestMoment moment) {
  constexpr std::string_view kNames[] = {"now", "last-encounter", "every-encounter"};
  return kNames[static_cast<std::size_t>(moment)];
}

base::Result<std::vector<BacktestResult>> RunBacktest(const BacktestPlan& plan) {
  const auto side_of = [&](const cds_hooks::Catalog& catalog) -> base::Result<Side> {
    const cards::ServiceSpec* const service = ServiceOf(catalog, plan.hook);
    if (service == nullptr) {
      return base::Error{
          base::ErrorCode::kInvalidConfig, "no service of the pack answers this hook", {}, "--hook"};
    }
    return Side{&catalog, service, cds_hooks::ChartRequestMaker(*service)};
  };
  OSTEON_ASSIGN_OR_RETURN(const Side side, side_of(*plan.catalog));
  std::optional<Side> other;
  if (plan.against != nullptr) {
    OSTEON_ASSIGN_OR_RETURN(other, side_of(*plan.against));
  }
  Journal journal;
  OSTEON_RETURN_IF_ERROR(journal.Open(plan));
  std::vector<BacktestResult> results = journal.TakeEarlier();
  std::set<std::string> known;
  for (const BacktestResult& result : results) known.insert(result.source);

  const Worker worker(plan, side, other ? &*other : nullptr);
  const Progress progress(plan.files.size(), plan.shows_progress);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // results, journal, progress
  std::size_t done = 0;
  const auto run = [&] {
    for (std::size_t at = next++; at < plan.files.size(); at = next++) {
      std::vector<BacktestResult> of_file;
      const base::Status read =
          ReadPopulationFile(plan.files[at], [&](const std::string& name, const std::string& text) {
            if (known.contains(name)) return;
            for (BacktestResult& result : worker.Patient(name, text)) of_file.push_back(std::move(result));
          });
      if (!read.ok()) of_file.push_back(Worker::Failed(plan.files[at], read.error().public_text));
      const std::lock_guard lock(mutex);
      for (BacktestResult& result : of_file) {
        journal.Append(result);
        results.push_back(std::move(result));
      }
      journal.Flush();
      progress.Show(++done);
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < plan.jobs; ++i) threads.emplace_back(run);
  run();
  threads.clear();
  OSTEON_RETURN_IF_ERROR(journal.Close());
  std::sort(results.begin(), results.end(), [](const BacktestResult& a, const BacktestResult& b) {
    return std::tie(a.source, a.day) < std::tie(b.source, b.day);
  });
  return results;
}

}  // namespace osteon::server
