// The decision store: what was decided, and what clinicians did with it. A port: tests fake it, SQLite
// implements it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cards/feedback.h"
#include "cds_hooks/decision.h"
#include "fhir/base/result.h"

namespace osteon::server {

// Called exactly once, from the store's writer thread: after the row is on disk (WAL, full sync), or with
// what failed.
using StoreDone = std::function<void(base::Status)>;

struct FeedbackBatch {
  std::string service;
  std::string client;  // configured client name, or "anonymous"
  base::Instant received;
  std::vector<cards::FeedbackItem> items;
};

// One line of GET /admin/v1/feedback: how often a rule's row was shown and what became of it.
struct FeedbackCount {
  std::string service;
  std::string rule;  // empty: feedback for a card that no recorded decision holds
  std::string row;
  std::string pack_version;
  std::int64_t shown = 0;       // cards sent
  std::int64_t accepted = 0;    // cards whose newest feedback is accepted
  std::int64_t overridden = 0;  // cards whose newest feedback is overridden
  std::vector<std::pair<std::string, std::int64_t>> override_reasons;  // code -> cards
};

class Store {
 public:
  virtual ~Store() = default;

  // Never block: a full queue calls `done` with kUnavailable at once, on the caller's thread.
  virtual void RecordDecision(std::shared_ptr<const cds_hooks::Decision> decision, std::string client,
                              StoreDone done) = 0;
  // Idempotent: the same card, outcome and timestamp twice is one row.
  virtual void RecordFeedback(FeedbackBatch batch, StoreDone done) = 0;

  // Reads on the caller's thread, from committed rows.
  virtual base::Result<std::vector<FeedbackCount>> CountFeedback() = 0;
  // Rows in the decision table; for tests and the admin page.
  virtual base::Result<std::int64_t> CountDecisions() = 0;

  // True while commits succeed; readiness and the durable-before-answer wait look at it.
  virtual bool Healthy() const = 0;
  // Commits what is queued, then stops the writer. Called once, at shutdown.
  virtual void Drain() = 0;
};

}  // namespace osteon::server
