// Every public test patient through patient-view with complete prefetch, at two moments: the vignettes'
// clock, and the day of the patient's last recorded activity (when a chart would really be opened).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "cards/card_check.h"
#include "cards/packs/perinatal_bone_health/rules.h"
#include "cds_hooks/engine.h"
#include "fhir/json/writer.h"

namespace osteon::testing {
namespace {

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

// True when a search by this template would return the resource: its type, and its code where the template
// lists codes.
bool Matches(const cards::PrefetchTemplate& prefetch, const model::Resource& resource) {
  if (std::find(prefetch.types.begin(), prefetch.types.end(), resource.type()) == prefetch.types.end())
    return false;
  if (prefetch.query.find("code=") == std::string_view::npos) return true;
  for (json::Value coding : resource.json["code"_key]["coding"_key]) {
    const auto c = model::CodingOf(coding);
    const std::string wanted = std::string(c.system) + "|" + std::string(c.code);
    const auto at = prefetch.query.find(wanted);
    if (at == std::string_view::npos) continue;
    const auto after = at + wanted.size();
    if (after == prefetch.query.size() || isalnum(prefetch.query[after]) == 0) return true;
  }
  return false;
}

std::string RequestFor(const cards::ServiceSpec& service, json::Value bundle, std::string& patient_id) {
  std::vector<model::Resource> resources;
  for (json::Value entry : bundle["entry"_key]) resources.push_back(model::Resource{entry["resource"_key]});
  std::string_view patient;
  for (const auto& resource : resources) {
    if (resource.type() == "Patient") {
      patient_id = resource.id();
      patient = resource.json.raw();
    }
  }
  json::Writer w;
  w.StartObject()
      .Member("hook", "patient-view")
      .Member("hookInstance", "5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42");
  w.Key("context")
      .StartObject()
      .Member("userId", "Practitioner/u1")
      .Member("patientId", patient_id)
      .EndObject();
  w.Key("prefetch").StartObject();
  for (const auto& prefetch : service.prefetch) {
    if (prefetch.key == "encounter") continue;
    w.Key(prefetch.key);
    if (prefetch.key == "patient") {
      w.Raw(patient);
      continue;
    }
    w.StartObject().Member("resourceType", "Bundle").Member("type", "searchset").Key("entry").StartArray();
    for (const auto& resource : resources) {
      if (resource.type() != "Patient" && Matches(prefetch, resource)) {
        w.StartObject().Key("resource").Raw(resource.json.raw()).EndObject();
      }
    }
    w.EndArray().EndObject();
  }
  w.EndObject().EndObject();
  return std::string(w.text());
}

// The newest day written in any date of the bundle, not after the vignettes' clock.
base::Instant LastActivity(const std::string& text) {
  static const std::regex date(
      R"re("(?:effectiveDateTime|onsetDateTime|recordedDate|authoredOn|start)":"(\d{4}-\d{2}-\d{2}))re");
  std::string newest = "1990-01-01";
  for (std::sregex_iterator it(text.begin(), text.end(), date), end; it != end; ++it) {
    const std::string day = (*it)[1];
    if (day > newest && day <= "2026-06-15") newest = day;
  }
  return *base::ParseInstant(newest + "T23:00:00Z");
}

class Patients : public ::testing::Test {
 protected:
  void SetUp() override {
    auto pack = cards::perinatal::MakePack({});
    ASSERT_TRUE(pack.ok());
    auto catalog = cds_hooks::Catalog::Create(std::move(pack).value());
    ASSERT_TRUE(catalog.ok());
    catalog_ = std::move(catalog).value();
  }

  void Run(const std::string& request, base::Instant now, const char* moment) {
    std::string body = request;
    body.reserve(body.size() + json::kReadPadding);
    base::Arena arena;
    const base::TimeZone utc;
    cds_hooks::CallInput input{.service_id = "perinatal-bone-health-patient-view",
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
    EXPECT_GE(decision->rules.size(), catalog_->pack().rules.size()) << "a rule without a status";
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
    if (std::getenv("OSTEON_SHOW_CARDS") != nullptr && !decision->cards.empty()) {
      std::cout << moment << " " << base::FormatInstant(now) << " " << decision->response_json << "\n";
    }
  }

  std::shared_ptr<const cds_hooks::Catalog> catalog_;
  std::map<std::string, std::map<std::string, int>> statuses_;
};

TEST_F(Patients, AllGetAValidAnswerAndAStatusForEveryRule) {
  const std::filesystem::path root = SharedDir() + "/data/patients";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no public test patients at ../shared/data/patients";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".gz") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  const auto& service = catalog_->pack().services;
  const auto spec =
      std::find_if(service.begin(), service.end(), [](const auto& s) { return s.hook == "patient-view"; });
  ASSERT_NE(spec, service.end());
  int patients = 0;
  for (const auto& file : files) {
    std::string text = ReadGzip(file);
    text.reserve(text.size() + json::kReadPadding);
    base::Arena arena;
    auto tree = json::Tree::Read(text, arena);
    ASSERT_TRUE(tree.ok()) << file << tree.error().public_text;
    std::string patient_id;
    const std::string request = RequestFor(*spec, (*tree)->root(), patient_id);
    ASSERT_FALSE(patient_id.empty()) << file;
    SCOPED_TRACE(file.string());
    Run(request, *base::ParseInstant("2026-06-15T10:00:00Z"), "2026-06-15");
    Run(request, LastActivity(text), "last activity");
    ++patients;
  }
  EXPECT_EQ(patients, 676);
  for (const auto& [moment, counts] : statuses_) {
    std::cout << "--- " << patients << " patients at " << moment << "\n";
    for (const auto& [what, count] : counts) std::cout << count << "\t" << what << "\n";
  }
}

}  // namespace
}  // namespace osteon::testing
