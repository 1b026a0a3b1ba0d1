// What a pack holds and nothing uses: dead text is a mistake. Private to cards/pack_reader.
#pragma once

#include <set>
#include <string>

#include "cards/pack_reader_references.h"

namespace osteon::cards {

//   meant: names that misspelt ones stand for; they count as used.
void CheckUnused(const PackSource& source, const SourceDamage& damage, const std::set<std::string>& meant,
                 PackFiller& filler);

}  // namespace osteon::cards
