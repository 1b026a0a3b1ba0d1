// One spelling per JSON document, for comparing what two readers understood.
#pragma once

#include <string>
#include <string_view>

#include "fhir/json/tree.h"

namespace osteon::json {

// Appends `length:bytes` with a mark in front, so that no two contents have the same spelling.
void AppendCanonical(char mark, std::string_view bytes, std::string& to);
std::string Canonical(Value value);

}  // namespace osteon::json
