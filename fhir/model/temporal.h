// Date, DateTime and Time of FHIRPath and CQL: partial values with a precision, and what the languages do
// with them. No clock: Now(), Today() are made by the engine from the moment it is given, once per
// evaluation.
//
// Source: FHIRPath 2.0 (http://hl7.org/fhirpath/N1/) "Date/Time Arithmetic", "Comparison", "Equality";
// CQL 1.5.3 (https://cql.hl7.org/09-b-cqlreference.html) "Date and Time Operators", appendix "Timing Interval
// Calculation".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/base/instant.h"

namespace osteon::model {

// From coarse to fine. A Date has the first three, a Time the last four.
enum class Precision : std::uint8_t { kYear, kMonth, kDay, kHour, kMinute, kSecond, kMillisecond };

enum class TemporalKind : std::uint8_t { kDate, kDateTime, kTime };

inline constexpr std::int16_t kNoOffset = INT16_MIN;

// Components finer than `precision` are at their least value (month 1, day 1, 0); the date of a Time is
// 0001-01-01. 14 bytes, trivially copyable. offset_minutes: east of UTC, kNoOffset when none is known (Date,
// Time: always).
struct Temporal {
  std::int16_t year = 1;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint16_t millisecond = 0;
  std::int16_t offset_minutes = kNoOffset;
  Precision precision = Precision::kDay;
  TemporalKind kind = TemporalKind::kDate;

  bool has_offset() const { return offset_minutes != kNoOffset; }
  // Identity of all fields; what the languages call equal is Compare.
  friend bool operator==(const Temporal&, const Temporal&) = default;
};

// --- text
// -------------------------------------------------------------------------------------------------------

// "2014", "2014-05", "2014-05-06" in the years 1..9999.
std::optional<Temporal> ParseDateText(std::string_view text);
// A date, perhaps followed by "T" and "hh[:mm[:ss[.f+]]]" and "Z" or "+hh:mm"; "2014T" too. A date alone is a
// DateTime of that precision. Digits below a millisecond are dropped. FHIR dateTime and instant are read by
// it as well.
std::optional<Temporal> ParseDateTimeText(std::string_view text);
// "hh[:mm[:ss[.f+]]]", a leading "T" allowed, no offset.
std::optional<Temporal> ParseTimeText(std::string_view text);
// As the languages write it, without "@": "2014-05", "2014-05T" never ("2014-05" for DateTimes too),
// "2014-05-06T10:00:00.000+02:00" (UTC is "Z"), "10:30". Literals of CQL results add the "T" themselves.
std::string ToText(const Temporal& value);

// --- making
// -----------------------------------------------------------------------------------------------------

// nullopt for impossible dates and times, and years outside 1..9999; as many components as `precision` says
// are read.
std::optional<Temporal> MakeTemporal(TemporalKind kind, Precision precision, std::int32_t year,
                                     std::int32_t month, std::int32_t day, std::int32_t hour,
                                     std::int32_t minute, std::int32_t second, std::int32_t millisecond,
                                     std::int16_t offset_minutes);
// The DateTime of an instant, to the millisecond, as read at that offset.
Temporal FromInstant(base::Instant instant, std::int16_t offset_minutes);
// The instant of the earliest moment it may mean; `default_offset` when it has none. REQUIRES: no Time.
base::Instant ToInstant(const Temporal& value, std::int16_t default_offset);
// The same moment at another offset. nullopt outside the years 1..9999, or without an own offset.
std::optional<Temporal> AtOffset(const Temporal& value, std::int16_t offset_minutes);
// Date -> DateTime of the same precision (with that offset, or kNoOffset); DateTime -> Date.
Temporal ToDateTime(const Temporal& date, std::int16_t offset_minutes);
Temporal ToDate(const Temporal& date_time);
// The time of day; nullopt for a DateTime coarser than hours.
std::optional<Temporal> ToTime(const Temporal& date_time);

// --- comparison
// -------------------------------------------------------------------------------------------------

enum class Order : std::uint8_t { kLess, kEqual, kGreater, kUnknown };
constexpr Order Reverse(Order order) {
  return order == Order::kLess ? Order::kGreater : (order == Order::kGreater ? Order::kLess : order);
}

// Whether 10:00:00 is 10:00:00.000. FHIRPath 2.0 "Comparison" says so; CQL's suite has it as a precision of
// its own (ProperContainsTimeNull, DateTimeIncludedInNull), against the sentence in its reference.
enum class Milliseconds : std::uint8_t { kPartOfSecond, kOwnPrecision };

// Component by component until they differ. kUnknown when one ends before that and the other does not, and
// when both are times but only one has an offset and `default_offset` is kNoOffset (FHIRPath). CQL passes the
// offset of the evaluation request. A Date compares with a DateTime as the DateTime of its precision.
// REQUIRES: both are Times, or neither is.
//   to: compare no finer than that ("same day as"); with it, both must have it, or the result is kUnknown.
//   Weeks do not exist here.
Order Compare(const Temporal& a, const Temporal& b, std::int16_t default_offset,
              std::optional<Precision> to = std::nullopt,
              Milliseconds milliseconds = Milliseconds::kPartOfSecond);

// --- arithmetic
// -------------------------------------------------------------------------------------------------

enum class DurationUnit : std::uint8_t { kYear, kMonth, kWeek, kDay, kHour, kMinute, kSecond, kMillisecond };

struct NamedDuration {
  DurationUnit unit;
  bool is_calendar;  // "year", "month" (singular, plural): not the UCUM 'a', 'mo' of fixed length
};
// Calendar words in singular and plural, and UCUM a, mo, wk, d, h, min, s, ms. nullopt for others.
std::optional<NamedDuration> FindDurationUnit(std::string_view text);

// value + amount: months end on their last day, times wrap around midnight; a unit finer than the value's
// precision is first converted to it (ms, s, min, h, d by their sizes, 30 d = 1 mo, 365 d = 12 mo = 1 a),
// without remainder. The precision stays. Fractions of `amount` are the caller's business: both languages
// drop them. nullopt: outside the years 1..9999; years, months, weeks or days added to a Time.
std::optional<Temporal> Add(const Temporal& value, std::int64_t amount, DurationUnit unit);

// A whole number that lies in [low, high]; certain when they are equal.
struct IntegerRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool certain() const { return low == high; }
  friend bool operator==(const IntegerRange&, const IntegerRange&) = default;
};

// Whole periods between two values ("years between a and b"), truncated towards zero; negative when b is
// earlier. Unspecified components make the result a range; below the day, components finer than `unit` count
// as 0. nullopt: a Time with units above the hour, or a value without the component that `unit` needs to be
// bounded.
std::optional<IntegerRange> DurationBetween(const Temporal& a, const Temporal& b, DurationUnit unit,
                                            std::int16_t default_offset);
// Boundaries crossed ("difference in years between a and b"); weeks begin on Sunday.
std::optional<IntegerRange> DifferenceBetween(const Temporal& a, const Temporal& b, DurationUnit unit,
                                              std::int16_t default_offset);

// --- boundaries
// -------------------------------------------------------------------------------------------------

// The earliest and the latest value of the precision `to` that it may mean: 2014 is 2014-01 .. 2014-12. `to`
// coarser than the value truncates. The offset stays as it is.
Temporal LowBoundary(const Temporal& value, Precision to);
Temporal HighBoundary(const Temporal& value, Precision to);

// One step of its precision later or earlier (CQL successor, predecessor); nullopt at the ends: year 1 and
// 9999, 00:00:00.000 and 23:59:59.999.
std::optional<Temporal> Successor(const Temporal& value);
std::optional<Temporal> Predecessor(const Temporal& value);
// CQL minimum and maximum of the type: 0001-01-01T00:00:00.000, 9999-12-31T23:59:59.999.
Temporal MinimumOf(TemporalKind kind, std::int16_t offset_minutes);
Temporal MaximumOf(TemporalKind kind, std::int16_t offset_minutes);

}  // namespace osteon::model
