// What RFC 8259 says about single texts, case by case.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace osteon::json {

enum class Verdict {
  kAccepted,
  kRefused,
  // RFC 8259 leaves it to the reader; the comment beside the case says what ours does and why.
  kOurChoiceAccepted,
  kOurChoiceRefused,
};

struct GrammarCase {
  Verdict verdict;
  std::string_view about;
  std::string_view text;
};

std::span<const GrammarCase> GrammarCases();

}  // namespace osteon::json
