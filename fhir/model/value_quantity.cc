#include "fhir/model/value_quantity.h"

#include <algorithm>
#include <limits>

#include "fhir/model/ucum_unit.h"
#include "fhir/model/value_compare.h"

namespace osteon::model {
namespace {

// What a unit text means. Calendar years and months are counted in months and compare with nothing else;
// shorter calendar units are the UCUM ones of the same length.
struct UnitMeaning {
  const ucum::Unit* unit = nullptr;  // null for calendar months and unknown codes
  int calendar_months = 0;           // 12, 1, or 0
};

std::string_view UcumCodeOf(DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kWeek:
      return "wk";
    case DurationUnit::kDay:
      return "d";
    case DurationUnit::kHour:
      return "h";
    case DurationUnit::kMinute:
      return "min";
    case DurationUnit::kSecond:
      return "s";
    case DurationUnit::kMillisecond:
      return "ms";
    case DurationUnit::kMonth:
      return "mo";
    case DurationUnit::kYear:
      break;
  }
  return "a";
}

UnitMeaning MeaningOf(std::string_view text, bool is_calendar, const ValueContext& context) {
  // 'month' in quotes is no UCUM code, but is accepted as the word (FHIRPath R4 suite, testMinus5).
  const auto word = FindDurationUnit(text);
  if (word && (is_calendar || word->is_calendar)) {
    if (word->unit == DurationUnit::kYear) return {nullptr, 12};
    if (word->unit == DurationUnit::kMonth) return {nullptr, 1};
    return {ucum::Find(UcumCodeOf(word->unit), context.arena), 0};
  }
  return {ucum::Find(text, context.arena), 0};
}

Order OrderOf(std::strong_ordering order) {
  return order < 0 ? Order::kLess : (order > 0 ? Order::kGreater : Order::kEqual);
}

// The last digit that CQL's Decimal has.
base::Decimal Step() {
  return *base::Decimal::Parse("0.00000001");
}

std::optional<base::Decimal> StepDecimal(const base::Decimal& value, int direction) {
  const auto moved = direction > 0 ? value.Plus(Step()) : value.Minus(Step());
  const base::Decimal limit = base::Decimal::Of(kGreatestDecimal);
  if (!moved || *moved > limit || *moved < *base::Decimal(0).Minus(limit)) return std::nullopt;
  return moved;
}

Val Neighbour(const Val& value, int direction, const ValueContext& context) {
  switch (value.kind()) {
    case Kind::kInteger: {
      const std::int64_t moved = std::int64_t{value.integer()} + direction;
      const bool fits = moved >= INT32_MIN && moved <= INT32_MAX;
      return fits ? Val::Integer(static_cast<std::int32_t>(moved)) : Val::Null();
    }
    case Kind::kLong: {
      std::int64_t moved = 0;
      const bool overflow = __builtin_add_overflow(value.long_integer(), direction, &moved);
      return overflow ? Val::Null() : Val::Long(moved);
    }
    case Kind::kDecimal: {
      const auto moved = StepDecimal(value.decimal(), direction);
      return moved ? Val::Decimal(*moved, context.arena) : Val::Null();
    }
    case Kind::kQuantity: {
      QuantityValue quantity = value.quantity();
      const auto moved = StepDecimal(quantity.value, direction);
      if (!moved) return {};
      quantity.value = *moved;
      return Val::Quantity(quantity, context.arena);
    }
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: {
      const auto moved = direction > 0 ? Successor(value.temporal()) : Predecessor(value.temporal());
      return moved ? Val::Of(*moved) : Val::Null();
    }
    default:
      return {};
  }
}

Val Extreme(const Val& like, int direction, const ValueContext& context) {
  const auto decimal = [&] {
    const base::Decimal limit = base::Decimal::Of(kGreatestDecimal);
    return direction > 0 ? limit : *base::Decimal(0).Minus(limit);
  };
  switch (like.kind()) {
    case Kind::kInteger:
      return Val::Integer(direction > 0 ? INT32_MAX : INT32_MIN);
    case Kind::kLong:
      return Val::Long(direction > 0 ? INT64_MAX : INT64_MIN);
    case Kind::kDecimal:
      return Val::Decimal(decimal(), context.arena);
    case Kind::kQuantity: {
      QuantityValue quantity = like.quantity();
      quantity.value = decimal();
      return Val::Quantity(quantity, context.arena);
    }
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: {
      const TemporalKind kind = like.temporal().kind;
      return Val::Of(direction > 0 ? MaximumOf(kind, context.default_offset)
                                   : MinimumOf(kind, context.default_offset));
    }
    default:
      return {};
  }
}

}  // namespace

Order CompareQuantities(const QuantityValue& a, const QuantityValue& b, const ValueContext& context) {
  if (a.unit == b.unit && a.is_calendar == b.is_calendar) return OrderOf(a.value <=> b.value);
  const UnitMeaning left = MeaningOf(a.unit, a.is_calendar, context);
  const UnitMeaning right = MeaningOf(b.unit, b.is_calendar, context);
  if (left.unit != nullptr && right.unit != nullptr) {
    const auto order = ucum::Compare(a.value, *left.unit, b.value, *right.unit);
    return order ? OrderOf(*order) : Order::kUnknown;
  }
  if (left.calendar_months == 0 || right.calendar_months == 0) return Order::kUnknown;
  const auto a_months = a.value.Times(base::Decimal(left.calendar_months));
  const auto b_months = b.value.Times(base::Decimal(right.calendar_months));
  return a_months && b_months ? OrderOf(*a_months <=> *b_months) : Order::kUnknown;
}

std::optional<base::Decimal> ConvertQuantity(const QuantityValue& quantity, std::string_view unit,
                                             const ValueContext& context) {
  if (quantity.unit == unit) return quantity.value;
  const UnitMeaning from = MeaningOf(quantity.unit, quantity.is_calendar, context);
  const UnitMeaning to = MeaningOf(unit, false, context);
  if (from.unit != nullptr && to.unit != nullptr) return ucum::Convert(quantity.value, *from.unit, *to.unit);
  if (from.calendar_months == 0 || to.calendar_months == 0) return std::nullopt;
  const auto months = quantity.value.Times(base::Decimal(from.calendar_months));
  return months ? months->DividedBy(base::Decimal(to.calendar_months), 28) : std::nullopt;
}

std::optional<CommonUnit> InCommonUnit(const QuantityValue& a, const QuantityValue& b,
                                       const ValueContext& context) {
  const auto converted = ConvertQuantity(b, a.unit, context);
  if (!converted) return std::nullopt;
  return CommonUnit{a.value, *converted};
}

Val SuccessorOf(const Val& value, const ValueContext& context) {
  return Neighbour(value, 1, context);
}
Val PredecessorOf(const Val& value, const ValueContext& context) {
  return Neighbour(value, -1, context);
}
Val MinimumLike(const Val& like, const ValueContext& context) {
  return Extreme(like, -1, context);
}
Val MaximumLike(const Val& like, const ValueContext& context) {
  return Extreme(like, 1, context);
}

}  // namespace osteon::model
