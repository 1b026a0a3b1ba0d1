// The parser's parts: parser.cc definitions, parser_expression.cc operators, parser_timing.cc timing phrases,
// parser_term.cc terms, parser_query.cc queries and retrieves.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "fhir/cql/syntax.h"

namespace osteon::cql {

// Binding powers of the expression level, weakest first (the order of the grammar's alternatives, reversed).
enum class Power : std::uint8_t {
  kSet,  // union, intersect, except, |
  kImplies,
  kOr,
  kAnd,
  kMembership,
  kEquality,
  kTiming,
  kInequality,
  kBetween,
  kExists,
  kNot,
  kCast,
  kType,
  kTerm,
};

// "year" for "year" and "years"; empty for other words.
std::string_view SingularPrecision(std::string_view word);

class Parser {
 public:
  Parser(const Source& source, LibrarySyntax& library, Diagnostics& diagnostics)
      : source_(source), library_(library), diagnostics_(diagnostics) {}

  void Library();
  void SingleExpression(std::string_view name);

 private:
  // Tokens. After a failure every look ahead sees the end, so that all rules return at once.
  const Token& Peek(std::size_t ahead = 0) const;
  Token Take();
  bool IsWord(std::string_view word, std::size_t ahead = 0) const;
  bool IsAnyWord(std::initializer_list<std::string_view> words, std::size_t ahead = 0) const;
  bool IsSymbol(std::string_view symbol, std::size_t ahead = 0) const;
  bool AcceptWord(std::string_view word);
  bool AcceptSymbol(std::string_view symbol);
  bool ExpectWord(std::string_view word, std::string_view where);
  bool ExpectSymbol(std::string_view symbol, std::string_view where);
  std::string_view ExpectString(std::string_view what);
  // A name that may not be a keyword unless quoted.
  bool IsIdentifier(std::size_t ahead = 0) const;
  std::string_view ExpectIdentifier(std::string_view what);
  // A name that may be any word that is not reserved.
  bool IsReferential(std::size_t ahead = 0) const;
  std::string_view ExpectReferential(std::string_view what);
  // A name after a dot, where every word is one.
  std::string_view ExpectMemberName();
  void Fail(Span span, std::string message, std::string hint = {});
  void FailHere(std::string_view expected, std::string hint = {});

  // Nodes.
  Syntax* New(SyntaxKind kind, Span span, std::string_view text = {});
  Syntax* NewOperator(std::string_view name, Span span, std::initializer_list<Syntax*> operands,
                      std::string_view precision = {});
  void Adopt(Syntax* parent, Syntax* child);
  std::uint32_t LastEnd() const { return last_end_; }
  Syntax* Close(Syntax* node) {
    node->span.end = LastEnd();
    return node;
  }

  // Definitions.
  void Definition();
  void LibraryName();
  bool DefinitionBody(DefinitionSyntax& definition);
  void UsingOrInclude(DefinitionSyntax& definition);
  void CodeSystem(DefinitionSyntax& definition);
  void ValueSet(DefinitionSyntax& definition);
  void CodeOrConcept(DefinitionSyntax& definition);
  void Parameter(DefinitionSyntax& definition);
  void Context(DefinitionSyntax& definition);
  void ExpressionOrFunction(DefinitionSyntax& definition);
  void Function(DefinitionSyntax& definition);
  void Reference(DefinitionSyntax& definition);
  void Version(DefinitionSyntax& definition);
  std::string QualifiedName(std::string_view what);
  void SkipToNextDefinition();
  bool AtDefinition(std::size_t position) const;

  // Types.
  TypeSyntax* Type();
  TypeSyntax* NamedType();

  // Expressions.
  Syntax* Expression(Power least = Power::kSet);
  Syntax* PrefixExpression();
  Syntax* InfixExpression(Syntax* left, Power least);
  Syntax* BinaryExpression(Syntax* left, Power least);
  Syntax* MembershipExpression(Syntax* left);
  Syntax* BetweenExpression(Syntax* left);
  Syntax* DurationBetween();
  Syntax* IsOrAs(Syntax* left);
  Syntax* Additive();
  Syntax* Multiplicative();
  Syntax* PowerTerm();
  Syntax* PrefixTerm();
  Syntax* PhraseTerm();
  Syntax* PostfixTerm(bool allow_query);
  Syntax* Convert();
  Syntax* AggregateTerm();

  // Timing phrases.
  bool AtTimingPhrase() const;
  Syntax* TimingExpression(Syntax* left);
  void TimingRelationOf(TimingSyntax& timing, std::string_view& precision);
  void SameAs(TimingSyntax& timing, std::string_view& precision);
  void BeforeOrAfter(TimingSyntax& timing, std::string_view& precision);
  void Offset(TimingSyntax& timing);
  std::string_view PrecisionOf();
  void RightBoundary(TimingSyntax& timing);

  // Terms.
  Syntax* Primary();
  Syntax* WordTerm();
  Syntax* Literal();
  Syntax* NumberLiteral(bool allow_ratio);
  Syntax* Call(Syntax* target, std::string_view name, Span span);
  Syntax* IntervalSelector();
  Syntax* ListSelector(TypeSyntax* element_type, Span span);
  Syntax* BraceTerm();
  void Elements(Syntax* node);
  Syntax* CodeSelector();
  Syntax* ConceptSelector();
  bool AtInstance() const;
  Syntax* IfTerm();
  Syntax* CaseTerm();

  // Queries.
  Syntax* Retrieve();
  Syntax* Query(Syntax* first_source);
  void QuerySource(SourceSyntax& source);
  void QueryClauses(QuerySyntax& query, Syntax* node);
  void Relationship(QuerySyntax& query, Syntax* node);
  void ReturnOrAggregate(QuerySyntax& query, Syntax* node);
  void Sort(QuerySyntax& query, Syntax* node);

  friend class NestingGuard;

  const Source& source_;
  LibrarySyntax& library_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t definition_begin_ = 0;
  std::uint32_t last_end_ = 0;
  std::size_t nesting_ = 0;
  bool failed_ = false;
};

// One level of recursion; on too many it fails the definition and tells so.
class NestingGuard {
 public:
  explicit NestingGuard(Parser& parser);
  ~NestingGuard() { --parser_.nesting_; }
  NestingGuard(const NestingGuard&) = delete;
  NestingGuard& operator=(const NestingGuard&) = delete;
  bool ok() const { return ok_; }

 private:
  Parser& parser_;
  bool ok_ = true;
};

}  // namespace osteon::cql
