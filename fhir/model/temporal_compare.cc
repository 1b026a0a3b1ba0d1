#include <algorithm>

#include "fhir/model/temporal.h"

namespace osteon::model {
namespace {

std::int32_t Component(const Temporal& value, Precision component) {
  switch (component) {
    case Precision::kYear:
      return value.year;
    case Precision::kMonth:
      return value.month;
    case Precision::kDay:
      return value.day;
    case Precision::kHour:
      return value.hour;
    case Precision::kMinute:
      return value.minute;
    case Precision::kSecond:
      return value.second;
    case Precision::kMillisecond:
      return value.millisecond;
  }
  return 0;
}

Precision Next(Precision precision) {
  return static_cast<Precision>(static_cast<std::uint8_t>(precision) + 1);
}

// Both at one offset where that can change the answer. False: one is at no known offset.
bool Align(Temporal& a, Temporal& b, std::int16_t default_offset) {
  if (a.kind == TemporalKind::kTime || a.precision < Precision::kHour || b.precision < Precision::kHour)
    return true;
  if (!a.has_offset()) a.offset_minutes = default_offset;
  if (!b.has_offset()) b.offset_minutes = default_offset;
  if (a.offset_minutes == b.offset_minutes) return true;
  if (!a.has_offset() || !b.has_offset()) return false;
  // An hour without minutes cannot be moved by a part of an hour; it is compared as written then.
  const bool by_hours = (a.offset_minutes - b.offset_minutes) % 60 == 0;
  if (!by_hours && (a.precision < Precision::kMinute || b.precision < Precision::kMinute)) return true;
  // Which day it is depends on the place: CQL asks at the offset of the evaluation request.
  const std::int16_t common = default_offset == kNoOffset ? a.offset_minutes : default_offset;
  const auto moved_a = AtOffset(a, common);
  const auto moved_b = AtOffset(b, common);
  if (moved_a && moved_b) {
    a = *moved_a;
    b = *moved_b;
  }
  return true;
}

}  // namespace

Order Compare(const Temporal& a_written, const Temporal& b_written, std::int16_t default_offset,
              std::optional<Precision> to, Milliseconds milliseconds) {
  Temporal a = a_written;
  Temporal b = b_written;
  // With a coarse `to`, the offset still decides which day it is.
  if (!Align(a, b, default_offset)) return Order::kUnknown;
  const Precision finest = to.value_or(Precision::kMillisecond);
  Precision at = a.kind == TemporalKind::kTime ? Precision::kHour : Precision::kYear;
  for (; at <= finest; at = Next(at)) {
    // As one decimal, the digits that are not written are 0.
    const bool fraction = at == Precision::kMillisecond && !to && milliseconds == Milliseconds::kPartOfSecond;
    const bool a_has = a.precision >= at || (fraction && a.precision == Precision::kSecond);
    const bool b_has = b.precision >= at || (fraction && b.precision == Precision::kSecond);
    if (!a_has && !b_has) return to ? Order::kUnknown : Order::kEqual;
    if (!a_has || !b_has) return Order::kUnknown;
    const std::int32_t left = Component(a, at);
    const std::int32_t right = Component(b, at);
    if (left != right) return left < right ? Order::kLess : Order::kGreater;
    if (at == Precision::kMillisecond) break;
  }
  return Order::kEqual;
}

}  // namespace osteon::model
