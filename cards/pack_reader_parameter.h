// Whether a parameter's default, range and choices fit its type and each other. Private to cards/pack_reader.
#pragma once

#include "cards/pack_reader_fill.h"
#include "cards/pack_source.h"

namespace osteon::cards {

void CheckParameter(const ParameterSource& parameter, PackFiller& filler);

}  // namespace osteon::cards
