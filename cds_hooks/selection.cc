#include "cds_hooks/selection.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace osteon::cds_hooks {
namespace {

// Of silent rules nobody sees, and nothing is folded into them.
bool IsFired(const Candidate& candidate) {
  return candidate.outcome.status == cards::RuleStatus::kFired && candidate.outcome.card.has_value();
}

// Also what could not be judged, where the rule says so on a card.
bool IsShown(const Candidate& candidate) {
  return candidate.outcome.card.has_value() &&
         (IsFired(candidate) || candidate.outcome.status == cards::RuleStatus::kNotEvaluated);
}

void Suppress(Candidate& candidate, std::string reason) {
  candidate.outcome.status = cards::RuleStatus::kSuppressed;
  candidate.outcome.reason = std::move(reason);
  candidate.outcome.card.reset();
}

// "A.2": rows are named with their rule, or without it.
std::string RowName(const cards::RuleOutcome& outcome) {
  if (outcome.row.empty()) return std::string(outcome.rule);
  if (outcome.row.starts_with(outcome.rule)) return outcome.row;
  return std::string(outcome.rule) + "." + outcome.row;
}

}  // namespace

std::vector<Candidate*> FoldAndOrder(std::vector<Candidate>& candidates) {
  for (Candidate& absorber : candidates) {
    if (!IsFired(absorber)) continue;
    for (const std::string_view absorbed : absorber.outcome.absorbs) {
      for (Candidate& other : candidates) {
        const bool is_named = other.outcome.rule == absorbed || RowName(other.outcome) == absorbed;
        if (&other == &absorber || !is_named || !IsFired(other)) continue;
        Suppress(other, "folded_into:" + RowName(absorber.outcome));
      }
    }
  }
  std::vector<Candidate*> shown;
  for (Candidate& candidate : candidates) {
    if (IsShown(candidate)) shown.push_back(&candidate);
  }
  const auto rank = [](const Candidate* candidate) {
    return std::tuple(-static_cast<int>(candidate->outcome.card->indicator), candidate->rule_order,
                      candidate->draft_order);
  };
  std::stable_sort(shown.begin(), shown.end(),
                   [&](const Candidate* a, const Candidate* b) { return rank(a) < rank(b); });
  return shown;
}

void Cap(std::vector<Candidate*>& shown, std::size_t max_cards) {
  std::size_t kept = 0;
  for (Candidate* candidate : shown) {
    if (kept < max_cards || candidate->outcome.card->indicator == cards::Indicator::kCritical) {
      shown[kept++] = candidate;
    } else {
      Suppress(*candidate, "cards_max");
    }
  }
  shown.resize(kept);
}

}  // namespace osteon::cds_hooks
