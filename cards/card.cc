#include "cards/card.h"

namespace osteon::cards {

std::string_view IndicatorCode(Indicator indicator) {
  switch (indicator) {
    case Indicator::kInfo:
      return "info";
    case Indicator::kWarning:
      return "warning";
    case Indicator::kCritical:
      return "critical";
  }
  return "";
}

std::string_view SelectionBehaviorCode(SelectionBehavior behavior) {
  return behavior == SelectionBehavior::kAny ? "any" : "at-most-one";
}

std::string_view ActionTypeCode(ActionType type) {
  switch (type) {
    case ActionType::kCreate:
      return "create";
    case ActionType::kUpdate:
      return "update";
    case ActionType::kDelete:
      return "delete";
  }
  return "";
}

std::string_view LinkTypeCode(LinkType type) {
  return type == LinkType::kAbsolute ? "absolute" : "smart";
}

}  // namespace osteon::cards
