#include <algorithm>

#include "fhir/model/temporal.h"

namespace osteon::model {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

struct UnitName {
  std::string_view text;
  NamedDuration duration;
};
constexpr UnitName kUnitNames[] = {
    {"year", {DurationUnit::kYear, true}},
    {"years", {DurationUnit::kYear, true}},
    {"month", {DurationUnit::kMonth, true}},
    {"months", {DurationUnit::kMonth, true}},
    {"week", {DurationUnit::kWeek, true}},
    {"weeks", {DurationUnit::kWeek, true}},
    {"day", {DurationUnit::kDay, true}},
    {"days", {DurationUnit::kDay, true}},
    {"hour", {DurationUnit::kHour, true}},
    {"hours", {DurationUnit::kHour, true}},
    {"minute", {DurationUnit::kMinute, true}},
    {"minutes", {DurationUnit::kMinute, true}},
    {"second", {DurationUnit::kSecond, true}},
    {"seconds", {DurationUnit::kSecond, true}},
    {"millisecond", {DurationUnit::kMillisecond, true}},
    {"milliseconds", {DurationUnit::kMillisecond, true}},
    {"a", {DurationUnit::kYear, false}},
    {"mo", {DurationUnit::kMonth, false}},
    {"wk", {DurationUnit::kWeek, false}},
    {"d", {DurationUnit::kDay, false}},
    {"h", {DurationUnit::kHour, false}},
    {"min", {DurationUnit::kMinute, false}},
    {"s", {DurationUnit::kSecond, false}},
    {"ms", {DurationUnit::kMillisecond, false}},
};

std::int64_t MsOf(DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kWeek:
      return 7 * kMsPerDay;
    case DurationUnit::kDay:
      return kMsPerDay;
    case DurationUnit::kHour:
      return 3'600'000;
    case DurationUnit::kMinute:
      return 60'000;
    case DurationUnit::kSecond:
      return 1000;
    default:
      return 1;
  }
}

// The unit that counts components of that precision.
DurationUnit UnitOf(Precision precision) {
  switch (precision) {
    case Precision::kYear:
      return DurationUnit::kYear;
    case Precision::kMonth:
      return DurationUnit::kMonth;
    case Precision::kDay:
      return DurationUnit::kDay;
    case Precision::kHour:
      return DurationUnit::kHour;
    case Precision::kMinute:
      return DurationUnit::kMinute;
    case Precision::kSecond:
      return DurationUnit::kSecond;
    case Precision::kMillisecond:
      break;
  }
  return DurationUnit::kMillisecond;
}

std::optional<std::int64_t> Product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

bool IsMonths(DurationUnit unit) {
  return unit == DurationUnit::kYear || unit == DurationUnit::kMonth;
}

// `amount` in whole units of `target`, which is coarser.
std::optional<std::int64_t> Coarsen(std::int64_t amount, DurationUnit unit, DurationUnit target) {
  if (IsMonths(unit)) return amount / 12;  // months to years: the only coarser step
  const auto ms = Product(amount, MsOf(unit));
  if (!ms) return std::nullopt;
  if (!IsMonths(target)) return *ms / MsOf(target);
  const std::int64_t days = *ms / kMsPerDay;
  return target == DurationUnit::kYear ? days / 365 : days / 30;
}

std::optional<Temporal> AddMonths(const Temporal& value, std::int64_t months) {
  constexpr std::int64_t kReach = 10'000 * 12;
  if (value.kind == TemporalKind::kTime || months > kReach || months < -kReach) return std::nullopt;
  const std::int64_t total = value.year * 12LL + value.month - 1 + months;
  if (total < 12 || total >= 10'000 * 12LL) return std::nullopt;
  Temporal result = value;
  result.year = static_cast<std::int16_t>(total / 12);
  result.month = static_cast<std::uint8_t>(total % 12 + 1);
  const std::int32_t last = base::DaysInMonth(result.year, result.month);
  result.day = static_cast<std::uint8_t>(std::min<std::int32_t>(value.day, last));
  return result;
}

std::optional<Temporal> AddMs(const Temporal& value, std::int64_t ms) {
  Temporal local = value;
  local.offset_minutes = kNoOffset;
  if (value.kind == TemporalKind::kTime) {
    const std::int64_t now = ToInstant(local, 0).ms - ToInstant(Temporal{}, 0).ms;
    const std::int64_t wrapped = ((now + ms % kMsPerDay) % kMsPerDay + kMsPerDay) % kMsPerDay;
    const Temporal moved = FromInstant({wrapped}, 0);
    return MakeTemporal(TemporalKind::kTime, value.precision, 1, 1, 1, moved.hour, moved.minute, moved.second,
                        moved.millisecond, kNoOffset);
  }
  constexpr std::int64_t kReach = 10'000LL * 366 * kMsPerDay;
  if (ms > kReach || ms < -kReach) return std::nullopt;
  const Temporal moved = FromInstant({ToInstant(local, 0).ms + ms}, 0);
  return MakeTemporal(value.kind, value.precision, moved.year, moved.month, moved.day, moved.hour,
                      moved.minute, moved.second, moved.millisecond, value.offset_minutes);
}

}  // namespace

std::optional<NamedDuration> FindDurationUnit(std::string_view text) {
  for (const UnitName& name : kUnitNames) {
    if (name.text == text) return name.duration;
  }
  return std::nullopt;
}

std::optional<Temporal> Add(const Temporal& value, std::int64_t amount, DurationUnit unit) {
  if (value.kind == TemporalKind::kTime && unit < DurationUnit::kHour) return std::nullopt;
  const DurationUnit own = UnitOf(value.precision);
  // Weeks count days, so only units below the value's own precision are converted.
  if (unit > own && !(unit == DurationUnit::kWeek && own >= DurationUnit::kDay)) {
    const auto coarse = Coarsen(amount, unit, own);
    if (!coarse) return std::nullopt;
    amount = *coarse;
    unit = own;
  }
  if (IsMonths(unit)) {
    const auto months = Product(amount, unit == DurationUnit::kYear ? 12 : 1);
    return months ? AddMonths(value, *months) : std::nullopt;
  }
  const auto ms = Product(amount, MsOf(unit));
  return ms ? AddMs(value, *ms) : std::nullopt;
}

Temporal LowBoundary(const Temporal& value, Precision to) {
  Temporal result = value;
  if (to < Precision::kMonth && value.kind != TemporalKind::kTime) result.month = 1;
  if (to < Precision::kDay && value.kind != TemporalKind::kTime) result.day = 1;
  if (to < Precision::kHour) result.hour = 0;
  if (to < Precision::kMinute) result.minute = 0;
  if (to < Precision::kSecond) result.second = 0;
  if (to < Precision::kMillisecond) result.millisecond = 0;
  result.precision = to;
  return result;
}

Temporal HighBoundary(const Temporal& value, Precision to) {
  if (to <= value.precision) return LowBoundary(value, to);
  Temporal result = value;
  if (value.precision < Precision::kMonth) result.month = 12;
  if (value.precision < Precision::kDay) {
    result.day = static_cast<std::uint8_t>(base::DaysInMonth(result.year, result.month));
  }
  if (value.precision < Precision::kHour) result.hour = 23;
  if (value.precision < Precision::kMinute) result.minute = 59;
  if (value.precision < Precision::kSecond) result.second = 59;
  if (value.precision < Precision::kMillisecond) result.millisecond = 999;
  return LowBoundary(result, to);
}

std::optional<Temporal> Successor(const Temporal& value) {
  if (value == MaximumOf(value.kind, value.offset_minutes)) return std::nullopt;
  const auto next = Add(value, 1, UnitOf(value.precision));
  // A Time that wraps has no successor.
  return next && Compare(value, *next, 0) == Order::kLess ? next : std::nullopt;
}

std::optional<Temporal> Predecessor(const Temporal& value) {
  const auto previous = Add(value, -1, UnitOf(value.precision));
  return previous && Compare(*previous, value, 0) == Order::kLess ? previous : std::nullopt;
}

Temporal MinimumOf(TemporalKind kind, std::int16_t offset_minutes) {
  Temporal value;
  value.kind = kind;
  value.precision = kind == TemporalKind::kDate ? Precision::kDay : Precision::kMillisecond;
  value.offset_minutes = kind == TemporalKind::kDateTime ? offset_minutes : kNoOffset;
  return value;
}

Temporal MaximumOf(TemporalKind kind, std::int16_t offset_minutes) {
  Temporal value = MinimumOf(kind, offset_minutes);
  if (kind != TemporalKind::kTime) {
    value.year = 9999;
    value.month = 12;
    value.day = 31;
  }
  if (kind != TemporalKind::kDate) {
    value.hour = 23;
    value.minute = 59;
    value.second = 59;
    value.millisecond = 999;
  }
  return value;
}

}  // namespace osteon::model
