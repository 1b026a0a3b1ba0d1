// Points in time and whole days, with the clock always handed in: nothing below server/ reads one.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::base {

// A point in time, milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored as in POSIX.
struct Instant {
  std::int64_t ms = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
};

// A calendar day (proleptic Gregorian), counted from 1970-01-01 = 0. Clinical rules count in these.
struct Day {
  std::int32_t number = 0;
  friend auto operator<=>(const Day&, const Day&) = default;
  friend Day operator+(Day day, std::int32_t days) { return Day{day.number + days}; }
  friend Day operator-(Day day, std::int32_t days) { return Day{day.number - days}; }
  // Whole days from `b` to `a`; negative when `a` is earlier.
  friend std::int32_t operator-(Day a, Day b) { return a.number - b.number; }
};

struct CivilDate {
  std::int32_t year = 1970;
  std::int32_t month = 1;  // 1..12
  std::int32_t day = 1;    // 1..31
};

// REQUIRES: the date exists (month 1..12, day within the month).
Day DayFromCivil(CivilDate date);
CivilDate CivilFromDay(Day day);
bool IsLeapYear(std::int32_t year);
// REQUIRES: month 1..12.
std::int32_t DaysInMonth(std::int32_t year, std::int32_t month);
// "YYYY-MM-DD".
std::string FormatDay(Day day);

// UTC offsets of a place over time; server/ loads it from the system's zone files. Empty = UTC.
struct TimeZone {
  struct Transition {
    std::int64_t from_s = 0;    // seconds since the epoch, from which the offset holds
    std::int32_t offset_s = 0;  // seconds east of UTC
  };
  std::string name = "UTC";
  std::int32_t first_offset_s = 0;      // before the first transition
  std::vector<Transition> transitions;  // ascending by from_s

  std::int32_t OffsetAt(Instant instant) const;
};

// The calendar day on which `instant` falls in `zone`.
Day DayOf(Instant instant, const TimeZone& zone);

// A calendar date of the years 1..9999 as written, "YYYY-MM-DD"; impossible ones (2026-02-30) give nullopt.
std::optional<CivilDate> ParseCivilDate(std::string_view text);

// A date and time of day as written, before any zone is applied.
struct WrittenDateTime {
  CivilDate date;
  std::int32_t ms_of_day = 0;  // digits below a millisecond are dropped; second 60 (leap) reads as 59.999
  bool has_seconds = false;
  std::optional<std::int32_t> offset_s;  // seconds east of UTC, at most 14 hours

  // The point in time when `offset_s` holds between this and UTC; nullopt outside the years 1..9999 of UTC.
  std::optional<Instant> At(std::int32_t offset) const;
};
// "YYYY-MM-DDThh:mm[:ss[.f...]][Z|+hh:mm|-hh:mm]"; "T" and "Z" may be lower case (RFC 3339 section 5.6).
std::optional<WrittenDateTime> ParseDateTime(std::string_view text);

// RFC 3339 date-time ("2026-06-15T10:00:00Z", fractions and numeric offsets allowed; the offset is required).
// A leap second is taken as the last millisecond before it, as Instant knows none.
std::optional<Instant> ParseInstant(std::string_view text);
// "2026-06-15T10:00:00Z"; milliseconds are written only when not zero. Points outside the years 1..9999 are
// written as the nearest one inside.
std::string FormatInstant(Instant instant);

}  // namespace osteon::base
