#include "fhir/path/operators_math.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "fhir/model/ucum_unit.h"

namespace osteon::path {
namespace {

using base::Decimal;
using model::Kind;
using model::QuantityValue;
using model::Val;
using model::ValueContext;
namespace ucum = model::ucum;

constexpr std::string_view kNotThese = "the operator does not take values of these types";
constexpr int kQuotientDigits = 8;  // CQL and FHIRPath: decimals have 8 fraction digits

OperatorResult Null() {
  return {};
}
OperatorResult DecimalOrNull(const std::optional<Decimal>& value, const ValueContext& context) {
  return value ? OperatorResult{Val::Decimal(*value, context.arena)} : Null();
}
OperatorResult QuantityOrNull(const std::optional<Decimal>& value, std::string_view unit, bool is_calendar,
                              const ValueContext& context) {
  if (!value) return Null();
  return {Val::Quantity({*value, unit, is_calendar}, context.arena)};
}

std::int64_t ToLong(const Val& value) {
  return value.is(Kind::kInteger) ? value.integer() : value.long_integer();
}
bool IsWhole(const Val& value) {
  return value.is(Kind::kInteger) || value.is(Kind::kLong);
}
// Integer when both operands are, Long otherwise.
OperatorResult WholeOrNull(std::int64_t value, const Val& a, const Val& b) {
  if (a.is(Kind::kLong) || b.is(Kind::kLong)) return {Val::Long(value)};
  return {IntegerOrNull(value)};
}

// --- dates

struct Duration {
  std::int64_t amount = 0;
  model::DurationUnit unit = model::DurationUnit::kDay;
};

OperatorResult AddDuration(const Val& temporal, const Val& duration, int sign, const ValueContext& context) {
  if (!duration.is(Kind::kQuantity)) return {{}, "a duration is a quantity with a unit of time"};
  const QuantityValue& quantity = duration.quantity();
  const auto named = model::FindDurationUnit(quantity.unit);
  if (!named) return {{}, "a date moves by years, months, weeks, days, hours, minutes or seconds only"};
  const bool is_long =
      named->unit == model::DurationUnit::kYear || named->unit == model::DurationUnit::kMonth;
  // The mean year of UCUM moves no calendar date (FHIRPath 2.0.0 "Date/Time Arithmetic"); CQL lets it.
  if (is_long && !named->is_calendar && context.language == model::Language::kFhirPath) {
    return {{}, "'a' and 'mo' are durations of fixed length; a calendar date moves by years or months"};
  }
  const auto amount = quantity.value.ToInteger();
  if (!amount || *amount == std::numeric_limits<std::int64_t>::min()) return Null();
  const auto moved = model::Add(temporal.temporal(), sign * *amount, named->unit);
  return moved ? OperatorResult{Val::Of(*moved)} : Null();
}

// --- quantities

bool IsMonths(const QuantityValue& quantity, int& months) {
  if (!quantity.is_calendar) return false;
  const auto named = model::FindDurationUnit(quantity.unit);
  if (!named) return false;
  months = named->unit == model::DurationUnit::kYear ? 12 : 1;
  return named->unit == model::DurationUnit::kYear || named->unit == model::DurationUnit::kMonth;
}

OperatorResult AddQuantities(const QuantityValue& a, const QuantityValue& b, int sign,
                             const ValueContext& context) {
  const auto signed_b = [&](const Decimal& value) {
    return sign > 0 ? std::optional(value) : Decimal(0).Minus(value);
  };
  const auto sum = [&](const Decimal& left, const std::optional<Decimal>& right) -> std::optional<Decimal> {
    const auto operand = right ? signed_b(*right) : std::nullopt;
    return operand ? left.Plus(*operand) : std::nullopt;
  };
  if (a.unit == b.unit) return QuantityOrNull(sum(a.value, b.value), a.unit, a.is_calendar, context);
  int months_a = 0;
  int months_b = 0;
  const bool a_is_months = IsMonths(a, months_a);
  const bool b_is_months = IsMonths(b, months_b);
  if (a_is_months && b_is_months) {
    const int least = std::min(months_a, months_b);
    const auto left = a.value.Times(Decimal(months_a / least));
    const auto right = b.value.Times(Decimal(months_b / least));
    return left ? QuantityOrNull(sum(*left, right), months_a <= months_b ? a.unit : b.unit, true, context)
                : Null();
  }
  // A month has no fixed number of days.
  if (a_is_months != b_is_months && (a.is_calendar || b.is_calendar)) return Null();
  const ucum::Unit* unit_a = ucum::Find(UcumCodeOf(a), context.arena);
  const ucum::Unit* unit_b = ucum::Find(UcumCodeOf(b), context.arena);
  if (unit_a == nullptr || unit_b == nullptr || !ucum::Comparable(*unit_a, *unit_b)) return Null();
  // The result is in the finer unit of the two.
  const auto order = ucum::Compare(Decimal(1), *unit_a, Decimal(1), *unit_b);
  const bool a_is_finer = order && *order <= 0;
  if (a_is_finer) {
    return QuantityOrNull(sum(a.value, ucum::Convert(b.value, *unit_b, *unit_a)), a.unit, a.is_calendar,
                          context);
  }
  const auto converted = ucum::Convert(a.value, *unit_a, *unit_b);
  return converted ? QuantityOrNull(sum(*converted, b.value), b.unit, b.is_calendar, context) : Null();
}

OperatorResult PlusOrMinus(const Val& a, const Val& b, int sign, const ValueContext& context) {
  if (a.is_null() || b.is_null()) return Null();
  if (a.is_temporal()) return AddDuration(a, b, sign, context);
  if (IsWhole(a) && IsWhole(b)) {
    std::int64_t sum = 0;
    const bool overflows = sign > 0 ? __builtin_add_overflow(ToLong(a), ToLong(b), &sum)
                                    : __builtin_sub_overflow(ToLong(a), ToLong(b), &sum);
    return overflows ? Null() : WholeOrNull(sum, a, b);
  }
  if (a.is_number() && b.is_number()) {
    const Decimal left = ToDecimal(a);
    return DecimalOrNull(sign > 0 ? left.Plus(ToDecimal(b)) : left.Minus(ToDecimal(b)), context);
  }
  const auto left = ToQuantity(a);
  const auto right = ToQuantity(b);
  if (!left || !right) return {{}, kNotThese};
  return AddQuantities(*left, *right, sign, context);
}

OperatorResult ScaleQuantities(const QuantityValue& a, const QuantityValue& b, bool divides,
                               const ValueContext& context) {
  const auto value = divides ? a.value.DividedBy(b.value, kQuotientDigits) : a.value.Times(b.value);
  if (!value) return Null();
  // A duration by the calendar keeps its unit when it is multiplied with a bare number.
  if (b.unit == "1") return QuantityOrNull(value, a.unit, a.is_calendar, context);
  if (a.unit == "1" && !divides) return QuantityOrNull(value, b.unit, b.is_calendar, context);
  const auto code = divides ? ucum::DivideCodes(UcumCodeOf(a), UcumCodeOf(b))
                            : ucum::MultiplyCodes(UcumCodeOf(a), UcumCodeOf(b));
  return code ? QuantityOrNull(value, context.arena.Copy(*code), false, context) : Null();
}

// Towards zero; nullopt when it does not fit 64 bits.
std::optional<std::int64_t> Quotient(const Decimal& a, const Decimal& b) {
  const auto rounded = a.DividedBy(b, 0);
  if (!rounded) return std::nullopt;
  auto quotient = rounded->ToInteger();
  if (!quotient) return std::nullopt;
  // The rounded quotient may be one too far from zero.
  const auto product = b.Times(Decimal(*quotient));
  const auto rest = product ? a.Minus(*product) : std::nullopt;
  if (!rest) return std::nullopt;
  if (!rest->is_zero() && rest->negative() != a.negative()) *quotient += *quotient > 0 ? -1 : 1;
  return quotient;
}

}  // namespace

Val IntegerOrNull(std::int64_t value) {
  const bool fits =
      value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
  return fits ? Val::Integer(static_cast<std::int32_t>(value)) : Val::Null();
}

Decimal ToDecimal(const Val& value) {
  if (value.is(Kind::kDecimal)) return value.decimal();
  return Decimal(ToLong(value));
}

std::optional<QuantityValue> ToQuantity(const Val& value) {
  if (value.is(Kind::kQuantity)) return value.quantity();
  if (!value.is_number()) return std::nullopt;
  return QuantityValue{ToDecimal(value), "1", false};
}

std::string_view UcumCodeOf(const QuantityValue& quantity) {
  if (!quantity.is_calendar) return quantity.unit;
  static constexpr std::string_view kCodes[] = {"a", "mo", "wk", "d", "h", "min", "s", "ms"};
  const auto named = model::FindDurationUnit(quantity.unit);
  return named ? kCodes[static_cast<std::size_t>(named->unit)] : quantity.unit;
}

OperatorResult Plus(const Val& a, const Val& b, const ValueContext& context) {
  return PlusOrMinus(a, b, 1, context);
}
OperatorResult Minus(const Val& a, const Val& b, const ValueContext& context) {
  return PlusOrMinus(a, b, -1, context);
}

OperatorResult Times(const Val& a, const Val& b, const ValueContext& context) {
  if (a.is_null() || b.is_null()) return Null();
  if (IsWhole(a) && IsWhole(b)) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(ToLong(a), ToLong(b), &product) ? Null() : WholeOrNull(product, a, b);
  }
  if (a.is_number() && b.is_number()) return DecimalOrNull(ToDecimal(a).Times(ToDecimal(b)), context);
  const auto left = ToQuantity(a);
  const auto right = ToQuantity(b);
  if (!left || !right) return {{}, kNotThese};
  return ScaleQuantities(*left, *right, false, context);
}

OperatorResult Divide(const Val& a, const Val& b, const ValueContext& context) {
  if (a.is_null() || b.is_null()) return Null();
  if (a.is_number() && b.is_number()) {
    return DecimalOrNull(ToDecimal(a).DividedBy(ToDecimal(b), kQuotientDigits), context);
  }
  const auto left = ToQuantity(a);
  const auto right = ToQuantity(b);
  if (!left || !right) return {{}, kNotThese};
  return ScaleQuantities(*left, *right, true, context);
}

OperatorResult Div(const Val& a, const Val& b, const ValueContext& context) {
  (void)context;
  if (a.is_null() || b.is_null()) return Null();
  if (!a.is_number() || !b.is_number()) return {{}, kNotThese};
  if (ToDecimal(b).is_zero()) return Null();
  const auto quotient = Quotient(ToDecimal(a), ToDecimal(b));
  return quotient ? WholeOrNull(*quotient, a, b) : Null();
}

OperatorResult Mod(const Val& a, const Val& b, const ValueContext& context) {
  if (a.is_null() || b.is_null()) return Null();
  if (!a.is_number() || !b.is_number()) return {{}, kNotThese};
  const Decimal divisor = ToDecimal(b);
  if (divisor.is_zero()) return Null();
  const auto quotient = Quotient(ToDecimal(a), divisor);
  const auto product = quotient ? divisor.Times(Decimal(*quotient)) : std::nullopt;
  const auto rest = product ? ToDecimal(a).Minus(*product) : std::nullopt;
  if (!rest) return Null();
  if (IsWhole(a) && IsWhole(b)) return WholeOrNull(rest->ToInteger().value_or(0), a, b);
  return DecimalOrNull(rest, context);
}

OperatorResult Negate(const Val& a, const ValueContext& context) {
  if (a.is_null()) return Null();
  if (a.is(Kind::kQuantity)) {
    return QuantityOrNull(Decimal(0).Minus(a.quantity().value), a.quantity().unit, a.quantity().is_calendar,
                          context);
  }
  if (!a.is_number()) return {{}, "only numbers and quantities have a sign"};
  return Minus(Val::Integer(0), a, context);
}

}  // namespace osteon::path
