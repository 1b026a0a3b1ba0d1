// Operators: the levels "expression" and "expressionTerm" of the grammar.
#include <algorithm>
#include <array>
#include <optional>

#include "fhir/cql/parser_internal.h"

namespace osteon::cql {
namespace {

struct InfixRow {
  std::string_view text;
  Power power;
  std::string_view name;  // of the operator
};

constexpr InfixRow kInfix[] = {
    {"|", Power::kSet, "Union"},
    {"union", Power::kSet, "Union"},
    {"intersect", Power::kSet, "Intersect"},
    {"except", Power::kSet, "Except"},
    {"implies", Power::kImplies, "Implies"},
    {"or", Power::kOr, "Or"},
    {"xor", Power::kOr, "Xor"},
    {"and", Power::kAnd, "And"},
    {"=", Power::kEquality, "Equal"},
    {"!=", Power::kEquality, "NotEqual"},
    {"~", Power::kEquality, "Equivalent"},
    {"!~", Power::kEquality, "NotEquivalent"},
    {"<", Power::kInequality, "Less"},
    {"<=", Power::kInequality, "LessOrEqual"},
    {">", Power::kInequality, "Greater"},
    {">=", Power::kInequality, "GreaterOrEqual"},
};

const InfixRow* FindInfix(const Token& token) {
  if (token.kind != TokenKind::kSymbol && token.kind != TokenKind::kWord) return nullptr;
  const auto* const row = std::find_if(std::begin(kInfix), std::end(kInfix), [&](const InfixRow& candidate) {
    return candidate.text == token.text;
  });
  return row == std::end(kInfix) ? nullptr : row;
}

Power Above(Power power) {
  return static_cast<Power>(static_cast<int>(power) + 1);
}

struct PrecisionRow {
  std::string_view singular;
  std::string_view plural;
};
constexpr PrecisionRow kPrecisions[] = {
    {"year", "years"}, {"month", "months"},   {"week", "weeks"},     {"day", "days"},
    {"hour", "hours"}, {"minute", "minutes"}, {"second", "seconds"}, {"millisecond", "milliseconds"},
};

// "<component> from x" and "<phrase> of x": the words and the operator.
struct PhraseRow {
  std::string_view first;
  std::string_view second;
  std::string_view name;
};
constexpr PhraseRow kPhrases[] = {
    {"start", "of", "Start"},
    {"end", "of", "End"},
    {"width", "of", "Width"},
    {"successor", "of", "Successor"},
    {"predecessor", "of", "Predecessor"},
    {"singleton", "from", "SingletonFrom"},
    {"point", "from", "PointFrom"},
    {"date", "from", "DateFrom"},
    {"time", "from", "TimeFrom"},
    {"timezone", "from", "TimezoneFrom"},
    {"timezoneoffset", "from", "TimezoneOffsetFrom"},
};

}  // namespace

std::string_view SingularPrecision(std::string_view word) {
  for (const PrecisionRow& row : kPrecisions) {
    if (word == row.singular || word == row.plural) return row.singular;
  }
  return {};
}

Syntax* Parser::Expression(Power least) {
  const NestingGuard guard(*this);
  if (!guard.ok()) return New(SyntaxKind::kError, Peek().span);
  Syntax* left = PrefixExpression();
  while (!failed_) {
    Syntax* const more = InfixExpression(left, least);
    if (more == left) break;
    left = more;
  }
  return left;
}

Syntax* Parser::PrefixExpression() {
  const Span span = Peek().span;
  if (IsWord("exists")) {
    Take();
    return NewOperator("Exists", span, {Expression(Power::kExists)});
  }
  if (IsWord("not")) {
    Take();
    return NewOperator("Not", span, {Expression(Power::kNot)});
  }
  if (IsWord("cast")) {
    Take();
    Syntax* const cast = New(SyntaxKind::kCast, span);
    Adopt(cast, Expression(Power::kTerm));
    if (ExpectWord("as", "after the value of 'cast'")) cast->type = Type();
    return Close(cast);
  }
  const bool duration = IsAnyWord({"duration", "difference"}) && IsWord("in", 1) && IsWord("between", 3);
  const bool plural = !duration && IsWord("between", 1) && Peek().kind == TokenKind::kWord &&
                      Peek().text.ends_with('s') && !SingularPrecision(Peek().text).empty();
  if (duration || plural) return DurationBetween();
  return Additive();
}

// [(duration | difference) in] years between x and y
Syntax* Parser::DurationBetween() {
  const Span span = Peek().span;
  std::string_view name = "DurationBetween";
  if (IsAnyWord({"duration", "difference"})) {
    if (Take().text == "difference") name = "DifferenceBetween";
    Take();
  }
  const std::string_view precision = SingularPrecision(Peek().text);
  if (precision.empty()) FailHere("years, months, weeks, days, hours, minutes, seconds or milliseconds");
  Take();
  ExpectWord("between", "after the precision");
  Syntax* const low = Additive();
  ExpectWord("and", "between the operands of 'between'");
  Syntax* const high = Additive();
  return NewOperator(name, span, {low, high}, precision);
}

// The expression with one more operator at its right, or `left` itself when none follows that binds so tight.
Syntax* Parser::InfixExpression(Syntax* left, Power least) {
  if (least <= Power::kType && IsAnyWord({"is", "as"})) return IsOrAs(left);
  if (least <= Power::kBetween && (IsWord("between") || (IsWord("properly") && IsWord("between", 1)))) {
    return BetweenExpression(left);
  }
  if (least <= Power::kTiming && AtTimingPhrase()) return TimingExpression(left);
  if (least <= Power::kMembership && IsAnyWord({"in", "contains"})) return MembershipExpression(left);
  return BinaryExpression(left, least);
}

Syntax* Parser::BinaryExpression(Syntax* left, Power least) {
  const InfixRow* const row = FindInfix(Peek());
  if (row == nullptr || row->power < least) return left;
  Take();
  Syntax* const right = Expression(Above(row->power));
  return NewOperator(row->name, left->span, {left, right});
}

Syntax* Parser::MembershipExpression(Syntax* left) {
  const std::string_view name = Take().text == "in" ? "In" : "Contains";
  const std::string_view precision = PrecisionOf();
  Syntax* const right = Expression(Above(Power::kMembership));
  return NewOperator(name, left->span, {left, right}, precision);
}

Syntax* Parser::BetweenExpression(Syntax* left) {
  const bool properly = AcceptWord("properly");
  Take();
  Syntax* const low = Additive();
  ExpectWord("and", "between the operands of 'between'");
  Syntax* const high = Additive();
  return NewOperator(properly ? "ProperBetween" : "Between", left->span, {left, low, high});
}

Syntax* Parser::IsOrAs(Syntax* left) {
  const bool is = Take().text == "is";
  if (is && (IsAnyWord({"not", "null", "true", "false"}))) {
    const bool negated = AcceptWord("not");
    const std::string_view value = Take().text;
    const std::string_view name = value == "null"    ? "IsNull"
                                  : value == "true"  ? "IsTrue"
                                  : value == "false" ? "IsFalse"
                                                     : "";
    if (name.empty()) Fail(Peek().span, "expected null, true or false after 'is not'");
    Syntax* const test = NewOperator(name, left->span, {left});
    return negated ? NewOperator("Not", left->span, {test}) : test;
  }
  Syntax* const node = New(is ? SyntaxKind::kIs : SyntaxKind::kAs, left->span);
  Adopt(node, left);
  node->type = Type();
  return Close(node);
}

Syntax* Parser::Additive() {
  Syntax* left = Multiplicative();
  while (!failed_ && (IsSymbol("+") || IsSymbol("-") || IsSymbol("&"))) {
    const std::string_view symbol = Take().text;
    const std::string_view name = symbol == "+" ? "Add" : symbol == "-" ? "Subtract" : "ConcatenateNotNull";
    Syntax* const right = Multiplicative();
    left = NewOperator(name, left->span, {left, right});
  }
  return left;
}

Syntax* Parser::Multiplicative() {
  Syntax* left = PowerTerm();
  while (!failed_ && (IsSymbol("*") || IsSymbol("/") || IsWord("div") || IsWord("mod"))) {
    const std::string_view symbol = Take().text;
    const std::string_view name = symbol == "*"     ? "Multiply"
                                  : symbol == "/"   ? "Divide"
                                  : symbol == "div" ? "TruncatedDivide"
                                                    : "Modulo";
    Syntax* const right = PowerTerm();
    left = NewOperator(name, left->span, {left, right});
  }
  return left;
}

Syntax* Parser::PowerTerm() {
  Syntax* left = PrefixTerm();
  while (!failed_ && AcceptSymbol("^")) {
    Syntax* const right = PrefixTerm();
    left = NewOperator("Power", left->span, {left, right});
  }
  return left;
}

Syntax* Parser::PrefixTerm() {
  const NestingGuard guard(*this);
  if (!guard.ok()) return New(SyntaxKind::kError, Peek().span);
  const Span span = Peek().span;
  if (AcceptSymbol("+")) return NewOperator("Positive", span, {PrefixTerm()});
  if (AcceptSymbol("-")) return NewOperator("Negate", span, {PrefixTerm()});
  if (Peek().kind == TokenKind::kWord) {
    if (Syntax* const phrase = PhraseTerm()) return phrase;
  }
  return PostfixTerm(true);
}

// Null when no phrase begins here.
Syntax* Parser::PhraseTerm() {
  const Span span = Peek().span;
  for (const PhraseRow& row : kPhrases) {
    if (!IsWord(row.first) || !IsWord(row.second, 1)) continue;
    Take();
    Take();
    return NewOperator(row.name, span, {PrefixTerm()});
  }
  if (IsWord("from", 1)) {
    const std::string_view precision = SingularPrecision(Peek().text);
    if (!precision.empty() && precision == Peek().text) {
      Take();
      Take();
      return NewOperator("DateTimeComponentFrom", span, {PrefixTerm()}, precision);
    }
  }
  if (IsAnyWord({"duration", "difference"}) && IsWord("in", 1)) {
    const std::string_view name = Take().text == "duration" ? "DurationBetween" : "DifferenceBetween";
    Take();
    const std::string_view precision = SingularPrecision(Peek().text);
    if (precision.empty()) FailHere("years, months, weeks, days, hours, minutes, seconds or milliseconds");
    Take();
    ExpectWord("of", "after the precision");
    return NewOperator(name, span, {PrefixTerm()}, precision);
  }
  if (IsAnyWord({"minimum", "maximum"}) && IsReferential(1)) {
    Syntax* const node = New(Take().text == "minimum" ? SyntaxKind::kMinimum : SyntaxKind::kMaximum, span);
    node->type = NamedType();
    return Close(node);
  }
  if (IsWord("convert") && !IsSymbol(".", 1)) return Convert();
  if (IsAnyWord({"distinct", "flatten", "expand", "collapse"})) return AggregateTerm();
  if (IsWord("if")) return IfTerm();
  if (IsWord("case")) return CaseTerm();
  return nullptr;
}

// convert x to (type | unit)
Syntax* Parser::Convert() {
  const Span span = Take().span;
  Syntax* const node = New(SyntaxKind::kConvert, span);
  Adopt(node, Expression());
  if (!ExpectWord("to", "after the value of 'convert'")) return Close(node);
  if (Peek().kind == TokenKind::kString) {
    const Token unit = Take();
    Adopt(node, New(SyntaxKind::kString, unit.span, unit.text));
  } else if (Peek().kind == TokenKind::kWord && !SingularPrecision(Peek().text).empty()) {
    const Token unit = Take();
    Adopt(node, New(SyntaxKind::kString, unit.span, unit.text));
  } else {
    node->type = Type();
  }
  return Close(node);
}

// (distinct | flatten) x; (expand | collapse) x [per (precision | quantity)]
Syntax* Parser::AggregateTerm() {
  const Token word = Take();
  const std::string_view name = word.text == "distinct"  ? "Distinct"
                                : word.text == "flatten" ? "Flatten"
                                : word.text == "expand"  ? "Expand"
                                                         : "Collapse";
  Syntax* const operand = Expression();
  Syntax* const node = NewOperator(name, word.span, {operand});
  if (name != "Expand" && name != "Collapse") return node;
  if (!AcceptWord("per")) return node;
  if (Peek().kind == TokenKind::kWord && !SingularPrecision(Peek().text).empty()) {
    const Token unit = Take();
    Syntax* const per = New(SyntaxKind::kQuantity, unit.span, "1");
    per->unit = unit.text;
    Adopt(node, per);
  } else {
    Adopt(node, Expression());
  }
  return Close(node);
}

}  // namespace osteon::cql
