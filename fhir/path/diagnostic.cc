#include "fhir/path/diagnostic.h"

#include <algorithm>

#include "fhir/base/text.h"

namespace osteon::path {

std::string_view PhaseName(Phase phase) {
  switch (phase) {
    case Phase::kParse:
      return "parse";
    case Phase::kCheck:
      return "check";
    case Phase::kRun:
      break;
  }
  return "run";
}

Position PositionOf(std::string_view text, std::uint32_t offset) {
  const std::string_view before = text.substr(0, std::min<std::size_t>(offset, text.size()));
  const std::size_t line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return {static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<std::uint32_t>(base::CodePointCount(before.substr(line_start)) + 1)};
}

std::string Render(const Diagnostic& diagnostic, std::string_view text) {
  const Position at = PositionOf(text, diagnostic.span.begin);
  std::string out = diagnostic.severity == Severity::kError ? "error: " : "warning: ";
  out += diagnostic.message;
  out += " (line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ")\n";

  const std::size_t begin = std::min<std::size_t>(diagnostic.span.begin, text.size());
  const std::size_t line_start =
      begin == 0 || text.rfind('\n', begin - 1) == text.npos ? 0 : text.rfind('\n', begin - 1) + 1;
  const std::string_view line = text.substr(line_start, text.find('\n', line_start) - line_start);
  out += "  ";
  out += line;
  out += "\n  ";
  for (const char c : text.substr(line_start, begin - line_start)) {
    // A tab keeps its width; continuation bytes of UTF-8 have none.
    if (c == '\t') out += '\t';
    if (c != '\t' && (static_cast<unsigned char>(c) & 0xC0) != 0x80) out += ' ';
  }
  const std::size_t line_end = line_start + line.size();
  const std::size_t end = std::clamp<std::size_t>(diagnostic.span.end, begin, std::max(begin, line_end));
  const std::size_t width = base::CodePointCount(text.substr(begin, end - begin));
  out += '^';
  if (width > 1) out.append(width - 1, '~');
  if (!diagnostic.hint.empty()) out += "\n  " + diagnostic.hint;
  return out;
}

bool HasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace osteon::path
