#include "fhir/base/text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace osteon::base {
namespace {

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

char LowerOf(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool EqualsIgnoreCase(char a, char b) {
  return LowerOf(a) == LowerOf(b);
}

// The code point whose first byte is at `at`; 0 for a broken sequence.
std::uint32_t DecodeAt(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (length == 0 || at + length > text.size()) return 0;
  std::uint32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[at + i])) return 0;
    point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  }
  return point;
}

// Letters and digits belong to a word. Outside ASCII everything does but the signs that drug names and
// sentences carry: Latin-1 signs such as (R), general punctuation, TM and other symbols, CJK punctuation.
bool IsWordPoint(std::uint32_t point) {
  if (point < 0x80) {
    return (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
           (point >= 'A' && point <= 'Z') || point == '_';
  }
  if (point < 0xC0) return point == 0xAA || point == 0xB5 || point == 0xBA;
  if (point == 0xD7 || point == 0xF7) return false;
  return !(point >= 0x2000 && point <= 0x2BFF) && !(point >= 0x3000 && point <= 0x303F);
}

bool WordEndsBefore(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t start = at - 1;
  while (start > 0 && IsContinuation(text[start]) && at - start < 4) --start;
  return IsWordPoint(DecodeAt(text, start));
}

bool WordStartsAt(std::string_view text, std::size_t at) {
  return at < text.size() && IsWordPoint(DecodeAt(text, at));
}

std::size_t FindIgnoreCase(std::string_view text, std::string_view part, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), part.begin(),
                                 part.end(), EqualsIgnoreCase);
  return found == text.end() && !part.empty() ? std::string_view::npos
                                              : static_cast<std::size_t>(found - text.begin());
}

}  // namespace

std::size_t CodePointCount(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return !IsContinuation(c); }));
}

std::string_view TakeCodePoints(std::string_view utf8, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < utf8.size(); ++at) {
    if (IsContinuation(utf8[at])) continue;
    if (seen == count) return utf8.substr(0, at);
    ++seen;
  }
  return utf8;
}

std::string AsciiLower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerOf);
  return lower;
}

bool AsciiEqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), EqualsIgnoreCase);
}

bool ContainsWord(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  // A word that begins or ends in a sign needs no border there.
  const bool border_before = WordStartsAt(word, 0);
  const bool border_after = WordEndsBefore(word, word.size());
  for (std::size_t at = FindIgnoreCase(text, word, 0); at != std::string_view::npos;
       at = FindIgnoreCase(text, word, at + 1)) {
    const bool joined_before = border_before && WordEndsBefore(text, at);
    const bool joined_after = border_after && WordStartsAt(text, at + word.size());
    if (!joined_before && !joined_after) return true;
  }
  return false;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsSpace);
}

std::size_t EditDistance(std::string_view from, std::string_view to) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(from[i - 1]) == lower(to[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[to.size()];
}

}  // namespace osteon::base
