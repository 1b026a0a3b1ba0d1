#include "cards/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cards/tiny_pack.h"
#include "tests/cds_hooks/call.h"

namespace osteon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kHead = R"(id: T
title: Rule
hooks: [patient-view]
logic: Tiny
)";
constexpr std::string_view kCards = R"(cards:
  plain: {summary: Plain}
)";

std::string Rule(std::string_view tables, std::string_view cards = kCards) {
  return std::string(kHead) + std::string(tables) + std::string(cards);
}

std::string Body(std::string_view prefetch) {
  return R"({"hook":"patient-view","hookInstance":"5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42","context":{"userId":)"
         R"("Practitioner/u","patientId":"p"},"prefetch":{)" +
         std::string(prefetch) + "}}";
}

constexpr std::string_view kIll =
    R"("patient":{"resourceType":"Patient","id":"p"},"procedures":null,"conditions":{"resourceType":"Bundle",)"
    R"("entry":[{"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},)"
    R"("code":{"text":"a *bold* <b>text</b>"}}}]})";
constexpr std::string_view kWell =
    R"("patient":{"resourceType":"Patient","id":"p"},"procedures":null,"conditions":null)";
constexpr std::string_view kUnknown = R"("patient":{"resourceType":"Patient","id":"p"},"procedures":null)";

// One line per outcome of rule T: "T.1 fired reason draft".
std::string Outcomes(const cds_hooks::Decision& decision) {
  std::string told;
  for (const auto& rule : decision.rules) {
    if (rule.rule != "T") continue;
    told += (told.empty() ? "" : "\n") + (rule.row.empty() ? "-" : rule.row) + " " +
            std::string(cards::RuleStatusName(rule.status));
    if (!rule.reason.empty()) told += " " + rule.reason;
    if (!rule.draft.empty()) told += " " + rule.draft;
  }
  return told;
}

struct Answer {
  std::string outcomes;
  std::string response;
};

Answer Ask(const std::string& rule, const std::string& body, std::string_view service = "view") {
  const auto catalog = TinyCatalog(rule);
  if (catalog == nullptr) return {};
  const Call call(catalog, service, body);
  auto decision = call.Decide();
  if (!decision.ok()) return {decision.error().public_text, ""};
  return {Outcomes(*decision), decision->response_json};
}

TEST(Evaluator, TheFirstRowThatIsMetFires) {
  const std::string rule = Rule(R"(tables:
  - rows:
      - {id: T.1, when: Never, indicator: critical, card: plain}
      - {id: T.2, when: Ill, indicator: warning, card: plain}
      - {id: T.3, when: Always, indicator: info, card: plain}
)");
  EXPECT_EQ(Ask(rule, Body(kIll)).outcomes, "T.2 fired");
  EXPECT_EQ(Ask(rule, Body(kWell)).outcomes, "T.3 fired");
}

TEST(Evaluator, MatchAllFiresEveryRowThatIsMet) {
  const std::string rule = Rule(R"(tables:
  - match: all
    rows:
      - {id: T.1, when: Ill, indicator: critical, card: plain}
      - {id: T.2, when: Never, indicator: warning, card: plain}
      - {id: T.3, when: Always, indicator: info, card: plain}
)");
  EXPECT_EQ(Ask(rule, Body(kIll)).outcomes, "T.1 fired\nT.3 fired");
}

TEST(Evaluator, NoRowIsNotFiredOrNotEvaluatedByWhatWasMissing) {
  const std::string rule = Rule(R"(tables:
  - rows: [{id: T.1, when: Ill and Operated, indicator: info, card: plain}]
)");
  EXPECT_EQ(Ask(rule, Body(kWell)).outcomes, "- not_fired");
  EXPECT_EQ(Ask(rule, Body(kUnknown)).outcomes, "- not_evaluated missing:conditions");
}

TEST(Evaluator, AFiredRowSaysWhatItCouldNotCheck) {
  const std::string rule = Rule(R"(tables:
  - rows:
      - {id: T.1, when: Ill, indicator: info, card: plain}
      - {id: T.2, when: Always, indicator: info, card: plain}
)",
                                R"(cards:
  plain:
    summary: Plain
    detail:
      - Text
      - {gaps: "Could not check: {{gaps}}."}
)");
  const Answer answer = Ask(rule, Body(kUnknown));
  EXPECT_EQ(answer.outcomes, "T.2 fired unchecked:conditions");
  EXPECT_THAT(answer.response, HasSubstr(R"("detail":"Text\n\nCould not check: diagnoses.")"));
  EXPECT_THAT(Ask(rule, Body(kWell)).response, HasSubstr(R"("detail":"Text")"));
}

TEST(Evaluator, ARowThatCannotBeJudgedMaySaySoOnACard) {
  const std::string rule = Rule(R"(tables:
  - rows: [{id: T.1, when: Ill, indicator: critical, card: plain, could_not_check: unknown}]
)",
                                R"(cards:
  plain: {summary: Plain}
  unknown: {summary: Not known}
)");
  const Answer answer = Ask(rule, Body(kUnknown));
  EXPECT_EQ(answer.outcomes, "T.1 not_evaluated missing:conditions");
  EXPECT_THAT(answer.response, HasSubstr(R"("summary":"Not known")"));
  EXPECT_THAT(answer.response, HasSubstr(R"("indicator":"info")"));
  EXPECT_EQ(Ask(rule, Body(kWell)).outcomes, "- not_fired");
}

TEST(Evaluator, DoubtsCountLikeGaps) {
  const std::string rule = Rule(R"(tables:
  - rows: [{id: T.1, when: Ill, indicator: info, card: plain}]
doubts:
  - {id: gender, when: Patient.gender is null, says: the gender}
  - {each: Odd}
)");
  EXPECT_EQ(Ask(rule, Body(kWell)).outcomes, "- not_evaluated missing:gender,first,second");
  EXPECT_EQ(Ask(rule, Body(kIll)).outcomes, "T.1 fired unchecked:gender,first,second");
}

TEST(Evaluator, SuppressedRowsRaiseNoCardUnlessSomethingIsMissing) {
  const std::string tables = R"(tables:
  - rows: [{id: T.1, when: Always, indicator: info, card: plain}]
suppress:
  - {id: done, rows: [T.1], when: not Ill)";
  EXPECT_EQ(Ask(Rule(tables + "}\n"), Body(kWell)).outcomes, "T.1 suppressed done");
  EXPECT_EQ(Ask(Rule(tables + "}\n"), Body(kIll)).outcomes, "T.1 fired");
  EXPECT_EQ(Ask(Rule(tables + "}\n"), Body(kUnknown)).outcomes, "T.1 fired unchecked:conditions");
  EXPECT_EQ(Ask(Rule(tables + ", with_gaps: suppress}\n"), Body(kUnknown)).outcomes, "T.1 suppressed done");
}

TEST(Evaluator, TheFirstLowerThatIsMetLowersTheIndicator) {
  const std::string rule = Rule(R"(tables:
  - rows:
      - id: T.1
        when: Always
        indicator: critical
        card: plain
        lower: [{when: Never, to: info}, {when: Ill, to: warning}]
)");
  EXPECT_THAT(Ask(rule, Body(kIll)).response, HasSubstr(R"("indicator":"warning")"));
  EXPECT_THAT(Ask(rule, Body(kWell)).response, HasSubstr(R"("indicator":"critical")"));
}

TEST(Evaluator, ARowFoldsOthersFromItsIndicatorOn) {
  const auto rule = [](std::string_view indicator, std::string_view at) {
    return Rule("tables:\n  - rows: [{id: T.1, when: Always, indicator: " + std::string(indicator) +
                ", card: plain, folds: [U]" + std::string(at) + "}]\n");
  };
  EXPECT_THAT(Ask(rule("warning", ""), Body(kWell)).response, Not(HasSubstr("\"Other\"")));
  EXPECT_THAT(Ask(rule("info", ""), Body(kWell)).response, HasSubstr("\"Other\""));
  EXPECT_THAT(Ask(rule("info", ", folds_at: info"), Body(kWell)).response, Not(HasSubstr("\"Other\"")));
}

TEST(Evaluator, AnErrorOfOneRuleLeavesTheOthersAlone) {
  const std::string rule = Rule(R"(tables:
  - rows: [{id: T.1, when: Fails, indicator: info, card: plain}]
)");
  const Answer answer = Ask(rule, Body(kWell));
  EXPECT_EQ(answer.outcomes, "T.1 error logic_error:Tiny:11");
  EXPECT_THAT(answer.response, HasSubstr("\"Other\""));
}

TEST(Evaluator, ANullInASummaryIsAnError) {
  const std::string rule = Rule(R"(tables:
  - rows: [{id: T.1, when: Always, indicator: info, card: plain}]
)",
                                "cards: {plain: {summary: \"Text {{Nothing}}\"}}\n");
  EXPECT_EQ(Ask(rule, Body(kWell)).outcomes, "T.1 error null_in_summary");
}

TEST(Evaluator, DetailIsMadeOfPartsAndWhatDataBringIsNoMarkup) {
  const std::string rule = Rule(R"(tables:
  - rows: [{id: T.1, when: Always, indicator: info, card: plain}]
)",
                                R"(cards:
  plain:
    summary: Plain
    detail:
      - "**Why**"
      - {each: Texts, text: "- {{It}}"}
      - {when: Never, text: left out}
      - "Null {{Nothing}}"
      - |
        Last
        lines
)");
  EXPECT_THAT(Ask(rule, Body(kIll)).response,
              HasSubstr(R"("detail":"**Why**\n\n- a \\*bold\\* &lt;b&gt;text&lt;/b&gt;\n\nLast\nlines")"));
  EXPECT_THAT(Ask(rule, Body(kWell)).response, HasSubstr(R"("detail":"**Why**\n\nLast\nlines")"));
}

std::string DraftBody(std::string_view selections) {
  return R"({"hook":"order-select","hookInstance":"5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42","context":{"userId":)"
         R"("Practitioner/u","patientId":"p","selections":[)" +
         std::string(selections) +
         R"(],"draftOrders":{"resourceType":"Bundle","entry":[)"
         R"({"resource":{"resourceType":"MedicationRequest","id":"d1","status":"draft"}},)"
         R"({"resource":{"resourceType":"MedicationRequest","id":"d2","status":"draft"}}]}},"prefetch":{)" +
         std::string(kWell) + "}}";
}

constexpr std::string_view kDraftRule = R"(id: T
title: Rule
hooks: [order-select]
logic: Tiny
tables:
  - for_each: Medications
    rows: [{id: T.1, when: Draft.order.status = 'draft', indicator: warning, card: draft}]
cards:
  draft:
    summary: "Order {{Draft.reference}}"
    suggestions:
      - label: Remove the order
        recommended: true
        actions: [{type: delete, description: Remove it, resource_id: "{{Draft.reference}}"}]
      - each: Draft.labs
        label: "Lab {{It}}"
        actions:
          - type: create
            description: "Order {{It}}"
            resource:
              resourceType: ServiceRequest
              code: {text: "{{It}}"}
              note: [{text: "{{Nothing}}"}]
)";

TEST(Evaluator, ForEachTiesCardsToTheirDrafts) {
  const Answer answer =
      Ask(std::string(kDraftRule), DraftBody(R"("MedicationRequest/d1","MedicationRequest/d2")"), "select");
  EXPECT_EQ(answer.outcomes, "T.1 fired MedicationRequest/d1\nT.1 fired MedicationRequest/d2");
  EXPECT_THAT(answer.response, HasSubstr(R"("resourceId":"MedicationRequest/d2")"));
}

TEST(Evaluator, ADraftThatIsNotSelectedRaisesNoCard) {
  const Answer answer = Ask(std::string(kDraftRule), DraftBody(R"("MedicationRequest/d2")"), "select");
  EXPECT_EQ(answer.outcomes,
            "T.1 suppressed not_selected MedicationRequest/d1\nT.1 fired MedicationRequest/d2");
}

TEST(Evaluator, ResourcesAreCompletedAndNullsLeftOut) {
  const std::string response =
      Ask(std::string(kDraftRule), DraftBody(R"("MedicationRequest/d1")"), "select").response;
  EXPECT_THAT(response, HasSubstr(R"("status":"draft","intent":"order","code":{"text":"one"},"subject":)"
                                  R"({"reference":"Patient/p"},"authoredOn":")"));
  EXPECT_THAT(response, Not(HasSubstr("note")));
  EXPECT_THAT(response, HasSubstr(R"("label":"Lab two")"));
}

TEST(Evaluator, TheSameInputGivesTheSameBytes) {
  const std::string body = DraftBody(R"("MedicationRequest/d1")");
  EXPECT_EQ(Ask(std::string(kDraftRule), body, "select").response,
            Ask(std::string(kDraftRule), body, "select").response);
}

TEST(Evaluator, AnEmptyListIsNotFired) {
  const std::string rule = Rule(R"(tables:
  - for_each: Medications
    rows: [{id: T.1, when: Always, indicator: info, card: plain}]
)");
  EXPECT_EQ(Ask(rule, Body(kWell)).outcomes, "- not_fired");
}

}  // namespace
}  // namespace osteon::testing
