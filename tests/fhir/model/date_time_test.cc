#include "fhir/model/date_time.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

using json::operator""_key;

base::TimeZone NewYork() {
  base::TimeZone zone;
  zone.name = "America/New_York";
  zone.first_offset_s = -18'000;
  zone.transitions = {{1'772'953'200, -14'400}, {1'793'512'800, -18'000}};  // 2026-03-08, 2026-11-01
  return zone;
}

base::TimeZone Kolkata() {
  base::TimeZone zone;
  zone.name = "Asia/Kolkata";
  zone.first_offset_s = 19'800;
  return zone;
}

// "first..last", or "none".
std::string Shown(const std::optional<DateSpan>& span) {
  return span ? base::FormatDay(span->first) + ".." + base::FormatDay(span->last) : "none";
}

std::string Parsed(const char* text, const base::TimeZone& zone = {}) {
  return Shown(ParseDate(text, zone));
}

TEST(ParseDate, SpansAllDaysThatAPartialDateMayMean) {
  EXPECT_EQ(Parsed("2026"), "2026-01-01..2026-12-31");
  EXPECT_EQ(Parsed("2026-05"), "2026-05-01..2026-05-31");
  EXPECT_EQ(Parsed("2024-02"), "2024-02-01..2024-02-29");
  EXPECT_EQ(Parsed("2026-02"), "2026-02-01..2026-02-28");
  EXPECT_EQ(Parsed("2026-06-15"), "2026-06-15..2026-06-15");
  EXPECT_EQ(Parsed("0001"), "0001-01-01..0001-12-31");
  EXPECT_EQ(Parsed("9999-12"), "9999-12-01..9999-12-31");
}

TEST(ParseDate, TellsThePrecision) {
  EXPECT_EQ(ParseDate("2026", {})->precision, DatePrecision::kYear);
  EXPECT_EQ(ParseDate("2026-05", {})->precision, DatePrecision::kMonth);
  EXPECT_EQ(ParseDate("2026-05-01", {})->precision, DatePrecision::kDay);
  EXPECT_EQ(ParseDate("2026-05-01T10:00:00Z", {})->precision, DatePrecision::kTime);
  EXPECT_FALSE(ParseDate("2026-05-01", {})->instant.has_value());
}

TEST(ParseDate, PutsATimeOnItsDayInTheSitesZone) {
  EXPECT_EQ(Parsed("2026-06-16T03:59:59Z", NewYork()), "2026-06-15..2026-06-15");
  EXPECT_EQ(Parsed("2026-06-16T04:00:00Z", NewYork()), "2026-06-16..2026-06-16");
  EXPECT_EQ(Parsed("2026-12-16T04:30:00Z", NewYork()), "2026-12-15..2026-12-15");
  EXPECT_EQ(Parsed("2026-06-15T20:00:00Z", Kolkata()), "2026-06-16..2026-06-16");
  EXPECT_EQ(Parsed("2026-06-15T23:30:00+14:00"), "2026-06-15..2026-06-15");
  EXPECT_EQ(Parsed("2026-06-15T01:30:00+05:30"), "2026-06-14..2026-06-14");
  EXPECT_EQ(ParseDate("2026-06-16T03:59:59Z", NewYork())->instant,
            base::ParseInstant("2026-06-16T03:59:59Z"));
}

TEST(ParseDate, KeepsTheWrittenDayOfATimeWithoutOffset) {
  EXPECT_EQ(Parsed("2026-06-15T23:59:59", Kolkata()), "2026-06-15..2026-06-15");
  EXPECT_FALSE(ParseDate("2026-06-15T23:59:59", Kolkata())->instant.has_value());
}

TEST(ParseDate, AcceptsTimesWithoutSecondsAndWithFractions) {
  EXPECT_EQ(Parsed("2026-06-15T10:00Z"), "2026-06-15..2026-06-15");
  EXPECT_EQ(Parsed("2026-06-15T10:00"), "2026-06-15..2026-06-15");
  EXPECT_EQ(Parsed("2026-06-15T10:00:00.123456-04:00"), "2026-06-15..2026-06-15");
}

TEST(ParseDate, RefusesImpossibleAndMalformedText) {
  for (const char* text : {"",
                           "0000",
                           "26",
                           "202",
                           "20260",
                           "2026-",
                           "2026-1",
                           "2026-00",
                           "2026-13",
                           "2026-5-1",
                           "2026-02-30",
                           "2025-02-29",
                           "2026-04-31",
                           "2026-06-00",
                           "2026/06/15",
                           "15.06.2026",
                           "2026-06-15T",
                           "2026-06-15T25:00:00Z",
                           "2026-06-15T10:00:00+15:00",
                           "2026-06-15Z",
                           "June 2026",
                           "2026-06-15 10:00",
                           " 2026",
                           "2026 ",
                           "-026",
                           "2O26",
                           "2026-06-15T10:00:00Z2026-06-15T10:00:00Z"}) {
    EXPECT_EQ(Parsed(text), "none") << text;
  }
}

TEST(StartOf, ReadsDatesAndPeriods) {
  const Document document(R"({"onsetDateTime": "2026-05",
    "performedPeriod": {"start": "2026-01", "end": "2026-03-10"},
    "effectivePeriod": {"start": "2026-04-01"},
    "period": {"end": "2026-04-30"},
    "onsetAge": {"value": 30, "code": "a"}, "onsetRange": {"low": {"value": 1}}, "onsetString": "last spring",
    "effectiveTiming": {"event": ["2026-01-01"]}})");
  const json::Value root = document.root();
  ASSERT_TRUE(root.is_object());
  EXPECT_EQ(Shown(StartOf(root["onsetDateTime"_key], {})), "2026-05-01..2026-05-31");
  EXPECT_EQ(Shown(EndOf(root["onsetDateTime"_key], {})), "2026-05-01..2026-05-31");
  EXPECT_EQ(Shown(StartOf(root["performedPeriod"_key], {})), "2026-01-01..2026-01-31");
  EXPECT_EQ(Shown(EndOf(root["performedPeriod"_key], {})), "2026-03-10..2026-03-10");
  EXPECT_EQ(Shown(StartOf(root["effectivePeriod"_key], {})), "2026-04-01..2026-04-01");
  EXPECT_EQ(Shown(EndOf(root["effectivePeriod"_key], {})), "none");
  EXPECT_EQ(Shown(StartOf(root["period"_key], {})), "none");
  EXPECT_EQ(Shown(EndOf(root["period"_key], {})), "2026-04-30..2026-04-30");
  for (const auto key :
       {"onsetAge"_key, "onsetRange"_key, "onsetString"_key, "effectiveTiming"_key, "issued"_key}) {
    EXPECT_EQ(Shown(StartOf(root[key], {})), "none");
    EXPECT_EQ(Shown(EndOf(root[key], {})), "none");
  }
}

}  // namespace
}  // namespace osteon::model
