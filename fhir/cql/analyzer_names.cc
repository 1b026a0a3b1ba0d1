// What names mean: variables, definitions, elements, parts of included libraries.
#include <algorithm>

#include "fhir/cql/analyzer.h"

namespace osteon::cql {

std::string LibraryAnalyzer::NameHint(std::string_view name) {
  std::vector<std::string_view> names;
  AddVisibleNames(names);
  for (const auto& [local, library] : includes_) names.push_back(local);
  if (frame_ != nullptr) {
    for (const Variable& variable : frame_->variables) names.push_back(variable.name);
  }
  return NearestNameHint(name, names);
}

// A variable, or an element of the item being sorted; null when there is none.
Node* LibraryAnalyzer::LocalIdentifier(std::string_view name, Span span) {
  if (!frame_->sort_items.empty()) {
    const Type* const item = frame_->sort_items.back();
    if (ElementType(*item, name) != nullptr) {
      Node* const value = New(NodeKind::kSlot, span, item);
      value->slot = frame_->sort_slots.back();
      return Property(value, name, span);
    }
  }
  for (auto variable = frame_->variables.rbegin(); variable != frame_->variables.rend(); ++variable) {
    if (variable->name != name) continue;
    Node* const slot = New(NodeKind::kSlot, span, variable->type);
    slot->slot = variable->slot;
    return slot;
  }
  return nullptr;
}

Node* LibraryAnalyzer::CodeNode(LibraryAnalyzer& library, const DefinitionSyntax& definition, Span span) {
  Node* const code = New(NodeKind::kCode, span, TypeOf(SystemType::kCode));
  code->text = definition.id;
  code->display = definition.display;
  LibraryAnalyzer* system_library = &library;
  if (!definition.libraries.empty() && !definition.libraries.front().empty()) {
    const auto found = library.includes_.find(definition.libraries.front());
    system_library = found == library.includes_.end() ? nullptr : found->second;
  }
  if (system_library != nullptr && !definition.references.empty()) {
    code->terminology =
        system_library->FindTerminology(DefinitionKind::kCodeSystem, definition.references.front());
  }
  return code;
}

Node* LibraryAnalyzer::TerminologyNode(LibraryAnalyzer& library, const DefinitionSyntax& definition,
                                       Span span) {
  if (definition.kind == DefinitionKind::kCode) return CodeNode(library, definition, span);
  if (definition.kind == DefinitionKind::kConcept) {
    Node* const node = New(NodeKind::kConcept, span, TypeOf(SystemType::kConcept));
    node->display = definition.display;
    for (std::size_t i = 0; i < definition.references.size(); ++i) {
      LibraryAnalyzer* code_library = &library;
      if (!definition.libraries[i].empty()) {
        const auto found = library.includes_.find(definition.libraries[i]);
        code_library = found == library.includes_.end() ? nullptr : found->second;
      }
      if (code_library == nullptr) continue;
      const DefinitionSyntax* const code = code_library->FindDefinition(definition.references[i]);
      if (code != nullptr && code->kind == DefinitionKind::kCode) {
        node->children.push_back(CodeNode(*code_library, *code, span));
      }
    }
    return node;
  }
  const bool value_set = definition.kind == DefinitionKind::kValueSet;
  Node* const node = New(value_set ? NodeKind::kValueSet : NodeKind::kCodeSystem, span,
                         TypeOf(value_set ? SystemType::kValueSet : SystemType::kCodeSystem));
  node->terminology = library.FindTerminology(definition.kind, definition.name);
  return node;
}

// A definition of that library; null when it has none.
Node* LibraryAnalyzer::LibraryIdentifier(LibraryAnalyzer& library, std::string_view name, Span span) {
  const DefinitionSyntax* const definition = library.FindDefinition(name);
  if (definition == nullptr) return nullptr;
  if (&library != this && definition->is_private) {
    return ErrorNode(span, "'" + std::string(name) + "' is private in its library");
  }
  switch (definition->kind) {
    case DefinitionKind::kExpression: {
      const DefineIr* const define = library.FindDefine(name);
      Node* const node = New(NodeKind::kDefine, span, define->type);
      node->define = define;
      return node;
    }
    case DefinitionKind::kParameter: {
      const ParameterIr* const parameter = library.FindParameter(name);
      Node* const node = New(NodeKind::kParameter, span, parameter->type);
      node->parameter = parameter;
      return node;
    }
    default:
      return TerminologyNode(library, *definition, span);
  }
}

Node* LibraryAnalyzer::Identifier(const Syntax& syntax) {
  if (Node* const local = LocalIdentifier(syntax.text, syntax.span)) return local;
  if (Node* const defined = LibraryIdentifier(*this, syntax.text, syntax.span)) return defined;
  if (ir_.uses_fhir && syntax.text == "Patient") {
    if (frame_->context == "Patient") {
      return New(NodeKind::kSubject, syntax.span, types().Fhir(model::FindType("Patient")));
    }
    return ErrorNode(syntax.span, "there is no patient in this context", "context Patient");
  }
  if (includes_.contains(syntax.text)) {
    return ErrorNode(syntax.span, "'" + std::string(syntax.text) + "' is a library, not a value");
  }
  return ErrorNode(syntax.span, "there is nothing named '" + std::string(syntax.text) + "' here",
                   NameHint(syntax.text));
}

// The library that an identifier stands for, when no value of the name hides it.
LibraryAnalyzer* LibraryAnalyzer::IncludedLibrary(const Syntax& syntax) {
  if (syntax.kind != SyntaxKind::kIdentifier) return nullptr;
  const auto found = includes_.find(syntax.text);
  if (found == includes_.end()) return nullptr;
  const bool hidden = std::any_of(frame_->variables.begin(), frame_->variables.end(),
                                  [&](const Variable& variable) { return variable.name == syntax.text; });
  return hidden ? nullptr : found->second;
}

Node* LibraryAnalyzer::Member(const Syntax& syntax) {
  const Syntax& target = *syntax.children.front();
  if (LibraryAnalyzer* const library = IncludedLibrary(target)) {
    if (Node* const node = LibraryIdentifier(*library, syntax.text, syntax.span)) return node;
    std::vector<std::string_view> names;
    library->AddVisibleNames(names);
    return ErrorNode(syntax.span,
                     "'" + std::string(syntax.text) + "' is not defined in " + std::string(target.text),
                     NearestNameHint(syntax.text, names));
  }
  if (target.kind == SyntaxKind::kIdentifier && includes_.contains(target.text)) {
    return Null(syntax.span);  // the include itself failed, and said so
  }
  return Property(Expression(target), syntax.text, syntax.span);
}

Node* LibraryAnalyzer::Property(Node* value, std::string_view name, Span span) {
  if (value->kind == NodeKind::kNull) return value;
  const Type* const type = value->type->kind == TypeKind::kAny ? AnyType() : ElementType(*value->type, name);
  if (type == nullptr) {
    std::vector<std::string> names;
    AddElementNames(*value->type, names);
    const std::vector<std::string_view> views(names.begin(), names.end());
    return ErrorNode(span, ShortNameOf(*value->type) + " has no element '" + std::string(name) + "'",
                     NearestNameHint(name, views));
  }
  Node* const property = New(NodeKind::kProperty, span, type, {value});
  property->text = name;
  return property;
}

}  // namespace osteon::cql
