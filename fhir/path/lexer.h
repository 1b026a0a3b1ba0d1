// FHIRPath text to tokens. Source: FHIRPath 2.0.0 "Lexical Elements" and its grammar
// (http://hl7.org/fhirpath/N1/#lexical-elements, /grammar.html).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/path/diagnostic.h"

namespace osteon::path {

enum class TokenKind : std::uint8_t {
  kEnd,
  kIdentifier,  // also the keywords: the parser tells them by text
  kDelimitedIdentifier,
  kString,
  kInteger,
  kDecimal,
  kLong,
  kDate,
  kDateTime,
  kTime,
  kThis,
  kIndex,
  kTotal,
  kSymbol,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  // Identifiers and strings without quotes and with escapes resolved; numbers without the L; dates and times
  // without the @ (and times without the T); symbols as written.
  std::string text;

  bool Is(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
  bool IsWord(std::string_view word) const { return kind == TokenKind::kIdentifier && text == word; }
};

// All tokens, the last one kEnd. What is no token is reported and left out.
//   text: at most 2^32 - 1 bytes.
std::vector<Token> Tokenize(std::string_view text, std::vector<Diagnostic>& diagnostics);

}  // namespace osteon::path
