// Finds what is wrong with an expression before it meets data: names that R4 does not know, operands that
// never fit, functions that do not exist. Source: FHIRPath 2.0.0 "Type Safety and Strict Evaluation".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/path/ast.h"
#include "fhir/terminology/terminology.h"

namespace osteon::path {

struct VariableDeclaration {
  std::string name;  // without %
  // Its items' type; kNone when it may be anything.
  model::TypeId type = model::TypeId::kNone;
};

// Whether the compiled program shows the value of every sub-expression to Input::trace (trace() always does).
enum class Explanation : std::uint8_t { kOff, kEverySubexpression };

enum class Strictness : std::uint8_t {
  kNormal,
  // Also errors: a path that begins with another resource type than the context's, the order of children().
  kStrict,
};

struct CheckOptions {
  // Type of the context, usually a resource; kNone when it may be anything.
  model::TypeId context = model::TypeId::kNone;
  std::vector<VariableDeclaration> variables;
  Strictness strictness = Strictness::kNormal;
  Explanation explanation = Explanation::kOff;
  // When given, a value set named by a literal in memberOf() must be in it.
  const terminology::Index* terminology = nullptr;
};

// Sets the results of all nodes and reports every finding, with the nearest name for misspelt ones.
void Check(Ast& ast, const CheckOptions& options, std::vector<Diagnostic>& diagnostics);

}  // namespace osteon::path
