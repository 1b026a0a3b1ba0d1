#include "fhir/model/interval.h"

#include <gtest/gtest.h>

#include <string>

#include "fhir/model/value_text.h"

namespace osteon::model {
namespace {

// Bounds are written as in CQL: "[1, 10]", "(null, 5]", "[4.0, 15.0)", "[2012-01-05, null]".
class Intervals : public ::testing::Test {
 protected:
  Val Point(std::string_view text) {
    if (text == "null") return {};
    if (text.find('-') == 4) return Val::Of(*ParseDateTimeText(text));
    if (text.starts_with("T")) return Val::Of(*ParseTimeText(text));
    if (text.find('\'') != std::string_view::npos)
      return Val::Quantity(*ParseQuantityText(text, arena_), arena_);
    const auto decimal = base::Decimal::Of(text);
    if (text.find('.') != std::string_view::npos) return Val::Decimal(decimal, arena_);
    return Val::Integer(static_cast<std::int32_t>(*decimal.ToInteger()));
  }
  IntervalValue Written(std::string_view text) {
    const std::size_t comma = text.find(", ");
    return {Point(text.substr(1, comma - 1)), Point(text.substr(comma + 2, text.size() - comma - 3)),
            text.front() == '[', text.back() == ']'};
  }
  NormalInterval I(std::string_view text, const Val& like = Val::Integer(0)) {
    return Normalize(Written(text), like, context_);
  }
  using Relation = Truth (*)(const NormalInterval&, const NormalInterval&, MaybePrecision,
                             const ValueContext&);
  char Is(Relation relation, std::string_view a, std::string_view b, MaybePrecision to = std::nullopt) {
    return "FT?"[static_cast<int>(relation(I(a), I(b), to, context_))];
  }
  std::string Text(const std::optional<NormalInterval>& interval) {
    return interval ? ToLiteral(Val::Interval(ToInterval(*interval), arena_)) : "null";
  }

  base::Arena arena_;
  ValueContext context_{arena_, Language::kCql, 0};
};

TEST_F(Intervals, BeforeAfterAndTouching) {
  EXPECT_EQ(Is(After, "[11, 20]", "[1, 10]"), 'T');
  EXPECT_EQ(Is(Before, "[11, 20]", "[1, 10]"), 'F');
  EXPECT_EQ(Is(SameOrAfter, "[6, 10]", "[6, 6]"), 'T');
  EXPECT_EQ(Is(SameOrBefore, "[2012-10-01, 2012-11-01]", "[2012-11-15, 2012-11-15]", Precision::kMonth), 'T');
  EXPECT_EQ(Is(Meets, "[1, 10]", "[11, 20]"), 'T');
  EXPECT_EQ(Is(Meets, "[1, 10]", "[44, 50]"), 'F');
  EXPECT_EQ(Is(MeetsBefore, "[3.50000001, 5.00000011]", "[5.00000012, 8.50]"), 'T');
  EXPECT_EQ(Is(MeetsAfter, "[55.00000124 'g', 150.2 'g']", "[12.00258 'g', 55.00000122 'g']"), 'F');
  EXPECT_EQ(Is(Meets, "[2014-01-01T10:00:00.000, 2014-01-02T23:00:00.000]",
               "[2014-01-03T01:00:00.000, 2014-02-01T00:00:00.000]", Precision::kDay),
            'T');
}

TEST_F(Intervals, InclusionAndOverlap) {
  EXPECT_EQ(Is(Includes, "[1, 10]", "[4, 10]"), 'T');
  EXPECT_EQ(Is(Includes, "[1, 10]", "[44, 50]"), 'F');
  EXPECT_EQ(Is(ProperlyIncludes, "[1, 10]", "[1, 10]"), 'F');
  EXPECT_EQ(Is(ProperlyIncludes, "[null, null]", "[1, 10]"), 'T');
  EXPECT_EQ(Is(Includes, "[2012-01-05, null]", "[2012-01-07, 2012-01-07]"), 'T');
  EXPECT_EQ(Is(Overlaps, "[4, 11)", "(9, 20]"), 'T');
  EXPECT_EQ(Is(Overlaps, "[4, 10)", "(9, 20]"), 'F');
  EXPECT_EQ(Is(OverlapsBefore, "(3, 10]", "[4, 10]"), 'F');
  EXPECT_EQ(Is(OverlapsBefore, "(3, 10]", "[5, 10]"), 'T');
  EXPECT_EQ(Is(OverlapsAfter, "[4, 10]", "[4, 10)"), 'T');
  EXPECT_EQ(Is(Starts, "[4, 10]", "[4, 15]"), 'T');
  EXPECT_EQ(Is(Ends, "[4.0, 10.0]", "[1.0, 10.0]"), 'T');
  EXPECT_EQ(Is(SameAs, "[4, 10]", "[4, 11)"), 'T');
}

// The suite's ...Null tests: an open null is unknown, but not without limits.
TEST_F(Intervals, UnknownBoundsAreRanges) {
  EXPECT_EQ(Is(Meets, "(null, 5]", "(null, 15]"), '?');
  EXPECT_EQ(Is(MeetsBefore, "(null, 5]", "(null, 25]"), '?');
  EXPECT_EQ(Is(MeetsAfter, "(null, 5]", "[11, null)"), 'F');
  EXPECT_EQ(Is(Ends, "[1, 10]", "(null, null)"), '?');
  EXPECT_EQ(Is(Before, "(null, 5]", "[11, null)"), 'T');
  EXPECT_EQ(Is(Includes, "[1, 10]", "[5, null)"), '?');
  EXPECT_EQ(Is(Includes, "[1, 10]", "[11, null)"), 'F');
}

TEST_F(Intervals, UnknownPointTypeTellsNothing) {
  const NormalInterval nothing = Normalize({}, Val::Null(), context_);
  EXPECT_EQ(Overlaps(nothing, I("[1, 10]"), std::nullopt, context_), Truth::kUnknown);
  EXPECT_EQ(Starts(nothing, I("[1, 10]"), std::nullopt, context_), Truth::kUnknown);
  EXPECT_FALSE(Union(nothing, I("[1, 10]"), context_).has_value());
  EXPECT_TRUE(StartOf(nothing).is_null());
}

TEST_F(Intervals, ImpreciseTimesStayUnknown) {
  EXPECT_EQ(Is(Includes, "[2017-09-01T00:00:00.000, 2017-12-30T23:59:59.999]",
               "[2017-09-01T00:00:00, 2017-09-01T00:00:00]"),
            '?');
  EXPECT_EQ(Is(Includes, "[2017-09-01T00:00:00.000, 2017-12-30T23:59:59.999]",
               "[2017-09-01T00:00:00, 2017-09-01T00:00:00]", Precision::kDay),
            'T');
  EXPECT_EQ(Is(ProperlyIncludes, "[T12:00:00.001, T21:59:59.999]", "[T12:00:00, T12:00:00]"), '?');
}

TEST_F(Intervals, SetOperators) {
  EXPECT_EQ(Text(Intersect(I("[1, 10]"), I("[4, 10]"), context_)), "Interval[4, 10]");
  EXPECT_EQ(Text(Intersect(I("[1, 10]"), I("[11, 20]"), context_)), "null");
  EXPECT_EQ(Text(Intersect(I("[1, 10]"), I("[5, null)"), context_)), "Interval[5, null)");
  EXPECT_EQ(Text(Union(I("[1, 10]"), I("[4, 15]"), context_)), "Interval[1, 15]");
  EXPECT_EQ(Text(Union(I("[1, 10]"), I("[11, 15]"), context_)), "Interval[1, 15]");
  EXPECT_EQ(Text(Union(I("[1, 10]"), I("[44, 50]"), context_)), "null");
  EXPECT_EQ(Text(Except(I("[1, 10]"), I("[4, 10]"), context_)), "Interval[1, 3]");
  EXPECT_EQ(Text(Except(I("[1, 10]"), I("[3, 7]"), context_)), "null");
  EXPECT_EQ(Text(Except(I("[1, 10]"), I("[0, 4]"), context_)), "Interval[5, 10]");
  EXPECT_EQ(Text(Except(I("[1, 10]"), I("[20, 40]"), context_)), "Interval[1, 10]");
  EXPECT_EQ(Text(Except(I("[1.0 'g', 10.0 'g']"), I("[5.0 'g', 10.0 'g']"), context_)),
            "Interval[1.0 'g', 4.99999999 'g']");
}

TEST_F(Intervals, KnowTheirEndsAndWhetherTheyAreAny) {
  EXPECT_EQ(ToLiteral(StartOf(I("(1, 10]"))), "2");
  EXPECT_EQ(ToLiteral(EndOf(I("[1, 10)"))), "9");
  EXPECT_EQ(ToLiteral(EndOf(I("[1, null]"))), "2147483647");
  EXPECT_TRUE(EndOf(I("[1, null)")).is_null());
  EXPECT_EQ(IsValid(I("[5, 3]"), context_), Truth::kFalse);
  EXPECT_EQ(IsValid(I("[5, 5)"), context_), Truth::kFalse);
  EXPECT_EQ(IsValid(I("[5, 5]"), context_), Truth::kTrue);
}

}  // namespace
}  // namespace osteon::model
