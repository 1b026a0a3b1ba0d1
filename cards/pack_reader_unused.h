// What a pack holds and nothing uses: dead text is a mistake. Private to cards/pack_reader.
#pragma once

#include "cards/pack_reader_references.h"

namespace osteon::cards {

void CheckUnused(const PackSource& source, const SourceDamage& damage, PackFiller& filler);

}  // namespace osteon::cards
