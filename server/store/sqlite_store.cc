#include "server/store/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "server/store/activation_rows.h"
#include "server/store/database.h"
#include "server/store/feedback_counts.h"
#include "server/store/row_writer.h"

namespace osteon::server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kCheckpointPages = 1'000;
constexpr int kLongestPauseFactor = 16;

struct DecisionItem {
  std::shared_ptr<const cds_hooks::Decision> decision;
  std::string client;
};

struct Item {
  std::variant<DecisionItem, FeedbackBatch, Activation> row;
  StoreDone done;
};

base::Error StoreError(std::string detail) {
  return base::Error{base::ErrorCode::kStore, "the decision store cannot take this now; try again later",
                     std::move(detail), ""};
}

base::Error QueueFull() {
  return base::Error{base::ErrorCode::kUnavailable, "overloaded; try again later",
                     "store queue full or closed", ""};
}

}  // namespace

struct SqliteStore::Impl {
  Impl(Options store_options, FolderLock folder_lock, Database writer_database, Database reader_database)
      : options(std::move(store_options)),
        lock(std::move(folder_lock)),
        database(std::move(writer_database)),
        reader(std::move(reader_database)) {}

  void Enqueue(Item item);
  void Run();
  void Commit(std::vector<Item> batch);
  bool WriteAll(std::vector<Item>& batch, std::vector<bool>& row_failed);
  bool WriteOne(Item& item);
  void Fail(std::vector<Item> batch, const std::string& detail);
  void Keep(Item item);
  bool Probe();
  void MarkFailed();

  const Options options;
  FolderLock lock;
  Database database;  // writer thread only, once it runs
  Statement begin, commit;
  std::optional<RowWriter> rows;
  std::mutex reader_mutex;
  Database reader;

  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<Item> queue;
  bool stopping = false;

  // Writer thread only.
  std::deque<Item> kept;  // decisions whose commit failed, oldest first
  std::chrono::milliseconds pause{0};
  Clock::time_point next_try{};

  std::atomic<bool> healthy{true};
  std::atomic<std::uint64_t> commits{0}, failed_commits{0}, refused{0}, lost{0};
  std::thread writer;
};

void SqliteStore::Impl::Enqueue(Item item) {
  {
    std::unique_lock guard(mutex);
    if (!stopping && queue.size() < options.queue_capacity) {
      queue.push_back(std::move(item));
      // The writer sleeps only when the queue is empty.
      const bool was_empty = queue.size() == 1;
      guard.unlock();
      if (was_empty) wake.notify_one();
      return;
    }
  }
  refused.fetch_add(1, std::memory_order_relaxed);
  item.done(QueueFull());
}

void SqliteStore::Impl::Run() {
  for (;;) {
    std::vector<Item> batch;
    bool last = false;
    {
      std::unique_lock guard(mutex);
      const auto ready = [&] { return !queue.empty() || stopping; };
      if (healthy.load()) {
        wake.wait(guard, ready);
      } else {
        wake.wait_until(guard, next_try, ready);
      }
      const std::size_t count = std::min(queue.size(), options.batch_rows);
      batch.reserve(count);
      std::move(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count), std::back_inserter(batch));
      queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count));
      last = stopping && queue.empty();
    }
    if (!healthy.load() && !last && Clock::now() < next_try) {
      Fail(std::move(batch), "waiting to try again");
    } else if (!batch.empty() || !kept.empty()) {
      Commit(std::move(batch));
    } else if (!healthy.load()) {
      Probe();
    }
    if (last) break;
  }
  // One last attempt for what the disk did not take earlier.
  if (!kept.empty()) Commit({});
  database.Checkpoint();
}

bool SqliteStore::Impl::WriteOne(Item& item) {
  if (auto* decision = std::get_if<DecisionItem>(&item.row))
    return rows->Write(*decision->decision, decision->client);
  if (const auto* activation = std::get_if<Activation>(&item.row))
    return WriteActivation(database, *activation);
  return rows->Write(std::get<FeedbackBatch>(item.row));
}

bool SqliteStore::Impl::WriteAll(std::vector<Item>& batch, std::vector<bool>& row_failed) {
  if (!begin.Execute()) return false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (WriteOne(batch[i])) continue;
    if (database.failure() == SqlFailure::kDatabase) return false;
    row_failed[i] = true;
  }
  return commit.Execute();
}

void SqliteStore::Impl::Commit(std::vector<Item> batch) {
  if (!kept.empty()) {
    std::vector<Item> with_kept;
    while (!kept.empty() && with_kept.size() < options.batch_rows) {
      with_kept.push_back(std::move(kept.front()));
      kept.pop_front();
    }
    std::move(batch.begin(), batch.end(), std::back_inserter(with_kept));
    batch = std::move(with_kept);
  }
  std::vector<bool> row_failed(batch.size(), false);
  if (!WriteAll(batch, row_failed)) {
    const std::string detail = database.FailureText();
    if (database.in_transaction()) (void)database.Run("ROLLBACK").ok();
    MarkFailed();
    Fail(std::move(batch), detail);
    return;
  }
  commits.fetch_add(1, std::memory_order_relaxed);
  healthy.store(true);
  pause = std::chrono::milliseconds{0};
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch[i].done) batch[i].done(row_failed[i] ? base::Status(StoreError("row refused")) : base::Ok{});
  }
  if (database.wal_pages() > kCheckpointPages) database.Checkpoint();
}

void SqliteStore::Impl::MarkFailed() {
  failed_commits.fetch_add(1, std::memory_order_relaxed);
  healthy.store(false);
  pause = pause.count() == 0 ? options.retry_pause
                             : std::min(pause * 2, options.retry_pause * kLongestPauseFactor);
  next_try = Clock::now() + pause;
}

void SqliteStore::Impl::Fail(std::vector<Item> batch, const std::string& detail) {
  for (Item& item : batch) {
    StoreDone done = std::move(item.done);
    item.done = nullptr;
    if (std::holds_alternative<DecisionItem>(item.row)) Keep(std::move(item));
    if (done) done(StoreError(detail));
  }
}

void SqliteStore::Impl::Keep(Item item) {
  if (kept.size() >= options.queue_capacity) {
    kept.pop_front();
    lost.fetch_add(1, std::memory_order_relaxed);
  }
  kept.push_back(std::move(item));
}

// Readiness keeps traffic away while commits fail; without a try of its own the store would never get well.
bool SqliteStore::Impl::Probe() {
  const bool works = database.Run("BEGIN IMMEDIATE").ok() &&
                     database.Run("UPDATE schema_migrations SET applied_ms = applied_ms").ok() &&
                     database.Run("COMMIT").ok();
  if (works) {
    healthy.store(true);
    pause = std::chrono::milliseconds{0};
    return true;
  }
  if (database.in_transaction()) (void)database.Run("ROLLBACK").ok();
  MarkFailed();
  return false;
}

SqliteStore::SqliteStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->writer = std::thread([this] { impl_->Run(); });
}

SqliteStore::~SqliteStore() {
  Drain();
}

base::Result<std::unique_ptr<SqliteStore>> SqliteStore::Open(const Options& options) {
  std::error_code ignored;  // the lock file reports a folder that could not be made
  std::filesystem::create_directories(options.dir, ignored);
  OSTEON_ASSIGN_OR_RETURN(FolderLock lock, FolderLock::Take(options.dir));
  const std::string path = options.dir + "/osteon.db";
  const int busy_ms = static_cast<int>(options.busy_timeout.count());
  OSTEON_ASSIGN_OR_RETURN(Database database, Database::Open(path, Database::Mode::kReadWrite, busy_ms));
  OSTEON_RETURN_IF_ERROR(database.Migrate(Migrations(), options.now_ms));
  OSTEON_ASSIGN_OR_RETURN(Database reader, Database::Open(path, Database::Mode::kReadOnly, busy_ms));
  auto impl = std::make_unique<Impl>(options, std::move(lock), std::move(database), std::move(reader));
  OSTEON_ASSIGN_OR_RETURN(impl->begin, impl->database.Prepare("BEGIN IMMEDIATE"));
  OSTEON_ASSIGN_OR_RETURN(impl->commit, impl->database.Prepare("COMMIT"));
  OSTEON_ASSIGN_OR_RETURN(RowWriter rows, RowWriter::Create(impl->database));
  impl->rows.emplace(std::move(rows));
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(impl)));
}

void SqliteStore::RecordDecision(std::shared_ptr<const cds_hooks::Decision> decision, std::string client,
                                 StoreDone done) {
  impl_->Enqueue(Item{DecisionItem{std::move(decision), std::move(client)}, std::move(done)});
}

void SqliteStore::RecordFeedback(FeedbackBatch batch, StoreDone done) {
  impl_->Enqueue(Item{std::move(batch), std::move(done)});
}

void SqliteStore::RecordActivation(Activation activation, StoreDone done) {
  impl_->Enqueue(Item{std::move(activation), std::move(done)});
}

base::Result<std::vector<Activation>> SqliteStore::ListActivations(std::size_t limit) {
  std::scoped_lock guard(impl_->reader_mutex);
  return ReadActivations(impl_->reader, limit);
}

base::Result<std::vector<FeedbackCount>> SqliteStore::CountFeedback() {
  std::scoped_lock guard(impl_->reader_mutex);
  return ReadFeedbackCounts(impl_->reader);
}

base::Result<std::int64_t> SqliteStore::CountDecisions() {
  std::scoped_lock guard(impl_->reader_mutex);
  OSTEON_ASSIGN_OR_RETURN(Statement count, impl_->reader.Prepare("SELECT count(*) FROM decision"));
  if (!count.Next()) return StoreError(impl_->reader.FailureText());
  return count.Integer(0);
}

bool SqliteStore::Healthy() const {
  return impl_->healthy.load(std::memory_order_relaxed);
}

void SqliteStore::Drain() {
  {
    std::scoped_lock guard(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_one();
  if (impl_->writer.joinable()) impl_->writer.join();
}

SqliteStore::Stats SqliteStore::stats() const {
  Stats stats;
  {
    std::scoped_lock guard(impl_->mutex);
    stats.queued = impl_->queue.size();
  }
  stats.commits = impl_->commits.load();
  stats.failed_commits = impl_->failed_commits.load();
  stats.refused = impl_->refused.load();
  stats.lost = impl_->lost.load();
  return stats;
}

}  // namespace osteon::server
