// Choosing one signature among several for operands of given types.
// Source: CQL 1.5.3, 5 "Language Semantics", "Operator Invocation Resolution"; 3 "Conversion Precedence".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fhir/cql/operator_table.h"
#include "fhir/cql/type.h"

namespace osteon::cql {

struct Overload {
  std::size_t index = 0;              // of the signature
  std::vector<const Type*> operands;  // without variables
  const Type* result = nullptr;
  int cost = 0;
};

// nullopt: no signature takes the operands. Among equally good ones the first of the table wins, which
// matters only when operands are null.
std::optional<Overload> ResolveOverload(const std::vector<Signature>& signatures, TypingRule typing,
                                        const std::vector<const Type*>& operands, TypePool& pool);

// "(Integer, Decimal)".
std::string NamesOf(const std::vector<const Type*>& types);

}  // namespace osteon::cql
