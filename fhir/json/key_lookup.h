// Run-time interning: a name's bytes to its number, without a comparison of strings in the common case.
#pragma once

#include <cstdint>

#include "fhir/json/key.h"

namespace osteon::json::internal {

// The number of the name, or kNoKey when the table does not hold it.
//   name: may be followed by anything, but eight bytes from its start must be readable.
std::uint16_t LookUpKey(const char* name, std::size_t length);

}  // namespace osteon::json::internal
