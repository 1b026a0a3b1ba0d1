// SHA-1 (FIPS 180-4) of short texts, for names that are derived from names. Nothing here is a secret.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace osteon::base::internal {

using Sha1Digest = std::array<std::uint8_t, 20>;

// Of `head` and `tail` one after the other.
Sha1Digest Sha1(std::string_view head, std::string_view tail);

}  // namespace osteon::base::internal
