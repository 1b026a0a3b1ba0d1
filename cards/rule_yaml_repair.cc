#include "cards/rule_yaml_repair.h"

#include <algorithm>

#include "fhir/base/text.h"
#include "fhir/json/utf8.h"

namespace osteon::cards {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t IndentOf(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}
bool IsNothing(std::string_view line) {
  const std::size_t indent = IndentOf(line);
  return indent == line.size() || line[indent] == '#';
}
// Where the content of an item begins: behind its dashes.
std::size_t ContentColumn(std::string_view line) {
  std::size_t column = IndentOf(line);
  while (line.substr(column).starts_with("- ")) column += 2 + IndentOf(line.substr(column + 2));
  return column;
}

// The end of a quoted text in `line`, whose content begins at `at`; npos when it does not end there.
std::size_t EndOfQuoted(std::string_view line, std::size_t at, char quote) {
  for (; at < line.size(); ++at) {
    if (quote == '"' && line[at] == '\\') {
      ++at;
    } else if (line[at] == quote) {
      if (quote == '"' || !line.substr(at + 1).starts_with(quote)) return at;
      ++at;
    }
  }
  return std::string_view::npos;
}

// A quote that begins a value of this line and does not end on it; npos when there is none.
std::size_t OpenQuote(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '#' && (i == 0 || line[i - 1] == ' ')) return std::string_view::npos;
    if (c != '"' && c != '\'') continue;
    const std::size_t before = i == 0 ? std::string_view::npos : line.find_last_not_of(' ', i - 1);
    const bool begins = before == std::string_view::npos ||
                        std::string_view(",[{:-").find(line[before]) != std::string_view::npos;
    if (!begins) continue;
    const std::size_t end = EndOfQuoted(line, i + 1, c);
    if (end == std::string_view::npos) return i;
    i = end;
  }
  return std::string_view::npos;
}

// Counts the brackets of a line from `at` on: `depth` of those still open, and the column of the one that
// opened the outermost of them. Brackets count where a value begins, or inside others.
void CountBrackets(std::string_view line, std::size_t& depth, std::size_t& opened_at) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '#' && (i == 0 || line[i - 1] == ' ')) return;
    const std::size_t before = i == 0 ? std::string_view::npos : line.find_last_not_of(' ', i - 1);
    const bool begins = before == std::string_view::npos ||
                        std::string_view(",[{:-").find(line[before]) != std::string_view::npos;
    if (begins && (c == '"' || c == '\'')) {
      i = std::min(EndOfQuoted(line, i + 1, c), line.size());
    } else if ((c == '[' || c == '{') && (begins || depth > 0)) {
      if (depth++ == 0) opened_at = i;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
}

// What may stand behind a quoted text.
bool EndsValue(std::string_view rest) {
  const std::size_t next = rest.find_first_not_of(' ');
  return next == std::string_view::npos ||
         std::string_view(",]}:#").find(rest[next]) != std::string_view::npos;
}

}  // namespace

YamlText::YamlText(std::string_view file, std::string_view text, std::vector<PackFinding>& findings)
    : file_(file), text_(text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') starts_.push_back(i + 1);
  }
  for (std::size_t line = 0; line < starts_.size(); ++line) CheckLine(line, findings);
}

void YamlText::CheckLine(std::size_t line, std::vector<PackFinding>& findings) {
  const std::string_view content = Line(line);
  const auto report = [&](std::size_t column, std::string message, std::string hint) {
    const Place place = PlaceOf(static_cast<int>(line), static_cast<int>(column));
    findings.push_back({std::string(file_), place.line, place.column, std::move(message), std::move(hint)});
  };
  if (!json::IsUtf8(content)) {
    if (is_text_) report(0, "this line is not UTF-8", "save the file as UTF-8");
    is_text_ = false;
    return;
  }
  bool reported_tab = false;
  bool reported_control = false;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto c = static_cast<unsigned char>(content[i]);
    if (c >= 0x20 && c != 0x7F) continue;
    bool& reported = c == '\t' ? reported_tab : reported_control;
    if (!reported) {
      report(i, c == '\t' ? "a tab" : "a control character",
             c == '\t' ? "use spaces; in double quotes \\t" : "");
    }
    reported = true;
    text_[starts_[line] + i] = ' ';
  }
  if (content.starts_with('%')) {
    report(0, "directives (\"%YAML\", \"%TAG\") are not allowed", "");
    std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(starts_[line]), content.size(), ' ');
  }
}

std::string_view YamlText::Line(std::size_t line) const {
  const std::size_t end = line + 1 < starts_.size() ? starts_[line + 1] - 1 : text_.size();
  std::string_view content = std::string_view(text_).substr(starts_[line], end - starts_[line]);
  if (content.ends_with('\r')) content.remove_suffix(1);
  return content;
}

Place YamlText::PlaceOf(int line, int column) const {
  const std::size_t index = std::min(static_cast<std::size_t>(std::max(line, 0)), starts_.size() - 1);
  const std::string_view before = Line(index).substr(0, static_cast<std::size_t>(std::max(column, 0)));
  return {file_, static_cast<std::uint32_t>(index + 1),
          static_cast<std::uint32_t>(base::CodePointCount(before) + 1)};
}

std::string_view YamlText::From(int line, int column) const {
  const std::size_t index = std::min(static_cast<std::size_t>(std::max(line, 0)), starts_.size() - 1);
  const std::size_t at = starts_[index] + static_cast<std::size_t>(std::max(column, 0));
  return std::string_view(text_).substr(std::min(at, text_.size()));
}

Place YamlText::DashBefore(const Place& place) const {
  const std::string_view prefix = base::TakeCodePoints(Line(place.line - 1), place.column - 1);
  const std::size_t end = starts_[place.line - 1] + prefix.size();
  const std::size_t dash = end == 0 ? std::string::npos : text_.rfind('-', end - 1);
  if (dash == std::string::npos) return place;
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), dash);
  const std::size_t line = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return PlaceOf(static_cast<int>(line), static_cast<int>(dash - starts_[line]));
}

std::optional<std::size_t> YamlText::LastLineOfQuoted(std::size_t line, std::size_t column) const {
  const std::string_view first = Line(line);
  const char quote = first[column];
  std::size_t end = EndOfQuoted(first, column + 1, quote);
  // What goes on below is indented more than the key or the dash that it belongs to.
  const std::size_t before = column == 0 ? std::string_view::npos : first.find_last_not_of(' ', column - 1);
  const bool is_value = before != std::string_view::npos && first[before] == ':';
  const std::size_t margin = is_value ? ContentColumn(first) : IndentOf(first);
  std::size_t last = line;
  while (end == std::string_view::npos) {
    if (++last == starts_.size()) return std::nullopt;
    const std::string_view content = Line(last);
    const std::size_t indent = IndentOf(content);
    if (indent < content.size() && indent <= margin) return std::nullopt;
    end = EndOfQuoted(content, 0, quote);
  }
  if (!EndsValue(Line(last).substr(end + 1))) return std::nullopt;
  return last;
}

std::optional<Place> YamlText::OpenQuoteBefore(int line) const {
  const std::size_t last = std::min(static_cast<std::size_t>(std::max(line, 0)), starts_.size() - 1);
  // A text over many lines is rare and short; further up a quote is another matter.
  constexpr std::size_t kLines = 60;
  for (std::size_t i = last < kLines ? 0 : last - kLines; i <= last; ++i) {
    const std::size_t column = OpenQuote(Line(i));
    if (column == std::string_view::npos) continue;
    const auto end = LastLineOfQuoted(i, column);
    if (!end) return PlaceOf(static_cast<int>(i), static_cast<int>(column));
    i = *end;
  }
  return std::nullopt;
}

std::optional<Place> YamlText::OpenBracketBefore(int line) const {
  const std::size_t last = std::min(static_cast<std::size_t>(std::max(line, 0)), starts_.size() - 1);
  constexpr std::size_t kLines = 60;
  std::size_t depth = 0;
  std::size_t opened_line = 0;
  std::size_t opened_column = 0;
  std::size_t margin = 0;
  for (std::size_t i = last < kLines ? 0 : last - kLines; i < starts_.size(); ++i) {
    const std::string_view content = Line(i);
    if (IsNothing(content)) continue;
    const bool is_outside = depth > 0 && IndentOf(content) <= margin;
    if (is_outside) return PlaceOf(static_cast<int>(opened_line), static_cast<int>(opened_column));
    const bool was_closed = depth == 0;
    if (was_closed && i > last) return std::nullopt;
    CountBrackets(content, depth, opened_column);
    if (was_closed && depth > 0) {
      opened_line = i;
      margin = IndentOf(content);
    }
  }
  if (depth == 0) return std::nullopt;
  return PlaceOf(static_cast<int>(opened_line), static_cast<int>(opened_column));
}

bool YamlText::ClosesQuote(int line, int column) const {
  const std::string_view here = From(line, column);
  if (!here.starts_with('"') && !here.starts_with('\'')) return true;
  return LastLineOfQuoted(static_cast<std::size_t>(line), static_cast<std::size_t>(column)).has_value();
}

bool YamlText::Blank(std::uint32_t line) {
  if (line == 0 || line > starts_.size()) return false;
  std::size_t at = line - 1;
  while (at > 0 && (IsNothing(Line(at)))) --at;
  return BlankFrom(at, ContentColumn(Line(at)));
}

bool YamlText::BlankFrom(std::size_t line, std::size_t column) {
  bool changed = false;
  const auto blank = [&](std::size_t index, std::size_t from) {
    const std::size_t size = Line(index).size();
    if (from >= size) return;
    changed = true;
    lost_.append(Line(index).substr(from)).push_back('\n');
    std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(starts_[index] + from), size - from, ' ');
    blanked_.insert(static_cast<std::uint32_t>(index + 1));
  };
  if (Line(line).find_first_not_of(' ') == std::string_view::npos) return false;
  // A dash that stands alone has already lost its content.
  blank(line, column < Line(line).size() ? column : IndentOf(Line(line)));
  for (std::size_t next = line + 1; next < starts_.size(); ++next) {
    const std::string_view content = Line(next);
    if (content.find_first_not_of(' ') == std::string_view::npos) continue;
    if (IndentOf(content) <= column) break;
    blank(next, 0);
  }
  return changed;
}

}  // namespace osteon::cards
