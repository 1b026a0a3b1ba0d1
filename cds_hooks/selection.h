// Which of the fired cards are shown, and in which order.
#pragma once

#include <cstddef>
#include <vector>

#include "cards/rule.h"

namespace osteon::cds_hooks {

struct Candidate {
  std::size_t rule_order = 0;   // place of the rule in the pack
  std::size_t draft_order = 0;  // place of the draft in the request
  cards::RuleOutcome outcome;
};

// Candidates whose outcome is fired and stays so, and those not evaluated that have a card, are returned in
// the order of the answer: critical, warning, info; then the rule's place in the pack; then the draft's. A
// card that another one absorbs becomes suppressed("folded_into:A.2").
std::vector<Candidate*> FoldAndOrder(std::vector<Candidate>& candidates);

// Keeps the first `max_cards`, and every critical card; the others become suppressed("cards_max").
void Cap(std::vector<Candidate*>& shown, std::size_t max_cards);

}  // namespace osteon::cds_hooks
