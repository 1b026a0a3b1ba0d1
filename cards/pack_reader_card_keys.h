// The keys of a card. Private to cards/pack_reader.
#pragma once

#include "cards/pack_reader_keys.h"

namespace osteon::cards {

extern const KeyTable kCardTable;

}  // namespace osteon::cards
