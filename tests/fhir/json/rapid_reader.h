// A second reader, independent of the first: RapidJSON's SAX parser with the same guarantees put around it.
#pragma once

#include <string>
#include <string_view>

namespace osteon::json {

// Where the two readers may differ for a known reason, and which of them is right.
enum class Known {
  kNothing,
  // RapidJSON refuses numbers beyond the range of double even when it keeps their text. RFC 8259 section 6
  // has no such range, and the tree takes them.
  kNumberBeyondDouble,
  // RapidJSON takes a lone low surrogate and writes it as three bytes that are no UTF-8. The tree refuses it.
  kLoneSurrogate,
};

struct RapidResult {
  bool accepted = false;
  std::string canonical;  // as Canonical of a Tree; empty when refused
  Known known = Known::kNothing;
};

// Duplicate names, more than 64 levels and everything outside RFC 8259 are refused.
RapidResult ReadWithRapid(std::string_view text);

}  // namespace osteon::json
