#include "cards/rule.h"

namespace osteon::cards {

std::string_view RuleStatusName(RuleStatus status) {
  switch (status) {
    case RuleStatus::kFired:
      return "fired";
    case RuleStatus::kNotFired:
      return "not_fired";
    case RuleStatus::kSuppressed:
      return "suppressed";
    case RuleStatus::kNotEvaluated:
      return "not_evaluated";
    case RuleStatus::kError:
      return "error";
  }
  return "";
}

}  // namespace osteon::cards
