// Which operands an operator takes, and what comes out, before it runs.
#pragma once

#include <string>

#include "fhir/path/ast.h"

namespace osteon::path {

struct OperatorTypes {
  bool fits = true;  // false: no pair of the possible operand types works
  StaticType result;
  std::string hint;
};
// REQUIRES: expr.kind == kBinary, with checked operands.
OperatorTypes TypesOfOperator(const Expr& expr);

}  // namespace osteon::path
