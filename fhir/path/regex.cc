#include "fhir/path/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

namespace osteon::path {
namespace {

constexpr int kMaxProgramBytes = 1 << 20;  // refuses x{1000}{1000}

re2::StringPiece Piece(std::string_view text) {
  return {text.data(), text.size()};
}

// RE2 of Debian 12 knows (?P<name>...) only.
std::string WithNamedGroups(std::string_view pattern) {
  std::string out;
  out.reserve(pattern.size() + 8);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      out += pattern[i++];
      out += pattern[i];
      continue;
    }
    out += pattern[i];
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!")) {
      out += "?P<";
      i += 2;
    }
  }
  return out;
}

// A piece of a substitution: a text, or a group's number.
struct Part {
  std::string text;
  int group = -1;
};

}  // namespace

struct Regex::Compiled {
  Compiled(const std::string& pattern, const re2::RE2::Options& options) : re(pattern, options) {}

  // nullopt when a group is named that the pattern has not.
  std::optional<std::vector<Part>> Split(std::string_view substitution) const;
  int GroupAt(std::string_view rest, std::size_t& length) const;

  re2::RE2 re;
};

// The group that "$1" or "${name}" at the start of `rest` means; -1 when it means none.
int Regex::Compiled::GroupAt(std::string_view rest, std::size_t& length) const {
  std::string name;
  if (rest.size() > 2 && rest[1] == '{') {
    const std::size_t end = rest.find('}');
    if (end == rest.npos) return -1;
    name = rest.substr(2, end - 2);
    length = end + 1;
  } else {
    if (rest.size() < 2 || rest[1] < '0' || rest[1] > '9') return -1;
    name = rest[1];
    length = 2;
  }
  const auto& names = re.NamedCapturingGroups();
  if (const auto found = names.find(name); found != names.end()) return found->second;
  const bool is_number = name.size() == 1 && name[0] >= '0' && name[0] <= '9';
  const int group = is_number ? name[0] - '0' : -1;
  return group <= re.NumberOfCapturingGroups() ? group : -1;
}

std::optional<std::vector<Part>> Regex::Compiled::Split(std::string_view substitution) const {
  std::vector<Part> parts(1);
  for (std::size_t i = 0; i < substitution.size(); ++i) {
    const char c = substitution[i];
    if (c == '\\' && i + 1 < substitution.size()) {
      parts.back().text += substitution[++i];
      continue;
    }
    if (c != '$') {
      parts.back().text += c;
      continue;
    }
    Part part;
    std::size_t length = 0;
    part.group = GroupAt(substitution.substr(i), length);
    if (part.group < 0) return std::nullopt;
    i += length - 1;
    parts.push_back(std::move(part));
    parts.emplace_back();
  }
  return parts;
}

Regex::Regex(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
Regex::~Regex() = default;

std::unique_ptr<const Regex> Regex::Compile(std::string_view pattern, std::string& error) {
  re2::RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  auto compiled = std::make_unique<Compiled>(WithNamedGroups(pattern), options);
  if (!compiled->re.ok()) {
    error = compiled->re.error();
    return nullptr;
  }
  return std::unique_ptr<const Regex>(new Regex(std::move(compiled)));
}

bool Regex::FindIn(std::string_view text) const {
  return re2::RE2::PartialMatch(Piece(text), compiled_->re);
}

bool Regex::MatchesAll(std::string_view text) const {
  return re2::RE2::FullMatch(Piece(text), compiled_->re);
}

std::optional<std::string> Regex::Replace(std::string_view text, std::string_view substitution,
                                          std::size_t max_bytes) const {
  if (compiled_->re.pattern().empty()) return std::string(text);
  const auto parts = compiled_->Split(substitution);
  if (!parts) return std::nullopt;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(compiled_->re.NumberOfCapturingGroups()) + 1);
  std::string out;
  std::size_t at = 0;
  while (at <= text.size() && out.size() <= max_bytes) {
    const bool found = compiled_->re.Match(Piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(),
                                           static_cast<int>(groups.size()));
    if (!found) break;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    out += text.substr(at, begin - at);
    for (const Part& part : *parts) {
      out += part.text;
      if (part.group >= 0) {
        const re2::StringPiece& group = groups[static_cast<std::size_t>(part.group)];
        out.append(group.data() == nullptr ? "" : group.data(), group.size());
      }
    }
    at = begin + groups[0].size();
    if (!groups[0].empty()) continue;
    // An empty match: the next code point stays.
    const std::size_t from = at;
    if (at < text.size()) ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    out += text.substr(from, at - from);
    if (from == text.size()) break;
  }
  if (at < text.size()) out += text.substr(at);
  if (out.size() > max_bytes) return std::nullopt;
  return out;
}

}  // namespace osteon::path
