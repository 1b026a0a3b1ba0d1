#include "fhir/cql/parser.h"

#include <algorithm>

#include "fhir/cql/parser_internal.h"

namespace osteon::cql {
namespace {

constexpr Token kEndToken;

std::string Shown(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the end of the text";
    case TokenKind::kString:
      return "a string";
    case TokenKind::kQuotedIdentifier:
      return "\"" + std::string(token.text.substr(0, 60)) + "\"";
    default:
      return "'" + std::string(token.text.substr(0, 60)) + "'";
  }
}

}  // namespace

NestingGuard::NestingGuard(Parser& parser) : parser_(parser) {
  if (++parser_.nesting_ <= kMaxSyntaxDepth) return;
  ok_ = false;
  parser_.Fail(parser_.Peek().span, "the expression is nested too deeply",
               "at most " + std::to_string(kMaxSyntaxDepth) + " levels; give parts of it a name with define");
}

const Token& Parser::Peek(std::size_t ahead) const {
  const auto& tokens = library_.tokens.tokens;
  if (failed_ || at_ + ahead >= tokens.size()) return kEndToken;
  return tokens[at_ + ahead];
}

Token Parser::Take() {
  const Token token = Peek();
  if (!failed_ && token.kind != TokenKind::kEnd) {
    ++at_;
    last_end_ = token.span.end;
  }
  return token;
}

bool Parser::IsWord(std::string_view word, std::size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kWord && token.text == word;
}

bool Parser::IsAnyWord(std::initializer_list<std::string_view> words, std::size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kWord && std::find(words.begin(), words.end(), token.text) != words.end();
}

bool Parser::IsSymbol(std::string_view symbol, std::size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kSymbol && token.text == symbol;
}

bool Parser::AcceptWord(std::string_view word) {
  if (!IsWord(word)) return false;
  Take();
  return true;
}

bool Parser::AcceptSymbol(std::string_view symbol) {
  if (!IsSymbol(symbol)) return false;
  Take();
  return true;
}

bool Parser::ExpectWord(std::string_view word, std::string_view where) {
  if (AcceptWord(word)) return true;
  FailHere("'" + std::string(word) + "' " + std::string(where));
  return false;
}

bool Parser::ExpectSymbol(std::string_view symbol, std::string_view where) {
  if (AcceptSymbol(symbol)) return true;
  FailHere("'" + std::string(symbol) + "' " + std::string(where));
  return false;
}

std::string_view Parser::ExpectString(std::string_view what) {
  if (Peek().kind == TokenKind::kString) return Take().text;
  FailHere(std::string(what) + " in single quotes");
  return {};
}

bool Parser::IsIdentifier(std::size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kQuotedIdentifier ||
         (token.kind == TokenKind::kWord && !IsKeyword(token.text));
}

std::string_view Parser::ExpectIdentifier(std::string_view what) {
  if (IsIdentifier()) return Take().text;
  std::string hint;
  if (Peek().kind == TokenKind::kWord) {
    hint = "'" + std::string(Peek().text) + "' is a keyword; as a name, write it in double quotes";
  }
  FailHere(what, hint);
  return {};
}

bool Parser::IsReferential(std::size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kQuotedIdentifier ||
         (token.kind == TokenKind::kWord && !IsReserved(token.text));
}

std::string_view Parser::ExpectReferential(std::string_view what) {
  if (IsReferential()) return Take().text;
  FailHere(what);
  return {};
}

std::string_view Parser::ExpectMemberName() {
  if (Peek().kind == TokenKind::kQuotedIdentifier || Peek().kind == TokenKind::kWord) return Take().text;
  FailHere("the name of an element or function after '.'");
  return {};
}

void Parser::Fail(Span span, std::string message, std::string hint) {
  if (failed_) return;
  diagnostics_.Add(Phase::kParse, span, std::move(message), std::move(hint));
  failed_ = true;
}

void Parser::FailHere(std::string_view expected, std::string hint) {
  const Token& token = Peek();
  Span span = token.span;
  if (token.kind == TokenKind::kEnd) {
    span.begin = static_cast<std::uint32_t>(source_.text.size());
    span.end = span.begin;
  }
  Fail(span, "expected " + std::string(expected) + ", found " + Shown(token), std::move(hint));
}

Syntax* Parser::New(SyntaxKind kind, Span span, std::string_view text) {
  Syntax& node = library_.nodes.emplace_back();
  node.kind = kind;
  node.span = span;
  node.text = text;
  return &node;
}

Syntax* Parser::NewOperator(std::string_view name, Span span, std::initializer_list<Syntax*> operands,
                            std::string_view precision) {
  Syntax* const node = New(SyntaxKind::kOperator, span, name);
  node->precision = precision;
  for (Syntax* const operand : operands) Adopt(node, operand);
  return Close(node);
}

// Long chains ("a or b or ...") are deep trees too, and everything after the parser recurses over them.
void Parser::Adopt(Syntax* parent, Syntax* child) {
  parent->children.push_back(child);
  const auto depth = static_cast<std::uint16_t>(child->depth + 1);
  parent->depth = std::max(parent->depth, depth);
  if (parent->depth > kMaxSyntaxDepth) {
    Fail(child->span, "the expression is nested too deeply",
         "at most " + std::to_string(kMaxSyntaxDepth) + " levels; give parts of it a name with define");
  }
}

void Parser::Library() {
  if (IsWord("library")) LibraryName();
  while (at_ + 1 < library_.tokens.tokens.size()) {
    failed_ = false;
    nesting_ = 0;
    Definition();
  }
}

void Parser::SingleExpression(std::string_view name) {
  DefinitionSyntax definition;
  definition.name = name;
  definition.body = Expression();
  if (!failed_ && Peek().kind != TokenKind::kEnd) FailHere("the end of the expression");
  definition.broken = failed_;
  definition.span = definition.body->span;
  library_.definitions.push_back(std::move(definition));
}

void Parser::LibraryName() {
  Take();
  library_.name = QualifiedName("the library's name");
  if (AcceptWord("version")) library_.version = ExpectString("the version");
  diagnostics_.SetLibrary(library_.name);
  if (failed_) SkipToNextDefinition();
}

void Parser::Definition() {
  DefinitionSyntax definition;
  definition_begin_ = at_;
  definition.span = Peek().span;
  if (!DefinitionBody(definition)) {
    FailHere("a definition",
             "definitions begin with using, include, codesystem, valueset, code, concept, "
             "parameter, context or define");
  }
  definition.broken = failed_;
  const bool known = !definition.name.empty();
  if (known) library_.definitions.push_back(std::move(definition));
  if (!failed_ && Peek().kind != TokenKind::kEnd && !AtDefinition(at_)) {
    FailHere("the next definition", "the expression before it ends here");
    if (known) library_.definitions.back().broken = true;
  }
  if (failed_) SkipToNextDefinition();
}

bool Parser::DefinitionBody(DefinitionSyntax& definition) {
  if (AcceptWord("private")) {
    definition.is_private = true;
  } else {
    AcceptWord("public");
  }
  if (IsAnyWord({"using", "include"})) {
    UsingOrInclude(definition);
  } else if (IsWord("codesystem")) {
    CodeSystem(definition);
  } else if (IsWord("valueset")) {
    ValueSet(definition);
  } else if (IsAnyWord({"code", "concept"})) {
    CodeOrConcept(definition);
  } else if (IsWord("parameter")) {
    Parameter(definition);
  } else if (IsWord("context")) {
    Context(definition);
  } else if (IsWord("define")) {
    ExpressionOrFunction(definition);
  } else {
    return false;
  }
  return true;
}

// A keyword that begins a definition also occurs inside expressions, but there not first on its line, except
// after a dot or as the name in a tuple.
bool Parser::AtDefinition(std::size_t position) const {
  const auto& tokens = library_.tokens.tokens;
  const Token& token = tokens[position];
  if (token.kind != TokenKind::kWord) return false;
  if (token.text == "define") return true;
  constexpr std::string_view kFirst[] = {"using",   "include",   "codesystem", "valueset", "code",
                                         "concept", "parameter", "context",    "public",   "private"};
  if (std::find(std::begin(kFirst), std::end(kFirst), token.text) == std::end(kFirst)) return false;
  const Token& next = tokens[std::min(position + 1, tokens.size() - 1)];
  return next.kind == TokenKind::kWord || next.kind == TokenKind::kQuotedIdentifier;
}

void Parser::SkipToNextDefinition() {
  const auto& tokens = library_.tokens.tokens;
  failed_ = false;
  // Past the keyword of the definition that failed, when nothing of it was taken.
  if (at_ == definition_begin_ && at_ + 1 < tokens.size()) ++at_;
  while (at_ + 1 < tokens.size() && !AtDefinition(at_)) ++at_;
}

std::string Parser::QualifiedName(std::string_view what) {
  std::string name(ExpectIdentifier(what));
  while (AcceptSymbol(".")) name.append(".").append(ExpectMemberName());
  return name;
}

void Parser::Version(DefinitionSyntax& definition) {
  if (AcceptWord("version")) definition.version = ExpectString("the version");
}

void Parser::UsingOrInclude(DefinitionSyntax& definition) {
  const bool include = Take().text == "include";
  definition.kind = include ? DefinitionKind::kInclude : DefinitionKind::kUsing;
  definition.span = Peek().span;
  definition.name = QualifiedName(include ? "the name of a library" : "the name of a model");
  Version(definition);
  if (AcceptWord("called")) definition.local_name = ExpectIdentifier("the local name");
}

void Parser::CodeSystem(DefinitionSyntax& definition) {
  Take();
  definition.kind = DefinitionKind::kCodeSystem;
  definition.span = Peek().span;
  definition.name = ExpectIdentifier("the code system's name");
  ExpectSymbol(":", "before the code system's address");
  definition.id = ExpectString("the code system's address");
  Version(definition);
}

// [library.]name
void Parser::Reference(DefinitionSyntax& definition) {
  const Span span = Peek().span;
  std::string_view library;
  std::string_view name = ExpectIdentifier("a name");
  if (AcceptSymbol(".")) {
    library = name;
    name = ExpectMemberName();
  }
  definition.libraries.push_back(library);
  definition.references.push_back(name);
  definition.reference_spans.push_back(span);
}

void Parser::ValueSet(DefinitionSyntax& definition) {
  Take();
  definition.kind = DefinitionKind::kValueSet;
  definition.span = Peek().span;
  definition.name = ExpectIdentifier("the value set's name");
  ExpectSymbol(":", "before the value set's address");
  definition.id = ExpectString("the value set's address");
  Version(definition);
  if (!AcceptWord("codesystems")) return;
  ExpectSymbol("{", "before the code systems");
  do Reference(definition);
  while (AcceptSymbol(","));
  ExpectSymbol("}", "after the code systems");
}

void Parser::CodeOrConcept(DefinitionSyntax& definition) {
  const bool concept_definition = Take().text == "concept";
  definition.kind = concept_definition ? DefinitionKind::kConcept : DefinitionKind::kCode;
  definition.span = Peek().span;
  definition.name = ExpectIdentifier(concept_definition ? "the concept's name" : "the code's name");
  ExpectSymbol(":", "after the name");
  if (concept_definition) {
    ExpectSymbol("{", "before the codes of the concept");
    do Reference(definition);
    while (AcceptSymbol(","));
    ExpectSymbol("}", "after the codes of the concept");
  } else {
    definition.id = ExpectString("the code");
    ExpectWord("from", "before the code system");
    Reference(definition);
  }
  if (AcceptWord("display")) definition.display = ExpectString("the display text");
}

void Parser::Parameter(DefinitionSyntax& definition) {
  Take();
  definition.kind = DefinitionKind::kParameter;
  definition.span = Peek().span;
  definition.name = ExpectIdentifier("the parameter's name");
  if (!IsWord("default") &&
      (Peek().kind == TokenKind::kWord || Peek().kind == TokenKind::kQuotedIdentifier) &&
      !AtDefinition(at_)) {
    definition.type = Type();
  }
  if (AcceptWord("default")) definition.body = Expression();
}

void Parser::Context(DefinitionSyntax& definition) {
  Take();
  definition.kind = DefinitionKind::kContext;
  definition.span = Peek().span;
  definition.name = QualifiedName("the context's name");
}

void Parser::ExpressionOrFunction(DefinitionSyntax& definition) {
  Take();
  if (AcceptWord("private")) {
    definition.is_private = true;
  } else {
    AcceptWord("public");
  }
  if (AcceptWord("fluent")) definition.fluent = true;
  if (IsWord("function")) return Function(definition);
  if (definition.fluent) {
    FailHere("'function' after 'fluent'");
    return;
  }
  definition.kind = DefinitionKind::kExpression;
  definition.span = Peek().span;
  definition.name = ExpectIdentifier("the definition's name");
  ExpectSymbol(":", "after the definition's name");
  definition.body = Expression();
}

void Parser::Function(DefinitionSyntax& definition) {
  Take();
  definition.kind = DefinitionKind::kFunction;
  definition.span = Peek().span;
  definition.name = ExpectReferential("the function's name");
  ExpectSymbol("(", "before the function's operands");
  if (!IsSymbol(")")) {
    do {
      OperandSyntax operand;
      operand.span = Peek().span;
      operand.name = ExpectReferential("the operand's name");
      operand.type = Type();
      definition.operands.push_back(operand);
    } while (AcceptSymbol(","));
  }
  ExpectSymbol(")", "after the function's operands");
  if (AcceptWord("returns")) definition.type = Type();
  ExpectSymbol(":", "before the function's body");
  if (AcceptWord("external")) {
    definition.external = true;
    return;
  }
  definition.body = Expression();
}

TypeSyntax* Parser::NamedType() {
  TypeSyntax& type = library_.types.emplace_back();
  type.span = Peek().span;
  type.name = ExpectReferential("the name of a type");
  std::string rest;
  while (AcceptSymbol(".")) rest.append(rest.empty() ? "" : ".").append(ExpectMemberName());
  if (!rest.empty()) {
    type.qualifier = type.name;
    type.name = library_.texts.emplace_back(std::move(rest));
  }
  type.span.end = LastEnd();
  return &type;
}

TypeSyntax* Parser::Type() {
  const NestingGuard guard(*this);
  TypeSyntax& type = library_.types.emplace_back();
  type.span = Peek().span;
  if (!guard.ok()) return &type;
  if (IsWord("Tuple") && IsSymbol("{", 1)) {
    Take();
    Take();
    type.kind = TypeSyntax::Kind::kTuple;
    do {
      type.names.push_back(ExpectReferential("the name of a tuple's element"));
      type.children.push_back(Type());
    } while (AcceptSymbol(","));
    ExpectSymbol("}", "after the tuple's elements");
  } else if (IsAnyWord({"List", "Interval", "Choice"}) && IsSymbol("<", 1)) {
    const std::string_view word = Take().text;
    type.kind = word == "List"       ? TypeSyntax::Kind::kList
                : word == "Interval" ? TypeSyntax::Kind::kInterval
                                     : TypeSyntax::Kind::kChoice;
    Take();
    do type.children.push_back(Type());
    while (type.kind == TypeSyntax::Kind::kChoice && AcceptSymbol(","));
    ExpectSymbol(">", "after the type");
  } else {
    return NamedType();
  }
  type.span.end = LastEnd();
  return &type;
}

std::unique_ptr<LibrarySyntax> ParseLibrary(const Source& source, Diagnostics& diagnostics) {
  auto library = std::make_unique<LibrarySyntax>();
  library->tokens = Tokenize(source, diagnostics);
  Parser(source, *library, diagnostics).Library();
  return library;
}

std::unique_ptr<LibrarySyntax> ParseExpression(const Source& source, std::string_view name,
                                               Diagnostics& diagnostics) {
  auto library = std::make_unique<LibrarySyntax>();
  library->tokens = Tokenize(source, diagnostics);
  Parser(source, *library, diagnostics).SingleExpression(name);
  return library;
}

}  // namespace osteon::cql
