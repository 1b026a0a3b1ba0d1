// The operators of FHIRPath as nodes. What they compute is in operators_math.h, operators_type.h and
// fhir/model/value_compare.h, which CQL uses too.
#pragma once

#include <vector>

#include "fhir/path/ast.h"
#include "fhir/path/node.h"

namespace osteon::path {

NodePtr MakeUnary(Span span, Operator op, NodePtr operand);
// operands: two, or more for |, and, or.
NodePtr MakeOperator(Span span, Operator op, std::vector<NodePtr> operands);
NodePtr MakeTypeOperator(Span span, Operator op, NodePtr input, TypeTest type);

}  // namespace osteon::path
