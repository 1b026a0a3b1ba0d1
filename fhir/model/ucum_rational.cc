// The arithmetic of the UCUM engine: everything that needs wide numbers is in this file, the conversions
// included.
#include "fhir/model/ucum_rational.h"

#include <algorithm>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdlib>
#include <string>

namespace osteon::model::ucum {
namespace {

// Room for the products of a conversion without an overflow: value (120 bits) times two factors (512 each)
// and powers of ten of up to 10^(2 * kMaxPowerOfTen + 128). No heap.
using Big = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    4096, 4096, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>>;
using Float = boost::multiprecision::cpp_dec_float_50;

constexpr unsigned kMaxFactorBits = 512;
constexpr int kMaxScale = 28;
constexpr std::size_t kMaxDigits = 36;
constexpr int kMaxTextDigits = 50;

// --- numbers
// ------------------------------------------------------------------------------------------------------

Big PowerOfTen(int exponent) {
  return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent));
}

unsigned Bits(const Big& value) {
  return value == 0 ? 0 : static_cast<unsigned>(boost::multiprecision::msb(value)) + 1;
}

// Takes factors of ten out of `value`; their number.
int StripTens(Big& value) {
  int count = 0;
  while (value != 0 && value % 10 == 0) {
    value /= 10;
    ++count;
  }
  return count;
}

Words ToWords(const Big& value) {
  Words words{};
  Big rest = value;
  for (std::uint64_t& word : words) {
    word = static_cast<std::uint64_t>(Big(rest & 0xFFFF'FFFF'FFFF'FFFFULL));
    rest >>= 64;
  }
  return words;
}

Big FromWords(const Words& words) {
  Big value = 0;
  for (auto word = words.rbegin(); word != words.rend(); ++word) value = (value << 64) | Big(*word);
  return value;
}

// A leading zero would make the number octal to Big.
Big FromDigits(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return Big(digits);
}

// Signed; denominator > 0.
struct Fraction {
  Big numerator;
  Big denominator = 1;
};

void MultiplyPowerOfTen(Fraction& value, int power) {
  (power >= 0 ? value.numerator : value.denominator) *= PowerOfTen(std::abs(power));
}

Fraction ToFraction(const base::Decimal& value) {
  std::string digits = value.ToString();
  std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
  Fraction result{FromDigits(std::move(digits)), PowerOfTen(value.scale())};
  if (value.negative()) result.numerator = -result.numerator;
  return result;
}

// Exact within 28 fraction digits, or rounded half away from zero there; nullopt over 36 digits.
std::optional<base::Decimal> ToDecimal(const Fraction& value) {
  const bool negative = value.numerator < 0;
  const Big size = negative ? Big(-value.numerator) : value.numerator;
  const std::size_t whole_digits = Big(size / value.denominator).str().size();
  if (whole_digits > kMaxDigits) return std::nullopt;
  const int scale = std::min(kMaxScale, static_cast<int>(kMaxDigits - whole_digits));
  const Big scaled = (2 * size * PowerOfTen(scale) + value.denominator) / (2 * value.denominator);
  const auto result =
      base::Decimal::Parse((negative ? "-" : "") + scaled.str() + "e-" + std::to_string(scale));
  return result ? std::optional(result->Normalized()) : std::nullopt;
}

Float ToFloat(const Fraction& value) {
  return Float(value.numerator.str()) / Float(value.denominator.str());
}

// 40 digits are more than any result shows, and drop what the last operations rounded.
std::optional<Fraction> ToFraction(const Float& value) {
  if (value == 0) return Fraction{0, 1};
  const std::string text = value.str(39, std::ios_base::scientific);
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  int power = std::stoi(text.substr(e + 1));
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    power -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  if (std::abs(power) > 2 * internal::kMaxPowerOfTen) return std::nullopt;
  Fraction result{FromDigits(std::move(digits)), 1};
  if (negative) result.numerator = -result.numerator;
  MultiplyPowerOfTen(result, power);
  return result;
}

std::optional<internal::Rational> Multiply(const internal::Rational& a, const internal::Rational& b) {
  Big numerator = FromWords(a.numerator) * FromWords(b.numerator);
  Big denominator = FromWords(a.denominator) * FromWords(b.denominator);
  const Big divisor = boost::multiprecision::gcd(numerator, denominator);
  numerator /= divisor;
  denominator /= divisor;
  const int power = a.power_of_ten + b.power_of_ten + StripTens(numerator) - StripTens(denominator);
  const bool fits = Bits(numerator) <= kMaxFactorBits && Bits(denominator) <= kMaxFactorBits &&
                    std::abs(power) <= internal::kMaxPowerOfTen;
  if (!fits) return std::nullopt;
  return internal::Rational{ToWords(numerator), ToWords(denominator), power};
}

// --- special units (UCUM section 21 and 22)
// -------------------------------------------------------------------------

// Beyond it, 10^x is no amount of anything, and the result has no room in a Decimal.
constexpr int kMaxLogarithm = 250;

struct Logarithm {
  Float base;
  Float factor;  // number = factor * log_base(ratio)
};
std::optional<Logarithm> LogarithmOf(Scale scale) {
  switch (scale) {
    case Scale::kPh:
    case Scale::kPotencyX:
      return Logarithm{10, -1};
    case Scale::kPotencyC:
      return Logarithm{100, -1};
    case Scale::kPotencyM:
      return Logarithm{1000, -1};
    case Scale::kPotencyQ:
      return Logarithm{50000, -1};
    case Scale::kNaturalLog:
      return Logarithm{exp(Float(1)), 1};
    case Scale::kDecimalLog:
      return Logarithm{10, 1};
    case Scale::kDecimalLogTwice:
      return Logarithm{10, 2};
    case Scale::kBinaryLog:
      return Logarithm{2, 1};
    default:
      return std::nullopt;
  }
}

// The number on the ratio scale of the special unit's own reference unit ("mol/l" for pH). nullopt outside
// the function's domain or beyond any real measurement.
std::optional<Float> ToRatioScale(Scale scale, const Float& number) {
  if (scale == Scale::kTangent) return Float(atan(number / 100));
  if (scale == Scale::kSquareRoot) return Float(number * number);
  const auto logarithm = LogarithmOf(scale);
  if (!logarithm) return number;
  const Float exponent = number / logarithm->factor * log10(logarithm->base);
  if (abs(exponent) > kMaxLogarithm) return std::nullopt;
  return Float(pow(Float(10), exponent));
}

std::optional<Float> FromRatioScale(Scale scale, const Float& ratio) {
  if (scale == Scale::kTangent) return Float(tan(ratio) * 100);
  if (scale == Scale::kSquareRoot) return ratio < 0 ? std::nullopt : std::optional(Float(sqrt(ratio)));
  const auto logarithm = LogarithmOf(scale);
  if (!logarithm) return ratio;
  if (ratio <= 0) return std::nullopt;
  return Float(log(ratio) / log(logarithm->base) * logarithm->factor);
}

bool IsExact(Scale scale) {
  return scale <= Scale::kReaumur;
}

// The affine temperature scales: ratio = number + offset, in hundredths.
int OffsetInHundredths(Scale scale) {
  switch (scale) {
    case Scale::kCelsius:
      return 27315;
    case Scale::kFahrenheit:
      return 45967;
    case Scale::kReaumur:
      return 21852;
    default:
      return 0;
  }
}

Fraction PlusHundredths(const Fraction& value, int hundredths) {
  return {value.numerator * 100 + value.denominator * hundredths, value.denominator * 100};
}

// --- amounts in base units
// ----------------------------------------------------------------------------------------

std::optional<Fraction> InBaseUnits(const base::Decimal& value, const Unit& unit) {
  Fraction result = ToFraction(value);
  MultiplyPowerOfTen(result, unit.special_prefix_power);
  if (!IsExact(unit.scale)) {
    const auto ratio = ToRatioScale(unit.scale, ToFloat(result));
    const auto exact = ratio ? ToFraction(*ratio) : std::nullopt;
    if (!exact) return std::nullopt;
    result = *exact;
  } else if (unit.scale != Scale::kRatio) {
    result = PlusHundredths(result, OffsetInHundredths(unit.scale));
  }
  result.numerator *= FromWords(unit.numerator);
  result.denominator *= FromWords(unit.denominator);
  MultiplyPowerOfTen(result, unit.power_of_ten);
  return result;
}

std::optional<Fraction> FromBaseUnits(Fraction value, const Unit& unit) {
  value.numerator *= FromWords(unit.denominator);
  value.denominator *= FromWords(unit.numerator);
  MultiplyPowerOfTen(value, -unit.power_of_ten);
  if (!IsExact(unit.scale)) {
    const auto number = FromRatioScale(unit.scale, ToFloat(value));
    const auto exact = number ? ToFraction(*number) : std::nullopt;
    if (!exact) return std::nullopt;
    value = *exact;
  } else if (unit.scale != Scale::kRatio) {
    value = PlusHundredths(value, -OffsetInHundredths(unit.scale));
  }
  MultiplyPowerOfTen(value, -unit.special_prefix_power);
  return value;
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
  const auto ratio = from.factor->DividedBy(*to.factor, kMaxScale);
  const auto back = ratio ? ratio->Times(*to.factor) : std::nullopt;
  if (!back || *back != *from.factor) return std::nullopt;
  const auto converted = value.Times(*ratio);
  return converted ? std::optional(converted->Normalized()) : std::nullopt;
}

}  // namespace

namespace internal {

Rational ParseRational(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  Rational result;
  if (e != std::string_view::npos) result.power_of_ten = std::stoi(std::string(text.substr(e + 1)));
  std::string digits(text.substr(0, e));
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    result.power_of_ten -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  Big numerator = FromDigits(std::move(digits));
  result.power_of_ten += StripTens(numerator);
  result.numerator = ToWords(numerator);
  return result;
}

std::optional<Rational> Times(const Rational& a, const Rational& factor, int exponent) {
  Rational base = factor;
  if (exponent < 0) {
    base = {factor.denominator, factor.numerator, -factor.power_of_ten};
    exponent = -exponent;
  }
  std::optional<Rational> product = a;
  for (; product && exponent > 0; --exponent) product = Multiply(*product, base);
  return product;
}

std::optional<base::Decimal> AsShortDecimal(const Rational& value) {
  const Big numerator = FromWords(value.numerator);
  if (FromWords(value.denominator) != 1 || std::abs(value.power_of_ten) > 18 || numerator >= PowerOfTen(18)) {
    return std::nullopt;
  }
  return base::Decimal::Parse(numerator.str() + "e" + std::to_string(value.power_of_ten));
}

}  // namespace internal

std::optional<base::Decimal> Convert(const base::Decimal& value, const Unit& from, const Unit& to) {
  if (!Comparable(from, to)) return std::nullopt;
  if (&from == &to || SameSize(from, to)) return value;
  if (const auto converted = ConvertDecimal(value, from, to)) return converted;
  const auto converted = ConvertExactly(value, from, to);
  return converted ? ToDecimal(*converted) : std::nullopt;
}

std::optional<std::string> ConvertToText(const base::Decimal& value, const Unit& from, const Unit& to,
                                         int significant_digits) {
  const auto converted = ConvertExactly(value, from, to);
  if (!converted || significant_digits < 1 || significant_digits > kMaxTextDigits) return std::nullopt;
  const bool negative = converted->numerator < 0;
  const Big numerator = negative ? Big(-converted->numerator) : converted->numerator;
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
