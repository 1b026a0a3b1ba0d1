// Where a string's plain characters end, sixteen at a time.
#pragma once

#include <algorithm>
#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace osteon::json::internal {

inline constexpr std::size_t kEscapeBlock = 16;

// Characters that RFC 8259 section 7 does not allow in a string as they are.
constexpr bool IsEscaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// Bit i: the character at[i] is to be escaped. Reads kEscapeBlock bytes.
inline unsigned EscapedInBlock(const char* at) {
#if defined(__SSE2__)
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), controls)));
#else
  unsigned found = 0;
  for (std::size_t i = 0; i < kEscapeBlock; ++i) found |= (IsEscaped(at[i]) ? 1u : 0u) << i;
  return found;
#endif
}

// The first character of [at, end) to be escaped, or `end`.
inline const char* FindEscaped(const char* at, const char* end) {
  for (; static_cast<std::size_t>(end - at) >= kEscapeBlock; at += kEscapeBlock) {
    if (const unsigned found = EscapedInBlock(at); found != 0) return at + __builtin_ctz(found);
  }
  return std::find_if(at, end, IsEscaped);
}

}  // namespace osteon::json::internal
