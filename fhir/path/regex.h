// Regular expressions in time linear in the text: patterns come from rules' authors. RE2's syntax is the
// common part of PCRE without back-references and look-around.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace osteon::path {

class Regex {
 public:
  ~Regex();
  // Null when the pattern is not valid here; `error` says why, for the pattern's author. "." matches line
  // ends too, as FHIRPath 2.0.0 "matches" asks (single line mode); CQL 1.5 Matches says the same.
  static std::unique_ptr<const Regex> Compile(std::string_view pattern, std::string& error);

  bool FindIn(std::string_view text) const;
  bool MatchesAll(std::string_view text) const;
  // Every match replaced; in `substitution`, $1 or ${name} mean groups, \$ a dollar. An empty pattern
  // replaces nothing. nullopt when the result exceeds `max_bytes`, or a group does not exist.
  std::optional<std::string> Replace(std::string_view text, std::string_view substitution,
                                     std::size_t max_bytes) const;

 private:
  struct Compiled;
  explicit Regex(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace osteon::path
