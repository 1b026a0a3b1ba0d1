#include "fhir/model/temporal.h"

#include <gtest/gtest.h>

#include <string>

namespace osteon::model {
namespace {

Temporal D(std::string_view text) {
  const auto value = text.starts_with("T") ? ParseTimeText(text) : ParseDateTimeText(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Temporal{});
}
Temporal Date(std::string_view text) {
  const auto value = ParseDateText(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Temporal{});
}
std::string Text(const std::optional<Temporal>& value) {
  return value ? ToText(*value) : "none";
}
std::string Sum(std::string_view text, std::int64_t amount, DurationUnit unit) {
  return Text(Add(D(text), amount, unit));
}
char Sign(Order order) {
  return "<=>?"[static_cast<int>(order)];
}
char Compared(std::string_view a, std::string_view b, std::optional<Precision> to = std::nullopt,
              std::int16_t offset = kNoOffset) {
  const Order order = Compare(D(a), D(b), offset, to);
  EXPECT_EQ(Compare(D(b), D(a), offset, to), Reverse(order)) << a << " " << b;
  return Sign(order);
}
std::string Range(const std::optional<IntegerRange>& range) {
  if (!range) return "none";
  return range->certain() ? std::to_string(range->low)
                          : "[" + std::to_string(range->low) + "," + std::to_string(range->high) + "]";
}
std::string Duration(std::string_view a, std::string_view b, DurationUnit unit) {
  return Range(DurationBetween(D(a), D(b), unit, 0));
}
std::string Difference(std::string_view a, std::string_view b, DurationUnit unit) {
  return Range(DifferenceBetween(D(a), D(b), unit, 0));
}

TEST(TemporalText, IsReadAndWrittenInEveryPrecision) {
  for (const char* text : {"2015", "2015-02", "2015-02-04", "2015-02-04T14", "2015-02-04T14:34",
                           "2015-02-04T14:34:28", "2015-02-04T14:34:28.123", "2015-02-04T14:34:28Z",
                           "2015-02-04T14:34:28.123+10:00", "2015-02-04T14:34:28-05:30"}) {
    EXPECT_EQ(ToText(D(text)), text);
  }
  EXPECT_EQ(ToText(D("2015T")), "2015");
  EXPECT_EQ(ToText(D("T14:34:28.1")), "14:34:28.100");
  EXPECT_EQ(ToText(D("2015-02-04T14:34:28.123987Z")), "2015-02-04T14:34:28.123Z");
}

TEST(TemporalText, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "15", "2015-", "2015-2", "2015-13", "2015-02-30", "0000", "2015-02-04T", "2015-02T10",
        "2015-02-04T24", "2015-02-04T10:60", "2015-02-04T10:00:61", "2015-02-04T10:00.5",
        "2015-02-04T10:00:00.", "2015-02-04T10:00:00+15:00", "2015-02-04 10:00", "2015-02-04T10:00Zx"}) {
    if (std::string_view(text) == "2015-02-04T") continue;  // a DateTime of the precision of its date
    EXPECT_FALSE(ParseDateTimeText(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseDateText("2015-02-04T").has_value());
  EXPECT_FALSE(ParseTimeText("14:30Z").has_value());
  EXPECT_FALSE(ParseTimeText("25:00").has_value());
}

// FHIRPath 2.0 "Comparison" and the examples of "Date/Time Equality".
TEST(TemporalCompare, StopsWhereOnePrecisionEnds) {
  EXPECT_EQ(Compared("2012-04-15", "2012-04-15"), '=');
  EXPECT_EQ(Compared("2012-04-15", "2012-04-16"), '<');
  EXPECT_EQ(Compared("2012-04-15", "2012-04-15T10:00:00"), '?');
  EXPECT_EQ(Compared("2012-04-16", "2012-04-15T10:00:00"), '>');
  EXPECT_EQ(Compared("2018-03", "2018-03-01"), '?');
  EXPECT_EQ(Compared("2018-03-01T10:30", "2018-03-01T10:30:00"), '?');
  EXPECT_EQ(Compared("T10:30", "T10:30:00"), '?');
}

TEST(TemporalCompare, TakesSecondsAndMillisecondsAsOneDecimal) {
  EXPECT_EQ(Compared("2012-04-15T15:30:31", "2012-04-15T15:30:31.0"), '=');
  EXPECT_EQ(Compared("2012-04-15T15:30:31", "2012-04-15T15:30:31.1"), '<');
  EXPECT_EQ(Compared("T10:30:00", "T10:30:00.0"), '=');
}

TEST(TemporalCompare, BringsOffsetsTogether) {
  EXPECT_EQ(Compared("2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00"), '=');
  EXPECT_EQ(Compared("2017-11-05T01:30:00.0-04:00", "2017-11-05T01:15:00.0-05:00"), '<');
  EXPECT_EQ(Compared("2012-04-15T15:00:00Z", "2012-04-15T10:00:00"), '?');
  EXPECT_EQ(Compared("2012-04-15T15:00:00Z", "2012-04-15T10:00:00", std::nullopt, 0), '>');
  EXPECT_EQ(Compared("2012-04-15T15:00:00Z", "2012-04-15T10:00:00", std::nullopt, -300), '=');
  EXPECT_EQ(Compared("2012-04-15T23:30:00Z", "2012-04-16T00:30:00+01:00", Precision::kDay), '=');
}

// CQL 1.5.3 "Same As", "After": to a given precision.
TEST(TemporalCompare, GoesToAGivenPrecision) {
  EXPECT_EQ(Compared("2014-01-15", "2014-01-20", Precision::kMonth), '=');
  EXPECT_EQ(Compared("2014-01", "2014-01-20", Precision::kDay), '?');
  EXPECT_EQ(Compared("2005-10-10", "2005-09", Precision::kDay), '>');
  EXPECT_EQ(Compared("2014", "2014", Precision::kDay), '?');
}

// The official suites' examples: FHIRPath testPlusDate, CQL DateTimeAdd.
TEST(TemporalAdd, KeepsThePrecision) {
  EXPECT_EQ(Sum("2005-10-10", 5, DurationUnit::kYear), "2010-10-10");
  EXPECT_EQ(Sum("2005-05-10", 10, DurationUnit::kMonth), "2006-03-10");
  EXPECT_EQ(Sum("2012-02-29", 1, DurationUnit::kYear), "2013-02-28");
  EXPECT_EQ(Sum("2014-01-31", 1, DurationUnit::kMonth), "2014-02-28");
  EXPECT_EQ(Sum("2023-03-02", 52, DurationUnit::kWeek), "2024-02-29");
  EXPECT_EQ(Sum("1973-12-25T00:00:00.000+10:00", 7, DurationUnit::kDay), "1974-01-01T00:00:00.000+10:00");
  EXPECT_EQ(Sum("2016-06-10T05", 19, DurationUnit::kHour), "2016-06-11T00");
  EXPECT_EQ(Sum("2016-06-10T05:05:05", -6, DurationUnit::kSecond), "2016-06-10T05:04:59");
  EXPECT_EQ(Sum("2016-06-10T05:05:05.005", 995, DurationUnit::kMillisecond), "2016-06-10T05:05:06.000");
}

TEST(TemporalAdd, ConvertsFinerUnitsWithoutRemainder) {
  EXPECT_EQ(Sum("2014", 25, DurationUnit::kMonth), "2016");
  EXPECT_EQ(Sum("2014", -25, DurationUnit::kMonth), "2012");
  EXPECT_EQ(Sum("2014", 735, DurationUnit::kDay), "2016");
  EXPECT_EQ(Sum("2014-06", 33, DurationUnit::kDay), "2014-07");
  EXPECT_EQ(Sum("2005-05-10", 5, DurationUnit::kHour), "2005-05-10");
  EXPECT_EQ(Sum("2005-05-10", 25, DurationUnit::kHour), "2005-05-11");
  EXPECT_EQ(Sum("2016-05", -31535999, DurationUnit::kSecond), "2015-05");
  EXPECT_EQ(Sum("2014-05", 3, DurationUnit::kWeek), "2014-05");
}

TEST(TemporalAdd, WrapsTimesAndEndsAtTheLastYear) {
  EXPECT_EQ(Sum("T23:00:00", 50, DurationUnit::kHour), "01:00:00");
  EXPECT_EQ(Sum("T00:00", -1, DurationUnit::kMinute), "23:59");
  EXPECT_EQ(Sum("T10:00", 1, DurationUnit::kDay), "none");
  EXPECT_EQ(Sum("2005-10-10", 8000, DurationUnit::kYear), "none");
  EXPECT_EQ(Sum("2005-10-10", -2005, DurationUnit::kYear), "none");
  EXPECT_EQ(Sum("9999-12-31", 1, DurationUnit::kDay), "none");
  EXPECT_EQ(Sum("0001-01-01", -1, DurationUnit::kDay), "none");
  for (const DurationUnit unit :
       {DurationUnit::kYear, DurationUnit::kMonth, DurationUnit::kWeek, DurationUnit::kMillisecond}) {
    EXPECT_EQ(Sum("2005-10-10T10:00:00.000", INT64_MAX, unit), "none");
    EXPECT_EQ(Sum("2005-10-10T10:00:00.000", INT64_MIN, unit), "none");
  }
}

// CQL 1.5.3 "Duration", and the suite's DateTimeDurationBetween tests.
TEST(DurationBetween, CountsWholePeriods) {
  EXPECT_EQ(Duration("2005-05", "2010-04", DurationUnit::kYear), "4");
  EXPECT_EQ(Range(DurationBetween(Date("2014-01-31"), Date("2014-02-01"), DurationUnit::kMonth, 0)), "0");
  EXPECT_EQ(Range(DurationBetween(Date("2012-03-10"), Date("2013-03-10"), DurationUnit::kYear, 0)), "1");
  EXPECT_EQ(Range(DurationBetween(Date("2012-02-29"), Date("2013-02-28"), DurationUnit::kYear, 0)), "0");
  EXPECT_EQ(Duration("2010-10-12T12:05", "2008-08-15T08:08", DurationUnit::kDay), "-788");
  EXPECT_EQ(Duration("2012-03-10T22:05:09", "2012-03-24T07:19:33", DurationUnit::kWeek), "1");
  EXPECT_EQ(Duration("2012-03-10T06:05:09", "2012-03-24T07:19:33", DurationUnit::kWeek), "2");
  EXPECT_EQ(Duration("T23:25:10.556", "T23:25:15.555", DurationUnit::kSecond), "4");
  EXPECT_EQ(Duration("T06", "T07:00:00", DurationUnit::kHour), "1");
  EXPECT_EQ(Duration("2017-03-12T01:00:00-07:00", "2017-03-12T03:00:00-06:00", DurationUnit::kHour), "1");
  EXPECT_EQ(Duration("2017-11-05T01:30:00-06:00", "2017-11-05T01:15:00-07:00", DurationUnit::kMinute), "45");
  EXPECT_EQ(Duration("2017-03-12T00:00:00-07:00", "2017-03-13T00:00:00-06:00", DurationUnit::kDay), "0");
  EXPECT_EQ(Duration("T10:00", "2014-01-01", DurationUnit::kHour), "none");
  EXPECT_EQ(Duration("T10:00", "T11:00", DurationUnit::kDay), "none");
}

TEST(DurationBetween, IsARangeWhereComponentsAreMissing) {
  EXPECT_EQ(Duration("2005", "2010", DurationUnit::kYear), "[4,5]");
  EXPECT_EQ(Duration("2014-01-15", "2014-02", DurationUnit::kDay), "[16,44]");
  EXPECT_EQ(Duration("2005", "2006-05", DurationUnit::kMonth), "[4,16]");
}

TEST(DifferenceBetween, CountsBoundaries) {
  EXPECT_EQ(Difference("2000", "2005-12", DurationUnit::kYear), "5");
  EXPECT_EQ(Difference("2016", "1998", DurationUnit::kYear), "-18");
  EXPECT_EQ(Difference("2000-10-15T10:30", "2000-10-25T10:00", DurationUnit::kDay), "10");
  EXPECT_EQ(Difference("2000-10-15", "2000-10-28", DurationUnit::kWeek), "1");
  EXPECT_EQ(Difference("2000-10-15", "2000-10-29", DurationUnit::kWeek), "2");
  EXPECT_EQ(Difference("2012-03-10T22:05:09", "2012-03-24T07:19:33", DurationUnit::kWeek), "2");
  EXPECT_EQ(Difference("2000-10-10T10:05:45.500-06:00", "2000-10-10T10:05:45.900-07:00",
                       DurationUnit::kMillisecond),
            "3600400");
  EXPECT_EQ(Difference("2017-03-12T00:00:00-07:00", "2017-03-13T00:00:00-06:00", DurationUnit::kDay), "1");
  EXPECT_EQ(Difference("T20", "T23:25:15.555", DurationUnit::kHour), "3");
  EXPECT_EQ(Difference("2005", "2006-07", DurationUnit::kMonth), "[7,18]");
}

TEST(TemporalBoundaries, FillWhatIsMissing) {
  EXPECT_EQ(ToText(LowBoundary(D("2014"), Precision::kMonth)), "2014-01");
  EXPECT_EQ(ToText(HighBoundary(D("2014"), Precision::kMonth)), "2014-12");
  EXPECT_EQ(ToText(HighBoundary(D("2016-02"), Precision::kDay)), "2016-02-29");
  EXPECT_EQ(ToText(HighBoundary(D("T10:30"), Precision::kMillisecond)), "10:30:59.999");
  EXPECT_EQ(ToText(LowBoundary(D("2014-01-01T08:05+08:00"), Precision::kMillisecond)),
            "2014-01-01T08:05:00.000+08:00");
  EXPECT_EQ(ToText(HighBoundary(D("2014-05-06T10:00:00"), Precision::kDay)), "2014-05-06");
}

TEST(TemporalNeighbours, AreOneStepOfThePrecisionAway) {
  EXPECT_EQ(Text(Successor(D("2014-12-31"))), "2015-01-01");
  EXPECT_EQ(Text(Predecessor(D("2014"))), "2013");
  EXPECT_EQ(Text(Successor(D("T22:59:59.999"))), "23:00:00.000");
  EXPECT_EQ(Text(Successor(D("T23:59:59.999"))), "none");
  EXPECT_EQ(Text(Predecessor(D("T00:00:00.000"))), "none");
  EXPECT_EQ(Text(Successor(MaximumOf(TemporalKind::kDateTime, 0))), "none");
  EXPECT_EQ(Text(Predecessor(MinimumOf(TemporalKind::kDateTime, 0))), "none");
  EXPECT_EQ(Text(Successor(D("9999"))), "none");
}

TEST(TemporalInstant, GoesThereAndBack) {
  const Temporal value = D("2026-06-15T10:00:00.500+02:00");
  EXPECT_EQ(base::FormatInstant(ToInstant(value, 0)), "2026-06-15T08:00:00.500Z");
  EXPECT_EQ(FromInstant(ToInstant(value, 0), 120), value);
  EXPECT_EQ(Text(AtOffset(value, -300)), "2026-06-15T03:00:00.500-05:00");
  EXPECT_EQ(Text(AtOffset(D("2026-06-15T10:00"), 0)), "none");
  EXPECT_EQ(ToText(ToDate(value)), "2026-06-15");
  EXPECT_EQ(Text(ToTime(value)), "10:00:00.500");
  EXPECT_EQ(Text(ToTime(D("2026-06"))), "none");
}

}  // namespace
}  // namespace osteon::model
