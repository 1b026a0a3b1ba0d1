// The parameters of the shipped rule pack as a Markdown page (`osteon config --parameters`).
#pragma once

#include <string>

#include "cards/pack.h"

namespace osteon::server {

// One row each: key, kind, default, range, unit, meaning; in the pack's order.
std::string ParametersMarkdown(const cards::Pack& pack);

}  // namespace osteon::server
