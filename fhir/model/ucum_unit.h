// The Unified Code for Units of Measure, whole: grammar, prefixes, units, special and arbitrary units, with
// exact conversions. The languages (FHIRPath, CQL) read quantities through this header; rules that must take
// what EHRs write instead of UCUM ("IU", "mcg") use ucum.h.
//
// Source: UCUM 2.2 (https://ucum.org/ucum), case-sensitive codes ("c/s"). The table of units is generated at
// build time from ucum/ucum-essence-2.2.xml.
//
// Exactness: factors are rational numbers of at most 512 bits per side, without rounding. Rounded are only
// [pi] itself (65 digits in UCUM), the logarithmic units ([pH], B, Np, bit_s, retired homeopathic potencies)
// and tangents ([p'diop], %[slope]) - computed with 50 digits - and a result that has more digits than a
// Decimal.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/base/decimal.h"

namespace osteon::model::ucum {

// How a special unit's number relates to the unit it is defined on (UCUM section 21).
enum class Scale : std::uint8_t {
  kRatio,
  kCelsius,
  kFahrenheit,
  kReaumur,
  kSquareRoot,
  kPh,
  kNaturalLog,
  kDecimalLog,
  kDecimalLogTwice,
  kBinaryLog,
  kTangent,
  kPotencyX,
  kPotencyC,
  kPotencyM,
  kPotencyQ,
};

// A natural number below 2^512, least significant word first.
using Words = std::array<std::uint64_t, 8>;

// The canonical form of a unit expression: factor * 10^power_of_ten * product of base units and arbitrary
// units. Trivially copyable; made by Find only.
struct Unit {
  std::string_view text;                   // as written, without surrounding white space
  std::array<std::int16_t, 7> dimensions;  // exponents of m, s, g, rad, K, C, cd
  // Arbitrary units (UCUM section 24) are dimensions of their own: row of the table and exponent, by row.
  struct Arbitrary {
    std::uint16_t row = 0;
    std::int16_t exponent = 0;
    friend bool operator==(const Arbitrary&, const Arbitrary&) = default;
  };
  std::array<Arbitrary, 4> arbitrary;
  Scale scale;
  std::int16_t power_of_ten;
  Words numerator;
  Words denominator;
  // scale == kRatio and the factor is a decimal of at most 18 digits: then conversions need no wide numbers.
  std::optional<base::Decimal> factor;
  // The prefix of a special unit ("d" of "dB"), else 0.
  std::int16_t special_prefix_power;
};

// The unit that `text` writes; null when it is no UCUM. The empty text is unity, as HL7 V3 data types have
// it. The first 2,048 different units of a process are remembered for good, and found again without a lock;
// later ones are put into `overflow`. So a Unit of an earlier request may only be kept by its text.
const Unit* Find(std::string_view text, base::Arena& overflow);

// Empty when `text` is valid UCUM; otherwise what is wrong, in words for a rule's author.
std::string WhyInvalid(std::string_view text);

// Of one dimension: a value in one unit can be expressed in the other.
bool Comparable(const Unit& a, const Unit& b);

// The same amount in `to`. Exact where the result is a decimal of at most 28 fraction digits (and then
// without trailing zeros, unless the units are of one size: then as written); else rounded half away from
// zero there. nullopt: not comparable, more than 36 digits, or outside the special unit's domain (logarithm
// of a negative).
std::optional<base::Decimal> Convert(const base::Decimal& value, const Unit& from, const Unit& to);

// The same as text with that many significant digits (1..50), in scientific notation "-1.05700e-18". For
// results a Decimal has no room for.
std::optional<std::string> ConvertToText(const base::Decimal& value, const Unit& from, const Unit& to,
                                         int significant_digits);

// Order of two amounts, never rounded on ratio and temperature scales; in one special unit, the order of the
// numbers (pH 8 is more than pH 7). nullopt when not comparable.
std::optional<std::strong_ordering> Compare(const base::Decimal& a, const Unit& unit_a,
                                            const base::Decimal& b, const Unit& unit_b);

// The code of the product or quotient: equal symbols are gathered ("cm" times "cm" is "cm2", "g" by "m" is
// "g/m", "m" by "m" is "1"); no value changes. nullopt when either is invalid or a special unit, or the
// result is too long.
std::optional<std::string> MultiplyCodes(std::string_view a, std::string_view b);
std::optional<std::string> DivideCodes(std::string_view a, std::string_view b);

// A readable form: "(millimeter)", "(meter ^ 3) * (second ^ -2)"; "(unity)" for the empty code; empty when
// invalid.
std::string DisplayName(std::string_view code);

}  // namespace osteon::model::ucum
