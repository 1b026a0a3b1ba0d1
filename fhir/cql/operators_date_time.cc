// CQL 1.5.3, Appendix B: Date and Time Operators, and the ages of the Clinical Operators.
#include <algorithm>

#include "fhir/cql/run.h"
#include "fhir/cql/timing.h"
#include "fhir/model/interval.h"

namespace osteon::cql {
namespace {

using model::DurationUnit;
using model::Precision;
using model::Temporal;
using model::TemporalKind;
using Operands = std::span<const Val>;

constexpr int kMinutesPerHour = 60;

// The components that were given, up to the first null.
Val Make(Run& run, const Step& step, Operands operands, TemporalKind kind, Precision first) {
  std::int32_t values[7] = {1, 1, 1, 0, 0, 0, 0};
  const auto offset = static_cast<std::size_t>(first);
  std::size_t given = 0;
  const std::size_t most = std::min<std::size_t>(operands.size(), 7 - offset);
  while (given < most && !operands[given].is_null()) {
    values[offset + given] = operands[given].integer();
    ++given;
  }
  if (given == 0) return {};
  std::int16_t zone = model::kNoOffset;
  if (operands.size() == 8 && operands[7].is(ValueKind::kDecimal)) {
    const auto minutes = operands[7].decimal().Times(base::Decimal(kMinutesPerHour));
    const auto whole = minutes ? minutes->ToInteger() : std::nullopt;
    if (!whole || *whole < -14 * kMinutesPerHour || *whole > 14 * kMinutesPerHour) {
      return run.Fail(*step.node, "a timezone offset lies between -14 and 14 hours");
    }
    zone = static_cast<std::int16_t>(*whole);
  }
  const auto precision = static_cast<Precision>(offset + given - 1);
  const auto made = model::MakeTemporal(kind, precision, values[0], values[1], values[2], values[3],
                                        values[4], values[5], values[6], zone);
  return made ? Val::Of(*made) : run.Fail(*step.node, "there is no such date or time");
}

Val DateTime(Run& run, const Step& step, Operands operands) {
  return Make(run, step, operands, TemporalKind::kDateTime, Precision::kYear);
}
Val Date(Run& run, const Step& step, Operands operands) {
  return Make(run, step, operands, TemporalKind::kDate, Precision::kYear);
}
Val Time(Run& run, const Step& step, Operands operands) {
  return Make(run, step, operands, TemporalKind::kTime, Precision::kHour);
}

Temporal Moment(const Run& run) {
  return model::FromInstant(run.inputs.now, run.inputs.offset_minutes);
}

Val Now(Run& run, const Step& /*step*/, Operands /*operands*/) {
  return Val::Of(Moment(run));
}
Val Today(Run& run, const Step& /*step*/, Operands /*operands*/) {
  return Val::Of(model::ToDate(Moment(run)));
}
Val TimeOfDay(Run& run, const Step& /*step*/, Operands /*operands*/) {
  const auto time = model::ToTime(Moment(run));
  return time ? Val::Of(*time) : Val();
}

Val DateTimeComponentFrom(Run& run, const Step& step, Operands operands) {
  const auto precision = PrecisionOf(step);
  if (!precision) return run.Fail(*step.node, "a date has no such component");
  const Temporal& value = operands[0].temporal();
  const bool time = value.kind == TemporalKind::kTime;
  if (value.precision < *precision || (time && *precision < Precision::kHour)) return {};
  switch (*precision) {
    case Precision::kYear:
      return Val::Integer(value.year);
    case Precision::kMonth:
      return Val::Integer(value.month);
    case Precision::kDay:
      return Val::Integer(value.day);
    case Precision::kHour:
      return Val::Integer(value.hour);
    case Precision::kMinute:
      return Val::Integer(value.minute);
    case Precision::kSecond:
      return Val::Integer(value.second);
    case Precision::kMillisecond:
      return Val::Integer(value.millisecond);
  }
  return {};
}

Val DateFrom(Run& /*run*/, const Step& /*step*/, Operands operands) {
  return operands[0].is(ValueKind::kDate) ? operands[0] : Val::Of(model::ToDate(operands[0].temporal()));
}

Val TimeFrom(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto time = model::ToTime(operands[0].temporal());
  return time ? Val::Of(*time) : Val();
}

Val TimezoneOffsetFrom(Run& run, const Step& /*step*/, Operands operands) {
  const Temporal& value = operands[0].temporal();
  const std::int16_t minutes = value.has_offset() ? value.offset_minutes : run.inputs.offset_minutes;
  return run.Decimal(base::Decimal(minutes).DividedBy(base::Decimal(kMinutesPerHour), 8));
}

using Between = std::optional<model::IntegerRange> (*)(const Temporal&, const Temporal&, DurationUnit,
                                                       std::int16_t);

Val Periods(Run& run, Between between, const Val& a, const Val& b, DurationUnit unit) {
  if (!a.is_temporal() || !b.is_temporal()) return {};
  const auto range = between(a.temporal(), b.temporal(), unit, run.values.default_offset);
  return range ? Val::Uncertainty(*range, run.arena) : Val();
}

// Between two points, or the bounds of one interval.
template <Between kBetween>
Val PeriodsBetween(Run& run, const Step& step, Operands operands) {
  const DurationUnit unit = step.node->precision.value_or(DurationUnit::kDay);
  if (operands.size() == 2) return Periods(run, kBetween, operands[0], operands[1], unit);
  if (operands[0].is_null()) return {};
  const model::NormalInterval interval = NormalOf(run, *step.children[0]->node, operands[0], {});
  return Periods(run, kBetween, model::StartOf(interval), model::EndOf(interval), unit);
}

template <DurationUnit kUnit>
Val AgeAt(Run& run, const Step& /*step*/, Operands operands) {
  return Periods(run, model::DurationBetween, operands[0], operands[1], kUnit);
}

template <DurationUnit kUnit>
Val Age(Run& run, const Step& /*step*/, Operands operands) {
  const Temporal now = Moment(run);
  const Val at = Val::Of(operands[0].is(ValueKind::kDate) ? model::ToDate(now) : now);
  return Periods(run, model::DurationBetween, operands[0], at, kUnit);
}

constexpr ImplementationRow kRows[] = {
    {"DateTime", DateTime},
    {"Date", Date},
    {"Time", Time},
    {"Now", Now},
    {"Today", Today},
    {"TimeOfDay", TimeOfDay},
    {"DateTimeComponentFrom", DateTimeComponentFrom},
    {"DateFrom", DateFrom},
    {"TimeFrom", TimeFrom},
    {"TimezoneOffsetFrom", TimezoneOffsetFrom},
    {"TimezoneFrom", TimezoneOffsetFrom},
    {"DurationBetween", PeriodsBetween<model::DurationBetween>},
    {"DifferenceBetween", PeriodsBetween<model::DifferenceBetween>},
    {"CalculateAgeInYears", Age<DurationUnit::kYear>},
    {"CalculateAgeInMonths", Age<DurationUnit::kMonth>},
    {"CalculateAgeInWeeks", Age<DurationUnit::kWeek>},
    {"CalculateAgeInDays", Age<DurationUnit::kDay>},
    {"CalculateAgeInHours", Age<DurationUnit::kHour>},
    {"CalculateAgeInMinutes", Age<DurationUnit::kMinute>},
    {"CalculateAgeInSeconds", Age<DurationUnit::kSecond>},
    {"CalculateAgeInYearsAt", AgeAt<DurationUnit::kYear>},
    {"CalculateAgeInMonthsAt", AgeAt<DurationUnit::kMonth>},
    {"CalculateAgeInWeeksAt", AgeAt<DurationUnit::kWeek>},
    {"CalculateAgeInDaysAt", AgeAt<DurationUnit::kDay>},
    {"CalculateAgeInHoursAt", AgeAt<DurationUnit::kHour>},
    {"CalculateAgeInMinutesAt", AgeAt<DurationUnit::kMinute>},
    {"CalculateAgeInSecondsAt", AgeAt<DurationUnit::kSecond>},
};

}  // namespace

std::span<const ImplementationRow> DateTimeOperators() {
  return kRows;
}

}  // namespace osteon::cql
