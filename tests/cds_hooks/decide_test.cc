// From a prepared request to the answer and its record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cards/card_check.h"
#include "tests/cds_hooks/call.h"
#include "tests/testing/chart_reader.h"

namespace osteon::testing {
namespace {

using cards::DataState;
using cards::Indicator;
using cards::RuleStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ViewBody(std::string_view prefetch) {
  return Body("patient-view", kChartContext, prefetch);
}

template <typename... Rules>
std::vector<std::unique_ptr<const cards::Rule>> RulesOf(Rules... rules) {
  std::vector<std::unique_ptr<const cards::Rule>> list;
  (list.push_back(std::move(rules)), ...);
  return list;
}

std::unique_ptr<const cards::Rule> RuleThat(std::string_view id, ToyRule::Evaluator evaluator) {
  return std::make_unique<ToyRule>(id, std::move(evaluator));
}

std::unique_ptr<const cards::Rule> RuleWithCard(std::string_view id, cards::Card card) {
  return RuleThat(id, [id, card](const cards::RuleInput&) {
    return std::vector<cards::RuleOutcome>{Fired(id, std::string(id) + ".1", card)};
  });
}

TEST(Decide, ACardReachesTheAnswerCompleteAndValidS01) {
  const Call call(ToyCatalog(), "toy-patient-view", ViewBody(kFullPrefetch));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok()) << decision.error().public_text;
  const std::string uuid = base::Uuid::FromName(DecisionId(), "T|T.1|").ToString();
  EXPECT_EQ(
      decision->response_json,
      R"({"cards":[{"uuid":")" + uuid +
          R"(","summary":"There is a condition","detail":"What was found, and what to do.","indicator":"warning",)"
          R"("source":{"label":"Toy rules","url":"https://cds.example.org/rules/T",)"
          R"("topic":{"code":"T","system":"urn:osteon:toy"}},)"
          R"("overrideReasons":[{"code":"no","system":"urn:osteon:toy","display":"Does not apply"}],)"
          R"("links":[{"label":"Read more","url":"https://example.org/more","type":"absolute"}],)"
          R"("extension":{"org.osteon.decision":{"decision":"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11","rule":"T",)"
          R"("row":"T.1","pack":"toy","version":"1.0.0"}}}]})");
  EXPECT_THAT(cards::CheckResponse(Document(decision->response_json)), IsEmpty());
  ASSERT_EQ(decision->cards.size(), 1u);
  EXPECT_EQ(decision->cards[0].uuid, uuid);
  EXPECT_EQ(decision->service, "toy-patient-view");
  EXPECT_EQ(decision->hook, "patient-view");
  EXPECT_EQ(decision->hook_instance, kInstance);
  ASSERT_EQ(decision->keys.size(), 3u);
  EXPECT_EQ(decision->keys[1].state, DataState::kPresent);
  EXPECT_EQ(decision->keys[2].state, DataState::kNotApplicable);
}

TEST(Decide, AProblemBeingRecordedCountsBeforeTheStoredOneOfItsId) {
  const std::string context = std::string(kChartContext) +
                              R"(,"conditions":{"resourceType":"Bundle","entry":[)"
                              R"({"resource":{"resourceType":"Condition","id":"c1"}}]})";
  const auto cards_of = [&](std::string_view prefetch) {
    const Call call(ToyCatalog(), "toy-problem", Body("problem-list-item-create", context, prefetch));
    const auto decision = call.Decide();
    return decision.ok() ? decision->cards.size() : 99;
  };
  EXPECT_EQ(cards_of(kFullPrefetch), 1u);
  EXPECT_EQ(cards_of(R"(,"prefetch":{"patient":null,"conditions":null})"), 1u);
}

TEST(Decide, TheSameCallGivesTheSameBytes) {
  const auto catalog = ToyCatalog();
  const Call first(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  const Call second(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  EXPECT_EQ(first.Decide()->response_json, second.Decide()->response_json);
}

TEST(Decide, NothingToSayIsAnEmptyArrayS02) {
  const Call call(
      ToyCatalog(), "toy-patient-view",
      ViewBody(R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1"},"conditions":null})"));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->response_json, R"({"cards":[]})");
  ASSERT_EQ(decision->rules.size(), 1u);
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kNotFired);
}

// P-09 to P-14, S-04: the prefetch outcome matrix for a needed key.
TEST(Decide, OnlyUnansweredNeededKeysAreMissingDataP14) {
  const auto catalog = ToyCatalog();
  const auto outcome = [&](std::string_view conditions) {
    const std::string prefetch =
        R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1"})" +
        (conditions.empty() ? std::string() : R"(,"conditions":)" + std::string(conditions)) + "}";
    const Call call(catalog, "toy-patient-view", ViewBody(prefetch));
    const auto decision = call.Decide();
    if (decision.ok()) return std::string("200");
    EXPECT_EQ(decision.error().code, base::ErrorCode::kMissingData);
    return decision.error().path;
  };
  EXPECT_EQ(outcome(""), "prefetch.conditions");                                            // P-09
  EXPECT_EQ(outcome("null"), "200");                                                        // P-10
  EXPECT_EQ(outcome(R"({"resourceType":"Bundle","type":"searchset"})"), "200");             // P-11
  EXPECT_EQ(outcome(R"({"resourceType":"Bundle","type":"searchset","entry":[]})"), "200");  // P-11
  EXPECT_EQ(outcome(R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})"),
            "prefetch.conditions");  // P-12
  EXPECT_EQ(outcome(R"({"resourceType":"Bundle","link":[{"relation":"next","url":"x"}]})"),
            "prefetch.conditions");                        // P-06b
  EXPECT_EQ(outcome("{}"), "prefetch.conditions");         // protocol violation
  EXPECT_EQ(outcome(R"("text")"), "prefetch.conditions");  // protocol violation
  EXPECT_EQ(outcome(R"({"resourceType":"Observation"})"), "prefetch.conditions");
}

TEST(Decide, MissingDataNamesTheKeysToThePersonWhoReadsIt) {
  const Call call(ToyCatalog(), "toy-patient-view", Body("patient-view", kChartContext));
  const auto decision = call.Decide();
  ASSERT_FALSE(decision.ok());
  EXPECT_EQ(decision.error().path, "prefetch.patient,prefetch.conditions");
  EXPECT_THAT(decision.error().public_text, HasSubstr("patient, conditions"));
}

TEST(Decide, WhatWasFetchedFillsInForPrefetchP13P15) {
  const Call call(ToyCatalog(), "toy-patient-view", Body("patient-view", kChartContext));
  const Document patient(R"({"resourceType":"Patient","id":"p1"})");
  const Document conditions(
      R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","id":"c"}}]})");
  const auto decision = call.Decide({{"patient", patient}, {"conditions", conditions}});
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->cards.size(), 1u);
  EXPECT_FALSE(call.Decide({{"patient", patient}, {"conditions", {}}}).ok());
}

TEST(Decide, DoubtsAloneAreNoMissingDataCRD06) {
  const auto catalog = CatalogOf(RulesOf(RuleThat("T", [](const cards::RuleInput& input) {
    ChartReader reader(*input.chart);
    reader.Doubt("medication_reference");
    return std::vector<cards::RuleOutcome>{NoRow("T", reader)};
  })));
  const Call call(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(decision->rules[0].reason, "missing:medication_reference");
}

TEST(Decide, OneRuleThatCouldBeEvaluatedIsEnoughForAnAnswer) {
  const auto catalog = CatalogOf(RulesOf(MakeToyRule(), RuleWithCard("U", ToyCard("u"))));
  const Call call(catalog, "toy-patient-view", Body("patient-view", kChartContext));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->cards.size(), 1u);
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(decision->rules[0].reason, "missing:patient,conditions");
}

TEST(Decide, ADeceasedPatientGetsNoCards) {
  for (const std::string_view death : {R"("deceasedBoolean":true)", R"("deceasedDateTime":"2025-01-01")"}) {
    const Call call(
        ToyCatalog(), "toy-patient-view",
        ViewBody(R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1",)" + std::string(death) +
                 R"(},"conditions":{"resourceType":"Condition","id":"c"}})"));
    const auto decision = call.Decide();
    ASSERT_TRUE(decision.ok());
    EXPECT_EQ(decision->response_json, R"({"cards":[]})");
    EXPECT_EQ(decision->rules[0].status, RuleStatus::kSuppressed);
    EXPECT_EQ(decision->rules[0].reason, "deceased");
  }
}

TEST(Decide, ARuleWithoutOutcomeOrWithoutItsCardIsAnErrorAndTheOthersGoOn) {
  const auto catalog = CatalogOf(
      RulesOf(RuleThat("X", [](const cards::RuleInput&) { return std::vector<cards::RuleOutcome>(); }),
              RuleThat("Y",
                       [](const cards::RuleInput&) {
                         std::vector<cards::RuleOutcome> outcomes(1);
                         outcomes[0].status = RuleStatus::kFired;
                         return outcomes;
                       }),
              RuleWithCard("Z", ToyCard("z"))));
  const Call call(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  ASSERT_EQ(decision->rules.size(), 3u);
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kError);
  EXPECT_EQ(decision->rules[0].reason, "no_outcome");
  EXPECT_EQ(decision->rules[1].reason, "no_card");
  EXPECT_EQ(decision->rules[2].status, RuleStatus::kFired);
  EXPECT_EQ(decision->cards.size(), 1u);
}

TEST(Decide, ACardThatBreaksTheSpecificationIsNotSentAndTakesNoPlaceK02) {
  cards::Card malformed = ToyCard("");
  const auto catalog =
      CatalogOf(RulesOf(RuleWithCard("X", ToyCard(std::string(140, 'x'), Indicator::kCritical)),
                        RuleWithCard("Y", malformed), RuleWithCard("Z", ToyCard("z"))),
                1);
  const Call call(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kError);
  EXPECT_EQ(decision->rules[0].reason, "card_check:K-02");
  EXPECT_EQ(decision->rules[1].reason, "card_check:K-02");
  EXPECT_EQ(decision->rules[2].status, RuleStatus::kFired);
  ASSERT_EQ(decision->cards.size(), 1u);
  EXPECT_THAT(cards::CheckResponse(Document(decision->response_json)), IsEmpty());
}

TEST(Decide, ACardGoesWithoutTheSuggestionsThatCannotBeSentA06A08G02) {
  cards::Card card = ToyCard("order without an id", Indicator::kCritical);
  card.suggestions = {{{}, "not JSON", false, {{cards::ActionType::kCreate, "d", "{\"a\":", {}}}},
                      {{}, "good", false, {{cards::ActionType::kDelete, "d", {}, "MedicationRequest/m"}}},
                      {{}, "no id", false, {{cards::ActionType::kDelete, "d", {}, "urn:uuid:x"}}}};
  const auto catalog = CatalogOf(RulesOf(RuleWithCard("X", card)));
  const Call call(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kFired);
  EXPECT_EQ(decision->rules[0].reason, "suggestion_check:G-02");
  ASSERT_EQ(decision->cards.size(), 1u);
  ASSERT_EQ(decision->cards[0].suggestion_uuids.size(), 1u);
  EXPECT_THAT(decision->response_json, HasSubstr(R"("label":"good")"));
  EXPECT_THAT(cards::CheckResponse(Document(decision->response_json)), IsEmpty());
}

TEST(Decide, TheCapIsThePacksAndTheRecordSaysSo) {
  const auto catalog = CatalogOf(
      RulesOf(RuleWithCard("X", ToyCard("x")), RuleWithCard("Y", ToyCard("y", Indicator::kWarning))), 1);
  const Call call(catalog, "toy-patient-view", ViewBody(kFullPrefetch));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->rules[0].status, RuleStatus::kSuppressed);
  EXPECT_EQ(decision->rules[0].reason, "cards_max");
  ASSERT_EQ(decision->cards.size(), 1u);
  EXPECT_EQ(decision->cards[0].rule, "Y");
}

TEST(Decide, ResourcesOfAnotherPatientAreDroppedAndCounted) {
  const Call call(
      ToyCatalog(), "toy-patient-view",
      ViewBody(
          R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1"},"conditions":)"
          R"({"resourceType":"Bundle","entry":[)"
          R"({"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p2"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"d","subject":{"reference":"Patient/p1"}}}]}})"));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->dropped_other_patient, 1u);
}

// --- orders

std::string OrderBody(std::string_view hook, std::string_view entries, std::string_view more_context = {}) {
  return Body(hook,
              std::string(kChartContext) + R"(,"draftOrders":{"resourceType":"Bundle","entry":[)" +
                  std::string(entries) + "]}" + std::string(more_context),
              kFullPrefetch);
}

TEST(Decide, SuggestionsCarryIdentitiesAndTheirActionsAreWholeU02A04A05b) {
  const Call call(ToyCatalog(), "toy-order-sign",
                  OrderBody("order-sign", R"({"resource":{"resourceType":"MedicationRequest","id":"m1"}})"));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok()) << decision.error().public_text;
  ASSERT_EQ(decision->cards.size(), 1u);
  const base::Uuid uuid = base::Uuid::FromName(DecisionId(), "T|T.2|MedicationRequest/m1");
  EXPECT_EQ(decision->cards[0].uuid, uuid.ToString());
  EXPECT_THAT(decision->cards[0].suggestion_uuids,
              ElementsAre(base::Uuid::FromName(uuid, "suggestion|0").ToString(),
                          base::Uuid::FromName(uuid, "suggestion|1").ToString()));
  EXPECT_THAT(decision->response_json, HasSubstr(R"("resourceId":"MedicationRequest/m1")"));
  EXPECT_THAT(
      decision->response_json,
      HasSubstr(
          R"("resource":{"resourceType":"MedicationRequest","id":"m1"}}]}],"selectionBehavior":"at-most-one")"));
  EXPECT_EQ(decision->rules[0].draft, "MedicationRequest/m1");
}

TEST(Decide, TwoDraftsOfTheSameIdGiveTwoCardsWithDifferentUuidsK01) {
  const Call call(ToyCatalog(), "toy-order-sign",
                  OrderBody("order-sign", R"({"resource":{"resourceType":"MedicationRequest","id":"m1"}},)"
                                          R"({"resource":{"resourceType":"MedicationRequest","id":"m1"}})"));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  ASSERT_EQ(decision->cards.size(), 2u);
  EXPECT_NE(decision->cards[0].uuid, decision->cards[1].uuid);
}

TEST(Decide, ARuleCannotRaiseACardForADraftThatIsNotSelected) {
  const auto catalog = CatalogOf(RulesOf(RuleThat("T", [](const cards::RuleInput& input) {
    std::vector<cards::RuleOutcome> outcomes;
    for (const cards::Draft& draft : input.drafts) {
      outcomes.push_back(Fired("T", "T.1", ToyCard("x"), std::string(draft.reference)));
    }
    return outcomes;
  })));
  const Call call(catalog, "toy-order-select",
                  OrderBody("order-select",
                            R"({"resource":{"resourceType":"MedicationRequest","id":"m1"}},)"
                            R"({"resource":{"resourceType":"MedicationRequest","id":"m2"}})",
                            R"(,"selections":["MedicationRequest/m2"])"));
  const auto decision = call.Decide();
  ASSERT_TRUE(decision.ok());
  ASSERT_EQ(decision->rules.size(), 2u);
  EXPECT_EQ(decision->rules[0].reason, "not_selected");
  EXPECT_EQ(decision->rules[1].status, RuleStatus::kFired);
}

TEST(Decide, ADraftReplacesItsStoredSelfAndBringsItsMedicationIntoTheChart) {
  std::size_t stored = 99;
  bool medication = false;
  const auto catalog = CatalogOf(RulesOf(RuleThat("T", [&](const cards::RuleInput& input) {
    stored = input.chart->OfType("Condition").size();
    medication = bool(input.chart->Find("Medication", "med")) && bool(FindByUrl(*input.chart, "urn:uuid:m"));
    return std::vector<cards::RuleOutcome>{NoRow("T", ChartReader(*input.chart))};
  })));
  const Call call(
      catalog, "toy-order-sign",
      OrderBody("order-sign",
                R"({"resource":{"resourceType":"Condition","id":"c1"}},)"
                R"({"fullUrl":"urn:uuid:m","resource":{"resourceType":"Medication","id":"med"}})"));
  ASSERT_TRUE(call.Decide().ok());
  EXPECT_EQ(stored, 0u);
  EXPECT_TRUE(medication);
}

}  // namespace
}  // namespace osteon::testing
