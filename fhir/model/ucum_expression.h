// The grammar of UCUM (section 3 to 12): a unit expression as a flat product.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/model/ucum_table.h"

namespace osteon::model::ucum::internal {

// One factor of the product: a symbol or a natural number, raised to an exponent. Parentheses and divisions
// are resolved into exponents, annotations are dropped.
struct Factor {
  bool is_number = false;
  std::int64_t number = 1;
  Symbol symbol;
  std::int32_t exponent = 1;
  bool divided = false;  // written behind a "/"; the exponent tells it already
};

struct Expression {
  std::vector<Factor> factors;
  std::string error;  // empty when the text is valid
};

// Limits beyond the grammar: 256 bytes, 64 factors, 16 nested parentheses, exponents of two digits, numbers
// of 18.
Expression ParseExpression(std::string_view text);

}  // namespace osteon::model::ucum::internal
