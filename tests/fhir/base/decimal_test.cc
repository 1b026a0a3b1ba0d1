#include "fhir/base/decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace osteon::base {
namespace {

// The oracle: exact fractions of unbounded integers, read from the text by long-hand.
using Big = boost::multiprecision::cpp_int;
using Fraction = boost::multiprecision::cpp_rational;

Big TenTo(int exponent) {
  return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent));
}

Fraction FractionOf(std::string text) {
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const auto point = text.find('.');
  const int scale = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
  if (point != std::string::npos) text.erase(point, 1);
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  const Fraction size(Big(text), TenTo(scale));
  return negative ? Fraction(-size) : size;
}

Fraction FractionOf(const Decimal& decimal) {
  return FractionOf(decimal.ToString());
}

// True when the value can be held: some scale of 0..28 makes it an integer under 10^36.
bool Fits(const Fraction& value) {
  for (int scale = 0; scale <= 28; ++scale) {
    const Fraction shifted = value * Fraction(TenTo(scale));
    if (denominator(shifted) == 1) return abs(numerator(shifted)) < TenTo(36);
  }
  return false;
}

// Half away from zero, by comparing the remainder with its complement.
Fraction RoundAt(const Fraction& value, int scale) {
  const Fraction shifted = abs(value) * Fraction(TenTo(scale));
  Big whole = numerator(shifted) / denominator(shifted);
  const Fraction rest = shifted - Fraction(whole);
  if (rest >= Fraction(1) - rest) whole += 1;
  const Fraction size(whole, TenTo(scale));
  return value < 0 ? Fraction(-size) : size;
}

// Literals of every size: short ones, ones with many zeros, and ones at the border of what is held.
std::vector<std::string> SampleLiterals(std::size_t count) {
  std::mt19937_64 random(20260615);
  std::vector<std::string> literals = {"0",
                                       "0.0",
                                       "-0.00",
                                       "1",
                                       "-1",
                                       "0.1",
                                       "1.00",
                                       "999999999999999999999999999999999999",
                                       "-999999999999999999999999999999999999",
                                       "0.0000000000000000000000000001",
                                       "99999999.9999999999999999999999999999",
                                       "1125899906842624",
                                       "0.0009765625"};
  while (literals.size() < count) {
    const int whole_digits = 1 + static_cast<int>(random() % (random() % 2 ? 4 : 20));
    const int fraction_digits = static_cast<int>(random() % (random() % 2 ? 4 : 17));
    std::string literal = random() % 2 ? "-" : "";
    literal += static_cast<char>('0' + (whole_digits > 1 ? 1 + random() % 9 : random() % 10));
    for (int i = 1; i < whole_digits; ++i)
      literal += static_cast<char>('0' + (random() % 3 ? random() % 10 : 0));
    if (fraction_digits > 0) literal += '.';
    for (int i = 0; i < fraction_digits; ++i) {
      literal += static_cast<char>('0' + (random() % 3 ? random() % 10 : 0));
    }
    literals.push_back(literal);
  }
  return literals;
}

TEST(Decimal, IsTriviallyCopyable) {
  EXPECT_TRUE(std::is_trivially_copyable_v<Decimal>);
}

TEST(Decimal, KeepsTheWrittenScale) {
  EXPECT_EQ(Decimal::Of("1.50").ToString(), "1.50");
  EXPECT_EQ(Decimal::Of("1.50").scale(), 2);
  EXPECT_EQ(Decimal::Of("-0.05").ToString(), "-0.05");
  EXPECT_EQ(Decimal::Of("100").ToString(), "100");
  EXPECT_EQ(Decimal::Of("0.0").ToString(), "0.0");
  EXPECT_EQ(Decimal().ToString(), "0");
  EXPECT_EQ(Decimal(-7).ToString(), "-7");
}

TEST(Decimal, DropsTheSignOfZero) {
  EXPECT_EQ(Decimal::Of("-0.0").ToString(), "0.0");
  EXPECT_FALSE(Decimal::Of("-0").negative());
}

TEST(Decimal, ReadsExponents) {
  EXPECT_EQ(Decimal::Of("1.5e2").ToString(), "150");
  EXPECT_EQ(Decimal::Of("1.5E+0").ToString(), "1.5");
  EXPECT_EQ(Decimal::Of("15e-1").ToString(), "1.5");
  EXPECT_EQ(Decimal::Of("1.50e-3").ToString(), "0.00150");
  EXPECT_EQ(Decimal::Of("1e35").ToString(), "1" + std::string(35, '0'));
  EXPECT_EQ(Decimal::Of("0.001e3").ToString(), "1");
  EXPECT_EQ(Decimal::Of("1e-28").ToString(), "0." + std::string(27, '0') + "1");
  EXPECT_EQ(Decimal::Of("1000e-30").ToString(), "0." + std::string(26, '0') + "10");
}

TEST(Decimal, ReadsZeroWhateverItsExponent) {
  for (const char* text : {"0e400", "0e-1000000", "0.000e99999999999999999999", "-0e0"}) {
    const auto zero = Decimal::Parse(text);
    ASSERT_TRUE(zero.has_value()) << text;
    EXPECT_TRUE(zero->is_zero()) << text;
  }
}

TEST(Decimal, RefusesWhatItCannotHold) {
  const std::string digits_37(37, '7');
  for (const std::string& text : std::initializer_list<std::string>{
           "1e36", "1e400", "1e-29", "1e-1000000", "1e99999999999999999999999999",
           "1e-99999999999999999999999999", "1e9223372036854775807", "1e-9223372036854775808", digits_37,
           "0." + std::string(28, '0') + "1", "123456789.1234567890123456789012345678",
           "1" + std::string(5000, '0'), "1" + std::string(5000, '0') + "1"}) {
    EXPECT_FALSE(Decimal::Parse(text).has_value()) << text.substr(0, 60);
  }
}

TEST(Decimal, AcceptsFractionsBeyondTheLimitWhenTheyAreZeros) {
  EXPECT_EQ(Decimal::Of("1." + std::string(5000, '0')), Decimal(1));
  EXPECT_EQ(Decimal::Of("0.5" + std::string(40, '0')), Decimal::Of("0.5"));
  EXPECT_EQ(Decimal::Of("123456789012." + std::string(28, '0')), Decimal(123456789012));
  EXPECT_EQ(Decimal::Of("1" + std::string(50, '0') + "e-50"), Decimal(1));
  EXPECT_EQ(Decimal::Of("0." + std::string(50, '0') + "1e51"), Decimal(1));
}

TEST(Decimal, RefusesWhatIsNoJsonNumber) {
  for (const char* text :
       {"",   "-",  "+1",  ".5",  "1.",       "01",  "-01", "00", "1e", "1e+",   "1e1.5", "1.2.3",
        " 1", "1 ", "0x1", "NaN", "Infinity", "1,5", "--1", "1-", "e5", "1e--5", "1_000", "\xD9\xA1"}) {
    EXPECT_FALSE(Decimal::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(Decimal::Parse(std::string_view("1\0", 2)).has_value());
}

TEST(Decimal, EndsTheProgramOnABadConstant) {
  EXPECT_DEATH(Decimal::Of("1.5 mg"), "");
}

TEST(Decimal, ComparesByValueNotByScale) {
  EXPECT_EQ(Decimal::Of("1.0"), Decimal::Of("1.00"));
  EXPECT_EQ(Decimal::Of("0.000"), Decimal(0));
  EXPECT_LT(Decimal::Of("-0.5"), Decimal::Of("0.25"));
  EXPECT_LT(Decimal::Of("-0.5"), Decimal::Of("-0.25"));
  EXPECT_GT(Decimal::Of("999999999999999999999999999999999999"),
            Decimal::Of("99999999.9999999999999999999999999999"));
  EXPECT_LT(Decimal::Of("-999999999999999999999999999999999999"),
            Decimal::Of("0.0000000000000000000000000001"));
}

TEST(Decimal, ReadsAndWritesAllSamplesUnchanged) {
  for (const std::string& literal : SampleLiterals(2000)) {
    const auto decimal = Decimal::Parse(literal);
    if (!decimal) {
      EXPECT_FALSE(Fits(FractionOf(literal))) << literal;
      continue;
    }
    EXPECT_EQ(FractionOf(*decimal), FractionOf(literal)) << literal;
    EXPECT_EQ(Decimal::Parse(decimal->ToString())->ToString(), decimal->ToString());
    EXPECT_EQ(FractionOf(decimal->Normalized()), FractionOf(literal)) << literal;
    const std::string normalized = decimal->Normalized().ToString();
    EXPECT_TRUE(normalized.find('.') == std::string::npos || normalized.back() != '0') << normalized;
  }
}

TEST(Decimal, AgreesWithExactFractionsInArithmeticAndOrder) {
  const auto literals = SampleLiterals(90);
  for (const std::string& left : literals) {
    const auto a = Decimal::Parse(left);
    if (!a) continue;
    const Fraction x = FractionOf(*a);
    for (const std::string& right : literals) {
      const auto b = Decimal::Parse(right);
      if (!b) continue;
      const Fraction y = FractionOf(*b);
      SCOPED_TRACE(left + " with " + right);
      EXPECT_EQ(*a < *b, x < y);
      EXPECT_EQ(*a == *b, x == y);
      const auto check = [](const std::optional<Decimal>& result, const Fraction& expected) {
        ASSERT_EQ(result.has_value(), Fits(expected)) << expected;
        if (result) {
          EXPECT_EQ(FractionOf(*result), expected);
        }
      };
      check(a->Plus(*b), x + y);
      check(a->Minus(*b), x - y);
      check(a->Times(*b), x * y);
      for (const int scale : {0, 2, 12, 28}) {
        if (y == 0) {
          EXPECT_FALSE(a->DividedBy(*b, scale).has_value());
        } else {
          check(a->DividedBy(*b, scale), RoundAt(x / y, scale));
        }
      }
    }
  }
}

TEST(Decimal, RoundsLikeExactFractions) {
  for (const std::string& literal : SampleLiterals(1000)) {
    const auto decimal = Decimal::Parse(literal);
    if (!decimal) continue;
    for (const int scale : {0, 1, 2, 7, 28}) {
      const Decimal rounded = decimal->Rounded(scale);
      EXPECT_EQ(FractionOf(rounded), RoundAt(FractionOf(*decimal), scale)) << literal << " at " << scale;
      EXPECT_LE(rounded.scale(), std::max(scale, 0));
    }
  }
}

TEST(Decimal, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(Decimal::Of("2.5").Rounded(0).ToString(), "3");
  EXPECT_EQ(Decimal::Of("-2.5").Rounded(0).ToString(), "-3");
  EXPECT_EQ(Decimal::Of("2.49").Rounded(0).ToString(), "2");
  EXPECT_EQ(Decimal::Of("0.05").Rounded(1).ToString(), "0.1");
  EXPECT_EQ(Decimal::Of("9.99").Rounded(1).ToString(), "10.0");
  EXPECT_EQ(Decimal::Of("1.5").Rounded(3).ToString(), "1.5");
  EXPECT_EQ(Decimal(1).DividedBy(8, 2)->ToString(), "0.13");
  EXPECT_EQ(Decimal(-1).DividedBy(8, 2)->ToString(), "-0.13");
  EXPECT_EQ(Decimal(2).DividedBy(3)->ToString(), "0.666666666667");
  EXPECT_EQ(Decimal(6).DividedBy(3)->ToString(), "2");
}

TEST(Decimal, TreatsScalesOutOfRangeAsTheNearestOne) {
  EXPECT_EQ(Decimal::Of("2.55").Rounded(-5).ToString(), "3");
  EXPECT_EQ(Decimal::Of("2.55").Rounded(1000).ToString(), "2.55");
  EXPECT_EQ(Decimal(1).DividedBy(4, 1000)->ToString(), "0.25");
  EXPECT_EQ(Decimal(3).DividedBy(2, -1)->ToString(), "2");
}

TEST(Decimal, FindsTheProductBehindManyDigits) {
  // 2^50 * 5^50 / 10^28: the raw product has 51 digits, the value 23.
  EXPECT_EQ(Decimal::Of("1125899906842624").Times(Decimal::Of("0.0009765625"))->ToString(),
            "1099511627776.0000000000");
  const Decimal fives = Decimal::Of("8881784197.0012523233890533447265625");
  EXPECT_EQ(fives.Times(Decimal(1125899906842624))->Normalized().ToString(), "1" + std::string(25, '0'));
}

TEST(Decimal, GivesTheWholePartTowardsZero) {
  EXPECT_EQ(Decimal::Of("2.99").ToInteger(), 2);
  EXPECT_EQ(Decimal::Of("-2.99").ToInteger(), -2);
  EXPECT_EQ(Decimal::Of("9223372036854775807.9").ToInteger(), INT64_MAX);
  EXPECT_EQ(Decimal::Of("-9223372036854775808").ToInteger(), INT64_MIN);
  EXPECT_EQ(Decimal(INT64_MIN).ToString(), "-9223372036854775808");
  EXPECT_FALSE(Decimal::Of("9223372036854775808").ToInteger().has_value());
  EXPECT_FALSE(Decimal::Of("-9223372036854775809").ToInteger().has_value());
}

}  // namespace
}  // namespace osteon::base
