// Whether bytes are text.
#pragma once

#include <string_view>

namespace osteon::json {

// True when `bytes` is well-formed UTF-8 (RFC 3629), the empty text too.
bool IsUtf8(std::string_view bytes);

}  // namespace osteon::json
