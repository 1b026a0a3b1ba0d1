// The one moment and identity that tests share.
#pragma once

#include "fhir/base/instant.h"
#include "fhir/base/uuid.h"

namespace osteon::testing {

inline base::Instant Now() {
  return *base::ParseInstant("2026-06-15T10:00:00Z");
}
inline base::Day Today() {
  return base::DayFromCivil({2026, 6, 15});
}
inline base::Uuid DecisionId() {
  return *base::Uuid::Parse("0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11");
}
inline const base::TimeZone& Utc() {
  static const base::TimeZone utc;
  return utc;
}

}  // namespace osteon::testing
