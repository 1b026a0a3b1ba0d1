#include "fhir/model/ucum.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::model {
namespace {

using base::Decimal;

std::string Converted(std::string_view value, std::string_view from, std::string_view to) {
  const auto result = Convert(Decimal::Of(value), from, to);
  return result ? result->ToString() : "none";
}

std::vector<std::string_view> AllSpellings() {
  return {
#define OSTEON_UNIT(spelling, dimension, factor) spelling,
#include "fhir/model/ucum_units.inc"
#undef OSTEON_UNIT
  };
}

TEST(UnitTable, HoldsEachSpellingOnce) {
  std::set<std::string_view> seen;
  for (const std::string_view spelling : AllSpellings()) {
    EXPECT_TRUE(seen.insert(spelling).second) << spelling;
    EXPECT_TRUE(IsKnownUnit(spelling)) << spelling;
    EXPECT_FALSE(spelling.empty());
  }
}

TEST(UnitTable, ConvertsBackAndForthWithinTwelveDigits) {
  const Decimal value = Decimal::Of("12.5");
  for (const std::string_view from : AllSpellings()) {
    EXPECT_EQ(Convert(value, from, from), value) << from;
    for (const std::string_view to : AllSpellings()) {
      const auto there = Convert(value, from, to);
      if (!there) continue;
      const auto back = Convert(*there, to, from);
      ASSERT_TRUE(back.has_value()) << from << " " << to;
      const Decimal error = *back->Minus(value);
      // One unit in the twelfth digit, there and back.
      const Decimal limit = *Convert(Decimal::Of("1e-12"), to, from)->Plus(Decimal::Of("1e-11"));
      EXPECT_TRUE(error < limit && *Decimal(0).Minus(error) < limit)
          << from << " " << to << " " << back->ToString();
    }
  }
}

TEST(Convert, MovesThePointExactly) {
  EXPECT_EQ(Converted("30", "ng/mL", "ug/L"), "30");
  EXPECT_EQ(Converted("9.8", "mg/dL", "mg/L"), "98");
  EXPECT_EQ(Converted("4.1", "g/dL", "g/L"), "41");
  EXPECT_EQ(Converted("2.45", "mmol/L", "umol/L"), "2450");
  EXPECT_EQ(Converted("75", "nmol/L", "mol/L"), "0.000000075");
  EXPECT_EQ(Converted("25", "m[IU]/mL", "[iU]/L"), "25");
  EXPECT_EQ(Converted("25", "mIU/mL", "IU/L"), "25");
  EXPECT_EQ(Converted("2.5", "u[IU]/mL", "m[IU]/L"), "2.5");
  EXPECT_EQ(Converted("0.850", "g/cm2", "kg/m2"), "8.5");
}

TEST(Convert, KnowsTheAvoirdupoisPoundAndTheInternationalInch) {
  EXPECT_EQ(Converted("150", "[lb_av]", "kg"), "68.0388555");
  EXPECT_EQ(Converted("16", "[oz_av]", "[lb_av]"), "1");
  EXPECT_EQ(Converted("64.5", "[in_i]", "cm"), "163.83");
  EXPECT_EQ(Converted("5", "[ft_i]", "[in_i]"), "60");
  EXPECT_EQ(Converted("70", "kg", "lb"), "154.323583529414");
  EXPECT_EQ(Converted("1", "cm", "[in_i]"), "0.393700787402");
}

TEST(Convert, TakesArbitraryUnitsAsOne) {
  for (const char* unit :
       {"[iU]", "[IU]", "IU", "U", "[USP'U]", "unit", "units", "unit(s)", "{unit}", "[arb'U]", "UNT"}) {
    EXPECT_EQ(Converted("5000", unit, "[iU]"), "5000") << unit;
  }
  EXPECT_EQ(Converted("1", "k[iU]", "U"), "1000");
  EXPECT_EQ(Converted("1200", "U/h", "[iU]/h"), "1200");
  EXPECT_EQ(Converted("10000", "UNT/ML", "[iU]/mL"), "10000");
}

TEST(Convert, KeepsTheWrittenValueBetweenUnitsOfOneSize) {
  EXPECT_EQ(Converted("1.50", "ng/mL", "ug/L"), "1.50");
  EXPECT_EQ(Converted("1.50", "kg", "kg"), "1.50");
}

TEST(Convert, RefusesOtherDimensionsAndUnknownUnits) {
  EXPECT_EQ(Converted("75", "nmol/L", "ng/mL"), "none");
  EXPECT_EQ(Converted("1", "mg", "[iU]"), "none");
  EXPECT_EQ(Converted("1", "m", "min"), "none");
  EXPECT_EQ(Converted("1", "mg/kg", "1"), "none");
  EXPECT_EQ(Converted("1", "furlong", "m"), "none");
  EXPECT_EQ(Converted("1", "furlong", "furlong"), "none");
  EXPECT_EQ(Converted("1", "", ""), "none");
  EXPECT_EQ(Converted("1", "mg", ""), "none");
  EXPECT_FALSE(IsKnownUnit(""));
  EXPECT_FALSE(IsKnownUnit("MM"));
}

TEST(Convert, DistinguishesCaseWhereUcumDoes) {
  EXPECT_FALSE(IsKnownUnit("Mg"));
  EXPECT_FALSE(IsKnownUnit("M"));
  EXPECT_EQ(Converted("1", "m", "mm"), "1000");
}

TEST(Convert, KnowsAllOfUcumBehindTheTable) {
  EXPECT_EQ(Converted("1", "mg/(24.h)", "mg/d"), "1");
  EXPECT_EQ(Converted("98.6", "[degF]", "Cel"), "37");
  EXPECT_EQ(Converted("120", "mm[Hg]", "kPa"), "15.99864");
  EXPECT_EQ(Converted("1", "nmol/L", "nmol/mL"), "0.001");
  EXPECT_EQ(Converted("1", "mg{total}/dL", "g/L"), "0.01");
  EXPECT_TRUE(IsKnownUnit("mL/min/{1.73_m2}"));
}

TEST(Convert, DoesNotTakeWhatIsCountedForANumber) {
  EXPECT_FALSE(IsKnownUnit("{tablet}"));
  EXPECT_EQ(Converted("2", "{tablet}", "1"), "none");
  EXPECT_EQ(Converted("2", "{syringe}", "[iU]"), "none");
  EXPECT_FALSE(IsKnownUnit("Ml"));
}

TEST(Convert, SurvivesNumbersAtTheLimit) {
  const std::string nines(36, '9');
  EXPECT_EQ(Converted(nines, "kg", "g"), "none");
  EXPECT_EQ(Converted(nines, "ng/mL", "mg/L"), std::string(33, '9') + ".999");
  EXPECT_EQ(Converted("0.0000000000000000000000000001", "ug", "kg"), "none");
  EXPECT_EQ(Converted("0.0000000000000000000000000001", "kg", "ug"), "0.0000000000000000001");
  EXPECT_EQ(Converted("0", "kg", "ug"), "0");
  EXPECT_EQ(Converted("-2.5", "{T-score}", "1"), "-2.5");
}

TEST(Convert, CountsUcumMonthsAndYearsAsJulian) {
  EXPECT_EQ(Converted("1", "mo", "d"), "30.4375");
  EXPECT_EQ(Converted("1", "a", "d"), "365.25");
  EXPECT_EQ(Converted("2", "wk", "d"), "14");
  EXPECT_EQ(Converted("31", "weeks", "d"), "217");
}

TEST(DurationInDays, CountsSupplyUnits) {
  EXPECT_EQ(DurationInDays(28, "d"), 28);
  EXPECT_EQ(DurationInDays(2, "wk"), 14);
  EXPECT_EQ(DurationInDays(3, "mo"), 90);
  EXPECT_EQ(DurationInDays(1, "a"), 365);
  EXPECT_EQ(DurationInDays(14, "days"), 14);
  EXPECT_EQ(DurationInDays(1, "week"), 7);
  EXPECT_EQ(DurationInDays(Decimal::Of("0.5"), "mo"), 15);
  EXPECT_EQ(DurationInDays(0, "d"), 0);
}

TEST(DurationInDays, CountsAPartOfADayAsADay) {
  EXPECT_EQ(DurationInDays(24, "h"), 1);
  EXPECT_EQ(DurationInDays(25, "h"), 2);
  EXPECT_EQ(DurationInDays(1, "h"), 1);
  EXPECT_EQ(DurationInDays(30, "min"), 1);
  EXPECT_EQ(DurationInDays(Decimal::Of("2.5"), "d"), 3);
  EXPECT_EQ(DurationInDays(Decimal::Of("0.0000000000000000000001"), "s"), 1);
}

TEST(DurationInDays, RefusesWhatIsNoDuration) {
  EXPECT_FALSE(DurationInDays(-1, "d").has_value());
  EXPECT_FALSE(DurationInDays(28, "").has_value());
  EXPECT_FALSE(DurationInDays(28, "tablet").has_value());
  EXPECT_FALSE(DurationInDays(28, "mg").has_value());
  EXPECT_FALSE(DurationInDays(3'660'001, "d").has_value());
  EXPECT_FALSE(DurationInDays(Decimal::Of(std::string(36, '9')), "a").has_value());
  EXPECT_EQ(DurationInDays(3'660'000, "d"), 3'660'000);
}

}  // namespace
}  // namespace osteon::model
