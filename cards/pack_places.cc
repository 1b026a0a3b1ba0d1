#include "cards/pack_places.h"

#include <algorithm>

#include "fhir/base/text.h"

namespace osteon::cards {
namespace {

bool IsBlankChar(char c) {
  return c == ' ' || c == '\n' || c == '\r';
}

// The byte at which a line begins, and the byte of a column in it.
std::size_t OffsetOf(std::string_view file, const Place& place) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < place.line; ++line) {
    const std::size_t end = file.find('\n', at);
    if (end == std::string_view::npos) return file.size();
    at = end + 1;
  }
  const std::string_view rest = file.substr(at);
  return at + base::TakeCodePoints(rest, place.column > 0 ? place.column - 1 : 0).size();
}

// Walks a scalar as written beside the same scalar as read.
class Walk {
 public:
  Walk(std::string_view file, std::size_t at) : file_(file), at_(at) {
    const char style = at < file.size() ? file[at] : '\0';
    if (style == '"' || style == '\'') {
      quote_ = style;
      ++at_;
    } else if (style == '|' || style == '>') {
      at_ = std::min(file.find('\n', at), file.size());
      SkipBlanks();
    }
  }

  // Past the part of the file that stands for `text`; false when they do not agree.
  bool Advance(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
      if (at_ >= file_.size()) return false;
      if (const std::size_t escape = EscapeLength(); escape != 0) {
        at_ += escape;
        ++i;
      } else if (file_[at_] == text[i] && text[i] != '\n') {
        ++at_;
        ++i;
      } else if (IsBlankChar(text[i]) && IsBlankChar(file_[at_])) {
        while (i < text.size() && IsBlankChar(text[i])) ++i;
        SkipBlanks();
      } else if (IsBlankChar(file_[at_])) {
        SkipBlanks();
      } else {
        return false;
      }
    }
    // What follows begins where it is written, not in the margin before it.
    if (at_ < file_.size() && file_[at_] == '\n') SkipBlanks();
    return true;
  }

  std::size_t at() const { return at_; }

 private:
  void SkipBlanks() {
    while (at_ < file_.size() && IsBlankChar(file_[at_])) ++at_;
  }

  // Bytes of the escape sequence here that stands for one character, 0 for none.
  std::size_t EscapeLength() const {
    if (quote_ == '\'') return file_.substr(at_).starts_with("''") ? 2 : 0;
    if (quote_ != '"' || file_[at_] != '\\') return 0;
    switch (at_ + 1 < file_.size() ? file_[at_ + 1] : '\0') {
      case 'x':
        return 4;
      case 'u':
        return 6;
      case 'U':
        return 10;
      default:
        return 2;
    }
  }

  std::string_view file_;
  std::size_t at_;
  char quote_ = '\0';
};

}  // namespace

Place PlaceWithin(const PackFiles& files, const Text& text, std::size_t offset) {
  const auto file = files.find(text.place.file);
  if (file == files.end() || text.place.line == 0) return text.place;
  const std::string_view bytes = file->second;
  Walk walk(bytes, OffsetOf(bytes, text.place));
  (void)walk.Advance(std::string_view(text.text).substr(0, offset));
  const std::size_t at = std::min(walk.at(), bytes.size());
  const std::string_view before = bytes.substr(0, at);
  const std::size_t line_break = before.rfind('\n');
  const std::size_t line_begin = line_break == std::string_view::npos ? 0 : line_break + 1;
  Place place = text.place;
  place.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
  place.column = static_cast<std::uint32_t>(1 + base::CodePointCount(before.substr(line_begin)));
  return place;
}

std::string_view LineOf(std::string_view file, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = file.find('\n');
    if (end == std::string_view::npos) return {};
    file.remove_prefix(end + 1);
  }
  file = file.substr(0, file.find('\n'));
  while (file.ends_with('\r')) file.remove_suffix(1);
  return file;
}

}  // namespace osteon::cards
