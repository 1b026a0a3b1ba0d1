// Every public test patient through patient-view with complete prefetch: at the vignettes' clock, and at
// encounters of their life with the chart as it was then. Also a bisphosphonate ordered at the last
// encounter.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cards/card_check.h"
#include "cds_hooks/chart_request.h"
#include "cds_hooks/engine.h"
#include "server/pack_bundle.h"
#include "server/pack_files.h"

namespace osteon::testing {
namespace {

constexpr std::string_view kToday = "2026-06-15";

using json::operator""_key;

std::string SharedDir() {
  const char* set = std::getenv("OSTEON_SHARED");
  return set != nullptr ? set : std::string(OSTEON_SOURCE_DIR) + "/../shared";
}

std::string ReadGzip(const std::filesystem::path& path) {
  const std::string command = "gzip -dc '" + path.string() + "'";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 1 << 16> chunk{};
  while (const std::size_t n = fread(chunk.data(), 1, chunk.size(), pipe.get())) text.append(chunk.data(), n);
  return text;
}

constexpr std::string_view kAlendronateDraft =
    R"({"resourceType":"MedicationRequest","id":"draft-1","status":"draft","intent":"order",)"
    R"("medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm",)"
    R"("code":"904431","display":"alendronic acid 70 MG Oral Tablet"}]}})";

class Patients : public ::testing::Test {
 protected:
  void SetUp() override {
    auto catalog = server::LoadRules({server::ShippedPackFolder()});
    ASSERT_TRUE(catalog.ok()) << catalog.error().public_text;
    catalog_ = std::move(catalog).value();
  }

  const cards::ServiceSpec& ServiceFor(std::string_view hook) const {
    const auto& services = catalog_->pack().services;
    return *std::find_if(services.begin(), services.end(), [&](const auto& s) { return s.hook == hook; });
  }

  void Run(std::string_view hook, json::Value bundle, const std::string& day, const std::string& moment,
           std::string_view draft = {}) {
    const cards::ServiceSpec& service = ServiceFor(hook);
    std::vector<std::string_view> drafts;
    if (!draft.empty()) drafts.push_back(draft);
    auto request = cds_hooks::ChartRequestMaker(service).Make(bundle, {day, drafts});
    ASSERT_TRUE(request.ok()) << request.error().public_text;
    const std::string& patient_id = request->patient_id;
    std::string& body = request->body;
    body.reserve(body.size() + json::kReadPadding);
    base::Arena arena;
    const base::TimeZone utc;
    const base::Instant now = *base::ParseInstant(day + "T10:00:00Z");
    cds_hooks::CallInput input{.service_id = service.id,
                               .body = body,
                               .decision_id = {},
                               .now = now,
                               .zone = &utc,
                               .source_url = ""};
    auto prepared = cds_hooks::Prepare(*catalog_, input, arena);
    ASSERT_TRUE(prepared.ok()) << prepared.error().public_text;
    EXPECT_TRUE(prepared->missing.empty());
    auto decision = cds_hooks::Decide(*prepared);
    ASSERT_TRUE(decision.ok()) << decision.error().public_text;
    EXPECT_GE(decision->rules.size(), catalog_->Find(service.id, hook)->rules.size())
        << "a rule without a status";
    for (const auto& rule : decision->rules) {
      ++statuses_[moment][rule.rule + " " + std::string(cards::RuleStatusName(rule.status)) +
                          (rule.row.empty() ? "" : " " + rule.row) +
                          (rule.reason.empty() ? "" : " (" + rule.reason + ")")];
      EXPECT_NE(rule.status, cards::RuleStatus::kError) << rule.reason;
    }
    std::string answer = decision->response_json;
    answer.reserve(answer.size() + json::kReadPadding);
    base::Arena answer_arena;
    auto tree = json::Tree::Read(answer, answer_arena);
    ASSERT_TRUE(tree.ok());
    EXPECT_TRUE(cards::CheckResponse((*tree)->root()).empty());
    ++calls_[moment];
    for (const auto& card : decision->cards)
      patients_[moment + "\t" + card.rule + " " + card.row].insert(patient_id);
    if (std::getenv("OSTEON_SHOW_CARDS") != nullptr && !decision->cards.empty()) {
      std::cout << "CARDS " << moment << " " << day << " " << patient_id << " " << decision->response_json
                << "\n";
    }
  }

  std::shared_ptr<const cds_hooks::Catalog> catalog_;
  std::map<std::string, std::map<std::string, int>> statuses_;
  std::map<std::string, int> calls_;
  std::map<std::string, std::set<std::string>> patients_;
};

TEST_F(Patients, AllGetAValidAnswerAndAStatusForEveryRule) {
  const std::filesystem::path root = SharedDir() + "/data/patients";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no public test patients at ../shared/data/patients";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".gz") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::string text = ReadGzip(file);
    text.reserve(text.size() + json::kReadPadding);
    base::Arena arena;
    auto tree = json::Tree::Read(text, arena);
    ASSERT_TRUE(tree.ok()) << file << tree.error().public_text;
    SCOPED_TRACE(file.string());
    const json::Value bundle = (*tree)->root();
    Run("patient-view", bundle, std::string(kToday), "patient-view today");
    const auto days = cds_hooks::EncounterDays(bundle, kToday);
    if (!days.empty()) {
      Run("order-sign", bundle, days.back(), "order-sign of alendronate at the last encounter",
          kAlendronateDraft);
    }
    // Every fifth encounter keeps the run short; OSTEON_EVERY_ENCOUNTER takes all.
    const std::size_t step = std::getenv("OSTEON_EVERY_ENCOUNTER") != nullptr ? 1 : 5;
    for (std::size_t i = 0; i < days.size(); i += step)
      Run("patient-view", bundle, days[i], "patient-view at encounters");
  }
  EXPECT_EQ(files.size(), 676U);
  for (const auto& [moment, counts] : statuses_) {
    std::cout << "--- " << moment << ": " << calls_[moment] << " calls\n";
    for (const auto& [what, count] : counts) std::cout << count << "\t" << what << "\n";
  }
  for (const auto& [row, who] : patients_) std::cout << row << " in " << who.size() << " patients\n";
}

}  // namespace
}  // namespace osteon::testing
