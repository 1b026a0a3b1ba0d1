// Callers of the admin API, known by the hash of their token.
#pragma once

#include <string_view>
#include <vector>

#include "server/config.h"

namespace osteon::server {

// The token of an Authorization header ("Bearer ..."), or null. Every configured hash is compared, in
// constant time.
const AdminToken* FindToken(const std::vector<AdminToken>& tokens, std::string_view authorization);

}  // namespace osteon::server
