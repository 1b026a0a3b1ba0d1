#include "cards/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace osteon::testing {
namespace {

using cards::ParameterKind;
using cards::ParameterRow;
using cards::Parameters;
using ::testing::HasSubstr;

constexpr ParameterRow kTable[] = {
    {"a.lateGA", ParameterKind::kInteger, "196", "140", "266", "d", "third trimester starts"},
    {"a.factor", ParameterKind::kDecimal, "1.5", "0", "2.5", "mg/kg", "dose"},
    {"a.useLast", ParameterKind::kBoolean, "false", "", "", "", "flag"},
    {"a.refills", ParameterKind::kChoice, "all", "all|half|none", "", "", "choice"},
};

TEST(Parameters, AreTheDefaultsWhenNothingIsSaid) {
  const auto parameters = Parameters::Create(kTable, {});
  ASSERT_TRUE(parameters.ok());
  EXPECT_EQ(parameters->Integer(0), 196);
  EXPECT_EQ(parameters->Number(0), base::Decimal(196));
  EXPECT_EQ(parameters->Number(1), base::Decimal::Of("1.5"));
  EXPECT_FALSE(parameters->Flag(2));
  EXPECT_EQ(parameters->Choice(3), "all");
  EXPECT_EQ(parameters->TextOf(1), "1.5");
  EXPECT_EQ(parameters->rows().size(), 4u);
}

TEST(Parameters, TakeOverridesWithinTheirRange) {
  const auto parameters = Parameters::Create(
      kTable, {{"a.lateGA", "140"}, {"a.factor", "2.50"}, {"a.useLast", "true"}, {"a.refills", "none"}});
  ASSERT_TRUE(parameters.ok());
  EXPECT_EQ(parameters->Integer(0), 140);
  EXPECT_EQ(parameters->Number(1), base::Decimal::Of("2.5"));
  EXPECT_TRUE(parameters->Flag(2));
  EXPECT_EQ(parameters->Choice(3), "none");
}

std::string Refusal(const std::string& key, const std::string& value) {
  const auto parameters = Parameters::Create(kTable, {{key, value}});
  if (parameters.ok()) return "accepted";
  EXPECT_EQ(parameters.error().code, base::ErrorCode::kInvalidConfig);
  EXPECT_EQ(parameters.error().path, key);
  return parameters.error().public_text;
}

TEST(Parameters, SayWhatIsAllowed) {
  EXPECT_EQ(Refusal("a.lateGA", "139"),
            "parameter \"a.lateGA\" is \"139\"; allowed is a whole number from 140 to 266 d");
  for (const char* text : {"267", "x", "", "1e2", "196.0", "+196", " 196", "99999999999999999999"}) {
    EXPECT_THAT(Refusal("a.lateGA", text), HasSubstr("from 140 to 266 d")) << text;
  }
  EXPECT_THAT(Refusal("a.factor", "2.51"), HasSubstr("a decimal number from 0 to 2.5 mg/kg"));
  EXPECT_THAT(Refusal("a.factor", "NaN"), HasSubstr("a decimal number"));
  EXPECT_THAT(Refusal("a.useLast", "yes"), HasSubstr("true or false"));
  EXPECT_THAT(Refusal("a.refills", "al"), HasSubstr("one of all|half|none"));
  EXPECT_THAT(Refusal("a.refills", "all|half"), HasSubstr("one of"));
}

TEST(Parameters, NameTheNearestKnownKey) {
  EXPECT_EQ(Refusal("a.lateGa", "196"),
            "parameter \"a.lateGa\" is unknown; the nearest known one is \"a.lateGA\"");
  EXPECT_THAT(Refusal("refill", "all"), HasSubstr("\"a.refills\""));
}

TEST(Parameters, ADefaultOutsideItsOwnRangeIsRefusedToo) {
  static constexpr ParameterRow kWrong[] = {{"x", ParameterKind::kInteger, "5", "1", "4", "", ""}};
  EXPECT_FALSE(Parameters::Create(kWrong, {}).ok());
}

}  // namespace
}  // namespace osteon::testing
