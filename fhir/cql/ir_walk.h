// What an expression consists of, for those who look through it.
#pragma once

#include "fhir/cql/ir.h"

namespace osteon::cql {

// visit(const Node*) for each expression directly in the node: operands, the parts of a query, the
// terminology of a retrieve. Not the bodies of definitions and functions that it names. None is null.
template <typename Visit>
void ForEachPart(const Node& node, const Visit& visit) {
  const auto part = [&](const Node* expression) {
    if (expression != nullptr) visit(expression);
  };
  for (const Node* const child : node.children) part(child);
  if (node.retrieve != nullptr) part(node.retrieve->terminology);
  if (node.query == nullptr) return;
  const QueryIr& query = *node.query;
  for (const QueryIr::Source& source : query.sources) part(source.value);
  for (const QueryIr::Let& let : query.lets) part(let.value);
  for (const QueryIr::Relationship& relationship : query.relationships) {
    part(relationship.source.value);
    part(relationship.condition);
  }
  part(query.where);
  part(query.result_value);
  part(query.starting_value);
  for (const QueryIr::SortItem& item : query.sort) part(item.key);
}

// Whether the value may differ from row to row of the query: it uses one of its aliases or lets.
bool DependsOnRow(const Node& node, const QueryIr& query);

}  // namespace osteon::cql
