// Queries and retrieves. Source: CQL 1.5.3, 2.2 "Queries" and 2.3 "Retrieve".
#include "fhir/cql/parser_internal.h"

namespace osteon::cql {

// [ [context ->] Type [: [path (in | = | ~)] terminology] ]
Syntax* Parser::Retrieve() {
  Syntax* const node = New(SyntaxKind::kRetrieve, Take().span);
  RetrieveSyntax& retrieve = library_.retrieves.emplace_back();
  node->retrieve = &retrieve;
  if (IsReferential() && IsSymbol("->", 1)) {
    retrieve.context = Take().text;
    Take();
  }
  retrieve.type = NamedType();
  if (AcceptSymbol(":")) {
    const bool compared = (Peek().kind == TokenKind::kWord || Peek().kind == TokenKind::kQuotedIdentifier) &&
                          (IsWord("in", 1) || IsSymbol("=", 1) || IsSymbol("~", 1));
    if (compared) {
      retrieve.code_path = Take().text;
      retrieve.comparator = Take().text;
    }
    retrieve.terminology = Expression();
    Adopt(node, retrieve.terminology);
  }
  ExpectSymbol("]", "after the retrieve");
  return Close(node);
}

// After the first source, whose alias comes next; or, without one, at 'from'.
Syntax* Parser::Query(Syntax* first_source) {
  const NestingGuard guard(*this);
  QuerySyntax& query = library_.queries.emplace_back();
  Syntax* const node = New(SyntaxKind::kQuery, first_source != nullptr ? first_source->span : Peek().span);
  node->query = &query;
  if (!guard.ok()) return node;
  if (first_source != nullptr) {
    SourceSyntax& source = query.sources.emplace_back();
    source.value = first_source;
    source.alias_span = Peek().span;
    source.alias = ExpectIdentifier("the alias of the source");
  } else {
    Take();
    query.from_clause = true;
    do QuerySource(query.sources.emplace_back());
    while (AcceptSymbol(","));
  }
  for (const SourceSyntax& source : query.sources) Adopt(node, source.value);
  QueryClauses(query, node);
  return Close(node);
}

void Parser::QuerySource(SourceSyntax& source) {
  source.value = PostfixTerm(false);
  source.alias_span = Peek().span;
  source.alias = ExpectIdentifier("the alias of the source");
}

void Parser::QueryClauses(QuerySyntax& query, Syntax* node) {
  if (AcceptWord("let")) {
    do {
      QuerySyntax::Let& let = query.lets.emplace_back();
      let.span = Peek().span;
      let.name = ExpectIdentifier("the name of a let");
      ExpectSymbol(":", "after the name of the let");
      let.value = Expression();
      Adopt(node, let.value);
    } while (AcceptSymbol(","));
  }
  while (IsAnyWord({"with", "without"})) Relationship(query, node);
  if (AcceptWord("where")) {
    query.where = Expression();
    Adopt(node, query.where);
  }
  ReturnOrAggregate(query, node);
  if (IsWord("sort")) Sort(query, node);
}

void Parser::Relationship(QuerySyntax& query, Syntax* node) {
  QuerySyntax::Relationship& relationship = query.relationships.emplace_back();
  relationship.without = Take().text == "without";
  QuerySource(relationship.source);
  ExpectWord("such", "that, after the related source");
  ExpectWord("that", "after 'such'");
  relationship.condition = Expression();
  Adopt(node, relationship.source.value);
  Adopt(node, relationship.condition);
}

void Parser::ReturnOrAggregate(QuerySyntax& query, Syntax* node) {
  if (!IsAnyWord({"return", "aggregate"})) return;
  query.result = Take().text == "return" ? QuerySyntax::Result::kReturn : QuerySyntax::Result::kAggregate;
  if (IsAnyWord({"all", "distinct"})) {
    query.distinct = Take().text == "all" ? QuerySyntax::Distinct::kAll : QuerySyntax::Distinct::kDistinct;
  }
  if (query.result == QuerySyntax::Result::kAggregate) {
    query.accumulator = ExpectIdentifier("the name of the accumulator");
    if (AcceptWord("starting")) {
      const bool number = Peek().kind == TokenKind::kInteger || Peek().kind == TokenKind::kLong ||
                          Peek().kind == TokenKind::kDecimal;
      // "starting 1: 2 + x" holds no ratio.
      query.starting_value = number ? NumberLiteral(false) : Primary();
      Adopt(node, query.starting_value);
    }
    ExpectSymbol(":", "before the expression of 'aggregate'");
  }
  query.result_value = Expression();
  Adopt(node, query.result_value);
}

void Parser::Sort(QuerySyntax& query, Syntax* node) {
  Take();
  const auto direction = [this](bool& descending) {
    if (!IsAnyWord({"asc", "ascending", "desc", "descending"})) return false;
    descending = Take().text.starts_with("desc");
    return true;
  };
  if (!AcceptWord("by")) {
    QuerySyntax::SortItem& item = query.sort.emplace_back();
    if (!direction(item.descending)) FailHere("asc, desc or 'by' after 'sort'");
    return;
  }
  do {
    QuerySyntax::SortItem& item = query.sort.emplace_back();
    item.value = Additive();
    Adopt(node, item.value);
    direction(item.descending);
  } while (AcceptSymbol(","));
}

}  // namespace osteon::cql
