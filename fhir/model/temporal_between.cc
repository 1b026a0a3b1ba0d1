// Durations and differences between partial dates and times.
#include <algorithm>

#include "fhir/model/temporal.h"

namespace osteon::model {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

struct Span {
  Temporal low;
  Temporal high;
};

Precision ComponentOf(DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kYear:
      return Precision::kYear;
    case DurationUnit::kMonth:
      return Precision::kMonth;
    case DurationUnit::kWeek:
    case DurationUnit::kDay:
      return Precision::kDay;
    case DurationUnit::kHour:
      return Precision::kHour;
    case DurationUnit::kMinute:
      return Precision::kMinute;
    case DurationUnit::kSecond:
      return Precision::kSecond;
    case DurationUnit::kMillisecond:
      break;
  }
  return Precision::kMillisecond;
}

// The moments it may mean, for counting in `unit`. What counts as 0: milliseconds after a second, since both
// are one decimal; below the day, everything finer than the unit; the time of a Date.
Span SpanOf(const Temporal& value, DurationUnit unit) {
  const Temporal low = LowBoundary(value, Precision::kMillisecond);
  const bool exact = value.precision >= Precision::kSecond ||
                     (unit >= DurationUnit::kHour && value.precision >= ComponentOf(unit)) ||
                     (value.kind == TemporalKind::kDate && value.precision == Precision::kDay);
  if (exact) return {low, low};
  const Precision finest = value.kind == TemporalKind::kDate ? Precision::kDay : Precision::kMillisecond;
  return {low, LowBoundary(HighBoundary(value, finest), Precision::kMillisecond)};
}

std::int64_t DaysOf(const Temporal& value) {
  return base::DayFromCivil({value.year, value.month, value.day}).number;
}
std::int64_t MsOfDay(const Temporal& value) {
  return ((value.hour * 60LL + value.minute) * 60 + value.second) * 1000 + value.millisecond;
}
std::int64_t MsOf(const Temporal& value) {
  return DaysOf(value) * kMsPerDay + MsOfDay(value);
}

// Whole periods from a to b, both complete and at one offset.
std::int64_t WholePeriods(const Temporal& a, const Temporal& b, DurationUnit unit) {
  if (MsOf(b) < MsOf(a)) return -WholePeriods(b, a, unit);
  const std::int64_t ms = MsOf(b) - MsOf(a);
  switch (unit) {
    case DurationUnit::kYear:
    case DurationUnit::kMonth: {
      std::int64_t months = (b.year - a.year) * 12LL + b.month - a.month;
      const bool incomplete = b.day < a.day || (b.day == a.day && MsOfDay(b) < MsOfDay(a));
      if (incomplete) --months;
      return unit == DurationUnit::kYear ? months / 12 : months;
    }
    case DurationUnit::kWeek:
      return ms / (7 * kMsPerDay);
    case DurationUnit::kDay:
      return ms / kMsPerDay;
    case DurationUnit::kHour:
      return ms / 3'600'000;
    case DurationUnit::kMinute:
      return ms / 60'000;
    case DurationUnit::kSecond:
      return ms / 1000;
    case DurationUnit::kMillisecond:
      break;
  }
  return ms;
}

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Number of the period, counted from somewhere, in which a complete moment lies.
std::int64_t PeriodIndex(const Temporal& value, DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kYear:
      return value.year;
    case DurationUnit::kMonth:
      return value.year * 12LL + value.month;
    // Day 0 is a Thursday; day -4 is a Sunday.
    case DurationUnit::kWeek:
      return FloorDivide(DaysOf(value) + 4, 7);
    case DurationUnit::kDay:
      return DaysOf(value);
    case DurationUnit::kHour:
      return FloorDivide(MsOf(value), 3'600'000);
    case DurationUnit::kMinute:
      return FloorDivide(MsOf(value), 60'000);
    case DurationUnit::kSecond:
      return FloorDivide(MsOf(value), 1000);
    case DurationUnit::kMillisecond:
      break;
  }
  return MsOf(value);
}

// Both at one offset, when they have times at different ones. False: a Time and something else.
bool Align(Temporal& a, Temporal& b, std::int16_t default_offset) {
  if ((a.kind == TemporalKind::kTime) != (b.kind == TemporalKind::kTime)) return false;
  if (a.precision < Precision::kHour || b.precision < Precision::kHour) return true;
  if (!a.has_offset()) a.offset_minutes = default_offset;
  if (!b.has_offset()) b.offset_minutes = default_offset;
  if (!a.has_offset() || !b.has_offset() || a.offset_minutes == b.offset_minutes) return true;
  const auto moved = AtOffset(b, a.offset_minutes);
  if (moved) b = *moved;
  return moved.has_value();
}

bool HasUnit(const Temporal& value, DurationUnit unit) {
  return value.kind != TemporalKind::kTime || unit >= DurationUnit::kHour;
}

}  // namespace

std::optional<IntegerRange> DurationBetween(const Temporal& a_written, const Temporal& b_written,
                                            DurationUnit unit, std::int16_t default_offset) {
  Temporal a = a_written;
  Temporal b = b_written;
  if (!HasUnit(a, unit) || !Align(a, b, default_offset)) return std::nullopt;
  const Span from = SpanOf(a, unit);
  const Span to = SpanOf(b, unit);
  return IntegerRange{WholePeriods(from.high, to.low, unit), WholePeriods(from.low, to.high, unit)};
}

std::optional<IntegerRange> DifferenceBetween(const Temporal& a_written, const Temporal& b_written,
                                              DurationUnit unit, std::int16_t default_offset) {
  Temporal a = a_written;
  Temporal b = b_written;
  if (!HasUnit(a, unit) || (a.kind == TemporalKind::kTime) != (b.kind == TemporalKind::kTime))
    return std::nullopt;
  // Boundaries of days and above are those of the written calendar; below, moments count.
  if (unit >= DurationUnit::kHour && !Align(a, b, default_offset)) return std::nullopt;
  const Span from = SpanOf(a, unit);
  const Span to = SpanOf(b, unit);
  return IntegerRange{PeriodIndex(to.low, unit) - PeriodIndex(from.high, unit),
                      PeriodIndex(to.high, unit) - PeriodIndex(from.low, unit)};
}

}  // namespace osteon::model
