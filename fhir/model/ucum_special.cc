#include "fhir/model/ucum_special.h"

#include <string>

namespace osteon::model::ucum::internal {
namespace {

// Beyond it, 10^x is no amount of anything, and the result has no room in a Decimal.
constexpr int kMaxLogarithm = 250;

Float Ten() {
  return Float(10);
}

// What raises the base of the scale's logarithm: value = function(ratio).
struct Logarithm {
  Float base;
  Float factor;  // value = factor * log_base(ratio)
};
std::optional<Logarithm> LogarithmOf(Scale scale) {
  switch (scale) {
    case Scale::kPh:
    case Scale::kPotencyX:
      return Logarithm{Ten(), -1};
    case Scale::kPotencyC:
      return Logarithm{100, -1};
    case Scale::kPotencyM:
      return Logarithm{1000, -1};
    case Scale::kPotencyQ:
      return Logarithm{50000, -1};
    case Scale::kNaturalLog:
      return Logarithm{exp(Float(1)), 1};
    case Scale::kDecimalLog:
      return Logarithm{Ten(), 1};
    case Scale::kDecimalLogTwice:
      return Logarithm{Ten(), 2};
    case Scale::kBinaryLog:
      return Logarithm{2, 1};
    default:
      return std::nullopt;
  }
}

// The affine temperature scales: kelvin-sized ratio = value + offset (UCUM table of special units).
Fraction Offset(Scale scale) {
  switch (scale) {
    case Scale::kCelsius:
      return {27315, 100};
    case Scale::kFahrenheit:
      return {45967, 100};
    case Scale::kReaumur:
      return {21852, 100};
    default:
      return {0, 1};
  }
}

Fraction Plus(const Fraction& a, const Fraction& b, int sign) {
  return {a.numerator * b.denominator + sign * b.numerator * a.denominator, a.denominator * b.denominator};
}

}  // namespace

bool IsExact(Scale scale) {
  return scale <= Scale::kReaumur;
}

std::optional<Float> ToRatioScale(Scale scale, const Float& value) {
  if (scale == Scale::kTangent) return Float(atan(value / 100));
  if (scale == Scale::kSquareRoot) return Float(value * value);
  const auto logarithm = LogarithmOf(scale);
  if (!logarithm) return value;
  const Float exponent = value / logarithm->factor * log10(logarithm->base);
  if (abs(exponent) > kMaxLogarithm) return std::nullopt;
  return Float(pow(Ten(), exponent));
}

std::optional<Float> FromRatioScale(Scale scale, const Float& value) {
  if (scale == Scale::kTangent) return Float(tan(value) * 100);
  if (scale == Scale::kSquareRoot) return value < 0 ? std::nullopt : std::optional(Float(sqrt(value)));
  const auto logarithm = LogarithmOf(scale);
  if (!logarithm) return value;
  if (value <= 0) return std::nullopt;
  return Float(log(value) / log(logarithm->base) * logarithm->factor);
}

Fraction ToRatioScale(Scale scale, const Fraction& value) {
  return Plus(value, Offset(scale), 1);
}
Fraction FromRatioScale(Scale scale, const Fraction& value) {
  return Plus(value, Offset(scale), -1);
}

Float ToFloat(const Fraction& value) {
  return Float(value.numerator.str()) / Float(value.denominator.str());
}

std::optional<Fraction> ToFraction(const Float& value) {
  // 40 digits are more than any result shows, and drop what the last operations rounded.
  if (value == 0) return Fraction{0, 1};
  const std::string text = value.str(40, std::ios_base::scientific);
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  const int exponent = std::stoi(text.substr(e + 1));
  const Rational rational = ParseRational(digits);
  const int power = exponent + rational.power_of_ten;
  if (std::abs(power) > 2 * kMaxPowerOfTen) return std::nullopt;
  Fraction result{negative ? Big(-rational.numerator) : rational.numerator, 1};
  (power >= 0 ? result.numerator : result.denominator) *= PowerOfTen(std::abs(power));
  return result;
}

}  // namespace osteon::model::ucum::internal
