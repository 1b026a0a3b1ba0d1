// From the files of a rule pack to what they say. Strict YAML 1.2 (docs/rule-packs.md): every mistake is a
// finding with its place, and none hides another.
#pragma once

#include <vector>

#include "cards/pack_source.h"

namespace osteon::cards {

struct PackReading {
  PackSource source;                  // what could be read, also beside findings
  std::vector<PackFinding> findings;  // in the order of files and places
};

// `files` outlives the result: places and libraries point into it.
PackReading ReadPack(const PackFiles& files);

}  // namespace osteon::cards
