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
#include "cards/packs/perinatal_bone_health/rules.h"
#include "cds_hooks/engine.h"
#include "fhir/json/writer.h"

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

// The day a resource is about, "" when it has none.
std::string_view DayOf(const model::Resource& resource) {
  for (const json::Value value :
       {resource.json["effectiveDateTime"_key], resource.json["effectivePeriod"_key]["start"_key],
        resource.json["onsetDateTime"_key], resource.json["recordedDate"_key],
        resource.json["authoredOn"_key], resource.json["performedDateTime"_key],
        resource.json["performedPeriod"_key]["start"_key], resource.json["period"_key]["start"_key]}) {
    if (value.is_string()) return value.string().substr(0, 10);
  }
  return {};
}

// The resource as the chart held it on `day`: what ended later had not ended yet.
std::string AsOf(const model::Resource& resource, const std::string& day) {
  json::Writer w;
  w.StartObject();
  const bool is_condition = resource.type() == "Condition";
  const auto ends_later = [&](json::Value end) {
    return end.is_string() && end.string().substr(0, 10) > day;
  };
  const bool abated_later = is_condition && ends_later(resource.json["abatementDateTime"_key]);
  for (json::Value member : resource.json) {
    if (member.name() == "deceasedDateTime" && ends_later(member)) continue;
    if (abated_later && member.name() == "abatementDateTime") continue;
    w.Key(member.name());
    if (abated_later && member.name() == "clinicalStatus") {
      w.Raw(
          R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]})");
    } else if (member.is_string()) {
      w.String(member.string());
    } else {
      w.Raw(member.raw());
    }
  }
  w.EndObject();
  return std::string(w.text());
}

std::string RequestFor(const cards::ServiceSpec& service, json::Value bundle, const std::string& day,
                       std::string& patient_id, std::string_view draft = {}) {
  std::vector<model::Resource> resources;
  for (json::Value entry : bundle["entry"_key]) resources.push_back(model::Resource{entry["resource"_key]});
  std::string patient;
  for (const auto& resource : resources) {
    if (resource.type() == "Patient") {
      patient_id = resource.id();
      patient = AsOf(resource, day);
    }
  }
  json::Writer w;
  w.StartObject().Member("hook", service.hook).Member("hookInstance", "5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42");
  w.Key("context").StartObject().Member("userId", "Practitioner/u1").Member("patientId", patient_id);
  if (!draft.empty()) {
    w.Key("draftOrders").StartObject().Member("resourceType", "Bundle").Key("entry").StartArray();
    w.StartObject().Key("resource").Raw(draft).EndObject().EndArray().EndObject();
  }
  w.EndObject();
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
      if (resource.type() == "Patient" || !Matches(prefetch, resource) || DayOf(resource) > day) continue;
      w.StartObject().Key("resource").Raw(AsOf(resource, day)).EndObject();
    }
    w.EndArray().EndObject();
  }
  w.EndObject().EndObject();
  return std::string(w.text());
}

// The days of the bundle's encounters up to the vignettes' clock, ascending, each once.
std::vector<std::string> EncounterDays(json::Value bundle) {
  std::vector<std::string> days;
  for (json::Value entry : bundle["entry"_key]) {
    const model::Resource resource{entry["resource"_key]};
    if (resource.type() == "Encounter" && !DayOf(resource).empty() && DayOf(resource) <= kToday) {
      days.emplace_back(DayOf(resource));
    }
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

constexpr std::string_view kAlendronateDraft =
    R"({"resourceType":"MedicationRequest","id":"draft-1","status":"draft","intent":"order",)"
    R"("medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm",)"
    R"("code":"904431","display":"alendronic acid 70 MG Oral Tablet"}]}})";

class Patients : public ::testing::Test {
 protected:
  void SetUp() override {
    auto pack = cards::perinatal::MakePack({});
    ASSERT_TRUE(pack.ok());
    auto catalog = cds_hooks::Catalog::Create(std::move(pack).value());
    ASSERT_TRUE(catalog.ok());
    catalog_ = std::move(catalog).value();
  }

  const cards::ServiceSpec& ServiceFor(std::string_view hook) const {
    const auto& services = catalog_->pack().services;
    return *std::find_if(services.begin(), services.end(), [&](const auto& s) { return s.hook == hook; });
  }

  void Run(std::string_view hook, json::Value bundle, const std::string& day, const std::string& moment,
           std::string_view draft = {}) {
    std::string patient_id;
    const cards::ServiceSpec& service = ServiceFor(hook);
    std::string body = RequestFor(service, bundle, day, patient_id, draft);
    ASSERT_FALSE(patient_id.empty());
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
    const auto days = EncounterDays(bundle);
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
