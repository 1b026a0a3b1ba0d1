#include "fhir/json/scan.h"

#include <cstdint>
#include <cstring>

namespace osteon::json::internal {
namespace {

const char* SkipDigits(const char* at, const char* end) {
  while (at != end && IsDigit(*at)) ++at;
  return at;
}

constexpr std::uint32_t kNotHex = 0xFFFFFFFF;

std::uint32_t HexDigit(char c) {
  if (IsDigit(c)) return static_cast<std::uint32_t>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<std::uint32_t>(lower - 'a' + 10);
  return kNotHex;
}

// The code unit written as "\uXXXX" at `at`, or kNotHex.
std::uint32_t CodeUnit(const char* at, const char* end) {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return kNotHex;
  std::uint32_t unit = 0;
  for (int i = 2; i < 6; ++i) {
    const std::uint32_t digit = HexDigit(at[i]);
    if (digit == kNotHex) return kNotHex;
    unit = unit << 4 | digit;
  }
  return unit;
}

char* AppendUtf8(std::uint32_t code_point, char* to) {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
  return to;
}

// The character that a backslash and `c` stand for; '\0' when they stand for none.
constexpr char SimpleEscape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

// Resolves one "\uXXXX" or surrogate pair at `at`; null when it is wrong. Moves `to`.
const char* TakeUnicodeEscape(const char* at, const char* end, char*& to) {
  const std::uint32_t unit = CodeUnit(at, end);
  if (unit == kNotHex || (unit >= 0xDC00 && unit <= 0xDFFF)) return nullptr;
  if (unit < 0xD800 || unit > 0xDBFF) {
    to = AppendUtf8(unit, to);
    return at + 6;
  }
  const std::uint32_t low = CodeUnit(at + 6, end);
  if (low == kNotHex || low < 0xDC00 || low > 0xDFFF) return nullptr;
  to = AppendUtf8(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), to);
  return at + 12;
}

}  // namespace

bool IsNumber(const char* begin, const char* end) {
  const char* at = begin;
  if (at != end && *at == '-') ++at;
  if (at == end || !IsDigit(*at)) return false;
  at = *at == '0' ? at + 1 : SkipDigits(at, end);
  if (at != end && *at == '.') {
    const char* fraction = at + 1;
    at = SkipDigits(fraction, end);
    if (at == fraction) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    const char* exponent = at + 1;
    if (exponent != end && (*exponent == '+' || *exponent == '-')) ++exponent;
    at = SkipDigits(exponent, end);
    if (at == exponent) return false;
  }
  return at == end;
}

Unescaped Unescape(const char* begin, const char* end, char* to) {
  char* const start = to;
  const char* at = begin;
  while (at != end) {
    const auto rest = static_cast<std::size_t>(end - at);
    const auto* backslash = static_cast<const char*>(std::memchr(at, '\\', rest));
    const std::size_t plain = backslash == nullptr ? rest : static_cast<std::size_t>(backslash - at);
    std::memcpy(to, at, plain);
    to += plain;
    at += plain;
    if (backslash == nullptr) break;
    if (end - at >= 2 && at[1] != 'u') {
      const char resolved = SimpleEscape(at[1]);
      if (resolved == '\0') return {0, at};
      *to++ = resolved;
      at += 2;
    } else {
      const char* next = TakeUnicodeEscape(at, end, to);
      if (next == nullptr) return {0, at};
      at = next;
    }
  }
  return {static_cast<std::size_t>(to - start), nullptr};
}

}  // namespace osteon::json::internal
