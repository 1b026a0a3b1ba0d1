// Terms: literals, names, calls, selectors, if and case.
#include "fhir/cql/parser_internal.h"

namespace osteon::cql {

// A term with what follows it: .name, .function(...), [index], and, where `allow_query`, an alias that makes
// it the source of a query.
Syntax* Parser::PostfixTerm(bool allow_query) {
  const bool parenthesized = IsSymbol("(");
  const auto may_be_source = [parenthesized](const Syntax& node) {
    return parenthesized || node.kind == SyntaxKind::kRetrieve || node.kind == SyntaxKind::kIdentifier ||
           node.kind == SyntaxKind::kMember || node.kind == SyntaxKind::kCall;
  };
  Syntax* value = Primary();
  while (!failed_) {
    if (AcceptSymbol(".")) {
      const Span span = Peek().span;
      const std::string_view name = ExpectMemberName();
      if (IsSymbol("(")) {
        value = Call(value, name, span);
        continue;
      }
      Syntax* const member = New(SyntaxKind::kMember, value->span, name);
      Adopt(member, value);
      value = Close(member);
    } else if (IsSymbol("[")) {
      Take();
      Syntax* const index = Expression();
      ExpectSymbol("]", "after the index");
      value = NewOperator("Indexer", value->span, {value, index});
    } else if (allow_query && may_be_source(*value) && IsIdentifier()) {
      value = Query(value);
      allow_query = false;
    } else {
      break;
    }
  }
  return value;
}

Syntax* Parser::Primary() {
  const Token token = Peek();
  switch (token.kind) {
    case TokenKind::kWord:
      return WordTerm();
    case TokenKind::kQuotedIdentifier:
      if (AtInstance()) return WordTerm();
      Take();
      if (IsSymbol("(")) return Call(nullptr, token.text, token.span);
      return New(SyntaxKind::kIdentifier, token.span, token.text);
    case TokenKind::kExternalConstant:
      Take();
      return New(SyntaxKind::kExternalConstant, token.span, token.text);
    case TokenKind::kSymbol:
      break;
    default:
      return Literal();
  }
  if (AcceptSymbol("(")) {
    Syntax* const inner = Expression();
    ExpectSymbol(")", "after the expression in parentheses");
    return inner;
  }
  if (IsSymbol("[")) return Retrieve();
  if (IsSymbol("{")) return BraceTerm();
  if (token.text == "$this" || token.text == "$index" || token.text == "$total") {
    Take();
    return New(token.text == "$this"    ? SyntaxKind::kThis
               : token.text == "$index" ? SyntaxKind::kIndex
                                        : SyntaxKind::kTotal,
               token.span);
  }
  FailHere("an expression");
  return New(SyntaxKind::kError, token.span);
}

Syntax* Parser::Literal() {
  const Token token = Peek();
  SyntaxKind kind = SyntaxKind::kError;
  switch (token.kind) {
    case TokenKind::kInteger:
    case TokenKind::kLong:
    case TokenKind::kDecimal:
      return NumberLiteral(true);
    case TokenKind::kString:
      kind = SyntaxKind::kString;
      break;
    case TokenKind::kDate:
      kind = SyntaxKind::kDate;
      break;
    case TokenKind::kDateTime:
      kind = SyntaxKind::kDateTime;
      break;
    case TokenKind::kTime:
      kind = SyntaxKind::kTime;
      break;
    default:
      FailHere("an expression");
      return New(SyntaxKind::kError, token.span);
  }
  Take();
  return New(kind, token.span, token.text);
}

// A number, a quantity when a unit follows, a ratio when ':' and another quantity follow.
Syntax* Parser::NumberLiteral(bool allow_ratio) {
  const Token number = Take();
  Syntax* node = New(number.kind == TokenKind::kInteger ? SyntaxKind::kInteger
                     : number.kind == TokenKind::kLong  ? SyntaxKind::kLong
                                                        : SyntaxKind::kDecimal,
                     number.span, number.text);
  const bool calendar_unit = Peek().kind == TokenKind::kWord && !SingularPrecision(Peek().text).empty();
  if (number.kind != TokenKind::kLong && (Peek().kind == TokenKind::kString || calendar_unit)) {
    node->kind = SyntaxKind::kQuantity;
    node->unit = Take().text;
    Close(node);
  }
  const bool number_after = Peek(1).kind == TokenKind::kInteger || Peek(1).kind == TokenKind::kDecimal;
  if (!allow_ratio || number.kind == TokenKind::kLong || !IsSymbol(":") || !number_after) return node;
  Take();
  Syntax* const ratio = New(SyntaxKind::kRatio, number.span);
  Syntax* const denominator = NumberLiteral(false);
  for (Syntax* const part : {node, denominator}) {
    if (part->kind != SyntaxKind::kQuantity) part->unit = "1";
    part->kind = SyntaxKind::kQuantity;
    Adopt(ratio, part);
  }
  return Close(ratio);
}

// [qualifier.]Name { ... with elements, as "Quantity { value: 1 }", or empty, as "Quantity { : }".
bool Parser::AtInstance() const {
  std::size_t ahead = 1;
  while (IsSymbol(".", ahead)) ahead += 2;
  return IsSymbol("{", ahead);
}

Syntax* Parser::WordTerm() {
  const Token token = Peek();
  if (token.kind == TokenKind::kWord) {
    if (token.text == "null") return New(SyntaxKind::kNull, Take().span);
    if (token.text == "true" || token.text == "false") {
      Take();
      return New(SyntaxKind::kBoolean, token.span, token.text);
    }
    if (token.text == "Interval" && (IsSymbol("[", 1) || IsSymbol("(", 1))) return IntervalSelector();
    if (token.text == "Tuple" && IsSymbol("{", 1)) {
      Take();
      Syntax* const tuple = New(SyntaxKind::kTuple, token.span);
      Elements(tuple);
      return Close(tuple);
    }
    if (token.text == "List" && (IsSymbol("{", 1) || IsSymbol("<", 1))) {
      Take();
      TypeSyntax* element_type = nullptr;
      if (AcceptSymbol("<")) {
        element_type = Type();
        ExpectSymbol(">", "after the element type");
      }
      return ListSelector(element_type, token.span);
    }
    if (token.text == "Code" && Peek(1).kind == TokenKind::kString) return CodeSelector();
    if (token.text == "Concept" && IsSymbol("{", 1) && IsWord("Code", 2) &&
        Peek(3).kind == TokenKind::kString) {
      return ConceptSelector();
    }
    if (token.text == "from") return Query(nullptr);
    if (IsReserved(token.text)) {
      FailHere("an expression",
               "'" + std::string(token.text) + "' is a reserved word; as a name, write it in double quotes");
      return New(SyntaxKind::kError, token.span);
    }
  }
  if (AtInstance()) {
    Syntax* const instance = New(SyntaxKind::kInstance, token.span);
    instance->type = NamedType();
    Elements(instance);
    return Close(instance);
  }
  Take();
  if (IsSymbol("(")) return Call(nullptr, token.text, token.span);
  return New(SyntaxKind::kIdentifier, token.span, token.text);
}

Syntax* Parser::Call(Syntax* target, std::string_view name, Span span) {
  Syntax* const call = New(SyntaxKind::kCall, span, name);
  if (target != nullptr) {
    call->has_target = true;
    Adopt(call, target);
  }
  Take();
  if (!IsSymbol(")")) {
    do Adopt(call, Expression());
    while (AcceptSymbol(","));
  }
  ExpectSymbol(")", "after the arguments");
  return Close(call);
}

Syntax* Parser::IntervalSelector() {
  Syntax* const interval = New(SyntaxKind::kInterval, Take().span);
  interval->low_closed = Take().text == "[";
  Adopt(interval, Expression());
  ExpectSymbol(",", "between the bounds of the interval");
  Adopt(interval, Expression());
  if (!IsSymbol("]") && !IsSymbol(")")) {
    FailHere("']' or ')' after the bounds of the interval");
    return interval;
  }
  interval->high_closed = Take().text == "]";
  return Close(interval);
}

Syntax* Parser::ListSelector(TypeSyntax* element_type, Span span) {
  Syntax* const list = New(SyntaxKind::kList, span);
  list->type = element_type;
  ExpectSymbol("{", "before the elements of the list");
  if (!IsSymbol("}")) {
    do Adopt(list, Expression());
    while (AcceptSymbol(","));
  }
  ExpectSymbol("}", "after the elements of the list");
  return Close(list);
}

// "{" begins a list or a tuple without its word.
Syntax* Parser::BraceTerm() {
  const Span span = Peek().span;
  const bool named = IsReferential(1) && IsSymbol(":", 2);
  if (!named && !IsSymbol(":", 1)) return ListSelector(nullptr, span);
  Syntax* const tuple = New(SyntaxKind::kTuple, span);
  Elements(tuple);
  return Close(tuple);
}

// { name: value, ... } or { : }
void Parser::Elements(Syntax* node) {
  ExpectSymbol("{", "before the elements");
  if (!AcceptSymbol(":") && !IsSymbol("}")) {
    do {
      node->names.push_back(ExpectMemberName());
      ExpectSymbol(":", "after the name of the element");
      Adopt(node, Expression());
    } while (AcceptSymbol(","));
  }
  ExpectSymbol("}", "after the elements");
}

// Code 'c' from [library.]system [display 'd']
Syntax* Parser::CodeSelector() {
  Syntax* const code = New(SyntaxKind::kCode, Take().span);
  code->text = Take().text;
  ExpectWord("from", "before the code system");
  const Span span = Peek().span;
  Syntax* system = New(SyntaxKind::kIdentifier, span, ExpectIdentifier("the code system"));
  if (AcceptSymbol(".")) {
    Syntax* const member = New(SyntaxKind::kMember, span, ExpectMemberName());
    Adopt(member, system);
    system = Close(member);
  }
  Adopt(code, system);
  if (AcceptWord("display")) code->display = ExpectString("the display text");
  return Close(code);
}

Syntax* Parser::ConceptSelector() {
  Syntax* const node = New(SyntaxKind::kConcept, Take().span);
  Take();
  do {
    if (!IsWord("Code") || Peek(1).kind != TokenKind::kString) {
      FailHere("a code of the concept");
      break;
    }
    Adopt(node, CodeSelector());
  } while (AcceptSymbol(","));
  ExpectSymbol("}", "after the codes of the concept");
  if (AcceptWord("display")) node->display = ExpectString("the display text");
  return Close(node);
}

Syntax* Parser::IfTerm() {
  Syntax* const node = New(SyntaxKind::kIf, Take().span);
  Adopt(node, Expression());
  ExpectWord("then", "after the condition of 'if'");
  Adopt(node, Expression());
  ExpectWord("else", "after the first result of 'if'");
  Adopt(node, Expression());
  return Close(node);
}

Syntax* Parser::CaseTerm() {
  Syntax* const node = New(SyntaxKind::kCase, Take().span);
  if (!IsWord("when")) {
    node->has_target = true;
    Adopt(node, Expression());
  }
  if (!IsWord("when")) FailHere("'when' in 'case'");
  while (AcceptWord("when")) {
    Adopt(node, Expression());
    ExpectWord("then", "after the condition of 'when'");
    Adopt(node, Expression());
  }
  ExpectWord("else", "after the items of 'case'");
  Adopt(node, Expression());
  ExpectWord("end", "after 'case'");
  return Close(node);
}

}  // namespace osteon::cql
