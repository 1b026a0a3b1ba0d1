#include "fhir/path/lexer.h"

#include <array>
#include <optional>

namespace osteon::path {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void AppendUtf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Diagnostic>& diagnostics)
      : text_(text), diagnostics_(diagnostics) {}

  std::vector<Token> Run() {
    while (SkipSpaceAndComments()) Next();
    Add(TokenKind::kEnd, at_, {});
    return std::move(tokens_);
  }

 private:
  char Peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool StartsWith(std::string_view part) const { return text_.substr(at_, part.size()) == part; }

  void Add(TokenKind kind, std::size_t begin, std::string text) {
    tokens_.push_back(
        {kind, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)}, std::move(text)});
  }
  void Report(std::size_t begin, std::string message, std::string hint = {}) {
    diagnostics_.push_back({Severity::kError,
                            Phase::kParse,
                            {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)},
                            std::move(message),
                            std::move(hint)});
  }

  // False at the end of the text.
  bool SkipSpaceAndComments() {
    while (at_ < text_.size()) {
      if (IsSpace(text_[at_])) {
        ++at_;
      } else if (StartsWith("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (StartsWith("/*")) {
        const std::size_t begin = at_;
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == text_.npos ? text_.size() : end + 2;
        if (end == text_.npos) Report(begin, "the comment has no end", "close it with */");
      } else {
        return true;
      }
    }
    return false;
  }

  void Next() {
    const char c = Peek();
    if (IsLetter(c)) return Word();
    if (IsDigit(c)) return Number();
    if (c == '\'') return Quoted('\'', TokenKind::kString);
    if (c == '`') return Quoted('`', TokenKind::kDelimitedIdentifier);
    // Before 2.0 a delimited identifier was written with double quotes.
    if (c == '"') return Quoted('"', TokenKind::kDelimitedIdentifier);
    if (c == '@') return DateOrTime();
    if (c == '$') return Dollar();
    Symbol();
  }

  void Word() {
    const std::size_t begin = at_;
    while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    Add(TokenKind::kIdentifier, begin, std::string(text_.substr(begin, at_ - begin)));
  }

  void Number() {
    const std::size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    TokenKind kind = TokenKind::kInteger;
    // "1.toString()" is an invocation on 1, "1.5" is a number.
    if (Peek() == '.' && IsDigit(Peek(1))) {
      kind = TokenKind::kDecimal;
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    std::string digits(text_.substr(begin, at_ - begin));
    if (kind == TokenKind::kInteger && Peek() == 'L' && !IsLetter(Peek(1)) && !IsDigit(Peek(1))) {
      kind = TokenKind::kLong;
      ++at_;
    }
    Add(kind, begin, std::move(digits));
  }

  std::optional<std::uint32_t> FourHexDigits() const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const char c = Peek(i);
      std::uint32_t digit = 0;
      if (IsDigit(c)) {
        digit = static_cast<std::uint32_t>(c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
      } else {
        return std::nullopt;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  // After "\u"; surrogates come in pairs.
  void UnicodeEscape(std::size_t begin, std::string& out) {
    const auto first = FourHexDigits();
    if (!first) return Report(begin, "\\u needs four hexadecimal digits");
    at_ += 4;
    if (*first < 0xD800 || *first > 0xDFFF) return AppendUtf8(out, *first);
    if (*first < 0xDC00 && Peek() == '\\' && Peek(1) == 'u') {
      at_ += 2;
      const auto second = FourHexDigits();
      if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
        at_ += 4;
        return AppendUtf8(out, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
      }
    }
    Report(begin, "half of a surrogate pair");
  }

  // REQUIRES: at a backslash.
  void Escape(std::string& out) {
    static constexpr std::string_view kNames = "`\"'\\/frnt";
    static constexpr std::string_view kMeanings = "`\"'\\/\f\r\n\t";
    const std::size_t begin = at_++;
    const char c = Peek();
    if (at_ < text_.size()) ++at_;
    if (c == 'u') return UnicodeEscape(begin, out);
    if (const auto found = kNames.find(c); found != kNames.npos) {
      out += kMeanings[found];
      return;
    }
    Report(begin, "unknown escape", "escapes are \\' \\\" \\` \\\\ \\/ \\f \\n \\r \\t and \\uXXXX");
  }

  void Quoted(char quote, TokenKind kind) {
    const std::size_t begin = at_++;
    std::string content;
    while (at_ < text_.size() && Peek() != quote) {
      if (Peek() == '\\') {
        Escape(content);
      } else {
        content += text_[at_++];
      }
    }
    if (at_ == text_.size()) {
      at_ = begin + 1;
      Report(begin, kind == TokenKind::kString ? "the string has no end" : "the name has no end");
      at_ = text_.size();
    } else {
      ++at_;
    }
    Add(kind, begin, std::move(content));
  }

  void Digits(std::string& out, int count) {
    for (; count > 0 && IsDigit(Peek()); --count) out += text_[at_++];
  }
  // A separator and digits behind it, when both are there.
  bool Part(std::string& out, char separator, int digits) {
    if (Peek() != separator || !IsDigit(Peek(1))) return false;
    out += text_[at_++];
    Digits(out, digits);
    return true;
  }

  // @YYYY(-MM(-DD)?)?, with T a DateTime; @Thh(:mm(:ss(.f+)?)?)?. Whether the parts are a date of the
  // calendar is the parser's question.
  void DateOrTime() {
    const std::size_t begin = at_++;
    std::string content;
    TokenKind kind = TokenKind::kDate;
    if (Peek() == 'T') {
      kind = TokenKind::kTime;
    } else {
      Digits(content, 4);
      if (Part(content, '-', 2)) Part(content, '-', 2);
    }
    if (Peek() == 'T') {
      ++at_;
      if (kind == TokenKind::kDate) {
        kind = TokenKind::kDateTime;
        content += 'T';
      }
      if (IsDigit(Peek())) TimeOfDay(content);
      if (kind == TokenKind::kDateTime) Offset(content);
    }
    if (kind == TokenKind::kTime && (Peek() == 'Z' || ((Peek() == '+' || Peek() == '-') && Peek(3) == ':'))) {
      std::string offset;
      Offset(offset);
      Report(begin, "a time of day has no time zone", "write @T14:30:00, or a DateTime");
    }
    if (content.empty()) return Report(begin, "'@' begins a date or time", "such as @2026-05-01 or @T14:30");
    Add(kind, begin, std::move(content));
  }

  void TimeOfDay(std::string& out) {
    Digits(out, 2);
    if (!Part(out, ':', 2) || !Part(out, ':', 2)) return;
    Part(out, '.', 32);
  }

  void Offset(std::string& out) {
    if (Peek() == 'Z') {
      out += text_[at_++];
      return;
    }
    if ((Peek() != '+' && Peek() != '-') || !IsDigit(Peek(1)) || !IsDigit(Peek(2)) || Peek(3) != ':') return;
    out += text_.substr(at_, 4);
    at_ += 4;
    Digits(out, 2);
  }

  void Dollar() {
    const std::size_t begin = at_++;
    while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "$this") return Add(TokenKind::kThis, begin, {});
    if (word == "$index") return Add(TokenKind::kIndex, begin, {});
    if (word == "$total") return Add(TokenKind::kTotal, begin, {});
    Report(begin, "unknown name '" + std::string(word) + "'", "there are $this, $index and $total");
  }

  void Symbol() {
    static constexpr std::array<std::string_view, 24> kSymbols = {"<=", ">=", "!=", "!~", ".", "[", "]", "(",
                                                                  ")",  "{",  "}",  ",",  "+", "-", "*", "/",
                                                                  "&",  "|",  "<",  ">",  "=", "~", "%", ";"};
    const std::size_t begin = at_;
    for (const std::string_view symbol : kSymbols) {
      if (!StartsWith(symbol)) continue;
      at_ += symbol.size();
      return Add(TokenKind::kSymbol, begin, std::string(symbol));
    }
    ++at_;
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
    Report(begin, "unexpected character");
  }

  std::string_view text_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view text, std::vector<Diagnostic>& diagnostics) {
  return Lexer(text, diagnostics).Run();
}

}  // namespace osteon::path
