#include "cards/card_json.h"

#include <gtest/gtest.h>

#include "tests/testing/toy_pack.h"

namespace osteon::testing {
namespace {

std::string Written(const cards::Card& card) {
  json::Writer writer;
  cards::WriteCard(card, writer);
  return std::string(writer.text());
}

TEST(CardJson, ABareCardHoldsNoEmptyMemberG05G06) {
  cards::Card card;
  card.summary = "s";
  card.source.label = "l";
  EXPECT_EQ(Written(card), R"({"summary":"s","indicator":"info","source":{"label":"l"}})");
}

TEST(CardJson, EveryMemberHasItsPlace) {
  cards::Card card = ToyCard("s", cards::Indicator::kCritical);
  card.uuid = "0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11";
  card.source.url = "https://example.org/a";
  card.source.topic->display = "Rule T";
  card.selection_behavior = cards::SelectionBehavior::kAtMostOne;
  cards::Suggestion first{"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a12", "first", true, {}};
  first.actions.push_back(
      {cards::ActionType::kCreate, "add", R"({"resourceType":"ServiceRequest","id":"x"})", {}});
  first.actions.push_back({cards::ActionType::kDelete, "remove", {}, "MedicationRequest/m"});
  card.suggestions = {first, {{}, "second", false, {}}};
  card.links.push_back({"app", "https://example.org/launch", cards::LinkType::kSmart, "{\"a\":1}"});
  card.decision = {"d", "T", "T.1", "toy", "1.0.0"};
  EXPECT_EQ(
      Written(card),
      R"({"uuid":"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11","summary":"s","detail":"What was found, and what to do.",)"
      R"("indicator":"critical","source":{"label":"Toy rules","url":"https://example.org/a",)"
      R"("topic":{"code":"T","system":"urn:osteon:toy","display":"Rule T"}},"suggestions":[{"label":"first",)"
      R"("uuid":"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a12","isRecommended":true,"actions":[{"type":"create",)"
      R"("description":"add","resource":{"resourceType":"ServiceRequest","id":"x"}},{"type":"delete",)"
      R"("description":"remove","resourceId":"MedicationRequest/m"}]},{"label":"second"}],)"
      R"("selectionBehavior":"at-most-one","overrideReasons":[{"code":"no","system":"urn:osteon:toy",)"
      R"("display":"Does not apply"}],"links":[{"label":"Read more","url":"https://example.org/more",)"
      R"("type":"absolute"},{"label":"app","url":"https://example.org/launch","type":"smart",)"
      R"("appContext":"{\"a\":1}"}],"extension":{"org.osteon.decision":{"decision":"d","rule":"T","row":"T.1",)"
      R"("pack":"toy","version":"1.0.0"}}})");
}

}  // namespace
}  // namespace osteon::testing
