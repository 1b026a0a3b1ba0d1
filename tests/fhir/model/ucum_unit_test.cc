#include "fhir/model/ucum_unit.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fhir/model/ucum_expression.h"
#include "fhir/model/ucum_table.h"

namespace osteon::model::ucum {
namespace {

using base::Decimal;

class UcumUnit : public ::testing::Test {
 protected:
  const Unit& U(std::string_view code) {
    const Unit* unit = Find(code, arena_);
    if (unit == nullptr) ADD_FAILURE() << code << ": " << WhyInvalid(code);
    return unit != nullptr ? *unit : *Find("1", arena_);
  }
  std::string Converted(std::string_view value, std::string_view from, std::string_view to) {
    const auto result = Convert(Decimal::Of(value), U(from), U(to));
    return result ? result->ToString() : "none";
  }
  std::string Ordered(std::string_view a, std::string_view unit_a, std::string_view b,
                      std::string_view unit_b) {
    const auto order = Compare(Decimal::Of(a), U(unit_a), Decimal::Of(b), U(unit_b));
    if (!order) return "none";
    return *order < 0 ? "<" : (*order > 0 ? ">" : "=");
  }
  base::Arena arena_;
};

TEST_F(UcumUnit, EveryUnitOfTheTableHasACanonicalForm) {
  EXPECT_EQ(internal::Prefixes().size(), 24U);
  EXPECT_EQ(internal::Units().size(), 312U);
  for (const internal::UnitRow& row : internal::Units()) {
    EXPECT_EQ(WhyInvalid(row.code), "");
    EXPECT_NE(Find(row.code, arena_), nullptr) << row.code;
  }
}

TEST_F(UcumUnit, EveryPrefixGoesWithMetricUnitsOnly) {
  for (const internal::PrefixRow& prefix : internal::Prefixes()) {
    EXPECT_NE(Find(std::string(prefix.code) + "mol", arena_), nullptr) << prefix.code;
    EXPECT_EQ(Find(std::string(prefix.code) + "[in_i]", arena_), nullptr) << prefix.code;
  }
}

// UCUM 2.2 section 4, full and limited conformance: a symbol that is a unit wins over prefix and unit.
TEST_F(UcumUnit, AWholeSymbolWinsOverAPrefix) {
  EXPECT_TRUE(Comparable(U("cd"), U("lm/sr")));
  EXPECT_TRUE(Comparable(U("Pa"), U("N/m2")));
  EXPECT_TRUE(Comparable(U("dar"), U("m2")));
  EXPECT_TRUE(Comparable(U("daar"), U("m2")));
}

TEST_F(UcumUnit, ConvertsExactly) {
  EXPECT_EQ(Converted("1", "mg/dL", "g/L"), "0.01");
  EXPECT_EQ(Converted("120", "mm[Hg]", "kPa"), "15.99864");
  EXPECT_EQ(Converted("1", "[lb_av]", "g"), "453.59237");
  EXPECT_EQ(Converted("1", "a", "d"), "365.25");
  EXPECT_EQ(Converted("1", "[ly]", "m"), "9460730472580800");
  EXPECT_EQ(Converted("3", "h", "s"), "10800");
  EXPECT_EQ(Converted("90", "km/h", "m/s"), "25");
  EXPECT_EQ(Converted("1", "KiBy", "bit"), "8192");
  EXPECT_EQ(Converted("1", "kat", "U"), "60000000");
  EXPECT_EQ(Converted("1", "m", "[in_i]"), "39.3700787401574803149606299213");
  EXPECT_EQ(Converted("180", "deg", "rad"), "3.1415926535897932384626433833");
}

TEST_F(UcumUnit, ConvertsTemperaturesExactly) {
  EXPECT_EQ(Converted("37", "Cel", "K"), "310.15");
  EXPECT_EQ(Converted("98.6", "[degF]", "Cel"), "37");
  EXPECT_EQ(Converted("-40", "Cel", "[degF]"), "-40");
  EXPECT_EQ(Converted("80", "[degRe]", "Cel"), "100");
  EXPECT_EQ(Converted("1000", "mCel", "K"), "274.15");
}

TEST_F(UcumUnit, ConvertsLogarithms) {
  EXPECT_EQ(Converted("7.4", "[pH]", "nmol/L"), "39.8107170553497250770252305088");
  EXPECT_EQ(Converted("100", "nmol/L", "[pH]"), "7");
  EXPECT_EQ(Converted("20", "dB", "1"), "100");
  EXPECT_EQ(Converted("8", "bit_s", "1"), "256");
  EXPECT_EQ(Converted("0", "nmol/L", "[pH]"), "none");
  EXPECT_EQ(Converted("99999", "[pH]", "mol/L"), "none");
}

// UCUM 2.2 section 24: arbitrary units are not of the dimension of anything else.
TEST_F(UcumUnit, ArbitraryUnitsCompareWithThemselvesOnly) {
  EXPECT_EQ(Converted("5", "k[iU]/L", "[IU]/mL"), "5");
  EXPECT_FALSE(Comparable(U("[iU]"), U("[USP'U]")));
  EXPECT_FALSE(Comparable(U("[iU]/L"), U("1/L")));
  EXPECT_FALSE(Comparable(U("[iU]"), U("1")));
  EXPECT_TRUE(Comparable(U("[iU]/[iU]"), U("1")));
}

// UCUM 2.2 section 21: on no ratio scale, so in no product.
TEST_F(UcumUnit, SpecialUnitsStandAlone) {
  EXPECT_NE(WhyInvalid("Cel/s"), "");
  EXPECT_NE(WhyInvalid("Cel2"), "");
  EXPECT_EQ(WhyInvalid("Cel{oral}"), "");
  EXPECT_EQ(WhyInvalid("(Cel)"), "");
}

TEST_F(UcumUnit, ComparesWithoutRounding) {
  EXPECT_EQ(Ordered("1", "g", "1000", "mg"), "=");
  EXPECT_EQ(Ordered("1", "[ft_i]", "12", "[in_i]"), "=");
  EXPECT_EQ(Ordered("1", "d", "1", "m"), "none");
  EXPECT_EQ(Ordered("1", "m/3", "0.3333333333333333333333333333", "m"), ">");
  EXPECT_EQ(Ordered("36.9", "Cel", "98.6", "[degF]"), "<");
  EXPECT_EQ(Ordered("1", "cm2", "100", "mm2"), "=");
}

TEST_F(UcumUnit, GathersSymbolsInProducts) {
  EXPECT_EQ(MultiplyCodes("cm", "cm"), "cm2");
  EXPECT_EQ(MultiplyCodes("g", "m"), "g.m");
  EXPECT_EQ(DivideCodes("g", "m"), "g/m");
  EXPECT_EQ(DivideCodes("m", "m"), "1");
  EXPECT_EQ(DivideCodes("1", "s"), "1/s");
  EXPECT_EQ(DivideCodes("mg/dL", "1"), "mg/dL");
  EXPECT_EQ(MultiplyCodes("mg/dL", "dL"), "mg");
  EXPECT_EQ(DivideCodes("kg", "m.s2"), "kg/m/s2");
  EXPECT_EQ(MultiplyCodes("", "m"), "m");
  EXPECT_EQ(MultiplyCodes("Cel", "m"), std::nullopt);
  EXPECT_EQ(MultiplyCodes("furlong", "m"), std::nullopt);
}

TEST_F(UcumUnit, SaysWhatIsWrong) {
  EXPECT_EQ(WhyInvalid("mg/furlong"), "'furlong' is no UCUM unit");
  EXPECT_EQ(WhyInvalid("m/"), "the unit ends where a symbol is expected");
  EXPECT_EQ(WhyInvalid("(m"), "')' is missing");
  EXPECT_EQ(WhyInvalid("m)"), "unexpected ')' in the unit");
  EXPECT_EQ(WhyInvalid("[in_i"), "']' is missing");
  EXPECT_EQ(WhyInvalid("m+"), "digits are expected after the sign of an exponent");
  EXPECT_EQ(WhyInvalid("m/0"), "0 is no factor of a unit");
  EXPECT_EQ(WhyInvalid(""), "the unit is empty");
}

TEST_F(UcumUnit, SurvivesHostileText) {
  const std::string deep(300, '(');
  for (const std::string& text :
       {deep, std::string(200, '('), std::string("m99.m99.m99.m99.Ym99"), std::string("Ym99"),
        std::string("[pi]99"), std::string("10*99.10*99.10*99.10*99"), std::string("\xff\xfe"),
        std::string("m\0m", 3), std::string("m/."), std::string("999999999999999999999999"), std::string("{"),
        std::string("{{}}"), std::string("m{\xC3\xA9}")}) {
    EXPECT_EQ(Find(text, arena_) == nullptr, !WhyInvalid(text).empty()) << text;
  }
  EXPECT_EQ(Find("[pi]99", arena_), nullptr);
  EXPECT_EQ(Converted("99999999999999999999999999999", "Ym", "ym"), "none");
}

TEST_F(UcumUnit, IsFoundByManyThreadsAndBeyondItsRoom) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([thread] {
      base::Arena arena;
      for (int i = 1; i < 1500; ++i) {
        const std::string code = std::to_string(i + thread * 700) + ".m";
        const Unit* unit = Find(code, arena);
        ASSERT_NE(unit, nullptr);
        EXPECT_EQ(unit->text, code);
        EXPECT_EQ(*unit->factor, Decimal(i + thread * 700));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace osteon::model::ucum
