// What a call takes and gives, before it runs, by the row of its function.
#pragma once

#include "fhir/path/ast.h"
#include "fhir/path/function_table.h"

namespace osteon::path {

// A value of that static type may be what the function works on.
bool Accepts(Subject wanted, const StaticType& type);

// REQUIRES: arguments and input of the call are checked.
StaticType ResultOfCall(const Expr& expr, const FunctionRow& row, const StaticType& input);

// The input after "as" and "ofType".
StaticType Narrowed(const StaticType& input, const TypeTest& test);

}  // namespace osteon::path
