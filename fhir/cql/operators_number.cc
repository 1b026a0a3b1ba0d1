// CQL 1.5.3, Appendix B: Arithmetic Operators, those that are functions. Exp, Ln, Log and powers that are not
// whole are computed with a 64-bit mantissa and rounded to the 8 digits that a Decimal has; the others are
// exact.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "fhir/cql/numbers.h"
#include "fhir/cql/run.h"
#include "fhir/model/value_text.h"
#include "fhir/path/operators_math.h"

namespace osteon::cql {
namespace {

using base::Decimal;
using Operands = std::span<const Val>;

constexpr int kFraction = 8;

Val Abs(Run& run, const Step& step, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kUncertainty))
    return run.Fail(*step.node, "an uncertain number has no absolute value");
  const bool negative =
      value.is(ValueKind::kQuantity) ? value.quantity().value.negative() : path::ToDecimal(value).negative();
  return negative ? path::Negate(value, run.values).value : value;
}

enum class Towards : std::uint8_t { kUp, kDown, kZero };

template <Towards kTowards>
Val Whole(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const Decimal& value = operands[0].decimal();
  auto whole = value.ToInteger();
  if (!whole) return {};
  if (kTowards == Towards::kUp && value > Decimal(*whole)) ++*whole;
  if (kTowards == Towards::kDown && value < Decimal(*whole)) --*whole;
  return path::IntegerOrNull(*whole);
}

// Halves away from zero (B.5 "Round").
Val Round(Run& run, const Step& /*step*/, Operands operands) {
  const std::int32_t digits = operands.size() > 1 ? operands[1].integer() : 0;
  if (digits < 0) return {};
  return run.Decimal(operands[0].decimal().Rounded(std::min(digits, 28)));
}

Val Exp(Run& run, const Step& step, Operands operands) {
  const auto result = DecimalOf(std::exp(FloatOf(operands[0].decimal())));
  return result ? run.Decimal(*result) : run.Fail(*step.node, "the result is too large for a Decimal");
}

Val Ln(Run& run, const Step& step, Operands operands) {
  const Decimal& value = operands[0].decimal();
  if (value.is_zero()) return run.Fail(*step.node, "there is no logarithm of 0");
  return value.negative() ? Val() : run.Decimal(DecimalOf(std::log(FloatOf(value))));
}

Val Log(Run& run, const Step& /*step*/, Operands operands) {
  const Decimal& value = operands[0].decimal();
  const Decimal& base = operands[1].decimal();
  if (value.is_zero() || value.negative() || base.is_zero() || base.negative() || base == Decimal(1))
    return {};
  return run.Decimal(DecimalOf(std::log(FloatOf(value)) / std::log(FloatOf(base))));
}

// Exact; nullopt when a step does not fit.
std::optional<Decimal> WholePower(const Decimal& base, std::int64_t exponent) {
  if (exponent < -1'000'000 || exponent > 1'000'000) return std::nullopt;
  std::optional<Decimal> result = Decimal(1);
  Decimal factor = base.Normalized();
  for (std::int64_t rest = exponent < 0 ? -exponent : exponent; rest > 0; rest >>= 1) {
    if ((rest & 1) != 0) result = result->Times(factor);
    if (!result) return std::nullopt;
    const auto square = rest > 1 ? factor.Times(factor) : factor;
    if (!square) return std::nullopt;
    factor = *square;
  }
  return exponent < 0 ? Decimal(1).DividedBy(*result, kFraction) : result;
}

Val Power(Run& run, const Step& /*step*/, Operands operands) {
  if (!operands[0].is_number() || !operands[1].is_number()) return {};
  const Decimal base = path::ToDecimal(operands[0]);
  const Decimal exponent = path::ToDecimal(operands[1]);
  std::optional<Decimal> result;
  if (const auto whole = exponent.ToInteger(); whole && Decimal(*whole) == exponent) {
    result = WholePower(base, *whole);
    if (result && *whole >= 0 && !operands[0].is(ValueKind::kDecimal)) {
      const auto integer = result->ToInteger();
      if (!integer) return {};
      return operands[0].is(ValueKind::kLong) ? Val::Long(*integer) : path::IntegerOrNull(*integer);
    }
  }
  if (!result) result = DecimalOf(std::pow(FloatOf(base), FloatOf(exponent)));
  return result ? run.Decimal(result->Rounded(kFraction)) : Val();
}

// --- precision and boundaries (B.5 "Precision", "LowBoundary", "HighBoundary")

struct DigitsRow {
  model::Precision precision;
  int date_digits;
  int time_digits;  // 0: a Time has no such component
};
constexpr DigitsRow kDigits[] = {
    {model::Precision::kYear, 4, 0},         {model::Precision::kMonth, 6, 0},
    {model::Precision::kDay, 8, 0},          {model::Precision::kHour, 10, 2},
    {model::Precision::kMinute, 12, 4},      {model::Precision::kSecond, 14, 6},
    {model::Precision::kMillisecond, 17, 9},
};

Val Precision(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kDecimal)) return Val::Integer(model::FractionDigits(value.decimal()));
  for (const DigitsRow& row : kDigits) {
    if (row.precision != value.temporal().precision) continue;
    return Val::Integer(value.is(ValueKind::kTime) ? row.time_digits : row.date_digits);
  }
  return {};
}

enum class Side : std::uint8_t { kLow, kHigh };

// The digits that are missing are all 0, or all 9 on the side away from zero.
Val DecimalBoundary(Run& run, const Decimal& value, std::int32_t digits, Side side) {
  if (digits < 0 || digits > kFraction) return {};
  const auto padded = model::WithScale(value, digits);
  if (!padded) return {};
  const Side away_from_zero = value.negative() ? Side::kLow : Side::kHigh;
  if (side != away_from_zero || digits <= value.scale()) return run.Decimal(*padded);
  // 10^-scale - 10^-digits, with the sign of the value.
  const auto unit = Decimal::Parse("1e-" + std::to_string(value.scale()));
  const auto last = Decimal::Parse("1e-" + std::to_string(digits));
  const auto nines = unit && last ? unit->Minus(*last) : std::nullopt;
  if (!nines) return {};
  return run.Decimal(value.negative() ? padded->Minus(*nines) : padded->Plus(*nines));
}

template <Side kSide>
Val BoundaryOf(Run& run, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is_null()) return {};
  const bool given = !operands[1].is_null();
  if (value.is(ValueKind::kDecimal)) {
    return DecimalBoundary(run, value.decimal(), given ? operands[1].integer() : kFraction, kSide);
  }
  for (const DigitsRow& row : kDigits) {
    const int digits = value.is(ValueKind::kTime) ? row.time_digits : row.date_digits;
    const bool finest = row.precision == (value.is(ValueKind::kDate) ? model::Precision::kDay
                                                                     : model::Precision::kMillisecond);
    if (digits == 0 || (given ? digits != operands[1].integer() : !finest)) continue;
    if (value.is(ValueKind::kDate) && digits > 8) return {};
    return Val::Of(kSide == Side::kLow ? model::LowBoundary(value.temporal(), row.precision)
                                       : model::HighBoundary(value.temporal(), row.precision));
  }
  return {};
}

constexpr ImplementationRow kRows[] = {
    {"Abs", Abs},
    {"Ceiling", Whole<Towards::kUp>},
    {"Floor", Whole<Towards::kDown>},
    {"Truncate", Whole<Towards::kZero>},
    {"Round", Round},
    {"Exp", Exp},
    {"Ln", Ln},
    {"Log", Log},
    {"Power", Power},
    {"Precision", Precision},
    {"LowBoundary", BoundaryOf<Side::kLow>},
    {"HighBoundary", BoundaryOf<Side::kHigh>},
};

}  // namespace

long double FloatOf(const Decimal& value) {
  return std::strtold(value.ToString().c_str(), nullptr);
}

std::optional<Decimal> DecimalOf(long double value) {
  if (!std::isfinite(value) || std::fabs(value) >= 1e28L) return std::nullopt;
  char text[64];
  std::snprintf(text, sizeof text, "%.8Lf", value);
  const auto decimal = Decimal::Parse(text);
  return decimal ? std::optional(decimal->Normalized()) : std::nullopt;
}

std::span<const ImplementationRow> NumberFunctions() {
  return kRows;
}

}  // namespace osteon::cql
