#include "fhir/base/instant.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <ctime>
#include <limits>
#include <random>
#include <string>

namespace osteon::base {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

Day DayAt(std::int32_t year, std::int32_t month, std::int32_t day) {
  return DayFromCivil({year, month, day});
}

// Offsets of 2026 and around, as the IANA time zone database has them.
TimeZone NewYork() {
  TimeZone zone;
  zone.name = "America/New_York";
  zone.first_offset_s = -17'762;  // local mean time, until 1883-11-18T17:00:00Z
  zone.transitions = {
      {-2'717'650'800, -18'000}, {1'741'503'600, -14'400},  // 2025-03-09T07:00:00Z
      {1'762'063'200, -18'000},                             // 2025-11-02T06:00:00Z
      {1'772'953'200, -14'400},                             // 2026-03-08T07:00:00Z
      {1'793'512'800, -18'000},                             // 2026-11-01T06:00:00Z
  };
  return zone;
}

TimeZone Kolkata() {
  TimeZone zone;
  zone.name = "Asia/Kolkata";
  zone.first_offset_s = 19'800;
  return zone;
}

std::string LocalDay(const char* instant, const TimeZone& zone) {
  return FormatDay(DayOf(*ParseInstant(instant), zone));
}

TEST(Civil, CountsDaysFromTheEpoch) {
  EXPECT_EQ(DayAt(1970, 1, 1).number, 0);
  EXPECT_EQ(DayAt(1969, 12, 31).number, -1);
  EXPECT_EQ(DayAt(2000, 2, 29).number, 11'016);
  EXPECT_EQ(DayAt(2026, 6, 15).number, 20'619);
  EXPECT_EQ(DayAt(1, 1, 1).number, -719'162);
  EXPECT_EQ(DayAt(9999, 12, 31).number, 2'932'896);
}

TEST(Civil, StepsThroughEveryDayOfAllYears) {
  CivilDate expected{1, 1, 1};
  for (Day day = DayAt(1, 1, 1); day <= DayAt(9999, 12, 31); day = day + 1) {
    const CivilDate date = CivilFromDay(day);
    ASSERT_TRUE(date.year == expected.year && date.month == expected.month && date.day == expected.day)
        << FormatDay(day);
    ASSERT_EQ(DayFromCivil(date), day);
    if (++expected.day > DaysInMonth(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) {
        expected.month = 1;
        ++expected.year;
      }
    }
  }
}

TEST(Civil, KnowsLeapYears) {
  EXPECT_TRUE(IsLeapYear(2024));
  EXPECT_TRUE(IsLeapYear(2000));
  EXPECT_FALSE(IsLeapYear(1900));
  EXPECT_FALSE(IsLeapYear(2026));
  EXPECT_EQ(DaysInMonth(2024, 2), 29);
  EXPECT_EQ(DaysInMonth(2026, 2), 28);
  EXPECT_EQ(DaysInMonth(2026, 12), 31);
}

TEST(ParseInstant, ReadsRfc3339) {
  EXPECT_EQ(ParseInstant("1970-01-01T00:00:00Z")->ms, 0);
  EXPECT_EQ(ParseInstant("2026-06-15T10:00:00Z")->ms, 20'619 * kMsPerDay + 36'000'000);
  EXPECT_EQ(ParseInstant("2026-06-15T10:00:00.5Z")->ms % 1000, 500);
  EXPECT_EQ(ParseInstant("2026-06-15T10:00:00.123999999Z")->ms % 1000, 123);
  EXPECT_EQ(*ParseInstant("2026-06-15T10:00:00+05:30"), *ParseInstant("2026-06-15T04:30:00Z"));
  EXPECT_EQ(*ParseInstant("2026-06-15T23:00:00-04:00"), *ParseInstant("2026-06-16T03:00:00Z"));
  EXPECT_EQ(*ParseInstant("2026-06-15T10:00:00+14:00"), *ParseInstant("2026-06-14T20:00:00Z"));
  EXPECT_EQ(*ParseInstant("2026-06-15t10:00:00z"), *ParseInstant("2026-06-15T10:00:00-00:00"));
  EXPECT_EQ(ParseInstant("1969-12-31T23:59:59.999Z")->ms, -1);
}

TEST(ParseInstant, TakesALeapSecondAsTheMillisecondBeforeTheNextMinute) {
  EXPECT_EQ(*ParseInstant("2016-12-31T23:59:60Z"), *ParseInstant("2016-12-31T23:59:59.999Z"));
  EXPECT_EQ(*ParseInstant("2016-12-31T23:59:60.7Z"), *ParseInstant("2016-12-31T23:59:59.999Z"));
  EXPECT_FALSE(ParseInstant("2016-12-31T23:59:61Z").has_value());
}

TEST(ParseInstant, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2026",
                           "2026-06-15",
                           "2026-06-15T10:00Z",
                           "2026-06-15T10:00:00",
                           "2026-06-15 10:00:00Z",
                           "2026-6-15T10:00:00Z",
                           "2026-02-30T10:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2026-13-01T10:00:00Z",
                           "2026-00-01T10:00:00Z",
                           "2026-06-00T10:00:00Z",
                           "2026-06-15T24:00:00Z",
                           "2026-06-15T10:60:00Z",
                           "2026-06-15T10:00:00.Z",
                           "2026-06-15T10:00:00,5Z",
                           "2026-06-15T10:00:00+14:01",
                           "2026-06-15T10:00:00+5:30",
                           "2026-06-15T10:00:00+0530",
                           "2026-06-15T10:00:00+05:60",
                           "2026-06-15T10:00:00Z ",
                           " 2026-06-15T10:00:00Z",
                           "0000-01-01T00:00:00Z",
                           "12026-06-15T10:00:00Z",
                           "-2026-06-15T10:00:00Z",
                           "2026-06-15T10:00:00ZZ",
                           "2026-06-15T1O:00:00Z",
                           "2026-06-15T",
                           "2026-06-15T10",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01"}) {
    EXPECT_FALSE(ParseInstant(text).has_value()) << text;
  }
}

TEST(FormatInstant, WritesWhatParseInstantReads) {
  EXPECT_EQ(FormatInstant(Instant{0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(Instant{-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatInstant(*ParseInstant("2026-06-15T10:00:00.050+01:00")), "2026-06-15T09:00:00.050Z");
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(-62'135'596'800'000, 253'402'300'799'999);
  for (int i = 0; i < 20'000; ++i) {
    const Instant instant{any(random)};
    ASSERT_EQ(ParseInstant(FormatInstant(instant)), instant) << instant.ms;
  }
}

TEST(FormatInstant, AgreesWithTheSystemsCalendar) {
  std::mt19937_64 random(2);
  std::uniform_int_distribution<std::int64_t> any(-62'135'596'800, 253'402'300'799);
  for (int i = 0; i < 5'000; ++i) {
    const std::time_t seconds = any(random);
    std::tm civil{};
    ASSERT_NE(gmtime_r(&seconds, &civil), nullptr);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", civil.tm_year + 1900, civil.tm_mon + 1,
                  civil.tm_mday, civil.tm_hour, civil.tm_min, civil.tm_sec);
    ASSERT_EQ(FormatInstant(Instant{seconds * 1000}), text);
  }
}

TEST(FormatInstant, WritesTheNearestPointForOnesThatHaveNoText) {
  EXPECT_EQ(FormatInstant(Instant{std::numeric_limits<std::int64_t>::max()}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatInstant(Instant{std::numeric_limits<std::int64_t>::min()}), "0001-01-01T00:00:00Z");
}

TEST(TimeZone, IsUtcWhenEmpty) {
  EXPECT_EQ(LocalDay("2026-06-15T23:59:59Z", TimeZone{}), "2026-06-15");
  EXPECT_EQ(LocalDay("2026-06-16T00:00:00Z", TimeZone{}), "2026-06-16");
}

TEST(TimeZone, ChangesOffsetAtTheTransitionItself) {
  const TimeZone zone = NewYork();
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("2026-03-08T06:59:59.999Z")), -18'000);
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("2026-03-08T07:00:00Z")), -14'400);
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("2026-11-01T05:59:59Z")), -14'400);
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("2026-11-01T06:00:00Z")), -18'000);
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("2030-07-01T00:00:00Z")), -18'000);
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("1883-11-18T16:59:59Z")), -17'762);
  EXPECT_EQ(zone.OffsetAt(*ParseInstant("1883-11-18T17:00:00Z")), -18'000);
}

TEST(TimeZone, PutsInstantsOnTheLocalDay) {
  EXPECT_EQ(LocalDay("2026-06-16T03:59:59Z", NewYork()), "2026-06-15");
  EXPECT_EQ(LocalDay("2026-06-16T04:00:00Z", NewYork()), "2026-06-16");
  EXPECT_EQ(LocalDay("2026-01-16T04:59:59Z", NewYork()), "2026-01-15");
  EXPECT_EQ(LocalDay("2026-01-16T05:00:00Z", NewYork()), "2026-01-16");
  EXPECT_EQ(LocalDay("2026-06-15T18:29:59Z", Kolkata()), "2026-06-15");
  EXPECT_EQ(LocalDay("2026-06-15T18:30:00Z", Kolkata()), "2026-06-16");
  EXPECT_EQ(LocalDay("1969-12-31T18:30:00Z", Kolkata()), "1970-01-01");
}

TEST(TimeZone, SurvivesExtremeInstants) {
  EXPECT_GT(DayOf(Instant{std::numeric_limits<std::int64_t>::max()}, Kolkata()).number, 0);
  EXPECT_LT(DayOf(Instant{std::numeric_limits<std::int64_t>::min()}, NewYork()).number, 0);
}

TEST(ParseDateTime, KeepsWhatWasWritten) {
  const auto local = ParseDateTime("2026-06-15T23:30");
  ASSERT_TRUE(local.has_value());
  EXPECT_FALSE(local->has_seconds);
  EXPECT_FALSE(local->offset_s.has_value());
  EXPECT_EQ(local->ms_of_day, 84'600'000);
  EXPECT_EQ(ParseDateTime("2026-06-15T23:30-04:00")->offset_s, -14'400);
  EXPECT_FALSE(ParseDateTime("2026-06-15").has_value());
}

}  // namespace
}  // namespace osteon::base
