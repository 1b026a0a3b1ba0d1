#include "fhir/model/ucum_expression.h"

#include <utility>

namespace osteon::model::ucum::internal {
namespace {

constexpr std::size_t kMaxLength = 256;
constexpr std::size_t kMaxFactors = 64;
constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxExponentDigits = 2;
constexpr std::size_t kMaxNumberDigits = 18;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
// Section 4: the printable ASCII characters without the ones that have a meaning in an expression.
bool IsSymbolCharacter(char c) {
  return c > ' ' && c < '\x7f' && std::string_view("\"()+-./=[]{}").find(c) == std::string_view::npos;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expression Parse() {
    if (text_.size() > kMaxLength) {
      Fail("the unit is longer than 256 characters");
    } else if (ParseTerm(1, 0) && at_ != text_.size()) {
      Fail("unexpected '" + std::string(text_.substr(at_, 1)) + "' in the unit");
    }
    return std::move(result_);
  }

 private:
  bool Fail(std::string why) {
    if (result_.error.empty()) result_.error = std::move(why);
    return false;
  }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // [ "/" ] component { ("." | "/") component }
  bool ParseTerm(std::int32_t sign, int depth) {
    std::int32_t direction = sign;
    if (Peek() == '/') {
      direction = -sign;
      ++at_;
    }
    if (!ParseComponent(direction, depth)) return false;
    while (Peek() == '.' || Peek() == '/') {
      direction = text_[at_] == '/' ? -sign : sign;
      ++at_;
      if (!ParseComponent(direction, depth)) return false;
    }
    return true;
  }

  // "(" term ")" | number [annotation] | symbol [exponent] [annotation] | annotation
  bool ParseComponent(std::int32_t sign, int depth) {
    if (Peek() == '(') {
      if (depth >= kMaxDepth) return Fail("too many nested parentheses");
      ++at_;
      if (!ParseTerm(sign, depth + 1)) return false;
      if (Peek() != ')') return Fail("')' is missing");
      ++at_;
      return true;
    }
    if (Peek() == '{') return ParseAnnotation();
    if (result_.factors.size() >= kMaxFactors) return Fail("the unit has more than 64 factors");
    const bool is_number = IsDigit(Peek()) && !IsTenSymbol();
    if (!(is_number ? ParseNumber(sign) : ParseSymbol(sign))) return false;
    return Peek() != '{' || ParseAnnotation();
  }

  bool ParseAnnotation() {
    for (++at_; at_ < text_.size() && text_[at_] != '}'; ++at_) {
      const char c = text_[at_];
      if (c == '{' || c <= ' ' || c >= '\x7f') {
        return Fail("an annotation holds printable ASCII characters without spaces and braces only");
      }
    }
    if (at_ >= text_.size()) return Fail("'}' is missing");
    ++at_;
    return true;
  }

  // 10* and 10^ are the only symbols that begin with a digit.
  bool IsTenSymbol() const {
    const std::string_view ahead = text_.substr(at_, 3);
    return ahead == "10*" || ahead == "10^";
  }

  bool ParseNumber(std::int32_t sign) {
    const std::size_t from = at_;
    std::int64_t number = 0;
    for (; IsDigit(Peek()); ++at_) {
      if (at_ - from >= kMaxNumberDigits) return Fail("a number in the unit has more than 18 digits");
      number = number * 10 + (text_[at_] - '0');
    }
    if (number == 0) return Fail("0 is no factor of a unit");
    result_.factors.push_back({true, number, {}, sign, sign < 0});
    return true;
  }

  bool ParseSymbol(std::int32_t sign) {
    const std::size_t from = at_;
    if (IsTenSymbol()) {
      at_ += 3;
    } else if (!SkipSymbol()) {
      return false;
    }
    const std::string_view code = text_.substr(from, at_ - from);
    if (code.empty())
      return Fail(at_ == text_.size() ? "the unit ends where a symbol is expected"
                                      : "a symbol is expected in the unit");
    const auto symbol = FindSymbol(code);
    if (!symbol) return Fail("'" + std::string(code) + "' is no UCUM unit");
    std::int32_t exponent = 1;
    if (!ParseExponent(exponent)) return false;
    result_.factors.push_back({false, 1, *symbol, sign * exponent, sign < 0});
    return true;
  }

  // Brackets may hold any printable character, also digits and dots: B[10.nV], m[H2O].
  bool SkipSymbol() {
    while (at_ < text_.size()) {
      if (Peek() == '[') {
        const std::size_t end = text_.find(']', at_);
        if (end == std::string_view::npos) return Fail("']' is missing");
        at_ = end + 1;
      } else if (IsSymbolCharacter(Peek()) && !IsDigit(Peek())) {
        ++at_;
      } else {
        break;
      }
    }
    return true;
  }

  bool ParseExponent(std::int32_t& exponent) {
    const char sign = Peek();
    if (sign == '+' || sign == '-') ++at_;
    if (!IsDigit(Peek())) {
      return sign == '+' || sign == '-' ? Fail("digits are expected after the sign of an exponent") : true;
    }
    exponent = 0;
    const std::size_t from = at_;
    for (; IsDigit(Peek()); ++at_) {
      if (at_ - from >= kMaxExponentDigits) return Fail("an exponent has more than two digits");
      exponent = exponent * 10 + (text_[at_] - '0');
    }
    if (sign == '-') exponent = -exponent;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Expression result_;
};

}  // namespace

Expression ParseExpression(std::string_view text) {
  return Parser(text).Parse();
}

}  // namespace osteon::model::ucum::internal
