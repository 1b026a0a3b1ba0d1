#include "fhir/model/ucum_rational.h"

#include <algorithm>
#include <string>

namespace osteon::model::ucum::internal {
namespace {

constexpr int kMaxScale = 28;
constexpr std::size_t kMaxDigits = 36;

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

std::optional<Rational> Multiply(const Rational& a, const Rational& b) {
  Rational product{a.numerator * b.numerator, a.denominator * b.denominator, a.power_of_ten + b.power_of_ten};
  const Big divisor = boost::multiprecision::gcd(product.numerator, product.denominator);
  product.numerator /= divisor;
  product.denominator /= divisor;
  product.power_of_ten += StripTens(product.numerator) - StripTens(product.denominator);
  const bool fits = Bits(product.numerator) <= kMaxFactorBits &&
                    Bits(product.denominator) <= kMaxFactorBits &&
                    std::abs(product.power_of_ten) <= kMaxPowerOfTen;
  return fits ? std::optional(product) : std::nullopt;
}

}  // namespace

Big PowerOfTen(int exponent) {
  return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent));
}

Rational ParseRational(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  Rational result;
  if (e != std::string_view::npos) result.power_of_ten = std::stoi(std::string(text.substr(e + 1)));
  std::string digits(text.substr(0, e));
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    result.power_of_ten -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  // A leading zero would make the number octal.
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  result.numerator = Big(digits);
  result.power_of_ten += StripTens(result.numerator);
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

Fraction ToFraction(const base::Decimal& value) {
  std::string digits = value.ToString();
  const bool negative = value.negative();
  std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  Fraction result{Big(digits), PowerOfTen(value.scale())};
  if (negative) result.numerator = -result.numerator;
  return result;
}

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

}  // namespace osteon::model::ucum::internal
