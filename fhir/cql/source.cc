#include "fhir/cql/source.h"

#include <algorithm>

#include "fhir/base/text.h"

namespace osteon::cql {
namespace {

struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::size_t line_begin = 0;
};

Place PlaceOf(std::string_view text, std::size_t offset) {
  Place place;
  offset = std::min(offset, text.size());
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] != '\n') continue;
    ++place.line;
    place.line_begin = i + 1;
  }
  const std::string_view before = text.substr(place.line_begin, offset - place.line_begin);
  place.column = static_cast<std::uint32_t>(base::CodePointCount(before) + 1);
  return place;
}

}  // namespace

void Diagnostics::Add(Phase phase, Span span, std::string message, std::string hint) {
  if (found_.size() >= kMostDiagnostics) return;
  for (const Diagnostic& known : found_) {
    if (known.span.begin == span.begin && known.phase == phase) return;
  }
  const Place place = PlaceOf(source_->text, span.begin);
  found_.push_back({.phase = phase,
                    .library = library_,
                    .span = span,
                    .line = place.line,
                    .column = place.column,
                    .message = std::move(message),
                    .hint = std::move(hint)});
}

std::string Render(const Diagnostic& diagnostic, const Source& source) {
  std::string out = diagnostic.library + ":" + std::to_string(diagnostic.line) + ":" +
                    std::to_string(diagnostic.column) + ": " + diagnostic.message + "\n";
  const std::string_view text = source.text;
  const Place place = PlaceOf(text, diagnostic.span.begin);
  std::size_t line_end = text.find('\n', place.line_begin);
  if (line_end == std::string_view::npos) line_end = text.size();
  // Of a long line, what is around the place.
  constexpr std::size_t kMostBefore = 80;
  constexpr std::size_t kMostShown = 160;
  std::size_t line_begin = place.line_begin;
  const std::size_t at = std::min<std::size_t>(diagnostic.span.begin, text.size());
  if (at - line_begin > kMostBefore && line_end - line_begin > kMostShown) line_begin = at - kMostBefore;
  const auto inside = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
  };
  while (inside(line_begin)) ++line_begin;
  line_end = std::min(line_end, line_begin + kMostShown);
  while (inside(line_end)) --line_end;
  const std::string_view line = text.substr(line_begin, line_end - line_begin);
  out.append("  ").append(line).append("\n  ");
  // Tabs are kept, so that the caret stands under its place whatever their width.
  for (const char c : line.substr(0, std::min(at - line_begin, line.size()))) {
    if (c == '\t') {
      out.push_back('\t');
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      out.push_back(' ');
    }
  }
  out.append("^\n");
  if (!diagnostic.hint.empty()) out.append("  hint: ").append(diagnostic.hint).append("\n");
  return out;
}

std::string NearestNameHint(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  std::size_t least = name.size() / 3 + 1;
  if (name.size() > 128) return {};
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > 128) continue;
    const std::size_t distance = base::EditDistance(name, candidate);
    if (distance > least || (distance == least && !nearest.empty())) continue;
    nearest = candidate;
    least = distance;
  }
  if (nearest.empty()) return {};
  return "did you mean '" + std::string(nearest) + "'?";
}

}  // namespace osteon::cql
