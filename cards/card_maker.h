// From a card of a pack to the card of an answer: texts filled in, suggestions with their resources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_program.h"
#include "cards/pack_run.h"
#include "cards/rule.h"

namespace osteon::cards {

// What a card is about.
struct CardSubject {
  const RulePlan& rule;
  const RowPlan& row;
  std::string_view draft;  // "Type/id", or empty
  std::size_t item = 0;    // number of the item when there is no draft
};

class CardMaker {
 public:
  CardMaker(const PackProgram& program, PackRun& run, const RuleInput& input)
      : program_(program), run_(run), input_(input), expressions_(program.expressions, run.evaluation()) {}

  // nullopt when a placeholder of the summary is null, or the evaluation failed.
  //   gap_texts: what could not be checked, in words; asked for when everything else was read.
  template <typename GapTexts>
  std::optional<Card> Make(const CardPlan& plan, const CardSubject& subject, Indicator indicator,
                           const Scope& scope, const GapTexts& gap_texts) const {
    std::optional<Card> card = Begin(plan, subject, indicator, scope);
    if (!card) return card;
    std::vector<std::string> parts = DetailParts(plan, scope);
    card->detail = Joined(plan, std::move(parts), gap_texts());
    AddSuggestions(plan, subject, scope, *card);
    if (run_.evaluation().error()) card.reset();
    return card;
  }

 private:
  std::optional<Card> Begin(const CardPlan& plan, const CardSubject& subject, Indicator indicator,
                            const Scope& scope) const;
  // By part; those that name the gaps are empty.
  std::vector<std::string> DetailParts(const CardPlan& plan, const Scope& scope) const;
  std::string DetailPart(const DetailPlan& plan, const Scope& scope) const;
  static std::string Joined(const CardPlan& plan, std::vector<std::string> parts,
                            const std::string& gap_texts);
  void AddSuggestions(const CardPlan& plan, const CardSubject& subject, const Scope& scope, Card& card) const;
  void AddSuggestion(const SuggestionPlan& plan, const Scope& scope, const std::string& place,
                     Card& card) const;
  bool MakeAction(const ActionPlan& plan, const Scope& scope, const std::string& place, Action& action) const;

  const PackProgram& program_;
  PackRun& run_;
  const RuleInput& input_;
  ExpressionRun expressions_;
};

}  // namespace osteon::cards
