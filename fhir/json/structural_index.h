// Stage 1 of reading: where the structural characters of a JSON text are, found with the vector instructions
// of the machine it runs on. The only place that knows simdjson.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace osteon::json::internal {

// Byte positions of every `{ } [ ] : ,`, of every opening quote and of the first character of every other
// value; after the last follows the length of the text.
struct StructuralIndex {
  enum class Outcome : std::uint8_t {
    kIndexed,
    kLexicalError,  // nothing but white space, invalid UTF-8, an unclosed string, or a control character in
                    // one
    kTooLarge,      // more bytes than 32-bit positions can count
    kNoMemory,
  };
  Outcome outcome = Outcome::kLexicalError;
  const std::uint32_t* positions = nullptr;
  std::size_t count = 0;
};

// `text` is followed by kReadPadding readable bytes. The positions stay valid until the thread's next call.
StructuralIndex IndexStructure(std::string_view text);

// Bytes of text the thread's index has room for; it falls back after a huge body. For tests.
std::size_t StructuralIndexCapacity();

struct LexicalError {
  std::string_view what;
  std::size_t offset;  // bytes from the start of the text, first byte 0
};

// Where a text breaks that IndexStructure refused with kLexicalError. Slow, for the error message only.
LexicalError LocateLexicalError(std::string_view text);

}  // namespace osteon::json::internal
