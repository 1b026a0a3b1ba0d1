#include "fhir/cql/lexer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace osteon::cql {
namespace {

// Both tables are sorted; the second is part of the first.
constexpr auto kKeywords = std::to_array<std::string_view>({
    "Choice",    "Code",        "Concept",      "Interval",    "List",       "Tuple",
    "after",     "aggregate",   "all",          "and",         "as",         "asc",
    "ascending", "before",      "between",      "by",          "called",     "case",
    "cast",      "code",        "codesystem",   "codesystems", "collapse",   "concept",
    "contains",  "context",     "convert",      "date",        "day",        "days",
    "default",   "define",      "desc",         "descending",  "difference", "display",
    "distinct",  "div",         "duration",     "during",      "else",       "end",
    "ends",      "except",      "exists",       "expand",      "external",   "false",
    "flatten",   "fluent",      "from",         "function",    "hour",       "hours",
    "if",        "implies",     "in",           "include",     "included",   "includes",
    "intersect", "is",          "less",         "let",         "library",    "maximum",
    "meets",     "millisecond", "milliseconds", "minimum",     "minute",     "minutes",
    "mod",       "month",       "months",       "more",        "not",        "null",
    "occurs",    "of",          "on",           "or",          "overlaps",   "parameter",
    "per",       "point",       "predecessor",  "private",     "properly",   "public",
    "return",    "returns",     "same",         "second",      "seconds",    "singleton",
    "sort",      "start",       "starting",     "starts",      "successor",  "such",
    "than",      "that",        "then",         "time",        "timezone",   "timezoneoffset",
    "to",        "true",        "union",        "using",       "valueset",   "version",
    "week",      "weeks",       "when",         "where",       "width",      "with",
    "within",    "without",     "xor",          "year",        "years",
});
constexpr auto kReserved = std::to_array<std::string_view>({
    "aggregate", "and",    "as",   "asc",        "ascending", "between",  "by",       "case",      "cast",
    "contains",  "define", "desc", "descending", "div",       "during",   "else",     "ends",      "except",
    "false",     "from",   "if",   "implies",    "in",        "included", "includes", "intersect", "is",
    "let",       "meets",  "mod",  "not",        "null",      "occurs",   "of",       "or",        "overlaps",
    "properly",  "return", "same", "sort",       "starts",    "such",     "then",     "true",      "union",
    "when",      "where",  "with", "within",     "without",   "xor",
});
static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end()));
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

// Longest first.
constexpr auto kSymbols = std::to_array<std::string_view>({
    "$index", "$total", "$this", "<=", ">=", "!=", "!~", "->", "(", ")", "[", "]", "{", "}", "<",
    ">",      "=",      "~",     "+",  "-",  "*",  "/",  "^",  "&", "|", ",", ".", ":", ";",
});

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsWordPart(char c) {
  return IsWordStart(c) || IsDigit(c);
}

void AppendUtf8(std::uint32_t code_point, std::string& out) {
  const auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0 | (code_point >> 6));
    push(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    push(0xE0 | (code_point >> 12));
    push(0x80 | ((code_point >> 6) & 0x3F));
    push(0x80 | (code_point & 0x3F));
  } else {
    push(0xF0 | (code_point >> 18));
    push(0x80 | ((code_point >> 12) & 0x3F));
    push(0x80 | ((code_point >> 6) & 0x3F));
    push(0x80 | (code_point & 0x3F));
  }
}

std::optional<std::uint32_t> ReadHex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    std::uint32_t digit = 0;
    if (IsDigit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

char SimpleEscape(char c) {
  switch (c) {
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '\'':
    case '"':
    case '`':
    case '\\':
    case '/':
      return c;
    default:
      return '\0';
  }
}

}  // namespace

class Lexer {
 public:
  Lexer(const Source& source, Diagnostics& diagnostics) : text_(source.text), diagnostics_(diagnostics) {}

  TokenList Run() {
    // Spans are 32 bits.
    if (text_.size() > 0x7FFFFFFF) {
      diagnostics_.Add(Phase::kParse, {}, "the text is longer than 2 GiB");
      text_ = {};
    }
    while (SkipSpace()) ReadToken();
    Push(TokenKind::kEnd, text_.size(), {});
    return std::move(list_);
  }

 private:
  char At(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  std::string_view From(std::size_t begin) const { return text_.substr(begin, at_ - begin); }
  Span SpanFrom(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  }
  void Push(TokenKind kind, std::size_t begin, std::string_view text) {
    list_.tokens.push_back({kind, SpanFrom(begin), text});
  }

  bool SkipSpace();
  void ReadToken();
  void ReadNumber();
  void ReadQuoted(char quote, TokenKind kind);
  bool ReadEscape(std::string& out);
  void ReadTemporal();
  bool TakeDigits(std::size_t count);
  bool TakeTimeOfDay();
  void TakeOffset();

  std::string_view text_;
  std::size_t at_ = 0;
  Diagnostics& diagnostics_;
  TokenList list_;
};

// False at the end of the text.
bool Lexer::SkipSpace() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at_;
    } else if (c == '/' && At(at_ + 1) == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '/' && At(at_ + 1) == '*') {
      const std::size_t begin = at_;
      const std::size_t end = text_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
      if (end == std::string_view::npos) {
        diagnostics_.Add(Phase::kParse, SpanFrom(begin), "the comment has no end", "close it with '*/'");
      }
    } else if (text_.substr(at_).starts_with("\xEF\xBB\xBF")) {
      at_ += 3;
    } else {
      return true;
    }
  }
  return false;
}

void Lexer::ReadToken() {
  const std::size_t begin = at_;
  const char c = text_[at_];
  if (IsWordStart(c)) {
    while (IsWordPart(At(at_))) ++at_;
    return Push(TokenKind::kWord, begin, From(begin));
  }
  if (IsDigit(c)) return ReadNumber();
  if (c == '\'') return ReadQuoted(c, TokenKind::kString);
  if (c == '"' || c == '`') return ReadQuoted(c, TokenKind::kQuotedIdentifier);
  if (c == '@') return ReadTemporal();
  if (c == '%' && IsWordStart(At(at_ + 1))) {
    ++at_;
    while (IsWordPart(At(at_))) ++at_;
    return Push(TokenKind::kExternalConstant, begin, From(begin + 1));
  }
  for (const std::string_view symbol : kSymbols) {
    if (!text_.substr(at_).starts_with(symbol)) continue;
    at_ += symbol.size();
    return Push(TokenKind::kSymbol, begin, symbol);
  }
  ++at_;
  while ((static_cast<unsigned char>(At(at_)) & 0xC0U) == 0x80U) ++at_;
  diagnostics_.Add(Phase::kParse, SpanFrom(begin), "this character is no part of CQL outside quotes");
}

void Lexer::ReadNumber() {
  const std::size_t begin = at_;
  while (IsDigit(At(at_))) ++at_;
  if (At(at_) == '.' && IsDigit(At(at_ + 1))) {
    ++at_;
    while (IsDigit(At(at_))) ++at_;
    return Push(TokenKind::kDecimal, begin, From(begin));
  }
  const std::string_view digits = From(begin);
  if (At(at_) == 'L' && !IsWordPart(At(at_ + 1))) {
    ++at_;
    return Push(TokenKind::kLong, begin, digits);
  }
  Push(TokenKind::kInteger, begin, digits);
}

void Lexer::ReadQuoted(char quote, TokenKind kind) {
  const std::size_t begin = at_++;
  std::size_t plain = at_;
  while (plain < text_.size() && text_[plain] != quote && text_[plain] != '\\') ++plain;
  if (plain < text_.size() && text_[plain] == quote) {
    at_ = plain + 1;
    return Push(kind, begin, text_.substr(begin + 1, plain - begin - 1));
  }
  auto unescaped = std::make_unique<std::string>();
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] != '\\') {
      unescaped->push_back(text_[at_++]);
      continue;
    }
    const std::size_t escape = at_++;
    if (!ReadEscape(*unescaped)) {
      diagnostics_.Add(Phase::kParse, SpanFrom(escape), "no such escape sequence",
                       R"(CQL has \' \" \` \\ \/ \f \n \r \t and \uXXXX)");
    }
  }
  if (at_ >= text_.size()) {
    diagnostics_.Add(Phase::kParse, SpanFrom(begin), std::string("the text has no closing ") + quote);
  } else {
    ++at_;
  }
  Push(kind, begin, *unescaped);
  list_.unescaped_.push_back(std::move(unescaped));
}

// After the backslash.
bool Lexer::ReadEscape(std::string& out) {
  if (At(at_) != 'u') {
    const char c = SimpleEscape(At(at_));
    if (c == '\0') return false;
    out.push_back(c);
    ++at_;
    return true;
  }
  auto unit = ReadHex4(text_.substr(at_ + 1));
  if (!unit) return false;
  at_ += 5;
  if (*unit >= 0xD800 && *unit < 0xDC00 && At(at_) == '\\' && At(at_ + 1) == 'u') {
    const auto low = ReadHex4(text_.substr(std::min(at_ + 2, text_.size())));
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      at_ += 6;
      unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
    }
  }
  if (*unit >= 0xD800 && *unit < 0xE000) return false;  // half of a pair is no character
  AppendUtf8(*unit, out);
  return true;
}

bool Lexer::TakeDigits(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!IsDigit(At(at_ + i))) return false;
  }
  at_ += count;
  return true;
}

// hh[:mm[:ss[.f+]]]
bool Lexer::TakeTimeOfDay() {
  if (!TakeDigits(2)) return false;
  for (int part = 0; part < 2; ++part) {
    if (At(at_) != ':' || !IsDigit(At(at_ + 1)) || !IsDigit(At(at_ + 2))) return true;
    at_ += 3;
  }
  if (At(at_) == '.' && IsDigit(At(at_ + 1))) {
    ++at_;
    while (IsDigit(At(at_))) ++at_;
  }
  return true;
}

void Lexer::TakeOffset() {
  if (At(at_) == 'Z') {
    ++at_;
    return;
  }
  if (At(at_) != '+' && At(at_) != '-') return;
  const std::size_t begin = at_++;
  if (TakeDigits(2) && At(at_) == ':') {
    ++at_;
    if (TakeDigits(2)) return;
  }
  at_ = begin;
}

void Lexer::ReadTemporal() {
  const std::size_t begin = at_++;
  if (At(at_) == 'T') {
    ++at_;
    if (TakeTimeOfDay()) return Push(TokenKind::kTime, begin, From(begin + 2));
  } else if (TakeDigits(4)) {
    for (int part = 0; part < 2; ++part) {
      if (At(at_) != '-' || !IsDigit(At(at_ + 1)) || !IsDigit(At(at_ + 2))) break;
      at_ += 3;
    }
    if (At(at_) != 'T') return Push(TokenKind::kDate, begin, From(begin + 1));
    ++at_;
    if (TakeTimeOfDay()) TakeOffset();
    return Push(TokenKind::kDateTime, begin, From(begin + 1));
  }
  diagnostics_.Add(Phase::kParse, SpanFrom(begin), "no date or time follows the '@'",
                   "@2014-01-25, @2014-01-25T14:30:00.000+01:00 or @T14:30");
}

TokenList Tokenize(const Source& source, Diagnostics& diagnostics) {
  return Lexer(source, diagnostics).Run();
}

bool IsKeyword(std::string_view word) {
  return std::binary_search(kKeywords.begin(), kKeywords.end(), word);
}
bool IsReserved(std::string_view word) {
  return std::binary_search(kReserved.begin(), kReserved.end(), word);
}

}  // namespace osteon::cql
