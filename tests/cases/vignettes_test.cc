// The pack's vignettes: every card they want, in order, and no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "cards/card_check.h"
#include "cards/packs/perinatal_bone_health/rules.h"
#include "cds_hooks/engine.h"
#include "tests/cases/case_file.h"

namespace osteon::testing {
namespace {

using json::operator""_key;

std::shared_ptr<const cds_hooks::Catalog> ShippedCatalog() {
  static const auto catalog = [] {
    auto pack = cards::perinatal::MakePack({});
    EXPECT_TRUE(pack.ok());
    auto result = cds_hooks::Catalog::Create(std::move(pack).value());
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().log_detail);
    return std::move(result).value();
  }();
  return catalog;
}

const std::string kCasesFolder = std::string(OSTEON_SOURCE_DIR) + "/cards/packs/perinatal_bone_health/cases";

std::string_view RowOf(json::Value card) {
  return card["extension"_key].Find("org.osteon.decision").Find("row").string();
}

// All raw resource texts of the card's create actions.
std::vector<std::string> Created(json::Value card) {
  std::vector<std::string> created;
  for (json::Value suggestion : card["suggestions"_key]) {
    for (json::Value action : suggestion["actions"_key]) {
      if (action["type"_key].string() == "create") created.emplace_back(action["resource"_key].raw());
    }
  }
  return created;
}

// Whether an action deletes `resource_id`; "" asks for any.
bool Deletes(json::Value card, const std::string& resource_id) {
  for (json::Value suggestion : card["suggestions"_key]) {
    for (json::Value action : suggestion["actions"_key]) {
      if (action["type"_key].string() != "delete") continue;
      if (resource_id.empty() || action.Find("resourceId").string() == resource_id) return true;
    }
  }
  return false;
}

bool CreatesCode(const std::vector<std::string>& created, const std::string& code) {
  return std::any_of(created.begin(), created.end(), [&](const std::string& json) {
    return json.find("\"" + code + "\"") != std::string::npos;
  });
}

void ExpectCard(json::Value card, const WantedCard& want) {
  const std::string text =
      std::string(card["summary"_key].string()) + "\n" + std::string(card["detail"_key].string());
  EXPECT_EQ(RowOf(card), want.row);
  EXPECT_EQ(card["indicator"_key].string(), want.indicator);
  if (!want.deletes.empty()) {
    EXPECT_TRUE(Deletes(card, want.deletes)) << "no action deletes " << want.deletes;
  }
  if (!want.begins.empty()) {
    EXPECT_TRUE(card["summary"_key].string().starts_with(want.begins) ||
                card["detail"_key].string().starts_with(want.begins))
        << text;
  }
  for (const auto& part : want.says)
    EXPECT_NE(text.find(part), std::string::npos) << "not said: " << part << "\n" << text;
  for (const auto& part : want.says_none) EXPECT_EQ(text.find(part), std::string::npos) << "said: " << part;
  if (want.deletes_none) {
    EXPECT_FALSE(Deletes(card, "")) << "an action deletes";
  }
  const auto created = Created(card);
  for (const auto& code : want.creates) EXPECT_TRUE(CreatesCode(created, code)) << "not created: " << code;
  for (const auto& code : want.creates_none) EXPECT_FALSE(CreatesCode(created, code)) << "created: " << code;
}

class Vignette : public ::testing::TestWithParam<Case> {};

TEST_P(Vignette, RaisesExactlyItsCards) {
  const Case& vignette = GetParam();
  const auto catalog = ShippedCatalog();
  const base::TimeZone utc;
  std::string body = vignette.request_json;
  body.reserve(body.size() + json::kReadPadding);
  base::Arena arena;
  const std::string service = "perinatal-bone-health-" + vignette.hook;
  cds_hooks::CallInput input{.service_id = service,
                             .body = body,
                             .decision_id = {},
                             .now = *base::ParseInstant(vignette.now),
                             .zone = &utc,
                             .source_url = "https://osteon.example/rules/"};
  auto prepared = cds_hooks::Prepare(*catalog, input, arena);
  ASSERT_TRUE(prepared.ok()) << prepared.error().public_text << " " << prepared.error().path;
  EXPECT_TRUE(prepared->missing.empty());
  auto decision = cds_hooks::Decide(*prepared);
  ASSERT_TRUE(decision.ok()) << decision.error().public_text;

  for (const auto& rule : decision->rules) {
    EXPECT_NE(rule.status, cards::RuleStatus::kError) << rule.rule << " " << rule.reason;
    const bool doubt = std::count(vignette.doubts.begin(), vignette.doubts.end(), rule.rule) > 0;
    EXPECT_EQ(rule.status == cards::RuleStatus::kNotEvaluated, doubt) << rule.rule << " " << rule.reason;
  }
  if (std::getenv("OSTEON_SHOW_CARDS") != nullptr)
    std::cout << "CARDS " << vignette.id << " " << decision->response_json << "\n";
  std::string answer = decision->response_json;
  answer.reserve(answer.size() + json::kReadPadding);
  base::Arena answer_arena;
  auto tree = json::Tree::Read(answer, answer_arena);
  ASSERT_TRUE(tree.ok());
  for (const auto& finding : cards::CheckResponse((*tree)->root())) {
    ADD_FAILURE() << "card checker: " << finding.rule << " at " << finding.path;
  }
  const json::Value cards = (*tree)->root()["cards"_key];
  std::string rows;
  for (json::Value card : cards) rows += std::string(RowOf(card)) + " ";
  ASSERT_EQ(cards.size(), vignette.want.size()) << "rows: " << rows;
  for (std::size_t i = 0; i < vignette.want.size(); ++i) ExpectCard(cards.At(i), vignette.want[i]);
}

// Rules D to G exist in the data pack only.
bool NeedsRulesDToG(const std::string& stem) {
  return stem == "vignettes_defg" || (stem.starts_with("rule_") && stem.size() > 5 && stem[5] >= 'd');
}

std::vector<Case> AllCases() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kCasesFolder)) {
    if (entry.path().extension() != ".yaml" || NeedsRulesDToG(entry.path().stem().string())) continue;
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<Case> all;
  for (const auto& file : files) {
    for (auto& one : LoadCases(file, ShippedCatalog()->pack())) all.push_back(std::move(one));
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(OfTheDocument, Vignette, ::testing::ValuesIn(AllCases()),
                         [](const auto& param_info) { return param_info.param.id; });

TEST(Vignettes, AreTheThirtySixThatConcernRulesAToC) {
  EXPECT_EQ(LoadCases(kCasesFolder + "/vignettes.yaml", ShippedCatalog()->pack()).size(), 36U);
}

}  // namespace
}  // namespace osteon::testing
