// What the files of a pack say about each other: ids that are unique, names that lead somewhere, and nothing
// that nobody uses. Private to cards/pack_reader.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "cards/pack_reader_fill.h"
#include "cards/pack_source.h"

namespace osteon::cards {

// Where something could not be read. What may only be missing because of that is no finding.
struct SourceDamage {
  bool pack = false;
  bool value_sets = false;
  bool resources = false;
  std::set<std::string, std::less<>> rules;  // files

  bool any_rule() const { return !rules.empty(); }
};

void CheckReferences(const PackSource& source, const SourceDamage& damage, PackFiller& filler);

}  // namespace osteon::cards
