#include "fhir/base/decimal.h"

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdlib>
#include <limits>

namespace osteon::base {
namespace {

__extension__ using Int128 = __int128;
// Products of two values reach 10^72 and scaled dividends 10^92; neither fits 128 bits.
using Wide = boost::multiprecision::int512_t;

constexpr int kMaxScale = 28;
constexpr int kMaxDigits = 36;
// Exponents beyond this are out of range for every mantissa that fits in memory's reach; clamping keeps the
// sums of exponent and digit counts inside int64.
constexpr std::int64_t kExponentLimit = 1'000'000'000'000;

constexpr std::array<Int128, kMaxDigits + 1> MakePowers() {
  std::array<Int128, kMaxDigits + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr auto kPowers = MakePowers();
constexpr Int128 kLimit = kPowers[kMaxDigits];  // 10^36, exclusive

constexpr Int128 Power(int exponent) {
  return kPowers[static_cast<std::size_t>(exponent)];
}
constexpr Int128 Abs(Int128 value) {
  return value < 0 ? -value : value;
}

// a * b, when it stays under 10^36 in size. REQUIRES: |a|, |b| <= 10^36.
std::optional<Int128> Multiply(Int128 a, Int128 b) {
  if (a == 0 || b == 0) return Int128{0};
  if (Abs(a) > (kLimit - 1) / Abs(b)) return std::nullopt;
  return a * b;
}

Wide Widen(Int128 value) {
  Wide wide = static_cast<std::uint64_t>(Abs(value) >> 64);
  wide <<= 64;
  wide += static_cast<std::uint64_t>(Abs(value));
  return value < 0 ? Wide(-wide) : wide;
}

// REQUIRES: |value| < 2^127.
Int128 Narrow(const Wide& value) {
  const Wide size = value < 0 ? Wide(-value) : value;
  const auto high = static_cast<std::uint64_t>(Wide(size >> 64) & std::numeric_limits<std::uint64_t>::max());
  const auto low = static_cast<std::uint64_t>(size & std::numeric_limits<std::uint64_t>::max());
  const Int128 result = (static_cast<Int128>(high) << 64) | static_cast<Int128>(low);
  return value < 0 ? -result : result;
}

Wide WidePower(int exponent) {
  Wide power = 1;
  for (; exponent > kMaxDigits; exponent -= kMaxDigits) power *= Widen(kLimit);
  return power * Widen(Power(exponent));
}

// Trailing zeros of the fraction go until the value is in range, or cannot be.
struct Reduced {
  Int128 unscaled;
  int scale;
};
std::optional<Reduced> Reduce(Wide unscaled, int scale) {
  const Wide limit = Widen(kLimit);
  while (scale > kMaxScale || unscaled >= limit || unscaled <= -limit) {
    if (scale == 0 || unscaled % 10 != 0) return std::nullopt;
    unscaled /= 10;
    --scale;
  }
  return Reduced{Narrow(unscaled), scale};
}

// The parts of a JSON number: the value is digits * 10^exponent, with no trailing zero in `digits`.
struct Literal {
  bool negative = false;
  Int128 digits = 0;
  std::int64_t exponent = 0;
  std::int64_t written_scale = 0;
};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Reads digits from `text` at `at` into `literal`; zeros wait in `pending` until another digit needs them.
// False when more than 36 significant digits come.
bool ReadDigits(std::string_view text, std::size_t& at, Literal& literal, std::int64_t& pending) {
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    if (text[at] == '0') {
      if (literal.digits != 0) ++pending;
      continue;
    }
    for (; pending >= 0; --pending) {
      if (literal.digits >= kLimit / 10) return false;
      literal.digits *= 10;
    }
    pending = 0;
    literal.digits += text[at] - '0';
  }
  return true;
}

std::optional<std::int64_t> ReadExponent(std::string_view text, std::size_t& at) {
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  if (at >= text.size() || !IsDigit(text[at])) return std::nullopt;
  std::int64_t exponent = 0;
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    exponent = std::min(exponent * 10 + (text[at] - '0'), kExponentLimit);
  }
  return negative ? -exponent : exponent;
}

std::optional<Literal> ReadLiteral(std::string_view text) {
  Literal literal;
  std::size_t at = 0;
  std::int64_t pending = 0;
  if (at < text.size() && text[at] == '-') {
    literal.negative = true;
    ++at;
  }
  if (at >= text.size() || !IsDigit(text[at])) return std::nullopt;
  if (text[at] == '0' && at + 1 < text.size() && IsDigit(text[at + 1])) return std::nullopt;
  if (!ReadDigits(text, at, literal, pending)) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    const std::size_t first = ++at;
    if (!ReadDigits(text, at, literal, pending) || at == first) return std::nullopt;
    literal.written_scale = static_cast<std::int64_t>(at - first);
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const auto exponent = ReadExponent(text, at);
    if (!exponent) return std::nullopt;
    literal.written_scale -= *exponent;
  }
  if (at != text.size()) return std::nullopt;
  literal.exponent = pending - literal.written_scale;
  return literal;
}

}  // namespace

std::optional<Decimal> Decimal::Make(Int128 unscaled, int scale) {
  if (scale > kMaxScale || Abs(unscaled) >= kLimit) {
    const auto reduced = Reduce(Widen(unscaled), scale);
    if (!reduced) return std::nullopt;
    unscaled = reduced->unscaled;
    scale = reduced->scale;
  }
  Decimal decimal;
  decimal.unscaled_ = unscaled;
  decimal.scale_ = static_cast<std::int8_t>(scale);
  return decimal;
}

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  const auto literal = ReadLiteral(text);
  if (!literal) return std::nullopt;
  auto scale = static_cast<int>(std::clamp<std::int64_t>(literal->written_scale, 0, kMaxScale));
  if (literal->digits == 0) return Make(0, scale);
  const Int128 digits = literal->negative ? -literal->digits : literal->digits;
  // The written scale when it fits; otherwise as many of its trailing zeros as fit.
  for (; scale >= 0 && scale + literal->exponent >= 0; --scale) {
    const std::int64_t shift = scale + literal->exponent;
    if (shift > kMaxDigits) {
      if (literal->exponent > kMaxDigits) return std::nullopt;
      continue;
    }
    if (const auto unscaled = Multiply(digits, Power(static_cast<int>(shift)))) return Make(*unscaled, scale);
  }
  return std::nullopt;
}

Decimal Decimal::Of(std::string_view literal) {
  const auto decimal = Parse(literal);
  // A constant silently read as 0 would be a wrong clinical threshold.
  if (!decimal) std::abort();
  return *decimal;
}

std::strong_ordering Decimal::Compare(const Decimal& a, const Decimal& b) {
  if (a.scale_ == b.scale_) return a.unscaled_ <=> b.unscaled_;
  // Whole parts first, then fractions at one scale: neither can overflow.
  const Int128 a_power = Power(a.scale_);
  const Int128 b_power = Power(b.scale_);
  const auto whole = a.unscaled_ / a_power <=> b.unscaled_ / b_power;
  if (whole != 0) return whole;
  const int scale = std::max(a.scale_, b.scale_);
  const Int128 a_fraction = a.unscaled_ % a_power * Power(scale - a.scale_);
  const Int128 b_fraction = b.unscaled_ % b_power * Power(scale - b.scale_);
  return a_fraction <=> b_fraction;
}

std::optional<Decimal> Decimal::Plus(const Decimal& other) const {
  const int scale = std::max(scale_, other.scale_);
  const auto a = Multiply(unscaled_, Power(scale - scale_));
  const auto b = Multiply(other.unscaled_, Power(scale - other.scale_));
  if (a && b) return Make(*a + *b, scale);
  const auto sum = Reduce(Widen(unscaled_) * Widen(Power(scale - scale_)) +
                              Widen(other.unscaled_) * Widen(Power(scale - other.scale_)),
                          scale);
  if (!sum) return std::nullopt;
  return Make(sum->unscaled, sum->scale);
}

std::optional<Decimal> Decimal::Minus(const Decimal& other) const {
  Decimal negated = other;
  negated.unscaled_ = -other.unscaled_;
  return Plus(negated);
}

std::optional<Decimal> Decimal::Times(const Decimal& other) const {
  const int scale = scale_ + other.scale_;
  if (const auto product = Multiply(unscaled_, other.unscaled_)) return Make(*product, scale);
  const auto product = Reduce(Widen(unscaled_) * Widen(other.unscaled_), scale);
  if (!product) return std::nullopt;
  return Make(product->unscaled, product->scale);
}

std::optional<Decimal> Decimal::DividedBy(const Decimal& other, int scale) const {
  if (other.is_zero()) return std::nullopt;
  scale = std::clamp(scale, 0, kMaxScale);
  // this / other * 10^scale = dividend / divisor
  const int shift = scale + other.scale_ - scale_;
  const bool is_negative = negative() != other.negative();
  if (shift >= 0 && shift <= kMaxDigits) {
    if (const auto dividend = Multiply(Abs(unscaled_), Power(shift))) {
      const Int128 divisor = Abs(other.unscaled_);
      const Int128 rest = *dividend % divisor;
      const Int128 quotient = *dividend / divisor + (rest >= divisor - rest ? 1 : 0);
      const auto result = Make(is_negative ? -quotient : quotient, scale);
      return result ? std::optional(result->Normalized()) : std::nullopt;
    }
  }
  Wide dividend = Widen(Abs(unscaled_));
  Wide divisor = Widen(Abs(other.unscaled_));
  (shift >= 0 ? dividend : divisor) *= WidePower(std::abs(shift));
  Wide quotient = (dividend * 2 + divisor) / (divisor * 2);
  if (is_negative) quotient = -quotient;
  const auto reduced = Reduce(quotient, scale);
  if (!reduced) return std::nullopt;
  const auto result = Make(reduced->unscaled, reduced->scale);
  return result ? std::optional(result->Normalized()) : std::nullopt;
}

Decimal Decimal::Rounded(int scale) const {
  scale = std::clamp(scale, 0, kMaxScale);
  if (scale >= scale_) return *this;
  const Int128 power = Power(scale_ - scale);
  Decimal result;
  result.unscaled_ = unscaled_ / power;
  result.scale_ = static_cast<std::int8_t>(scale);
  if (Abs(unscaled_ % power) >= power / 2) result.unscaled_ += negative() ? -1 : 1;
  return result;
}

Decimal Decimal::Normalized() const {
  Decimal result = *this;
  // Zeros in halving strides: five divisions instead of one for each zero.
  for (const int stride : {16, 8, 4, 2, 1}) {
    if (result.scale_ < stride || result.unscaled_ % Power(stride) != 0) continue;
    result.unscaled_ /= Power(stride);
    result.scale_ = static_cast<std::int8_t>(result.scale_ - stride);
  }
  return result;
}

std::optional<std::int64_t> Decimal::ToInteger() const {
  const Int128 whole = unscaled_ / Power(scale_);
  if (whole > std::numeric_limits<std::int64_t>::max() || whole < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(whole);
}

std::string Decimal::ToString() const {
  std::string reversed;
  Int128 rest = Abs(unscaled_);
  for (int digit = 0; rest != 0 || digit <= scale_; ++digit) {
    if (digit == scale_ && scale_ != 0) reversed += '.';
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (negative()) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace osteon::base
