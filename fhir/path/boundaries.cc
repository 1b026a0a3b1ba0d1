#include "fhir/path/boundaries.h"

#include <array>

#include "fhir/model/value_text.h"
#include "fhir/path/operators_math.h"

namespace osteon::path {
namespace {

using base::Decimal;
using model::Precision;
using model::Temporal;
using model::TemporalKind;
using model::Val;

constexpr int kDefaultDigits = 8;
constexpr int kMaxDigits = 28;

// Digits of YYYYMMDDhhmmssfff down to each precision; a Time's begin at its hours.
constexpr std::array<std::int64_t, 7> kDigits = {4, 6, 8, 10, 12, 14, 17};
constexpr std::int64_t kDateDigits = 8;

std::optional<Precision> PrecisionAt(TemporalKind kind, std::int64_t digits) {
  const std::int64_t from_year = kind == TemporalKind::kTime ? digits + kDateDigits : digits;
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    if (kDigits[i] != from_year) continue;
    const auto precision = static_cast<Precision>(i);
    const bool is_date_part = precision <= Precision::kDay;
    if (kind == TemporalKind::kDate && !is_date_part) return std::nullopt;
    if (kind == TemporalKind::kTime && is_date_part) return std::nullopt;
    return precision;
  }
  return std::nullopt;
}

// Half of the last digit's unit further; then, at fewer digits than that, towards zero by cutting and away
// from zero by rounding. The suite of R4 wants it so (0.0034 has the upper boundary 0.0 at one digit), where
// a true boundary would round outwards; ask for no fewer digits than the value has.
std::optional<Decimal> DecimalBoundary(const Decimal& value, int digits, Boundary boundary) {
  const auto exact = boundary == Boundary::kLow
                         ? model::LowBoundary(value, std::min(value.scale() + 1, kMaxDigits))
                         : model::HighBoundary(value, std::min(value.scale() + 1, kMaxDigits));
  if (!exact) return std::nullopt;
  const bool away_from_zero = (boundary == Boundary::kHigh) != exact->negative();
  return model::WithScale(away_from_zero ? exact->Rounded(digits) : *exact, digits);
}

Val TemporalBoundary(Temporal value, std::optional<std::int64_t> digits, Boundary boundary) {
  const auto finest = value.kind == TemporalKind::kDate ? Precision::kDay : Precision::kMillisecond;
  const auto to = digits ? PrecisionAt(value.kind, *digits) : std::optional(finest);
  if (!to) return {};
  // FHIR knows no hour without minutes: "T08" is 08:00, as the suite of R4 has it.
  if (value.kind == TemporalKind::kDateTime && value.precision == Precision::kHour) {
    value.precision = Precision::kMinute;
  }
  Temporal result =
      boundary == Boundary::kLow ? model::LowBoundary(value, *to) : model::HighBoundary(value, *to);
  // Without an offset, the moment is earliest in the easternmost time zone and latest in the westernmost.
  constexpr std::int16_t kEasternmost = 14 * 60;
  constexpr std::int16_t kWesternmost = -12 * 60;
  if (value.kind == TemporalKind::kDateTime && !value.has_offset() && *to >= Precision::kHour) {
    result.offset_minutes = boundary == Boundary::kLow ? kEasternmost : kWesternmost;
  }
  return Val::Of(result);
}

}  // namespace

Val BoundaryOf(const Val& value, std::optional<std::int64_t> digits, Boundary boundary,
               const model::ValueContext& context) {
  if (value.is_temporal()) return TemporalBoundary(value.temporal(), digits, boundary);
  const auto quantity = ToQuantity(value);
  const std::int64_t wanted = digits.value_or(kDefaultDigits);
  if (!quantity || wanted < 0 || wanted > kMaxDigits) return {};
  const auto result = DecimalBoundary(quantity->value, static_cast<int>(wanted), boundary);
  if (!result) return {};
  if (value.is_number()) return Val::Decimal(*result, context.arena);
  return Val::Quantity({*result, quantity->unit, quantity->is_calendar}, context.arena);
}

Val DigitsOf(const Val& value) {
  if (value.is_temporal()) {
    const Temporal& temporal = value.temporal();
    const std::int64_t digits = kDigits[static_cast<std::size_t>(temporal.precision)];
    return IntegerOrNull(temporal.kind == TemporalKind::kTime ? digits - kDateDigits : digits);
  }
  if (value.is(model::Kind::kDecimal)) return Val::Integer(model::FractionDigits(value.decimal()));
  return value.is_number() ? Val::Integer(0) : Val();
}

}  // namespace osteon::path
