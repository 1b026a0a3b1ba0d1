#include "server/call.h"

#include <chrono>
#include <new>
#include <utility>

#include "cards/feedback.h"
#include "cards/rule.h"
#include "cds_hooks/engine.h"
#include "server/late_answers.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"

namespace osteon::server {
namespace {

using Clock = std::chrono::steady_clock;

// Arena of the thread: kept between requests, so that a request allocates next to nothing.
base::Arena& ThreadArena() {
  thread_local base::Arena arena(256 * 1024);
  arena.Reset();
  return arena;
}

base::Error Unavailable(std::string detail) {
  return base::Error{base::ErrorCode::kUnavailable, "overloaded; try again later", std::move(detail), ""};
}

base::Error ServiceNotFound() {
  return base::Error{base::ErrorCode::kServiceNotFound, "no service has this id", "", ""};
}

// Keeps the catalog, whose text the decision refers to, as long as the decision.
struct DecisionWithCatalog {
  std::shared_ptr<const cds_hooks::Catalog> catalog;
  cds_hooks::Decision decision;
};

}  // namespace

struct CallHandler::Timed {
  Clock::time_point start;
  std::string request_id;
  std::string service;  // as in the catalog, or "unknown"
  std::string_view transport;
  std::string decision;
};

CallHandler::CallHandler(std::shared_ptr<const cds_hooks::Catalog> catalog, Store& store, Source& source,
                         Metrics& metrics, Log& log, Options options)
    : catalog_(std::move(catalog)),
      store_(store),
      source_(source),
      metrics_(metrics),
      log_(log),
      options_(std::move(options)),
      late_(options_.store_wait.count() > 0 ? std::make_unique<LateAnswers>(options_.store_wait) : nullptr) {}

CallHandler::~CallHandler() = default;

base::Result<std::shared_ptr<cds_hooks::Decision>> CallHandler::Decide(const Call& call) {
  auto holder = std::make_shared<DecisionWithCatalog>();
  holder->catalog = catalog_.load();
  cds_hooks::CallInput input;
  input.service_id = call.service_id;
  input.body = call.body;
  input.decision_id = source_.DecisionId(call.service_id, call.body);
  input.now = source_.Now();
  input.zone = options_.zone;
  input.source_url = options_.source_url;
  base::Arena& arena = ThreadArena();
  OSTEON_ASSIGN_OR_RETURN(const auto prepared,
                          cds_hooks::Prepare(*holder->catalog, input, arena, options_.read_limits));
  OSTEON_ASSIGN_OR_RETURN(holder->decision, cds_hooks::Decide(prepared));
  return std::shared_ptr<cds_hooks::Decision>(holder, &holder->decision);
}

void CallHandler::Report(const Timed& timed, const base::Error* error, std::size_t cards) {
  const auto took = Clock::now() - timed.start;
  const base::ErrorRow* row = error != nullptr ? &base::Describe(error->code) : nullptr;
  metrics_.CountRequest(timed.service, timed.transport, row != nullptr ? row->name : "ok", took);
  RequestLine line;
  line.request_id = timed.request_id;
  line.transport = timed.transport;
  line.service = timed.service;
  line.decision = timed.decision;
  line.status = row != nullptr ? row->http_status : 200;
  line.error = row != nullptr ? row->name : std::string_view();
  line.detail = error != nullptr ? std::string_view(error->log_detail) : std::string_view();
  line.cards = cards;
  line.took = std::chrono::duration_cast<std::chrono::microseconds>(took);
  log_.Request(line);
}

void CallHandler::Handle(Call call, CallDone done) {
  auto timed = std::make_shared<Timed>();
  timed->start = Clock::now();
  timed->transport = call.transport;
  timed->request_id = std::move(call.request_id);
  timed->service = catalog()->HasService(call.service_id) ? call.service_id : "unknown";
  base::Result<std::shared_ptr<cds_hooks::Decision>> decided = Unavailable("out of memory");
  try {
    decided = Decide(call);
  } catch (const std::bad_alloc&) {
    // One request too large for the memory at hand; the others go on.
  }
  if (!decided.ok()) {
    Report(*timed, &decided.error(), 0);
    done(std::move(decided).error());
    return;
  }
  const std::shared_ptr<cds_hooks::Decision> decision = *decided;
  for (const auto& rule : decision->rules) metrics_.CountRule(rule.rule, cards::RuleStatusName(rule.status));
  for (const auto& card : decision->cards) metrics_.CountCard(card.rule, card.row);
  timed->decision = decision->id.ToString();
  std::string answer = std::move(decision->response_json);

  // The answer is clinical and leaves in any case; when the disk cannot keep up it leaves first, and that is
  // counted.
  auto pending = std::make_shared<PendingAnswer>(
      [this, timed, cards = decision->cards.size(), answer = std::move(answer),
       done = std::move(done)](PendingAnswer::Reason reason) mutable {
        if (reason == PendingAnswer::Reason::kLate) metrics_.CountLateAnswer();
        Report(*timed, nullptr, cards);
        done(std::move(answer));
      });
  const bool waits = late_ != nullptr && store_.Healthy();
  if (waits) late_->Add(pending);
  store_.RecordDecision(decision, std::move(call.client), [pending](const base::Status& status) {
    pending->Send(status.ok() ? PendingAnswer::Reason::kDurable : PendingAnswer::Reason::kLate);
  });
  if (!waits) pending->Send(PendingAnswer::Reason::kLate);
}

base::Result<FeedbackBatch> CallHandler::ReadFeedback(const Call& call) {
  if (!catalog()->HasService(call.service_id)) return ServiceNotFound();
  base::Arena& arena = ThreadArena();
  OSTEON_ASSIGN_OR_RETURN(const json::Tree* tree, json::Tree::Read(call.body, arena, options_.read_limits));
  FeedbackBatch batch;
  OSTEON_ASSIGN_OR_RETURN(batch.items, cards::ParseFeedback(tree->root()));
  batch.service = call.service_id;
  batch.client = call.client;
  batch.received = source_.Now();
  return batch;
}

void CallHandler::HandleFeedback(Call call, CallDone done) {
  auto timed = std::make_shared<Timed>();
  timed->start = Clock::now();
  timed->transport = call.transport;
  timed->request_id = std::move(call.request_id);
  timed->service = catalog()->HasService(call.service_id) ? call.service_id : "unknown";
  base::Result<FeedbackBatch> batch = Unavailable("out of memory");
  try {
    batch = ReadFeedback(call);
  } catch (const std::bad_alloc&) {
    // As in Handle.
  }
  if (!batch.ok()) {
    Report(*timed, &batch.error(), 0);
    done(std::move(batch).error());
    return;
  }
  std::size_t accepted = 0;
  for (const auto& item : batch->items) accepted += item.outcome == cards::FeedbackOutcome::kAccepted ? 1 : 0;
  const std::size_t overridden = batch->items.size() - accepted;
  store_.RecordFeedback(*std::move(batch),
                        [this, timed, accepted, overridden, done = std::move(done)](base::Status status) {
                          // What was acknowledged is durable; everything else is an error the client may
                          // repeat.
                          Report(*timed, status.ok() ? nullptr : &status.error(), 0);
                          if (!status.ok()) {
                            done(std::move(status).error());
                            return;
                          }
                          if (accepted > 0) metrics_.CountFeedback(timed->service, "accepted", accepted);
                          if (overridden > 0)
                            metrics_.CountFeedback(timed->service, "overridden", overridden);
                          done(std::string());
                        });
}

}  // namespace osteon::server
