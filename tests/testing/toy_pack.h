// A small rule pack without medicine: enough to carry a request to cards.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack.h"

namespace osteon::testing {

// A rule made of a function.
class ToyRule : public cards::Rule {
 public:
  using Evaluator = std::function<std::vector<cards::RuleOutcome>(const cards::RuleInput&)>;
  ToyRule(std::string_view id, Evaluator evaluator) : id_(id), evaluator_(std::move(evaluator)) {}

  std::string_view id() const override { return id_; }
  std::string_view title() const override { return "toy rule"; }
  std::span<const std::string_view> hooks() const override;
  std::vector<cards::RuleOutcome> Evaluate(const cards::RuleInput& input) const override {
    return evaluator_(input);
  }

 private:
  std::string id_;
  Evaluator evaluator_;
};

// A card that breaks no rule, without what the engine sets.
cards::Card ToyCard(std::string_view summary, cards::Indicator indicator = cards::Indicator::kInfo);
// A fired outcome with that card.
cards::RuleOutcome Fired(std::string_view rule, std::string row, cards::Card card, std::string draft = {});

// Rule "T". patient-view and encounter-start: a warning (row "T.1") when the chart has a Condition.
// order-select and order-sign: a critical card (row "T.2") with a delete and an update suggestion for each
// MedicationRequest draft that may raise cards. Needs the prefetch key "conditions", and reads "patient".
std::unique_ptr<const cards::Rule> MakeToyRule();

// Services "toy-patient-view", "toy-encounter-start", "toy-order-select", "toy-order-sign", "toy-discharge",
// "toy-refill" and "toy-problem" with the prefetch keys patient, conditions and encounter. Without rules
// given: MakeToyRule().
cards::Pack MakeToyPack();
cards::Pack MakeToyPack(std::vector<std::unique_ptr<const cards::Rule>> rules);

}  // namespace osteon::testing
