// Arithmetic on values, for FHIRPath and CQL: exact decimals, dates, quantities with UCUM units.
//
// Source: FHIRPath 2.0.0 "Math", "Date/Time Arithmetic"; CQL 1.5.3 "Arithmetic Operators". What has no result
// (overflow, division by zero, incomparable units) is null in both languages.
#pragma once

#include <string_view>

#include "fhir/model/value.h"

namespace osteon::path {

struct OperatorResult {
  model::Val value;
  // Not empty: the operands can never work together ("Date and Integer"); a literal.
  std::string_view error = {};
};

// Operands are System values; null in, null out. Strings are not added here (operators_string.h).
OperatorResult Plus(const model::Val& a, const model::Val& b, const model::ValueContext& context);
OperatorResult Minus(const model::Val& a, const model::Val& b, const model::ValueContext& context);
OperatorResult Times(const model::Val& a, const model::Val& b, const model::ValueContext& context);
OperatorResult Divide(const model::Val& a, const model::Val& b, const model::ValueContext& context);
// Quotient towards zero, as Integer or Long.
OperatorResult Div(const model::Val& a, const model::Val& b, const model::ValueContext& context);
// Remainder with the sign of `a`.
OperatorResult Mod(const model::Val& a, const model::Val& b, const model::ValueContext& context);
OperatorResult Negate(const model::Val& a, const model::ValueContext& context);

// A number as Decimal. REQUIRES: value.is_number().
base::Decimal ToDecimal(const model::Val& value);
// Integer, Long, Decimal or Quantity as Quantity ("5" is 5 '1'); nullopt for other kinds.
std::optional<model::QuantityValue> ToQuantity(const model::Val& value);
// The UCUM code of the unit: itself, or that of a calendar word ("days" -> "d", "years" -> "a").
std::string_view UcumCodeOf(const model::QuantityValue& quantity);
// An Integer, or null when it does not fit 32 bits.
model::Val IntegerOrNull(std::int64_t value);

}  // namespace osteon::path
