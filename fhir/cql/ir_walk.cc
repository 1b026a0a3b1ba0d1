#include "fhir/cql/ir_walk.h"

#include <algorithm>
#include <set>
#include <vector>

namespace osteon::cql {

// Slots are numbered once in a body, so that those of one query are never another's.
bool DependsOnRow(const Node& node, const QueryIr& query) {
  const auto is_of_row = [&query](std::uint32_t slot) {
    const auto has_slot = [slot](const auto& variable) { return variable.slot == slot; };
    return std::any_of(query.sources.begin(), query.sources.end(), has_slot) ||
           std::any_of(query.lets.begin(), query.lets.end(), has_slot) ||
           std::any_of(query.relationships.begin(), query.relationships.end(),
                       [&](const auto& relationship) { return has_slot(relationship.source); });
  };
  std::set<const Node*> seen;
  std::vector<const Node*> pending = {&node};
  while (!pending.empty()) {
    const Node& at = *pending.back();
    pending.pop_back();
    if (!seen.insert(&at).second) continue;
    if (at.kind == NodeKind::kSlot && is_of_row(at.slot)) return true;
    ForEachPart(at, [&](const Node* part) { pending.push_back(part); });
  }
  return false;
}

}  // namespace osteon::cql
