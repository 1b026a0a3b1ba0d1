// FHIRPath text to tree. Source: the grammar of FHIRPath 2.0.0 (http://hl7.org/fhirpath/N1/grammar.html),
// with `sort`'s direction and Long literals of 3.0.0-ballot.
#pragma once

#include <string_view>
#include <vector>

#include "fhir/path/ast.h"

namespace osteon::path {

inline constexpr std::size_t kMaxTextBytes = 64 * 1024;
// Nested operators, calls and path steps. Checking, compiling and evaluating recurse at most this deep.
inline constexpr std::uint32_t kMaxExprDepth = 256;

// Every syntax error is reported; after one, reading goes on behind the next comma or closing bracket. The
// tree is meaningful only when no error was reported.
Ast Parse(std::string_view text, std::vector<Diagnostic>& diagnostics);

}  // namespace osteon::path
