// A backtest counts what the pack says over a folder of patients, whoever is fastest, and goes on where it
// was stopped.
#include "server/backtest/backtest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/backtest/population.h"
#include "server/backtest/report.h"
#include "tests/testing/moment.h"
#include "tests/testing/toy_pack.h"

namespace osteon::testing {
namespace {

namespace fs = std::filesystem;
using server::BacktestMoment;
using server::BacktestPlan;
using server::BacktestResult;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Chart(const std::string& id, bool has_condition,
                  const std::string& encounter_day = "2026-01-02") {
  std::string text =
      R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":")" + id +
      R"("}},{"resource":{"resourceType":"Encounter","id":"e1","subject":{"reference":"Patient/)" + id +
      R"("},"period":{"start":")" + encounter_day + R"("}}})";
  if (has_condition) {
    text += R"(,{"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/)" + id +
            R"("},"onsetDateTime":"2026-03-01"}})";
  }
  return text + "]}";
}

class Backtest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("osteon-backtest-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "in");
    Write("in/a.json", Chart("a", true));
    Write("in/b.ndjson", Chart("b1", false) + "\n\n" + Chart("b2", true) + "\nnot json\n");
    const gzFile packed = gzopen((folder_ / "in/c.json.gz").c_str(), "wb");
    const std::string text = Chart("c", true);
    gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
    gzclose(packed);
    Write("in/readme.txt", "not a patient");
    plan_.catalog = std::move(cds_hooks::Catalog::Create(MakeToyPack())).value();
    plan_.hook = "patient-view";
    plan_.now = Now();
    plan_.zone = &Utc();
    plan_.files = std::move(server::ListPopulation((folder_ / "in").string())).value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string Read(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<BacktestResult> Run() const {
    auto results = server::RunBacktest(plan_);
    EXPECT_TRUE(results.ok()) << results.error().public_text;
    return results.ok() ? std::move(results).value() : std::vector<BacktestResult>();
  }

  fs::path folder_;
  BacktestPlan plan_;
};

std::vector<std::string> Sources(const std::vector<BacktestResult>& results) {
  std::vector<std::string> sources;
  for (const BacktestResult& result : results) {
    sources.push_back(result.source + (result.failure.empty() ? "" : " " + result.failure));
  }
  return sources;
}

TEST_F(Backtest, ReadsFilesLinesAndGzipAndSaysWhatIsNoBundle) {
  EXPECT_THAT(Sources(Run()),
              ElementsAre("a.json", "b.ndjson:1", "b.ndjson:3", "b.ndjson:4 not_json", "c.json.gz"));
}

TEST_F(Backtest, CountsCardsStatusesAndFailures) {
  const auto summary = server::Summarize(plan_, Run());
  EXPECT_EQ(summary.patients, 5u);
  EXPECT_EQ(summary.calls, 4u);
  EXPECT_EQ(summary.cards, 3u);
  ASSERT_EQ(summary.rows.size(), 1u);
  EXPECT_EQ(summary.rows[0].row, "T.1");
  EXPECT_EQ(summary.rows[0].patients, 3u);
  EXPECT_THAT(summary.rows[0].examples, ElementsAre("a.json", "b.ndjson:3", "c.json.gz"));
  EXPECT_EQ(summary.statuses.at("T").at("fired T.1"), 3u);
  EXPECT_EQ(summary.statuses.at("T").at("not_fired"), 1u);
  EXPECT_EQ(summary.failures.at("not_json").size(), 1u);
}

TEST_F(Backtest, AsManyJobsAsOneLikesGiveTheSameReport) {
  const auto without_time = [](server::BacktestSummary summary) {
    summary.median_us = summary.p99_us = 0;
    return server::BacktestJson(summary);
  };
  const std::string one = without_time(server::Summarize(plan_, Run()));
  plan_.jobs = 4;
  EXPECT_EQ(without_time(server::Summarize(plan_, Run())), one);
}

TEST_F(Backtest, AChartIsLookedAtAsItWasThatDay) {
  plan_.moment = BacktestMoment::kLastEncounter;
  const auto results = Run();
  ASSERT_FALSE(results.empty());
  EXPECT_EQ(results[0].day, "2026-01-02");
  EXPECT_TRUE(results[0].cards.empty()) << "the condition began later";
}

TEST_F(Backtest, GoesOnWhereItWasStopped) {
  plan_.journal = (folder_ / "journal.ndjson").string();
  const auto whole = server::BacktestMarkdown(server::Summarize(plan_, Run()));
  std::string journal = Read("journal.ndjson");
  const std::size_t second = journal.find('\n', journal.find('\n') + 1);
  Write("journal.ndjson", journal.substr(0, second + 40));  // the head, one result, half a line
  EXPECT_EQ(Sources(Run()).size(), 5u);
  EXPECT_EQ(std::count(journal.begin(), journal.end(), '\n'), 6);
  journal = Read("journal.ndjson");
  EXPECT_EQ(std::count(journal.begin(), journal.end(), '\n'), 6);
  plan_.hook = "encounter-start";
  EXPECT_EQ(server::RunBacktest(plan_).error().code, base::ErrorCode::kInvalidConfig);
}

TEST_F(Backtest, NamesCardsThatAppearAndVanishAgainstAnotherPack) {
  std::vector<std::unique_ptr<const cards::Rule>> rules;
  rules.push_back(std::make_unique<ToyRule>("T", [](const cards::RuleInput& input) {
    std::vector<cards::RuleOutcome> outcomes;
    if (input.patient_id == "a") {
      outcomes.push_back(Fired("T", "T.1", ToyCard("The same", cards::Indicator::kWarning)));
    } else {
      outcomes.push_back(Fired("T", "T.9", ToyCard("Another")));
    }
    return outcomes;
  }));
  plan_.against = std::move(cds_hooks::Catalog::Create(MakeToyPack(std::move(rules)))).value();
  const auto summary = server::Summarize(plan_, Run());
  EXPECT_EQ(summary.unchanged, 1u);
  ASSERT_EQ(summary.changes.size(), 3u);
  EXPECT_EQ(summary.changes[0].source, "b.ndjson:1");
  EXPECT_THAT(summary.changes[0].appear, ElementsAre());
  EXPECT_THAT(summary.changes[0].vanish, ElementsAre("T.9 info"));
  EXPECT_THAT(summary.changes[1].appear, ElementsAre("T.1 warning"));
}

TEST_F(Backtest, AnOrderHookGetsTheDraftsOfThePlan) {
  plan_.hook = "order-select";
  plan_.drafts = {R"({"resourceType":"MedicationRequest","id":"d1","status":"draft"})"};
  const auto summary = server::Summarize(plan_, Run());
  ASSERT_EQ(summary.rows.size(), 1u);
  EXPECT_EQ(summary.rows[0].row, "T.2");
  EXPECT_EQ(summary.cards, 4u);
}

TEST_F(Backtest, ThePageIsSelfContainedAndDataCannotBecomeMarkup) {
  Write("in/a.json", "<b>&\"");
  auto summary = server::Summarize(plan_, Run());
  summary.repeated.emplace_back("<script>alert(1)</script>", 3);
  const std::string page = server::BacktestHtml(summary);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("<svg"));
}

TEST_F(Backtest, AFolderWithoutPatientsIsRefused) {
  EXPECT_EQ(server::ListPopulation((folder_ / "nowhere").string()).error().code,
            base::ErrorCode::kInvalidConfig);
}

}  // namespace
}  // namespace osteon::testing
