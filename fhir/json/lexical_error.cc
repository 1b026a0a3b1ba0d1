#include <cstdint>

#include "fhir/json/scan.h"
#include "fhir/json/structural_index.h"

namespace osteon::json::internal {
namespace {

// Bytes of the well-formed UTF-8 sequence at `from` (Unicode 15, table 3-7); 0 when there is none.
std::size_t SequenceLength(std::string_view text, std::size_t from) {
  const auto byte = [&](std::size_t i) {
    return from + i < text.size() ? static_cast<std::uint8_t>(text[from + i]) : std::uint8_t{0};
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return continues(1) ? 2 : 0;
  if (!continues(1) || !continues(2)) return 0;
  const std::uint8_t second = byte(1);
  if (lead < 0xF0) return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ? 0 : 3;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return continues(3) ? 4 : 0;
}

}  // namespace

LexicalError LocateLexicalError(std::string_view text) {
  bool in_string = false;
  bool blank = true;
  std::size_t string_start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    const std::size_t length = SequenceLength(text, at);
    if (length == 0) return {"invalid UTF-8", at};
    if (in_string && static_cast<std::uint8_t>(c) < 0x20)
      return {"unescaped control character in a string", at};
    blank = blank && IsWhiteSpace(c);
    if (c == '\\' && at + 1 < text.size() && static_cast<std::uint8_t>(text[at + 1]) < 0x80 &&
        static_cast<std::uint8_t>(text[at + 1]) >= 0x20) {
      at += 2;
      continue;
    }
    if (c == '"') {
      in_string = !in_string;
      string_start = at;
    }
    at += length;
  }
  if (in_string) return {"string that does not end, begun", string_start};
  return {blank ? "nothing but white space" : "unreadable text", blank ? text.size() : 0};
}

}  // namespace osteon::json::internal
