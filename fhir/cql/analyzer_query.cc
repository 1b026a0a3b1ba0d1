// Queries and retrieves. Source: CQL 1.5.3, 2.2 "Queries", 3 "Type Inference" (queries), 2.3 "Retrieve".
#include "fhir/cql/analyzer.h"

namespace osteon::cql {

void LibraryAnalyzer::Source(const SourceSyntax& syntax, QueryIr::Source& source) {
  source.value = Expression(*syntax.value);
  source.is_list = source.value->type->kind == TypeKind::kList;
  source.slot = NewSlot();
  source.alias = syntax.alias;
  const Type* const item = source.is_list ? source.value->type->element : source.value->type;
  frame_->variables.push_back({syntax.alias, item, source.slot});
}

// The type of what the sources alone give: the item, or a tuple of the items by alias.
const Type* LibraryAnalyzer::SourceType(const QueryIr& query) {
  const auto item = [](const QueryIr::Source& source) {
    return source.is_list ? source.value->type->element : source.value->type;
  };
  if (query.sources.size() == 1) return item(query.sources.front());
  std::vector<std::pair<std::string, const Type*>> elements;
  for (const QueryIr::Source& source : query.sources) elements.emplace_back(source.alias, item(source));
  return types().Tuple(std::move(elements));
}

Node* LibraryAnalyzer::Query(const Syntax& syntax) {
  const QuerySyntax& text = *syntax.query;
  QueryIr& query = program_.program().queries.emplace_back();
  Node* const node = New(NodeKind::kQuery, syntax.span, AnyType());
  node->query = &query;
  const std::size_t outer_variables = frame_->variables.size();
  // Names inside the query mean its aliases, also where it stands in a "sort by".
  auto outer_items = std::exchange(frame_->sort_items, {});
  query.sources.resize(text.sources.size());
  for (std::size_t i = 0; i < text.sources.size(); ++i) {
    Source(text.sources[i], query.sources[i]);
    if (query.sources[i].is_list) query.singular = false;
  }
  for (const QuerySyntax::Let& let : text.lets) {
    QueryIr::Let& row = query.lets.emplace_back();
    row.value = Expression(*let.value);
    row.slot = NewSlot();
    frame_->variables.push_back({let.name, row.value->type, row.slot});
  }
  for (const QuerySyntax::Relationship& relationship : text.relationships) {
    QueryIr::Relationship& row = query.relationships.emplace_back();
    row.without = relationship.without;
    Source(relationship.source, row.source);
    row.condition = Coerce(Expression(*relationship.condition), TypeOf(SystemType::kBoolean),
                           "the condition of 'such that'");
    frame_->variables.pop_back();
  }
  if (text.where != nullptr) {
    query.where = Coerce(Expression(*text.where), TypeOf(SystemType::kBoolean), "the condition of 'where'");
  }
  Result(text, query, node);
  frame_->sort_items = std::move(outer_items);
  frame_->variables.resize(outer_variables);
  return node;
}

void LibraryAnalyzer::Result(const QuerySyntax& syntax, QueryIr& query, Node* node) {
  if (syntax.result == QuerySyntax::Result::kAggregate) return Aggregate(syntax, query, node);
  const Type* item = SourceType(query);
  if (syntax.result == QuerySyntax::Result::kReturn) {
    query.result = QueryIr::Result::kReturn;
    query.result_value = Expression(*syntax.result_value);
    query.distinct = syntax.distinct != QuerySyntax::Distinct::kAll;
    item = query.result_value->type;
  }
  node->type = query.singular ? item : types().List(item);
  if (!syntax.sort.empty()) SortBy(syntax, query, item);
}

void LibraryAnalyzer::Aggregate(const QuerySyntax& syntax, QueryIr& query, Node* node) {
  query.result = QueryIr::Result::kAggregate;
  query.distinct = syntax.distinct == QuerySyntax::Distinct::kDistinct;
  const Type* type = AnyType();
  if (syntax.starting_value != nullptr) {
    query.starting_value = Expression(*syntax.starting_value);
    type = query.starting_value->type;
  }
  query.accumulator_slot = NewSlot();
  frame_->variables.push_back({syntax.accumulator, type, query.accumulator_slot});
  query.result_value = Expression(*syntax.result_value);
  node->type = Common(type, query.result_value->type);
}

void LibraryAnalyzer::SortBy(const QuerySyntax& syntax, QueryIr& query, const Type* item) {
  query.sort_slot = NewSlot();
  for (const QuerySyntax::SortItem& key : syntax.sort) {
    QueryIr::SortItem& row = query.sort.emplace_back();
    row.descending = key.descending;
    if (key.value == nullptr) continue;
    frame_->sort_items.push_back(item);
    frame_->sort_slots.push_back(query.sort_slot);
    row.key = Expression(*key.value);
    frame_->sort_items.pop_back();
    frame_->sort_slots.pop_back();
  }
}

Node* LibraryAnalyzer::Retrieve(const Syntax& syntax) {
  const RetrieveSyntax& text = *syntax.retrieve;
  std::deque<RetrieveIr>& retrieves = program_.program().retrieves;
  RetrieveIr& retrieve = retrieves.emplace_back();
  retrieve.index = static_cast<std::uint32_t>(retrieves.size() - 1);
  Node* const node = New(NodeKind::kRetrieve, syntax.span, AnyType());
  node->retrieve = &retrieve;
  if (!text.context.empty()) {
    return ErrorNode(syntax.span, "retrieving in the context of another patient is not supported");
  }
  if (!ir_.uses_fhir) {
    return ErrorNode(syntax.span, "there is no model to retrieve from", "using FHIR version '4.0.1'");
  }
  const Type* const type = ResolveType(*text.type);
  if (type->kind == TypeKind::kAny) return node;
  if (type->kind != TypeKind::kFhir || model::KindOf(type->fhir) != model::TypeKind::kResource) {
    return ErrorNode(text.type->span, ShortNameOf(*type) + " is no resource");
  }
  retrieve.resource = type->fhir;
  node->type = types().List(type);
  if (text.terminology != nullptr) RetrieveTerminology(syntax, retrieve);
  return node;
}

void LibraryAnalyzer::RetrieveTerminology(const Syntax& syntax, RetrieveIr& retrieve) {
  const RetrieveSyntax& text = *syntax.retrieve;
  retrieve.code_path = text.code_path.empty() ? std::string(model::PrimaryCodePath(retrieve.resource))
                                              : std::string(text.code_path);
  if (retrieve.code_path.empty()) {
    return Error(syntax.span, std::string(model::TypeName(retrieve.resource)) + " has no primary code",
                 "name the element: [Type: element in \"Value Set\"]");
  }
  if (!text.code_path.empty() && FhirElementType(retrieve.resource, text.code_path) == nullptr) {
    return Error(syntax.span, std::string(model::TypeName(retrieve.resource)) + " has no element '" +
                                  retrieve.code_path + "'");
  }
  retrieve.terminology = Expression(*text.terminology);
  const Type& type = *retrieve.terminology->type;
  const Type& item = type.kind == TypeKind::kList ? *type.element : type;
  const bool fits = item.kind == TypeKind::kAny || item.Is(SystemType::kValueSet) ||
                    item.Is(SystemType::kCode) || item.Is(SystemType::kConcept) ||
                    item.Is(SystemType::kCodeSystem) || item.Is(SystemType::kString) ||
                    item.kind == TypeKind::kFhir;
  if (!fits) {
    Error(text.terminology->span,
          "a retrieve is filtered by a value set, a code or codes, and this is " + ShortNameOf(type));
  }
}

}  // namespace osteon::cql
