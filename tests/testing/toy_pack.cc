#include "tests/testing/toy_pack.h"

#include <map>
#include <utility>

#include "tests/testing/chart_reader.h"

namespace osteon::testing {
namespace {

constexpr std::string_view kHooks[] = {"patient-view",      "encounter-start",          "encounter-discharge",
                                       "medication-refill", "problem-list-item-create", "order-select",
                                       "order-sign"};

std::vector<cards::PrefetchTemplate> ToyPrefetch() {
  return {
      {"patient", "Patient/{{context.patientId}}", {"Patient"}},
      {"conditions", "Condition?patient={{context.patientId}}&_count=100", {"Condition"}},
      {"encounter", "Encounter/{{context.encounterId}}", {"Encounter"}},
  };
}

cards::Card OrderCard(const cards::Draft& draft) {
  cards::Card card = ToyCard("This order needs a second look", cards::Indicator::kCritical);
  card.selection_behavior = cards::SelectionBehavior::kAtMostOne;
  cards::Suggestion remove{{}, "Remove the order", true, {}};
  remove.actions.push_back(
      {cards::ActionType::kDelete, "Remove the order", {}, std::string(draft.reference)});
  cards::Suggestion keep{{}, "Keep the order", false, {}};
  keep.actions.push_back(
      {cards::ActionType::kUpdate, "Keep it as it is", std::string(draft.resource.json.raw()), {}});
  card.suggestions = {std::move(remove), std::move(keep)};
  return card;
}

std::vector<cards::RuleOutcome> EvaluateToy(const cards::RuleInput& input) {
  std::vector<cards::RuleOutcome> outcomes;
  for (const cards::Draft& draft : input.drafts) {
    if (!draft.may_raise_cards || draft.resource.type() != "MedicationRequest") continue;
    outcomes.push_back(Fired("T", "T.2", OrderCard(draft), std::string(draft.reference)));
  }
  if (!outcomes.empty()) return outcomes;
  ChartReader reader(*input.chart);
  reader.Need("patient");
  if (!reader.Read("conditions", "Condition").empty() && input.drafts.empty()) {
    outcomes.push_back(Fired("T", "T.1", ToyCard("There is a condition", cards::Indicator::kWarning)));
  } else {
    outcomes.push_back(NoRow("T", reader));
  }
  return outcomes;
}

}  // namespace

std::span<const std::string_view> ToyRule::hooks() const {
  return kHooks;
}

cards::Card ToyCard(std::string_view summary, cards::Indicator indicator) {
  cards::Card card;
  card.summary = summary;
  card.detail = "What was found, and what to do.";
  card.indicator = indicator;
  card.source.label = "Toy rules";
  card.source.topic = cards::Coding{"urn:osteon:toy", "T", {}};
  card.override_reasons.push_back({"urn:osteon:toy", "no", "Does not apply"});
  card.links.push_back({"Read more", "https://example.org/more", cards::LinkType::kAbsolute, {}});
  return card;
}

cards::RuleOutcome Fired(std::string_view rule, std::string row, cards::Card card, std::string draft) {
  cards::RuleOutcome outcome;
  outcome.rule = rule;
  outcome.row = std::move(row);
  outcome.draft = std::move(draft);
  outcome.status = cards::RuleStatus::kFired;
  outcome.card = std::move(card);
  return outcome;
}

std::unique_ptr<const cards::Rule> MakeToyRule() {
  return std::make_unique<ToyRule>("T", EvaluateToy);
}

cards::Pack MakeToyPack() {
  std::vector<std::unique_ptr<const cards::Rule>> rules;
  rules.push_back(MakeToyRule());
  return MakeToyPack(std::move(rules));
}

cards::Pack MakeToyPack(std::vector<std::unique_ptr<const cards::Rule>> rules) {
  cards::Pack pack;
  pack.id = "toy";
  pack.version = "1.0.0";
  pack.title = "Toy rules";
  pack.services = {
      {"toy-patient-view", "patient-view", "Toy", "Looks at the chart.", "Nothing.", ToyPrefetch()},
      {"toy-encounter-start", "encounter-start", "Toy", "Looks at the chart.", {}, ToyPrefetch()},
      {"toy-order-select", "order-select", "Toy", "Looks at the orders.", {}, ToyPrefetch()},
      {"toy-order-sign", "order-sign", "Toy", "Looks at the orders.", {}, ToyPrefetch()},
      {"toy-discharge", "encounter-discharge", "Toy", "Looks at the chart.", {}, ToyPrefetch()},
      {"toy-refill", "medication-refill", "Toy", "Looks at the orders.", {}, ToyPrefetch()},
      {"toy-problem", "problem-list-item-create", "Toy", "Looks at the chart.", {}, ToyPrefetch()},
  };
  pack.rules = std::move(rules);
  return pack;
}

}  // namespace osteon::testing
