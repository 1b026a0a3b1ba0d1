// Exact rational numbers for unit factors. Only for the sources of the UCUM engine: includes Boost.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/base/decimal.h"
#include "fhir/model/ucum_unit.h"

namespace osteon::model::ucum::internal {

// Room for the products of a conversion without an overflow: value (120 bits) times two factors (512 each)
// and powers of ten of up to 10^(2 * kMaxPowerOfTen + 128). No heap.
using Big = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    4096, 4096, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>>;

inline constexpr unsigned kMaxFactorBits = 512;
inline constexpr int kMaxPowerOfTen = 300;

// numerator / denominator * 10^power_of_ten, in lowest terms, without factors of ten in either. positive.
struct Rational {
  Big numerator = 1;
  Big denominator = 1;
  int power_of_ten = 0;
};

Big PowerOfTen(int exponent);  // REQUIRES: 0 <= exponent <= 900
// "6.02214076e23". REQUIRES: a JSON-like number of the table, at most 70 digits.
Rational ParseRational(std::string_view text);
// The product with factor^exponent; nullopt when a side exceeds kMaxFactorBits or kMaxPowerOfTen.
std::optional<Rational> Times(const Rational& a, const Rational& factor, int exponent);

Words ToWords(const Big& value);
Big FromWords(const Words& words);

// value = number / denominator (denominator > 0), signed.
struct Fraction {
  Big numerator;
  Big denominator = 1;
};
Fraction ToFraction(const base::Decimal& value);
// Exact within 28 fraction digits, or rounded half away from zero there; nullopt over 36 digits.
std::optional<base::Decimal> ToDecimal(const Fraction& value);

}  // namespace osteon::model::ucum::internal
