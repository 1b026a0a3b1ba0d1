// Exact rational numbers for unit factors.
#pragma once

#include <optional>
#include <string_view>

#include "fhir/base/decimal.h"
#include "fhir/model/ucum_unit.h"

namespace osteon::model::ucum::internal {

inline constexpr int kMaxPowerOfTen = 300;

// numerator / denominator * 10^power_of_ten in lowest terms, without factors of ten in either side. Positive.
struct Rational {
  Words numerator = {1};
  Words denominator = {1};
  int power_of_ten = 0;
};

// "6.02214076e23". REQUIRES: a number of the table or digits, at most 150 of them.
Rational ParseRational(std::string_view text);
// a * factor^exponent; nullopt when a side exceeds 512 bits, or the power of ten kMaxPowerOfTen.
std::optional<Rational> Times(const Rational& a, const Rational& factor, int exponent);
// The value as a decimal of at most 18 digits, when it is one.
std::optional<base::Decimal> AsShortDecimal(const Rational& value);

}  // namespace osteon::model::ucum::internal
