// From the checked tree to closures.
#pragma once

#include <vector>

#include "fhir/base/arena.h"
#include "fhir/path/ast.h"
#include "fhir/path/checker.h"
#include "fhir/path/node.h"

namespace osteon::path {

// constants: keeps literals and what was folded; must live as long as the nodes. Reports literals out of
// range and patterns that do not compile.
NodePtr BuildNodes(const Expr& root, Explanation explanation, base::Arena& constants,
                   std::vector<Diagnostic>& diagnostics);

}  // namespace osteon::path
