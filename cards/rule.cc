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

std::string GapReason(std::string_view prefix, const ChartReader& reader) {
  if (reader.gaps().empty()) return {};
  std::string reason(prefix);
  char separator = ':';
  for (const std::string_view gap : reader.gaps()) {
    reason += separator;
    reason += gap;
    separator = ',';
  }
  return reason;
}

RuleOutcome NoRow(std::string_view rule, std::string_view draft, const ChartReader& reader) {
  RuleOutcome outcome;
  outcome.rule = rule;
  outcome.draft = draft;
  outcome.status = reader.gaps().empty() ? RuleStatus::kNotFired : RuleStatus::kNotEvaluated;
  outcome.reason = GapReason("missing", reader);
  return outcome;
}

}  // namespace osteon::cards
