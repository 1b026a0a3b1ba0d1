// The lines of a YAML file: places in code points, and what is taken out after a syntax error so that the
// reading can go on behind it. Private to cards/rule_yaml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_source.h"

namespace osteon::cards {

class YamlText {
 public:
  // Reports what no line may hold: bytes that are no UTF-8, tabs and other control characters, directives.
  // Each is replaced by a space in text(), so that places stay what they are.
  YamlText(std::string_view file, std::string_view text, std::vector<PackFinding>& findings);

  bool is_text() const { return is_text_; }
  const std::string& text() const { return text_; }
  std::size_t line_count() const { return starts_.size(); }

  // `line` and `column` from 0, the column in bytes, as yaml-cpp counts.
  Place PlaceOf(int line, int column) const;
  // From there to the end of the file.
  std::string_view From(int line, int column) const;
  // Of the "-" that stands before an empty list item.
  Place DashBefore(const Place& place) const;
  // The last quote at the beginning of a value in or before `line` (from 0) that does not close on its own
  // line; yaml-cpp reads on to the next quote and fails somewhere behind it.
  std::optional<Place> OpenQuoteBefore(int line) const;
  // Likewise for a bracket that the lines below it do not close.
  std::optional<Place> OpenBracketBefore(int line) const;
  // False when a quote begins there whose text does not end where YAML 1.2 lets it: yaml-cpp takes texts that
  // run on over other keys and to the end of the file.
  bool ClosesQuote(int line, int column) const;

  // Takes out the block item that `line` (from 1) belongs to: the line, or what is behind its dash, and the
  // lines that are indented more. False when nothing is left to take out there.
  bool Blank(std::uint32_t line);
  bool IsBlanked(std::uint32_t line) const { return blanked_.contains(line); }
  const std::set<std::uint32_t>& blanked() const { return blanked_; }
  // What was taken out.
  const std::string& lost() const { return lost_; }

 private:
  std::string_view Line(std::size_t line) const;  // from 0, without its end
  void CheckLine(std::size_t line, std::vector<PackFinding>& findings);
  std::optional<std::size_t> LastLineOfQuoted(std::size_t line, std::size_t column) const;
  bool BlankFrom(std::size_t line, std::size_t column);

  std::string_view file_;
  std::string text_;
  std::vector<std::size_t> starts_;  // of lines, in bytes
  std::set<std::uint32_t> blanked_;  // lines, from 1
  std::string lost_;
  bool is_text_ = true;
};

}  // namespace osteon::cards
