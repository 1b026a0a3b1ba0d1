// Sets of codes while value sets are put together: codes that are named, and beginnings of codes. Private to
// fhir/terminology.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/terminology/terminology.h"

namespace osteon::terminology {

// Every code of a system that begins so, but for some. Texts are keys (Index::KeyOf).
struct PrefixSet {
  std::uint32_t system = 0;  // position in the index's list
  std::string prefix;
  std::vector<CodeId> except;
  std::vector<std::string> except_prefixes;
};

struct CodeSet {
  std::vector<CodeId> codes;  // ascending, each once
  std::vector<PrefixSet> prefixes;

  void Normalize();
};

// The system and the key of a code.
struct CodeKey {
  std::uint32_t system = 0;
  std::string_view key;
};
using KeyOfCode = CodeKey (*)(const Index& index, CodeId code);

class CodeSetMath {
 public:
  CodeSetMath(const Index& index, KeyOfCode key_of) : index_(index), key_of_(key_of) {}

  bool Has(const CodeSet& set, CodeId code) const;
  void Add(CodeSet& set, const CodeSet& other) const;
  CodeSet Both(const CodeSet& a, const CodeSet& b) const;
  // nullopt when the answer is no such set: beginnings that are taken out but for some of them.
  std::optional<CodeSet> Without(const CodeSet& set, const CodeSet& other) const;

 private:
  bool Has(const PrefixSet& prefix, CodeId code) const;
  // False when nothing of `prefix` is left.
  bool TakeOut(PrefixSet& prefix, const CodeSet& other) const;

  const Index& index_;
  KeyOfCode key_of_;
};

// The beginning that a regular expression of whole codes stands for ("^M54\.5.*", "M54[.]5.*"); nullopt for
// any other pattern. FHIR R4 filter operator "regex".
std::optional<std::string> PrefixOfPattern(std::string_view pattern);

}  // namespace osteon::terminology
