// CQL 1.5.3, Appendix B: Arithmetic Operators, those with symbols. FHIRPath's arithmetic does the work.
#include <algorithm>

#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_quantity.h"
#include "fhir/path/operators_math.h"

namespace osteon::cql {
namespace {

using base::Decimal;
using Operands = std::span<const Val>;
using Binary = path::OperatorResult (*)(const Val&, const Val&, const model::ValueContext&);

constexpr int kFraction = 8;  // digits of a Decimal

// Decimals have at most 8 digits after the point.
Val Rounded(Run& run, const Val& value) {
  if (value.is(ValueKind::kDecimal) && value.decimal().scale() > kFraction) {
    return run.Decimal(value.decimal().Rounded(kFraction));
  }
  if (value.is(ValueKind::kQuantity) && value.quantity().value.scale() > kFraction) {
    model::QuantityValue quantity = value.quantity();
    quantity.value = quantity.value.Rounded(kFraction);
    return Val::Quantity(quantity, run.arena);
  }
  return value;
}

std::optional<model::IntegerRange> RangeOf(const Val& value) {
  if (value.is(ValueKind::kUncertainty)) return value.uncertainty();
  if (value.is(ValueKind::kInteger)) return model::IntegerRange{value.integer(), value.integer()};
  return std::nullopt;
}

// The range of the results of all pairs; the operators are monotonic, so the corners have the extremes.
Val Lifted(Run& run, const Step& step, Binary operation, const Val& a, const Val& b) {
  const auto left = RangeOf(a);
  const auto right = RangeOf(b);
  if (!left || !right)
    return run.Fail(*step.node, "an uncertain number takes part in whole numbers' + - * only");
  std::optional<model::IntegerRange> range;
  for (const std::int64_t x : {left->low, left->high}) {
    for (const std::int64_t y : {right->low, right->high}) {
      const Val result = operation(Val::Long(x), Val::Long(y), run.values).value;
      if (!result.is(ValueKind::kLong)) return {};
      const std::int64_t value = result.long_integer();
      if (!range) range = model::IntegerRange{value, value};
      range->low = std::min(range->low, value);
      range->high = std::max(range->high, value);
    }
  }
  return range ? Val::Uncertainty(*range, run.arena) : Val();
}

Val Apply(Run& run, const Step& step, Binary operation, Operands operands) {
  const Val& a = operands[0];
  const Val& b = operands[1];
  if (a.is(ValueKind::kUncertainty) || b.is(ValueKind::kUncertainty))
    return Lifted(run, step, operation, a, b);
  const path::OperatorResult result = operation(a, b, run.values);
  if (!result.error.empty()) return run.Fail(*step.node, std::string(result.error));
  return Rounded(run, result.value);
}

// A date or time that leaves the calendar is an error (B.6 "Add": "a run-time error").
Val Moved(Run& run, const Step& step, Binary operation, Operands operands) {
  const Val moved = Apply(run, step, operation, operands);
  if (moved.is_null() && operands[0].is_temporal()) {
    return run.Fail(*step.node, "the result is outside the years 1 to 9999");
  }
  return moved;
}

Val Add(Run& run, const Step& step, Operands operands) {
  if (operands[0].is(ValueKind::kString)) {
    return run.Text(std::string(operands[0].string()) + std::string(operands[1].string()));
  }
  return Moved(run, step, path::Plus, operands);
}

Val Subtract(Run& run, const Step& step, Operands operands) {
  return Moved(run, step, path::Minus, operands);
}
Val Multiply(Run& run, const Step& step, Operands operands) {
  return Apply(run, step, path::Times, operands);
}

Val Divide(Run& run, const Step& step, Operands operands) {
  if (operands[0].is(ValueKind::kQuantity) && operands[1].is(ValueKind::kQuantity)) {
    const auto common = model::InCommonUnit(operands[0].quantity(), operands[1].quantity(), run.values);
    if (common && operands[1].quantity().unit != "1") {
      const auto quotient = common->a.DividedBy(common->b, kFraction);
      if (!quotient) return {};
      return Val::Quantity({.value = *quotient, .unit = "1", .is_calendar = false}, run.arena);
    }
  }
  return Apply(run, step, path::Divide, operands);
}

Val Negate(Run& run, const Step& step, Operands operands) {
  const Val minus_one = Val::Integer(-1);
  if (operands[0].is(ValueKind::kUncertainty)) {
    return Lifted(run, step, path::Times, operands[0], minus_one);
  }
  return path::Negate(operands[0], run.values).value;
}

Val Positive(Run& /*run*/, const Step& /*step*/, Operands operands) {
  return operands[0];
}

// a = quotient * b + rest, the quotient towards zero.
struct Division {
  Decimal quotient;
  Decimal rest;
};
std::optional<Division> Divided(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return std::nullopt;
  const auto near = a.DividedBy(b, 0);
  if (!near) return std::nullopt;
  Decimal quotient = *near;
  const auto rest_of = [&]() -> std::optional<Decimal> {
    const auto product = quotient.Times(b);
    return product ? a.Minus(*product) : std::nullopt;
  };
  auto rest = rest_of();
  if (!rest) return std::nullopt;
  // The nearest whole number may be one too far from zero.
  if (!rest->is_zero() && rest->negative() != a.negative()) {
    const auto corrected = quotient.Minus(quotient.negative() ? Decimal(-1) : Decimal(1));
    if (!corrected) return std::nullopt;
    quotient = *corrected;
    rest = rest_of();
    if (!rest) return std::nullopt;
  }
  return Division{quotient, *rest};
}

enum class Part : std::uint8_t { kQuotient, kRest };

Val DividedNumbers(Run& run, Operands operands, Part part) {
  const auto division = Divided(path::ToDecimal(operands[0]), path::ToDecimal(operands[1]));
  if (!division) return {};
  const Decimal& result = part == Part::kQuotient ? division->quotient : division->rest;
  if (operands[0].is(ValueKind::kDecimal) || operands[1].is(ValueKind::kDecimal)) return run.Decimal(result);
  const auto whole = result.ToInteger();
  if (!whole) return {};
  return operands[0].is(ValueKind::kLong) ? Val::Long(*whole) : path::IntegerOrNull(*whole);
}

Val DividedQuantities(Run& run, Operands operands, Part part) {
  const model::QuantityValue& a = operands[0].quantity();
  const model::QuantityValue& b = operands[1].quantity();
  const auto divisor = b.unit == "1" ? b.value : model::ConvertQuantity(b, a.unit, run.values);
  if (!divisor) return {};
  const auto division = Divided(a.value, *divisor);
  if (!division) return {};
  const Decimal& result = part == Part::kQuotient ? division->quotient : division->rest;
  return Val::Quantity({.value = result, .unit = a.unit, .is_calendar = a.is_calendar}, run.arena);
}

template <Part kPart>
Val WholeDivision(Run& run, const Step& step, Operands operands) {
  if (operands[0].is(ValueKind::kQuantity)) return DividedQuantities(run, operands, kPart);
  if (!operands[0].is_number() || !operands[1].is_number()) {
    return run.Fail(*step.node, "an uncertain number cannot be divided");
  }
  return DividedNumbers(run, operands, kPart);
}

Val Successor(Run& run, const Step& step, Operands operands) {
  const Val next = model::SuccessorOf(operands[0], run.values);
  return next.is_null() ? run.Fail(*step.node, "there is no greater value of the type") : next;
}

Val Predecessor(Run& run, const Step& step, Operands operands) {
  const Val previous = model::PredecessorOf(operands[0], run.values);
  return previous.is_null() ? run.Fail(*step.node, "there is no smaller value of the type") : previous;
}

constexpr ImplementationRow kRows[] = {
    {"Add", Add},
    {"Subtract", Subtract},
    {"Multiply", Multiply},
    {"Divide", Divide},
    {"Negate", Negate},
    {"Positive", Positive},
    {"TruncatedDivide", WholeDivision<Part::kQuotient>},
    {"Modulo", WholeDivision<Part::kRest>},
    {"Successor", Successor},
    {"Predecessor", Predecessor},
};

}  // namespace

std::span<const ImplementationRow> ArithmeticOperators() {
  return kRows;
}

}  // namespace osteon::cql
