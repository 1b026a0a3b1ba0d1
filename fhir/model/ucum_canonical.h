// From a parsed expression to the canonical form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/model/ucum_unit.h"

namespace osteon::model::ucum::internal {

struct CanonicalResult {
  std::optional<Unit> unit;  // its `text` is not set
  std::string error;         // when there is no unit
};
CanonicalResult Canonical(std::string_view text);

}  // namespace osteon::model::ucum::internal
