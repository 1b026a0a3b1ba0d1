// Small questions about JSON text, asked once per token.
#pragma once

#include <cstddef>
#include <string_view>

namespace osteon::json::internal {

constexpr bool IsWhiteSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The end of [begin, end) without the white space at its end.
inline const char* WithoutTrailingSpace(const char* begin, const char* end) {
  while (end != begin && IsWhiteSpace(end[-1])) --end;
  return end;
}

// Whether [begin, end) is a number of RFC 8259 section 6, no more and no less.
bool IsNumber(const char* begin, const char* end);

struct Unescaped {
  std::size_t length = 0;       // bytes written
  const char* error = nullptr;  // the backslash of a wrong escape, or null
};

// Resolves the escapes of a string's content (RFC 8259 section 7). `to` has room for end - begin bytes. Lone
// surrogates and unknown escapes are errors.
Unescaped Unescape(const char* begin, const char* end, char* to);

}  // namespace osteon::json::internal
