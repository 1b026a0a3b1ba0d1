#include <algorithm>
#include <string>

#include "fhir/model/ucum_rational.h"
#include "fhir/model/ucum_special.h"
#include "fhir/model/ucum_unit.h"

namespace osteon::model::ucum {
namespace {

using internal::Big;
using internal::Fraction;

void MultiplyPowerOfTen(Fraction& value, int power) {
  if (power >= 0) {
    value.numerator *= internal::PowerOfTen(power);
  } else {
    value.denominator *= internal::PowerOfTen(-power);
  }
}

// The amount in base units, for the ratio and temperature scales.
Fraction ExactInBaseUnits(const base::Decimal& value, const Unit& unit) {
  Fraction result = internal::ToFraction(value);
  if (unit.scale != Scale::kRatio) {
    MultiplyPowerOfTen(result, unit.special_prefix_power);
    result = internal::ToRatioScale(unit.scale, result);
  }
  result.numerator *= internal::FromWords(unit.numerator);
  result.denominator *= internal::FromWords(unit.denominator);
  MultiplyPowerOfTen(result, unit.power_of_ten);
  return result;
}

Fraction ExactFromBaseUnits(Fraction value, const Unit& unit) {
  value.numerator *= internal::FromWords(unit.denominator);
  value.denominator *= internal::FromWords(unit.numerator);
  MultiplyPowerOfTen(value, -unit.power_of_ten);
  if (unit.scale == Scale::kRatio) return value;
  value = internal::FromRatioScale(unit.scale, value);
  MultiplyPowerOfTen(value, -unit.special_prefix_power);
  return value;
}

std::optional<Fraction> InBaseUnits(const base::Decimal& value, const Unit& unit) {
  if (internal::IsExact(unit.scale)) return ExactInBaseUnits(value, unit);
  Fraction number = internal::ToFraction(value);
  MultiplyPowerOfTen(number, unit.special_prefix_power);
  const auto ratio = internal::ToRatioScale(unit.scale, internal::ToFloat(number));
  auto result = ratio ? internal::ToFraction(*ratio) : std::nullopt;
  if (!result) return std::nullopt;
  result->numerator *= internal::FromWords(unit.numerator);
  result->denominator *= internal::FromWords(unit.denominator);
  MultiplyPowerOfTen(*result, unit.power_of_ten);
  return result;
}

std::optional<Fraction> FromBaseUnits(const Fraction& value, const Unit& unit) {
  if (internal::IsExact(unit.scale)) return ExactFromBaseUnits(value, unit);
  Fraction ratio = value;
  ratio.numerator *= internal::FromWords(unit.denominator);
  ratio.denominator *= internal::FromWords(unit.numerator);
  MultiplyPowerOfTen(ratio, -unit.power_of_ten);
  const auto number = internal::FromRatioScale(unit.scale, internal::ToFloat(ratio));
  auto result = number ? internal::ToFraction(*number) : std::nullopt;
  if (result) MultiplyPowerOfTen(*result, -unit.special_prefix_power);
  return result;
}

std::optional<Fraction> ConvertExactly(const base::Decimal& value, const Unit& from, const Unit& to) {
  if (!Comparable(from, to)) return std::nullopt;
  const auto amount = InBaseUnits(value, from);
  return amount ? FromBaseUnits(*amount, to) : std::nullopt;
}

bool SameSize(const Unit& a, const Unit& b) {
  return a.scale == b.scale && a.special_prefix_power == b.special_prefix_power &&
         a.power_of_ten == b.power_of_ten && a.numerator == b.numerator && a.denominator == b.denominator;
}

// value * from / to without wide numbers, when the quotient of the factors ends.
std::optional<base::Decimal> ConvertDecimal(const base::Decimal& value, const Unit& from, const Unit& to) {
  if (from.scale != Scale::kRatio || to.scale != Scale::kRatio || !from.factor || !to.factor)
    return std::nullopt;
  const auto ratio = from.factor->DividedBy(*to.factor, 28);
  const auto back = ratio ? ratio->Times(*to.factor) : std::nullopt;
  if (!back || *back != *from.factor) return std::nullopt;
  const auto converted = value.Times(*ratio);
  return converted ? std::optional(converted->Normalized()) : std::nullopt;
}

constexpr int kMaxTextDigits = 50;

}  // namespace

std::optional<base::Decimal> Convert(const base::Decimal& value, const Unit& from, const Unit& to) {
  if (!Comparable(from, to)) return std::nullopt;
  if (&from == &to || SameSize(from, to)) return value;
  if (const auto converted = ConvertDecimal(value, from, to)) return converted;
  const auto converted = ConvertExactly(value, from, to);
  return converted ? internal::ToDecimal(*converted) : std::nullopt;
}

std::optional<std::string> ConvertToText(const base::Decimal& value, const Unit& from, const Unit& to,
                                         int significant_digits) {
  const auto converted = ConvertExactly(value, from, to);
  if (!converted || significant_digits < 1 || significant_digits > kMaxTextDigits) return std::nullopt;
  const bool negative = converted->numerator < 0;
  Big numerator = negative ? Big(-converted->numerator) : converted->numerator;
  if (numerator == 0) return "0e+0";
  // The digits' count of the quotient tells its exponent, give or take one.
  int exponent =
      static_cast<int>(numerator.str().size()) - static_cast<int>(converted->denominator.str().size());
  std::string digits;
  for (int attempt = 0; attempt < 3; ++attempt) {
    Fraction scaled{numerator, converted->denominator};
    MultiplyPowerOfTen(scaled, significant_digits - 1 - exponent);
    digits = Big((2 * scaled.numerator + scaled.denominator) / (2 * scaled.denominator)).str();
    if (static_cast<int>(digits.size()) == significant_digits) break;
    exponent += static_cast<int>(digits.size()) > significant_digits ? 1 : -1;
  }
  if (significant_digits > 1) digits.insert(1, ".");
  return (negative ? "-" : "") + digits + (exponent < 0 ? "e" : "e+") + std::to_string(exponent);
}

std::optional<std::strong_ordering> Compare(const base::Decimal& a, const Unit& unit_a,
                                            const base::Decimal& b, const Unit& unit_b) {
  if (!Comparable(unit_a, unit_b)) return std::nullopt;
  if (&unit_a == &unit_b || SameSize(unit_a, unit_b)) return a <=> b;
  if (unit_a.scale == Scale::kRatio && unit_b.scale == Scale::kRatio && unit_a.factor && unit_b.factor) {
    const auto left = a.Times(*unit_a.factor);
    const auto right = b.Times(*unit_b.factor);
    if (left && right) return *left <=> *right;
  }
  const auto left = InBaseUnits(a, unit_a);
  const auto right = InBaseUnits(b, unit_b);
  if (!left || !right) return std::nullopt;
  const int order =
      Big(left->numerator * right->denominator).compare(Big(right->numerator * left->denominator));
  return order < 0 ? std::strong_ordering::less
                   : (order > 0 ? std::strong_ordering::greater : std::strong_ordering::equal);
}

}  // namespace osteon::model::ucum
