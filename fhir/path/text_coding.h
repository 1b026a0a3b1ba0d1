// The text transformations of encode(), decode(), escape(), unescape(), upper() and lower().
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace osteon::path {

// RFC 4648; nullopt for text that is not of that alphabet or decodes to no UTF-8.
std::string EncodeHex(std::string_view text);
std::optional<std::string> DecodeHex(std::string_view text);
enum class Base64Alphabet { kStandard, kUrl };
std::string EncodeBase64(std::string_view text, Base64Alphabet alphabet);
std::optional<std::string> DecodeBase64(std::string_view text, Base64Alphabet alphabet);

std::string EscapeHtml(std::string_view text);
std::string UnescapeHtml(std::string_view text);
std::string EscapeJson(std::string_view text);
std::string UnescapeJson(std::string_view text);

// Latin (Latin-1, Extended-A), Greek and Cyrillic letters one to one; others stay.
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);

bool IsUtf8(std::string_view text);
// The code point at `at`, which moves behind it. REQUIRES: valid UTF-8, at < text.size().
char32_t NextCodePoint(std::string_view text, std::size_t& at);
void AppendCodePoint(std::string& out, char32_t c);

}  // namespace osteon::path
