#include "server/activation/activator.h"

#include <chrono>
#include <future>
#include <memory>
#include <new>
#include <utility>

#include "server/observe/log.h"
#include "server/observe/metrics.h"

namespace osteon::server {
namespace {

constexpr std::size_t kMostWaiting = 64;
constexpr std::chrono::seconds kStartWait{2};

std::string HashOnDisk(const BundleSource& source) {
  const auto bundle = ReadBundle(source);
  return bundle.ok() ? BundleHash(*bundle) : std::string();
}

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::string_view RulesOriginName(RulesOrigin origin) {
  constexpr std::string_view kNames[] = {"configured", "last_good", "rolled_back"};
  return kNames[static_cast<std::size_t>(origin)];
}

base::Result<StartRules> LoadStartRules(const BundleSource& source, const KeptPacks& kept) {
  StartRules start;
  base::Error error;
  if (auto bundle = ReadBundle(source); !bundle.ok()) {
    error = bundle.error();
    start.detail = error.public_text;
  } else {
    start.wanted = BundleHash(*bundle);
    if (kept.RolledBack() == start.wanted) {
      start.origin = RulesOrigin::kRolledBack;
      start.detail = "the configured version was rolled back";
    }
    const BundleLoading loading = LoadBundle(*bundle);
    if (loading.catalog != nullptr && start.origin == RulesOrigin::kConfigured) {
      start.bundle = *std::move(bundle);
      start.catalog = loading.catalog;
      return start;
    }
    if (loading.catalog == nullptr) {
      error = RefusalOf(loading);
      start.detail = BriefOf(loading.findings);
    }
  }
  if (start.origin != RulesOrigin::kRolledBack) start.origin = RulesOrigin::kLastGood;
  if (const auto active = kept.Active()) {
    if (auto bundle = kept.Read(*active); bundle.ok()) {
      start.bundle = *std::move(bundle);
      start.catalog = LoadBundle(start.bundle).catalog;
    }
  }
  if (start.catalog != nullptr) return start;
  if (error.public_text.empty())
    error = {base::ErrorCode::kInvalidConfig,
             "the configured version was rolled back, and no other can be served", "", "--pack"};
  return error;
}

Activator::Activator(Parts parts, const StartRules& start)
    : parts_(std::move(parts)),
      origin_(start.origin),
      served_(start.catalog->pack().content_hash),
      seen_(start.wanted) {
  ActivationOutcome outcome;
  const bool is_configured = start.origin == RulesOrigin::kConfigured;
  outcome.record = {parts_.clock.Now(),
                    std::string(ActivationActionName(ActivationAction::kStart)),
                    "start",
                    "the server started",
                    parts_.kept.Active().value_or(""),
                    served_,
                    start.wanted,
                    std::string(ActivationResultName(is_configured ? ActivationResult::kActivated
                                                                   : ActivationResult::kLastGood)),
                    start.detail};
  if (is_configured) {
    auto kept = parts_.kept.Keep(start.bundle, served_);
    if (kept.ok()) kept = parts_.kept.SetActive(served_);
    if (kept.ok()) kept = parts_.kept.SetRolledBack("");
    if (!kept.ok()) {
      parts_.log.Write(LogLevel::kWarn, "the rules are served, but cannot be kept on disk",
                       {{"detail", kept.error().log_detail}});
    }
  }
  // Not for ever: a start does not depend on the disk.
  const auto recorded = std::make_shared<std::promise<void>>();
  parts_.history.RecordActivation(outcome.record, [recorded](const base::Status&) { recorded->set_value(); });
  recorded->get_future().wait_for(kStartWait);
  parts_.metrics.SetPack(start.catalog->pack().id, start.catalog->pack().version, served_);
  Tell(outcome);
  thread_ = std::thread([this] { Run(); });
}

Activator::~Activator() {
  Stop();
}

void Activator::Submit(ActivationOrder order, Done done) {
  {
    std::scoped_lock guard(mutex_);
    if (!stopping_ && tasks_.size() < kMostWaiting) {
      tasks_.push_back({std::move(order), std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  ActivationOutcome outcome;
  outcome.error = base::Error{base::ErrorCode::kUnavailable, "not now; try again later", "", ""};
  if (done) done(outcome);
}

void Activator::Watch() {
  std::scoped_lock guard(mutex_);
  if (stopping_ || !tasks_.empty()) return;
  tasks_.push_back({});
  wake_.notify_one();
}

void Activator::Stop() {
  {
    std::scoped_lock guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  for (Task& task : tasks_) {
    ActivationOutcome outcome;
    outcome.error = base::Error{base::ErrorCode::kUnavailable, "the server is stopping", "", ""};
    if (task.done) task.done(outcome);
  }
  tasks_.clear();
}

void Activator::Run() {
  for (;;) {
    Task task;
    {
      std::unique_lock guard(mutex_);
      wake_.wait(guard, [&] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    ActivationOutcome outcome;
    try {
      if (!task.order) {
        LookAtFiles();
        continue;
      }
      outcome = Carry(*task.order);
    } catch (const std::bad_alloc&) {
      outcome.error =
          base::Error{base::ErrorCode::kUnavailable, "not enough memory for another version", "", ""};
    }
    if (task.done) task.done(outcome);
  }
}

void Activator::LookAtFiles() {
  const std::string now = HashOnDisk(parts_.source);
  const bool is_steady = now == std::exchange(changed_, now);
  if (now == seen_ || !is_steady) return;
  (void)Carry({ActivationAction::kWatch, "watch", "the files have changed", ""});
}

// Reads and compiles what the order is about; false: the outcome says why not.
bool Activator::Load(const ActivationOrder& order, PackBundle& bundle, ActivationOutcome& outcome) {
  const bool is_rollback = order.action == ActivationAction::kRollback;
  auto read = is_rollback ? parts_.kept.Read(order.to) : ReadBundle(parts_.source);
  if (!read.ok()) {
    if (!is_rollback) seen_.clear();
    outcome.error = read.error();
    outcome.record.detail = FirstLine(read.error().public_text);
    return false;
  }
  bundle = *std::move(read);
  outcome.record.wanted = BundleHash(bundle);
  seen_ = is_rollback ? HashOnDisk(parts_.source) : outcome.record.wanted;
  const BundleLoading loading = LoadBundle(bundle);
  loaded_ = loading.catalog;
  outcome.findings = loading.findings;
  outcome.record.detail = BriefOf(loading.findings);
  return loaded_ != nullptr;
}

ActivationOutcome Activator::Carry(const ActivationOrder& order) {
  ActivationOutcome outcome;
  Activation& record = outcome.record;
  record.when = parts_.clock.Now();
  record.action = ActivationActionName(order.action);
  record.who = order.who;
  record.why = order.why;
  record.before = record.after = served_;
  PackBundle bundle;
  if (Load(order, bundle, outcome)) {
    const bool is_same = record.wanted == served_;
    record.result =
        ActivationResultName(is_same ? ActivationResult::kUnchanged : ActivationResult::kActivated);
    record.after = record.wanted;
    if (const auto status = Commit(order, bundle, record); !status.ok()) {
      outcome.error = status.error();
      record.after = served_;
      record.result = ActivationResultName(ActivationResult::kRefused);
      record.detail = status.error().public_text;
    }
  } else {
    record.result = ActivationResultName(ActivationResult::kRefused);
    // Best effort: nothing has changed.
    (void)Record(record).ok();
  }
  loaded_.reset();
  Tell(outcome);
  return outcome;
}

// Disk first, so that what is served can be served again; the history next, so that no change goes
// unrecorded.
base::Status Activator::Commit(const ActivationOrder& order, const PackBundle& bundle,
                               const Activation& record) {
  const bool is_rollback = order.action == ActivationAction::kRollback;
  const bool stands_in = is_rollback && record.wanted != seen_;
  OSTEON_RETURN_IF_ERROR(parts_.kept.Keep(bundle, record.wanted));
  OSTEON_RETURN_IF_ERROR(parts_.kept.SetActive(record.wanted));
  if (const auto recorded = Record(record); !recorded.ok()) {
    (void)parts_.kept.SetActive(served_).ok();
    return recorded.error();
  }
  parts_.calls.Activate(loaded_);
  parts_.metrics.SetPack(loaded_->pack().id, loaded_->pack().version, record.wanted);
  served_ = record.wanted;
  origin_ = stands_in ? RulesOrigin::kRolledBack : RulesOrigin::kConfigured;
  if (const auto noted = parts_.kept.SetRolledBack(stands_in ? seen_ : ""); !noted.ok()) {
    parts_.log.Write(LogLevel::kWarn, "the next start will serve the configured rules again",
                     {{"detail", noted.error().log_detail}});
  }
  return base::Ok{};
}

base::Status Activator::Record(const Activation& record) {
  std::promise<base::Status> done;
  parts_.history.RecordActivation(record, [&](base::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

void Activator::Tell(const ActivationOutcome& outcome) {
  const Activation& record = outcome.record;
  parts_.metrics.CountActivation(record.action, record.result);
  parts_.metrics.SetServesConfigured(origin_.load() == RulesOrigin::kConfigured);
  const bool went_well = record.detail.empty();
  parts_.log.Write(
      went_well ? LogLevel::kInfo : LogLevel::kError,
      went_well ? "rules activated" : "the configured rules are not served; an earlier version is",
      {{"action", record.action},
       {"who", record.who},
       {"before", record.before},
       {"after", record.after},
       {"wanted", record.wanted},
       {"result", record.result},
       {"detail", record.detail},
       {"rules", RulesOriginName(origin_.load())}});
}

}  // namespace osteon::server
