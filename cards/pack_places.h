// Where a character of a scalar stands in its file: for findings inside expressions and texts.
#pragma once

#include <string_view>

#include "cards/pack_source.h"

namespace osteon::cards {

// The place of byte `offset` of `text`, which begins at `place`. Exact for plain, quoted and block scalars;
// of a folded or escaped one at least the line. Without a file the place itself.
Place PlaceWithin(const PackFiles& files, const Text& text, std::size_t offset);

// The bytes of line `line` (from 1), without its end; empty when there is no such line.
std::string_view LineOf(std::string_view file, std::uint32_t line);

}  // namespace osteon::cards
