#include "fhir/path/text_coding.h"

#include <array>
#include <cstdint>

namespace osteon::path {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kStandardDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::optional<std::uint32_t> HexDigit(char c) {
  if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  const auto found = kHexDigits.find(c);
  return found == kHexDigits.npos ? std::nullopt : std::optional(static_cast<std::uint32_t>(found));
}

std::optional<std::uint32_t> HexNumber(std::string_view digits) {
  std::uint32_t number = 0;
  for (const char c : digits) {
    const auto digit = HexDigit(c);
    if (!digit || number > 0xFFFFFF) return std::nullopt;
    number = number * 16 + *digit;
  }
  return digits.empty() ? std::nullopt : std::optional(number);
}

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<Entity, 5> kEntities = {
    {{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&#39;", "'"}}};

struct JsonEscape {
  char letter;
  char meaning;
};
constexpr std::array<JsonEscape, 8> kJsonEscapes = {
    {{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};

// "&#233;" or "&#xe9;" at the start of `text`; nullopt when it is none.
std::optional<char32_t> NumericEntity(std::string_view text, std::size_t& length) {
  if (!text.starts_with("&#")) return std::nullopt;
  const std::size_t end = text.substr(0, 12).find(';');
  if (end == text.npos) return std::nullopt;
  std::string_view digits = text.substr(2, end - 2);
  std::uint32_t number = 0;
  if (digits.starts_with('x') || digits.starts_with('X')) {
    const auto hex = HexNumber(digits.substr(1));
    if (!hex) return std::nullopt;
    number = *hex;
  } else {
    if (digits.empty()) return std::nullopt;
    for (const char c : digits) {
      if (c < '0' || c > '9' || number > 0x10FFFF) return std::nullopt;
      number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
  }
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) return std::nullopt;
  length = end + 1;
  return number;
}

// The other case of a letter, when the alphabet pairs them by a fixed distance.
char32_t MapCase(char32_t c, bool to_upper) {
  struct Range {
    char32_t first;  // upper case
    char32_t last;
    char32_t distance;
  };
  static constexpr Range kRanges[] = {{'A', 'Z', 32},     {0xC0, 0xD6, 32},   {0xD8, 0xDE, 32},
                                      {0x391, 0x3A1, 32}, {0x3A3, 0x3AB, 32}, {0x410, 0x42F, 32},
                                      {0x400, 0x40F, 80}, {0x1F08, 0x1F0F, 0}};
  for (const Range& range : kRanges) {
    if (range.distance == 0) continue;
    if (to_upper && c >= range.first + range.distance && c <= range.last + range.distance) {
      return c - range.distance;
    }
    if (!to_upper && c >= range.first && c <= range.last) return c + range.distance;
  }
  // Latin Extended-A alternates; the parity turns at a few places.
  const bool even_is_upper = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177);
  const bool odd_is_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (even_is_upper && c != 0x130 && c != 0x131) return to_upper ? c & ~char32_t{1} : c | 1;
  if (odd_is_upper) return to_upper ? ((c & 1) == 0 ? c - 1 : c) : ((c & 1) != 0 ? c + 1 : c);
  if (c == 0xFF && to_upper) return 0x178;
  if (c == 0x178 && !to_upper) return 0xFF;
  return c;
}

std::string MapText(std::string_view text, bool to_upper) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    AppendCodePoint(out, MapCase(NextCodePoint(text, at), to_upper));
  return out;
}

}  // namespace

char32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const char32_t first = byte(at);
  const std::size_t length = first < 0x80 ? 1 : (first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4));
  static constexpr char32_t kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t c = first & kFirstBits[length];
  for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte(at + i) & 0x3F);
  at = at + length < text.size() ? at + length : text.size();
  return c;
}

void AppendCodePoint(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = NextCodePoint(text, at);
    std::string written;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return false;
    AppendCodePoint(written, c);
    if (text.substr(begin, at - begin) != written) return false;
  }
  return true;
}

std::string EncodeHex(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

std::optional<std::string> DecodeHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = HexDigit(text[i]);
    const auto low = HexDigit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
  }
  return IsUtf8(out) ? std::optional(out) : std::nullopt;
}

std::string EncodeBase64(std::string_view text, Base64Alphabet alphabet) {
  const std::string_view digits = alphabet == Base64Alphabet::kUrl ? kUrlDigits : kStandardDigits;
  std::string out;
  out.reserve((text.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = (bits << 8) | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k <= text.size() ? digits[(bits >> (18 - 6 * k)) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::string> DecodeBase64(std::string_view text, Base64Alphabet alphabet) {
  const std::string_view digits = alphabet == Base64Alphabet::kUrl ? kUrlDigits : kStandardDigits;
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == digits.npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  return IsUtf8(out) ? std::optional(out) : std::nullopt;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    std::string_view written(&c, 1);
    for (const Entity& entity : kEntities) {
      if (entity.text[0] == c) written = entity.name;
    }
    out += written;
  }
  return out;
}

std::string UnescapeHtml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    std::size_t length = 0;
    if (const auto c = NumericEntity(rest, length)) {
      AppendCodePoint(out, *c);
    } else {
      length = 1;
      std::string_view written = rest.substr(0, 1);
      for (const Entity& entity : kEntities) {
        if (!rest.starts_with(entity.name)) continue;
        written = entity.text;
        length = entity.name.size();
      }
      out += written;
    }
    at += length;
  }
  return out;
}

std::string EscapeJson(std::string_view text) {
  std::string out;
  for (const char c : text) {
    char letter = 0;
    for (const JsonEscape& escape : kJsonEscapes) {
      if (escape.meaning == c && c != '/') letter = escape.letter;
    }
    if (letter != 0) {
      out += '\\';
      out += letter;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += EncodeHex({&c, 1});
    } else {
      out += c;
    }
  }
  return out;
}

std::string UnescapeJson(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    ++at;
    if (text[at] == 'u' && at + 4 < text.size()) {
      const auto number = HexNumber(text.substr(at + 1, 4));
      if (number && (*number < 0xD800 || *number > 0xDFFF)) {
        AppendCodePoint(out, *number);
        at += 4;
        continue;
      }
    }
    char meaning = text[at];
    for (const JsonEscape& escape : kJsonEscapes) {
      if (escape.letter == text[at]) meaning = escape.meaning;
    }
    out += meaning;
  }
  return out;
}

std::string ToUpper(std::string_view text) {
  return MapText(text, true);
}
std::string ToLower(std::string_view text) {
  return MapText(text, false);
}

}  // namespace osteon::path
