// Between exact decimals and the binary numbers that transcendental functions need.
#pragma once

#include <optional>

#include "fhir/base/decimal.h"

namespace osteon::cql {

// The nearest number with a 64-bit mantissa.
long double FloatOf(const base::Decimal& value);
// Rounded to 8 fraction digits; nullopt for what is no number or too large for a Decimal.
std::optional<base::Decimal> DecimalOf(long double value);

}  // namespace osteon::cql
