// lowBoundary(), highBoundary() and precision() of FHIRPath 2.1, which count digits: 4 is a year, 17 a
// DateTime with milliseconds.
#pragma once

#include <cstdint>
#include <optional>

#include "fhir/model/value.h"

namespace osteon::path {

enum class Boundary : std::uint8_t { kLow, kHigh };

// The least or greatest value of that precision that the value may mean. digits: fraction digits of a number
// (8 when not given), digits of a date or time (milliseconds when not given). Null for other values and for
// precisions that do not exist.
model::Val BoundaryOf(const model::Val& value, std::optional<std::int64_t> digits, Boundary boundary,
                      const model::ValueContext& context);

// Fraction digits of a Decimal as written, digits of a date or time; null for others.
model::Val DigitsOf(const model::Val& value);

}  // namespace osteon::path
