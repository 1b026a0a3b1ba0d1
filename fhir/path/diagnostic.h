// What is wrong with an expression's text, for its author: all findings, not the first. CQL reports with the
// same structs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::path {

// Bytes [begin, end) of the expression's text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

enum class Severity : std::uint8_t { kWarning, kError };

// Which step found it.
enum class Phase : std::uint8_t { kParse, kCheck, kRun };
std::string_view PhaseName(Phase phase);

struct Diagnostic {
  Severity severity = Severity::kError;
  Phase phase = Phase::kParse;
  Span span;
  std::string message;  // one sentence without a full stop; never patient data
  std::string hint;     // "did you mean 'given'?"; may be empty
};

// Both from 1; a column counts code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};
Position PositionOf(std::string_view text, std::uint32_t offset);

// "error: no element 'famly' in HumanName (line 1, column 14)", the line of text, a caret under the span, and
// the hint.
std::string Render(const Diagnostic& diagnostic, std::string_view text);

bool HasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace osteon::path
