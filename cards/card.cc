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

}  // namespace osteon::cards
