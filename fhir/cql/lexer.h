// Tokens of CQL. Source: CQL 1.5.3, Appendix A and the lexical elements of chapter 4 "Author's Guide".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/cql/source.h"

namespace osteon::cql {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,              // letters, digits and _; a keyword when IsKeyword(text)
  kQuotedIdentifier,  // "..." or `...`
  kString,            // '...'
  kInteger,           // 12
  kLong,              // 12L, text without the L
  kDecimal,           // 1.50
  kDate,              // @2014-01-25, text without the @
  kDateTime,          // @2014T, @2014-01-25T14:30:14.559+01:00
  kTime,              // @T14:30, text without "@T"
  kSymbol,            // ( ) [ ] { } < <= ... ->; also $this, $index, $total
  kExternalConstant,  // %name
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  std::string_view text;  // as written, or unescaped for strings and quoted identifiers
};

// The tokens of a text, ended by kEnd, and the memory of what had to be unescaped. Refers to source.text.
class TokenList {
 public:
  std::vector<Token> tokens;

 private:
  friend class Lexer;
  std::vector<std::unique_ptr<std::string>> unescaped_;
};

// What is no token is reported and left out.
TokenList Tokenize(const Source& source, Diagnostics& diagnostics);

// Words of the grammar. None of them names an alias or a definition unless quoted.
bool IsKeyword(std::string_view word);
// The keywords that name nothing anywhere unless quoted: each of them goes on or ends an expression.
bool IsReserved(std::string_view word);

}  // namespace osteon::cql
