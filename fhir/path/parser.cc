#include "fhir/path/parser.h"

#include <array>
#include <optional>

#include "fhir/path/lexer.h"

namespace osteon::path {
namespace {

struct OperatorRow {
  std::string_view text;
  Operator op;
  int precedence;  // greater binds tighter; all are left-associative; signs and dots bind tightest
};
// Source: FHIRPath 2.0.0 "Operator Precedence".
constexpr OperatorRow kOperators[] = {
    {"*", Operator::kTimes, 80},       {"/", Operator::kDivide, 80},
    {"div", Operator::kDiv, 80},       {"mod", Operator::kMod, 80},
    {"+", Operator::kPlus, 70},        {"-", Operator::kMinus, 70},
    {"&", Operator::kConcatenate, 70}, {"is", Operator::kIs, 60},
    {"as", Operator::kAs, 60},         {"|", Operator::kUnion, 50},
    {"<", Operator::kLess, 40},        {"<=", Operator::kLessOrEqual, 40},
    {">", Operator::kGreater, 40},     {">=", Operator::kGreaterOrEqual, 40},
    {"=", Operator::kEqual, 30},       {"!=", Operator::kNotEqual, 30},
    {"~", Operator::kEquivalent, 30},  {"!~", Operator::kNotEquivalent, 30},
    {"in", Operator::kIn, 20},         {"contains", Operator::kContains, 20},
    {"and", Operator::kAnd, 15},       {"or", Operator::kOr, 10},
    {"xor", Operator::kXor, 10},       {"implies", Operator::kImplies, 5},
};
constexpr int kLowestPrecedence = 0;

constexpr std::array<std::string_view, 16> kCalendarUnits = {
    "year",  "month",  "week",  "day",  "hour",  "minute",  "second",  "millisecond",
    "years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"};

bool IsCalendarUnit(std::string_view word) {
  for (const std::string_view unit : kCalendarUnits) {
    if (unit == word) return true;
  }
  return false;
}

// Words that can be names although they are operators too; the others need backticks at a term's start.
bool IsNameAlthoughKeyword(std::string_view word) {
  return word == "as" || word == "is" || word == "in" || word == "contains";
}

// Associative operators: their node has two or more operands.
bool Chains(Operator op) {
  return op == Operator::kUnion || op == Operator::kAnd || op == Operator::kOr;
}

const OperatorRow* FindOperator(const Token& token) {
  if (token.kind != TokenKind::kSymbol && token.kind != TokenKind::kIdentifier) return nullptr;
  for (const OperatorRow& row : kOperators) {
    if (row.text == token.text) return &row;
  }
  return nullptr;
}

class Parser {
 public:
  Parser(std::vector<Token> tokens, std::vector<Diagnostic>& diagnostics)
      : tokens_(std::move(tokens)), diagnostics_(diagnostics) {}

  Ast Run() {
    ast_.root = Expression(kLowestPrecedence);
    if (Now().kind != TokenKind::kEnd) {
      Report(Now().span, "unexpected " + Name(Now()), "an operator or the end was expected here");
    }
    return std::move(ast_);
  }

 private:
  const Token& Now() const { return tokens_[at_]; }
  const Token& Ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  Token Take() {
    Token token = tokens_[at_];
    if (token.kind != TokenKind::kEnd) ++at_;
    return token;
  }
  Span LastSpan() const { return at_ == 0 ? tokens_[0].span : tokens_[at_ - 1].span; }

  static std::string Name(const Token& token) {
    switch (token.kind) {
      case TokenKind::kEnd:
        return "end of the expression";
      case TokenKind::kString:
        return "string";
      case TokenKind::kThis:
        return "'$this'";
      case TokenKind::kIndex:
        return "'$index'";
      case TokenKind::kTotal:
        return "'$total'";
      default:
        return "'" + token.text + "'";
    }
  }

  void Report(Span span, std::string message, std::string hint = {}) {
    // One finding a place: the parts of a broken term would each repeat it.
    if (abandoned_ || (!diagnostics_.empty() && diagnostics_.back().span.begin == span.begin)) return;
    diagnostics_.push_back({Severity::kError, Phase::kParse, span, std::move(message), std::move(hint)});
  }

  Expr* New(ExprKind kind, Span span) {
    ast_.nodes.push_back(std::make_unique<Expr>());
    Expr* expr = ast_.nodes.back().get();
    expr->kind = kind;
    expr->span = span;
    return expr;
  }
  // To be called when the children are set.
  Expr* Finish(Expr* expr) {
    expr->span.end = std::max(expr->span.end, LastSpan().end);
    std::uint32_t below = expr->input != nullptr ? expr->input->depth : 0;
    for (const Expr* operand : expr->operands) below = std::max(below, operand->depth);
    expr->depth = below + 1;
    if (expr->depth <= kMaxExprDepth) return expr;
    Report(expr->span, "the expression is nested too deeply",
           "at most " + std::to_string(kMaxExprDepth) + " levels");
    return Abandon();
  }
  // Gives up the rest, so that a hostile text costs one finding.
  Expr* Abandon() {
    abandoned_ = true;
    at_ = tokens_.size() - 1;
    return New(ExprKind::kError, Now().span);
  }

  // Skips to the end of the current bracket's part.
  Expr* Recover(Span span) {
    int open = 0;
    while (Now().kind != TokenKind::kEnd) {
      const Token& token = Now();
      if (token.Is("(") || token.Is("[") || token.Is("{")) ++open;
      if (token.Is(")") || token.Is("]") || token.Is("}")) {
        if (open == 0) break;
        --open;
      }
      if (token.Is(",") && open == 0) break;
      Take();
    }
    return New(ExprKind::kError, span);
  }

  Expr* Expression(int lowest) {
    if (++nesting_ > kMaxExprDepth) {
      Report(Now().span, "the expression is nested too deeply");
      --nesting_;
      return Abandon();
    }
    Expr* left = Operand();
    while (const OperatorRow* row = FindOperator(Now())) {
      if (row->precedence <= lowest) break;
      left = Infix(left, *row);
    }
    --nesting_;
    return left;
  }

  Expr* Infix(Expr* left, const OperatorRow& row) {
    const Span sign = Take().span;
    if (Chains(row.op) && left->kind == ExprKind::kBinary && left->op == row.op) {
      // "a | b | c" is one node, so that a list of a thousand codes is not a thousand levels deep.
      Expr* right = Expression(row.precedence);
      left->operands.push_back(right);
      return Finish(left);
    }
    const bool is_type = row.op == Operator::kIs || row.op == Operator::kAs;
    Expr* expr = New(is_type ? ExprKind::kTypeOperator : ExprKind::kBinary, left->span);
    expr->op = row.op;
    expr->name_span = sign;
    if (is_type) {
      expr->input = left;
      const auto type = TypeSpecifier();
      if (!type) return Recover(sign);
      expr->type_name = *type;
    } else {
      Expr* right = Expression(row.precedence);
      expr->operands = {left, right};
    }
    return Finish(expr);
  }

  Expr* Operand() {
    if (Now().Is("+") || Now().Is("-")) {
      if (++nesting_ > kMaxExprDepth) return TooDeep();
      const Token sign = Take();
      Expr* expr = New(ExprKind::kUnary, sign.span);
      expr->op = sign.text == "-" ? Operator::kMinus : Operator::kPlus;
      expr->name_span = sign.span;
      expr->operands = {Operand()};
      --nesting_;
      return Finish(expr);
    }
    return Postfix(Term());
  }
  Expr* TooDeep() {
    Report(Now().span, "the expression is nested too deeply");
    --nesting_;
    return Abandon();
  }

  Expr* Postfix(Expr* left) {
    for (;;) {
      if (Now().Is(".")) {
        Take();
        const Token& token = Now();
        if (token.kind == TokenKind::kThis) {
          // The grammar allows "name.$this": each name itself.
          Take();
          continue;
        }
        if (token.kind != TokenKind::kIdentifier && token.kind != TokenKind::kDelimitedIdentifier) {
          Report(token.span, "a name is missing after '.'");
          return Recover(token.span);
        }
        left = MemberOrCall(left);
      } else if (Now().Is("[")) {
        const Span bracket = Take().span;
        Expr* expr = New(ExprKind::kIndexer, left->span);
        expr->name_span = bracket;
        expr->input = left;
        Expr* index = Expression(kLowestPrecedence);
        expr->operands = {index};
        Close("]", bracket);
        left = Finish(expr);
      } else {
        return left;
      }
    }
  }

  void Close(std::string_view bracket, Span opening) {
    if (Now().Is(bracket)) {
      Take();
      return;
    }
    Report(Now().span, "'" + std::string(bracket) + "' is missing before " + Name(Now()),
           "the bracket was opened at byte " + std::to_string(opening.begin + 1));
    Recover(Now().span);
    if (Now().Is(bracket)) Take();
  }

  Expr* MemberOrCall(Expr* input) {
    const Token name = Take();
    const bool is_call = Now().Is("(");
    Expr* expr = New(is_call ? ExprKind::kCall : ExprKind::kMember, name.span);
    if (input != nullptr) expr->span.begin = input->span.begin;
    expr->name_span = name.span;
    expr->text = name.text;
    expr->input = input;
    if (is_call) Arguments(*expr);
    return Finish(expr);
  }

  void Arguments(Expr& call) {
    const Span opening = Take().span;
    const bool is_sort = call.text == "sort";
    while (!Now().Is(")") && Now().kind != TokenKind::kEnd) {
      Expr* argument = Expression(kLowestPrecedence);
      call.operands.push_back(is_sort ? SortKey(argument) : argument);
      if (!Now().Is(",")) break;
      Take();
      if (Now().Is(")")) Report(Now().span, "an argument is missing after ','");
    }
    Close(")", opening);
  }

  // "family desc"; also "-family", which 2.0's draft function had before the words came.
  Expr* SortKey(Expr* key) {
    const bool is_negated = key->kind == ExprKind::kUnary && key->op == Operator::kMinus;
    const bool is_word = Now().IsWord("asc") || Now().IsWord("desc");
    if (is_word && Take().text == "asc") return key;
    if (!is_negated && !is_word) return key;
    Expr* inner = is_word ? key : key->operands[0];
    Expr* expr = New(ExprKind::kUnary, key->span);
    expr->op = is_word ? Operator::kDescending : Operator::kNegatedKey;
    expr->name_span = key->span;
    expr->operands = {inner};
    return Finish(expr);
  }

  Expr* Term() {
    const Token& token = Now();
    switch (token.kind) {
      case TokenKind::kIdentifier:
        return Word();
      case TokenKind::kDelimitedIdentifier:
        return MemberOrCall(nullptr);
      case TokenKind::kString:
        return Literal(ExprKind::kString);
      case TokenKind::kInteger:
        return NumberOrQuantity(ExprKind::kInteger);
      case TokenKind::kDecimal:
        return NumberOrQuantity(ExprKind::kDecimal);
      case TokenKind::kLong:
        return Literal(ExprKind::kLong);
      case TokenKind::kDate:
        return Literal(ExprKind::kDate);
      case TokenKind::kDateTime:
        return Literal(ExprKind::kDateTime);
      case TokenKind::kTime:
        return Literal(ExprKind::kTime);
      case TokenKind::kThis:
        return Literal(ExprKind::kThis);
      case TokenKind::kIndex:
        return Literal(ExprKind::kIndex);
      case TokenKind::kTotal:
        return Literal(ExprKind::kTotal);
      case TokenKind::kSymbol:
      case TokenKind::kEnd:
        break;
    }
    if (token.Is("(")) return Parenthesised();
    if (token.Is("{")) return EmptyLiteral();
    if (token.Is("%")) return Variable();
    Report(token.span, "an operand is missing before " + Name(token));
    return Recover(token.span);
  }

  Expr* Literal(ExprKind kind) {
    const Token token = Take();
    Expr* expr = New(kind, token.span);
    expr->text = token.text;
    return expr;
  }

  Expr* Word() {
    const Token& token = Now();
    if (token.text == "true" || token.text == "false") return Literal(ExprKind::kBoolean);
    if (FindOperator(token) != nullptr && !IsNameAlthoughKeyword(token.text)) {
      Report(token.span, "an operand is missing before '" + token.text + "'",
             "an element of that name is written in backticks");
      return Recover(token.span);
    }
    return MemberOrCall(nullptr);
  }

  Expr* NumberOrQuantity(ExprKind kind) {
    Expr* expr = Literal(kind);
    const bool is_word = Now().kind == TokenKind::kIdentifier && IsCalendarUnit(Now().text);
    if (!is_word && Now().kind != TokenKind::kString) return expr;
    expr->kind = ExprKind::kQuantity;
    expr->calendar_unit = is_word;
    expr->unit = Take().text;
    return Finish(expr);
  }

  Expr* Parenthesised() {
    const Span opening = Take().span;
    Expr* inner = Expression(kLowestPrecedence);
    Close(")", opening);
    return inner;
  }

  Expr* EmptyLiteral() {
    Expr* expr = New(ExprKind::kEmptyLiteral, Take().span);
    if (!Now().Is("}")) {
      Report(Now().span, "'}' is missing", "{ } is the empty collection; lists are written (1 | 2)");
      Recover(Now().span);
    }
    if (Now().Is("}")) Take();
    return Finish(expr);
  }

  Expr* Variable() {
    const Span sign = Take().span;
    const Token name = Now();
    if (name.kind != TokenKind::kIdentifier && name.kind != TokenKind::kDelimitedIdentifier &&
        name.kind != TokenKind::kString) {
      Report(sign, "a name is missing after '%'");
      return Recover(sign);
    }
    Take();
    Expr* expr = New(ExprKind::kVariable, sign);
    expr->name_span = {sign.begin, name.span.end};
    expr->text = name.text;
    return Finish(expr);
  }

  std::optional<TypeName> TypeSpecifier() {
    const auto is_name = [](const Token& token) {
      return token.kind == TokenKind::kIdentifier || token.kind == TokenKind::kDelimitedIdentifier;
    };
    if (!is_name(Now())) {
      Report(Now().span, "a type is missing before " + Name(Now()));
      return std::nullopt;
    }
    TypeName type;
    const Token first = Take();
    type.name = first.text;
    type.span = first.span;
    if (Now().Is(".") && is_name(Ahead())) {
      Take();
      const Token second = Take();
      type.space = std::move(type.name);
      type.name = second.text;
      type.span.end = second.span.end;
    }
    return type;
  }

  std::vector<Token> tokens_;
  std::vector<Diagnostic>& diagnostics_;
  Ast ast_;
  std::size_t at_ = 0;
  std::uint32_t nesting_ = 0;
  bool abandoned_ = false;
};

}  // namespace

std::string_view OperatorText(Operator op) {
  for (const OperatorRow& row : kOperators) {
    if (row.op == op) return row.text;
  }
  if (op == Operator::kNegatedKey) return "-";
  return op == Operator::kDescending ? "desc" : "";
}

Ast Parse(std::string_view text, std::vector<Diagnostic>& diagnostics) {
  if (text.size() > kMaxTextBytes) {
    diagnostics.push_back({Severity::kError,
                           Phase::kParse,
                           {},
                           "the expression is too long",
                           "at most " + std::to_string(kMaxTextBytes) + " bytes"});
    text = {};
  }
  return Parser(Tokenize(text, diagnostics), diagnostics).Run();
}

}  // namespace osteon::path
