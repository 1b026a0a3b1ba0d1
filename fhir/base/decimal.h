// Exact decimal numbers for clinical quantities. Source: FHIR R4 datatypes "decimal" (precision is kept) and
// FHIRPath 2.0 / CQL 1.5 Decimal (28 digits).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace osteon::base {

// value = unscaled / 10^scale. Trivially copyable. |unscaled| < 10^36, 0 <= scale <= 28; what does not fit is
// std::nullopt from the operation that would make it, never a wrong number.
class Decimal {
 public:
  constexpr Decimal() = default;
  constexpr Decimal(std::int64_t integer) : unscaled_(integer) {}  // NOLINT(google-explicit-constructor)

  // JSON number grammar (sign, fraction, exponent); the written scale is kept: "1.50" has scale 2.
  static std::optional<Decimal> Parse(std::string_view text);
  // REQUIRES: text is a decimal literal in range; for constants in code (ends the program otherwise).
  static Decimal Of(std::string_view literal);

  int scale() const { return scale_; }
  bool negative() const { return unscaled_ < 0; }
  bool is_zero() const { return unscaled_ == 0; }

  // Numeric order; scale does not matter (1.0 == 1.00).
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) { return Compare(a, b); }
  friend bool operator==(const Decimal& a, const Decimal& b) { return Compare(a, b) == 0; }

  std::optional<Decimal> Plus(const Decimal& other) const;
  std::optional<Decimal> Minus(const Decimal& other) const;
  std::optional<Decimal> Times(const Decimal& other) const;
  // Rounded half away from zero at `scale` digits (0..28), then without trailing zeros; nullopt on division
  // by zero.
  std::optional<Decimal> DividedBy(const Decimal& other, int scale = 12) const;
  // Rounded half away from zero to at most `scale` digits (0..28); a shorter fraction is not padded.
  Decimal Rounded(int scale) const;
  // Trailing zeros of the fraction removed.
  Decimal Normalized() const;
  // Whole part, towards zero; nullopt when it does not fit.
  std::optional<std::int64_t> ToInteger() const;

  // Shortest plain text with the scale kept: "-1.50". No exponent.
  std::string ToString() const;

 private:
  __extension__ using Int128 = __int128;
  static std::strong_ordering Compare(const Decimal& a, const Decimal& b);
  static std::optional<Decimal> Make(Int128 unscaled, int scale);

  Int128 unscaled_ = 0;
  std::int8_t scale_ = 0;
};

}  // namespace osteon::base
