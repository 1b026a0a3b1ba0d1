#include "fhir/terminology/code_set.h"

#include <algorithm>
#include <iterator>

namespace osteon::terminology {

void CodeSet::Normalize() {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

bool CodeSetMath::Has(const PrefixSet& prefix, CodeId code) const {
  const CodeKey key = key_of_(index_, code);
  return key.system == prefix.system && key.key.starts_with(prefix.prefix) &&
         std::find(prefix.except.begin(), prefix.except.end(), code) == prefix.except.end() &&
         std::none_of(prefix.except_prefixes.begin(), prefix.except_prefixes.end(),
                      [&](const std::string& except) { return key.key.starts_with(except); });
}

bool CodeSetMath::Has(const CodeSet& set, CodeId code) const {
  return std::binary_search(set.codes.begin(), set.codes.end(), code) ||
         std::any_of(set.prefixes.begin(), set.prefixes.end(),
                     [&](const PrefixSet& prefix) { return Has(prefix, code); });
}

void CodeSetMath::Add(CodeSet& set, const CodeSet& other) const {
  set.codes.insert(set.codes.end(), other.codes.begin(), other.codes.end());
  set.prefixes.insert(set.prefixes.end(), other.prefixes.begin(), other.prefixes.end());
  set.Normalize();
}

CodeSet CodeSetMath::Both(const CodeSet& a, const CodeSet& b) const {
  CodeSet result;
  std::copy_if(a.codes.begin(), a.codes.end(), std::back_inserter(result.codes),
               [&](CodeId code) { return Has(b, code); });
  std::copy_if(b.codes.begin(), b.codes.end(), std::back_inserter(result.codes),
               [&](CodeId code) { return Has(a, code); });
  for (const PrefixSet& left : a.prefixes) {
    for (const PrefixSet& right : b.prefixes) {
      const bool left_is_longer = left.prefix.size() >= right.prefix.size();
      PrefixSet both = left_is_longer ? left : right;
      const PrefixSet& other = left_is_longer ? right : left;
      if (left.system != right.system || !both.prefix.starts_with(other.prefix)) continue;
      both.except.insert(both.except.end(), other.except.begin(), other.except.end());
      both.except_prefixes.insert(both.except_prefixes.end(), other.except_prefixes.begin(),
                                  other.except_prefixes.end());
      result.prefixes.push_back(std::move(both));
    }
  }
  result.Normalize();
  return result;
}

bool CodeSetMath::TakeOut(PrefixSet& prefix, const CodeSet& other) const {
  for (const CodeId code : other.codes) {
    if (Has(prefix, code)) prefix.except.push_back(code);
  }
  for (const PrefixSet& out : other.prefixes) {
    if (out.system != prefix.system) continue;
    if (prefix.prefix.starts_with(out.prefix)) return false;
    if (out.prefix.starts_with(prefix.prefix)) prefix.except_prefixes.push_back(out.prefix);
  }
  return true;
}

std::optional<CodeSet> CodeSetMath::Without(const CodeSet& set, const CodeSet& other) const {
  const bool is_simple = std::all_of(
      other.prefixes.begin(), other.prefixes.end(),
      [](const PrefixSet& prefix) { return prefix.except.empty() && prefix.except_prefixes.empty(); });
  if (!is_simple) return std::nullopt;
  CodeSet result;
  std::copy_if(set.codes.begin(), set.codes.end(), std::back_inserter(result.codes),
               [&](CodeId code) { return !Has(other, code); });
  for (PrefixSet prefix : set.prefixes) {
    if (TakeOut(prefix, other)) result.prefixes.push_back(std::move(prefix));
  }
  return result;
}

std::optional<std::string> PrefixOfPattern(std::string_view pattern) {
  constexpr std::string_view kSpecial = "\\^$.|?*+()[]{}";
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  if (pattern.ends_with('$')) pattern.remove_suffix(1);
  if (!pattern.ends_with(".*")) return std::nullopt;
  pattern.remove_suffix(2);
  std::string prefix;
  while (!pattern.empty()) {
    if (pattern.starts_with("[.]")) {
      prefix += '.';
      pattern.remove_prefix(3);
    } else if (pattern.front() == '\\') {
      if (pattern.size() < 2 || kSpecial.find(pattern[1]) == std::string_view::npos) return std::nullopt;
      prefix += pattern[1];
      pattern.remove_prefix(2);
    } else {
      if (kSpecial.find(pattern.front()) != std::string_view::npos) return std::nullopt;
      prefix += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  if (prefix.empty()) return std::nullopt;
  return prefix;
}

}  // namespace osteon::terminology
