// The decision store in one SQLite file: one writer thread, group commit, reads on a connection of their own.
// Why so: a synced commit per row gives hundreds of rows a second on an honest disk, a synced commit per
// batch tens of thousands, and nobody but the writer ever waits for the disk.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/store/activation_log.h"
#include "server/store/store.h"

namespace osteon::server {

class SqliteStore : public Store, public ActivationLog {
 public:
  struct Options {
    std::string dir;  // created when absent; holds osteon.db and osteon.lock
    std::size_t queue_capacity = 10'000;
    std::size_t batch_rows = 500;  // at most so many in one commit
    std::chrono::milliseconds busy_timeout{5'000};
    // After a failed commit: the first pause before the next try; doubled to at most 16 times.
    std::chrono::milliseconds retry_pause{250};
    std::int64_t now_ms = 0;  // for schema_migrations
  };
  struct Stats {
    std::size_t queued = 0;
    std::uint64_t commits = 0;
    std::uint64_t failed_commits = 0;
    std::uint64_t refused = 0;  // the queue was full
    std::uint64_t lost =
        0;  // decisions given up: the disk stayed full for longer than the queue could bridge
  };

  // kStore: folder not writable, held by another process, database newer than this binary or damaged.
  static base::Result<std::unique_ptr<SqliteStore>> Open(const Options& options);
  ~SqliteStore() override;

  // A decision whose commit fails is reported (kStore) and kept for the next try; feedback is not kept, its
  // sender repeats it.
  void RecordDecision(std::shared_ptr<const cds_hooks::Decision> decision, std::string client,
                      StoreDone done) override;
  void RecordFeedback(FeedbackBatch batch, StoreDone done) override;
  base::Result<std::vector<FeedbackCount>> CountFeedback() override;
  base::Result<std::int64_t> CountDecisions() override;
  void RecordActivation(Activation activation, StoreDone done) override;
  base::Result<std::vector<Activation>> ListActivations(std::size_t limit) override;
  bool Healthy() const override;
  void Drain() override;
  Stats stats() const;

 private:
  struct Impl;
  explicit SqliteStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::server
