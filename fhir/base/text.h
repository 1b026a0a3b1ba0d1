// Small text helpers over UTF-8. ASCII-only where the name says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace osteon::base {

// Unicode code points of valid UTF-8; CDS Hooks 2.0.1 counts a summary's characters so.
std::size_t CodePointCount(std::string_view utf8);
// At most `count` code points, cut at a code point's border.
std::string_view TakeCodePoints(std::string_view utf8, std::size_t count);
std::string AsciiLower(std::string_view text);
bool AsciiEqualsIgnoreCase(std::string_view a, std::string_view b);
// Whole word or phrase, ASCII case-insensitive: "Fosamax" is in "Fosamax 70 mg" and not in "Fosamaxx".
bool ContainsWord(std::string_view text, std::string_view word);
// White space (JSON's four) at both ends removed.
std::string_view Trim(std::string_view text);
// True when every character is white space, or there is none.
bool IsBlank(std::string_view text);
// Edits (insert, remove, replace one character) from one text to another, ASCII case ignored; for "did you
// mean".
std::size_t EditDistance(std::string_view from, std::string_view to);

}  // namespace osteon::base
