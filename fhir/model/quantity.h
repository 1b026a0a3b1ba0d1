// FHIR R4 Quantity with an exact value. Source: http://hl7.org/fhir/R4/datatypes.html#Quantity.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/base/decimal.h"
#include "fhir/json/tree.h"

namespace osteon::model {

enum class Comparator : std::uint8_t { kNone, kLess, kLessOrEqual, kGreaterOrEqual, kGreater };

struct Quantity {
  base::Decimal value;
  Comparator comparator = Comparator::kNone;
  // `code` when the system is UCUM; otherwise the human `unit` text, which ucum.h also tries; empty when
  // neither.
  std::string_view unit;
};

// nullopt when there is no value, it is no JSON number in range, or the comparator is none of R4's four.
std::optional<Quantity> QuantityOf(json::Value quantity);

}  // namespace osteon::model
