#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "server/store/sqlite_store.h"

namespace osteon::server {
namespace {

using namespace std::chrono_literals;

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("osteon-store-" + std::to_string(::getpid()) + "-" +
            ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(dir_);
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  SqliteStore::Options Options() const {
    SqliteStore::Options options;
    options.dir = dir_.string();
    options.busy_timeout = 20ms;
    options.retry_pause = 5ms;
    return options;
  }
  std::unique_ptr<SqliteStore> Open() { return Open(Options()); }
  std::unique_ptr<SqliteStore> Open(const SqliteStore::Options& options) {
    auto store = SqliteStore::Open(options);
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().public_text + store.error().log_detail);
    return store.ok() ? std::move(store).value() : nullptr;
  }
  std::string Query(const std::string& sql) const {
    sqlite3* database = nullptr;
    sqlite3_open((dir_ / "osteon.db").c_str(), &database);
    std::string result;
    sqlite3_exec(
        database, sql.c_str(),
        [](void* out, int columns, char** values, char**) {
          for (int i = 0; i < columns; ++i)
            *static_cast<std::string*>(out) += std::string(values[i] ? values[i] : "NULL") + "|";
          return 0;
        },
        &result, nullptr);
    sqlite3_close(database);
    return result;
  }

  std::filesystem::path dir_;
};

base::Uuid IdOf(int number) {
  return base::Uuid::FromName(base::Uuid{}, std::to_string(number));
}

std::shared_ptr<cds_hooks::Decision> MakeDecision(int number) {
  auto decision = std::make_shared<cds_hooks::Decision>();
  decision->id = IdOf(number);
  decision->now = base::Instant{1'000 + number};
  decision->service = "s";
  decision->hook = "patient-view";
  decision->hook_instance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea";
  decision->pack = "pack";
  decision->pack_version = "1.2.3";
  decision->pack_hash = "ab12";
  decision->rules = {{"A", "A.1", "MedicationRequest/1", cards::RuleStatus::kFired, ""},
                     {"B", "", "", cards::RuleStatus::kNotEvaluated, "missing:\"x\""}};
  decision->cards = {
      {IdOf(number + 1'000'000).ToString(), "A", "A.1", cards::Indicator::kCritical, {"sug-1"}}};
  decision->keys = {{"patient", cards::DataState::kPresent}};
  decision->warnings = {"patient_id_prefixed"};
  return decision;
}

cards::FeedbackItem Item(int decision, cards::FeedbackOutcome outcome, std::int64_t time_ms) {
  cards::FeedbackItem item;
  item.card = IdOf(decision + 1'000'000).ToString();
  item.outcome = outcome;
  item.outcome_timestamp = base::Instant{time_ms};
  return item;
}

base::Status Record(Store& store, std::shared_ptr<const cds_hooks::Decision> decision) {
  std::promise<base::Status> done;
  store.RecordDecision(std::move(decision), "client",
                       [&](base::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

base::Status Record(Store& store, std::vector<cards::FeedbackItem> items, std::string service = "s") {
  std::promise<base::Status> done;
  store.RecordFeedback({std::move(service), "client", base::Instant{5}, std::move(items)},
                       [&](base::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

// Records until it is taken; the store pauses between tries after a failure.
bool BecomesHealthy(Store& store, int number) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < deadline) {
    if (Record(store, MakeDecision(number)).ok()) return store.Healthy();
    std::this_thread::yield();
  }
  return false;
}

TEST_F(StoreTest, ADecisionIsDurableWhenDoneIsCalled) {
  auto store = Open();
  ASSERT_TRUE(Record(*store, MakeDecision(1)).ok());
  EXPECT_EQ(
      Query("SELECT time_ms, client, service, hook, pack, pack_version, pack_hash, warnings, keys FROM "
            "decision"),
      "1001|client|s|patient-view|pack|1.2.3|ab12|[\"patient_id_prefixed\"]|{\"patient\":\"present\"}|");
  EXPECT_EQ(Query("SELECT rule, row, draft, status, reason FROM decision_rule ORDER BY position"),
            "A|A.1|MedicationRequest/1|fired||B|||not_evaluated|missing:\"x\"|");
  EXPECT_EQ(Query("SELECT rule, row, indicator, suggestions FROM card"), "A|A.1|critical|[\"sug-1\"]|");
}

TEST_F(StoreTest, ManyDecisionsShareACommit) {
  constexpr int kCount = 2'000;
  auto store = Open();
  std::atomic<int> done{0};
  std::promise<void> all;
  for (int i = 0; i < kCount; ++i) {
    store->RecordDecision(MakeDecision(i), "client", [&](const base::Status& status) {
      EXPECT_TRUE(status.ok());
      if (done.fetch_add(1) + 1 == kCount) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_EQ(store->CountDecisions().value(), kCount);
  EXPECT_LT(store->stats().commits, kCount / 2U);
}

TEST_F(StoreTest, TheSameDecisionTwiceIsOneRow) {
  auto store = Open();
  ASSERT_TRUE(Record(*store, MakeDecision(1)).ok());
  ASSERT_TRUE(Record(*store, MakeDecision(1)).ok());
  EXPECT_EQ(store->CountDecisions().value(), 1);
  EXPECT_EQ(Query("SELECT count(*) FROM card"), "1|");
}

TEST_F(StoreTest, FeedbackIsIdempotent) {
  auto store = Open();
  const auto item = Item(1, cards::FeedbackOutcome::kAccepted, 7);
  ASSERT_TRUE(Record(*store, {item, item}).ok());
  ASSERT_TRUE(Record(*store, {item}).ok());
  EXPECT_EQ(Query("SELECT count(*) FROM feedback"), "1|");
  ASSERT_TRUE(Record(*store, {Item(1, cards::FeedbackOutcome::kAccepted, 8)}).ok());
  EXPECT_EQ(Query("SELECT count(*) FROM feedback"), "2|");
}

TEST_F(StoreTest, FeedbackIsCountedByRuleAndRowWithItsNewestOutcome) {
  auto store = Open();
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(Record(*store, MakeDecision(i)).ok());
  auto overridden = Item(2, cards::FeedbackOutcome::kOverridden, 20);
  overridden.override_reason = cards::Coding{"urn:x", "not-relevant", ""};
  ASSERT_TRUE(Record(*store, {Item(1, cards::FeedbackOutcome::kOverridden, 10), overridden}).ok());
  ASSERT_TRUE(Record(*store, {Item(1, cards::FeedbackOutcome::kAccepted, 11)}).ok());
  ASSERT_TRUE(Record(*store, {Item(77, cards::FeedbackOutcome::kAccepted, 1)}).ok());  // no such card
  ASSERT_TRUE(
      Record(*store, {Item(3, cards::FeedbackOutcome::kAccepted, 1)}, "t").ok());  // another service's

  const auto counts = store->CountFeedback();
  ASSERT_TRUE(counts.ok());
  ASSERT_EQ(counts.value().size(), 3U);
  const FeedbackCount& unknown = counts.value()[0];
  EXPECT_EQ(unknown.rule, "");
  EXPECT_EQ(unknown.accepted, 1);
  const FeedbackCount& known = counts.value()[1];
  EXPECT_EQ(known.service, "s");
  EXPECT_EQ(known.rule, "A");
  EXPECT_EQ(known.row, "A.1");
  EXPECT_EQ(known.pack_version, "1.2.3");
  EXPECT_EQ(known.shown, 4);
  EXPECT_EQ(known.accepted, 1);
  EXPECT_EQ(known.overridden, 1);
  ASSERT_EQ(known.override_reasons.size(), 1U);
  EXPECT_EQ(known.override_reasons[0].first, "not-relevant");
  EXPECT_EQ(counts.value()[2].service, "t");
  EXPECT_EQ(counts.value()[2].rule, "");
}

TEST_F(StoreTest, CardsThatAreNoUuidsAreKept) {
  auto store = Open();
  cards::FeedbackItem item = Item(1, cards::FeedbackOutcome::kAccepted, 1);
  item.card = "not a uuid";
  ASSERT_TRUE(Record(*store, {item}).ok());
  EXPECT_EQ(Query("SELECT card, card_uuid FROM feedback"), "not a uuid|NULL|");
}

TEST_F(StoreTest, EverythingIsThereAfterReopening) {
  Open();
  {
    auto store = Open();
    store->RecordDecision(MakeDecision(1), "client",
                          [](const base::Status& status) { EXPECT_TRUE(status.ok()); });
    store->Drain();
  }
  auto store = Open();
  EXPECT_EQ(store->CountDecisions().value(), 1);
  EXPECT_EQ(Query("SELECT version, name FROM schema_migrations"), "1|0001_init|2|0002_activations|");
}

TEST_F(StoreTest, ActivationsAreListedNewestFirstAndStayAsTheyAre) {
  auto store = Open();
  for (const char* why : {"first", "second"}) {
    std::promise<base::Status> done;
    store->RecordActivation({base::Instant{7}, "reload", "root", why, "b", "a", "a", "activated", ""},
                            [&](base::Status status) { done.set_value(std::move(status)); });
    ASSERT_TRUE(done.get_future().get().ok());
  }
  const auto list = store->ListActivations(10);
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->at(0).why, "second");
  EXPECT_EQ(list->at(0).when.ms, 7);
  EXPECT_EQ(list->at(1).why, "first");
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "osteon.db").c_str(), &other), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(other, "DELETE FROM activation", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(other, "UPDATE activation SET who = 'x'", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
}

TEST_F(StoreTest, AfterDrainNothingIsTaken) {
  auto store = Open();
  store->Drain();
  const auto status = Record(*store, MakeDecision(1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::kUnavailable);
}

TEST_F(StoreTest, ASecondOneOnTheSameFolderIsRefused) {
  auto store = Open();
  const auto second = SqliteStore::Open(Options());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, base::ErrorCode::kStore);
  EXPECT_NE(second.error().public_text.find("another osteon process"), std::string::npos);
}

TEST_F(StoreTest, ADatabaseOfANewerVersionIsRefused) {
  Open();
  Query("INSERT INTO schema_migrations VALUES (999, 'future', 0)");
  const auto store = SqliteStore::Open(Options());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, base::ErrorCode::kStore);
  EXPECT_NE(store.error().public_text.find("newer osteon (schema 999)"), std::string::npos);
}

TEST_F(StoreTest, AFileThatIsNoDatabaseIsRefused) {
  std::filesystem::create_directories(dir_);
  std::ofstream(dir_ / "osteon.db") << std::string(5'000, 'x');
  EXPECT_FALSE(SqliteStore::Open(Options()).ok());
}

TEST_F(StoreTest, AFullQueueRefusesAtOnce) {
  auto options = Options();
  options.queue_capacity = 1;
  options.busy_timeout = 10'000ms;
  auto store = Open(options);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "osteon.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  // One is with the writer, one in the queue; soon one is refused, on this thread.
  std::atomic<int> refused{0};
  for (int i = 0; i < 10 && refused == 0; ++i) {
    store->RecordDecision(MakeDecision(i), "client", [&](const base::Status& status) {
      if (!status.ok() && status.error().code == base::ErrorCode::kUnavailable) refused.fetch_add(1);
    });
  }
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(store->stats().refused, 1U);
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(other);
}

TEST_F(StoreTest, ALockedDatabaseIsReportedAndRecoveredFromWithoutLoss) {
  auto store = Open();
  ASSERT_TRUE(Record(*store, MakeDecision(1)).ok());
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "osteon.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto decision = Record(*store, MakeDecision(2));
  ASSERT_FALSE(decision.ok());
  EXPECT_EQ(decision.error().code, base::ErrorCode::kStore);
  EXPECT_FALSE(store->Healthy());
  EXPECT_FALSE(Record(*store, {Item(1, cards::FeedbackOutcome::kAccepted, 1)}).ok());

  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_TRUE(BecomesHealthy(*store, 3));
  // The second decision was reported as not durable, and kept.
  EXPECT_EQ(store->CountDecisions().value(), 3);
  EXPECT_EQ(Query("SELECT count(*) FROM feedback"), "0|");
  EXPECT_EQ(store->stats().lost, 0U);
}

TEST_F(StoreTest, HealthComesBackWithoutTraffic) {
  auto store = Open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "osteon.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_FALSE(Record(*store, {Item(1, cards::FeedbackOutcome::kAccepted, 1)}).ok());
  EXPECT_FALSE(store->Healthy());
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!store->Healthy() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(store->Healthy());
}

TEST_F(StoreTest, AFullDiskIsSurvivedAndNoDecisionLost) {
  auto store = Open();
  ASSERT_TRUE(Record(*store, MakeDecision(0)).ok());
  // The kernel refuses to let any file of this process grow beyond this: what a full disk looks like from
  // here.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full{256 * 1024, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  int failed = 0;
  int count = 1;
  for (; count < 100 && failed < 3; ++count) {
    auto decision = MakeDecision(count);
    decision->rules[0].reason = std::string(20'000, 'r');
    if (!Record(*store, decision).ok()) ++failed;
  }
  EXPECT_EQ(failed, 3);
  EXPECT_FALSE(store->Healthy());
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(BecomesHealthy(*store, count));
  EXPECT_EQ(store->CountDecisions().value(), count + 1);
  EXPECT_EQ(Query("PRAGMA integrity_check"), "ok|");
}

}  // namespace
}  // namespace osteon::server
