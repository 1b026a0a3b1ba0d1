// Types named in the text, the elements of types, and conversions written down.
#include <algorithm>

#include "fhir/cql/analyzer.h"

namespace osteon::cql {
namespace {

struct ElementRow {
  SystemType of;
  std::string_view name;
  SystemType type;
};
constexpr ElementRow kSystemElements[] = {
    {SystemType::kQuantity, "value", SystemType::kDecimal},
    {SystemType::kQuantity, "unit", SystemType::kString},
    {SystemType::kRatio, "numerator", SystemType::kQuantity},
    {SystemType::kRatio, "denominator", SystemType::kQuantity},
    {SystemType::kCode, "code", SystemType::kString},
    {SystemType::kCode, "system", SystemType::kString},
    {SystemType::kCode, "version", SystemType::kString},
    {SystemType::kCode, "display", SystemType::kString},
    {SystemType::kConcept, "display", SystemType::kString},
    {SystemType::kVocabulary, "id", SystemType::kString},
    {SystemType::kVocabulary, "version", SystemType::kString},
    {SystemType::kVocabulary, "name", SystemType::kString},
};

}  // namespace

const Type* LibraryAnalyzer::ResolveType(const TypeSyntax& syntax) {
  switch (syntax.kind) {
    case TypeSyntax::Kind::kNamed:
      return NamedType(syntax);
    case TypeSyntax::Kind::kList:
      return types().List(ResolveType(*syntax.children.front()));
    case TypeSyntax::Kind::kInterval:
      return types().Interval(ResolveType(*syntax.children.front()));
    case TypeSyntax::Kind::kTuple: {
      std::vector<std::pair<std::string, const Type*>> elements;
      for (std::size_t i = 0; i < syntax.children.size() && i < syntax.names.size(); ++i) {
        elements.emplace_back(std::string(syntax.names[i]), ResolveType(*syntax.children[i]));
      }
      return types().Tuple(std::move(elements));
    }
    case TypeSyntax::Kind::kChoice: {
      std::vector<const Type*> choices;
      for (const TypeSyntax* const choice : syntax.children) choices.push_back(ResolveType(*choice));
      return types().Choice(choices);
    }
  }
  return AnyType();
}

// Unqualified, a name means the model's type when it has one, as with Quantity.
const Type* LibraryAnalyzer::NamedType(const TypeSyntax& syntax) {
  const bool in_system = syntax.qualifier == "System";
  const bool in_model = !syntax.qualifier.empty() && syntax.qualifier == model_name_;
  if (ir_.uses_fhir && !in_system) {
    // "Patient.Contact" is a type of the model too.
    const bool whole = syntax.qualifier.empty() || in_model;
    const std::string name =
        whole ? std::string(syntax.name) : std::string(syntax.qualifier) + "." + std::string(syntax.name);
    const model::TypeId type = model::FindModelInfoType(name);
    // Elements of these profiles have the type Quantity.
    if (name == "SimpleQuantity" || name == "MoneyQuantity") return types().Fhir(model::FindType("Quantity"));
    if (type != model::TypeId::kNone && model::KindOf(type) != model::TypeKind::kSystem) {
      return types().Fhir(type);
    }
  }
  if (in_system || syntax.qualifier.empty()) {
    if (const auto type = FindSystemType(syntax.name)) return TypeOf(*type);
    if (syntax.name == "Any") return AnyType();
  }
  std::vector<std::string_view> names = {"Boolean", "Integer",  "Long", "Decimal",  "String",
                                         "Date",    "DateTime", "Time", "Quantity", "Ratio",
                                         "Code",    "Concept",  "Any"};
  std::string hint = NearestNameHint(syntax.name, names);
  if (hint.empty() && !ir_.uses_fhir) hint = "types of FHIR need: using FHIR version '4.0.1'";
  Error(syntax.span,
        "there is no type '" + std::string(syntax.qualifier) + (syntax.qualifier.empty() ? "" : ".") +
            std::string(syntax.name) + "'",
        hint);
  return AnyType();
}

const Type* LibraryAnalyzer::SystemElementType(const Type& type, std::string_view name) {
  if (type.Is(SystemType::kConcept) && name == "codes") return types().List(TypeOf(SystemType::kCode));
  const bool vocabulary = type.Is(SystemType::kValueSet) || type.Is(SystemType::kCodeSystem);
  const SystemType of = vocabulary ? SystemType::kVocabulary : type.system;
  for (const ElementRow& row : kSystemElements) {
    if (row.of == of && row.name == name) return TypeOf(row.type);
  }
  return nullptr;
}

const Type* LibraryAnalyzer::FhirElementType(model::TypeId type, std::string_view name) {
  const model::TypeId system = model::SystemTypeOf(type);
  const bool primitive = model::KindOf(type) == model::TypeKind::kPrimitive ||
                         model::KindOf(type) == model::TypeKind::kBoundCode;
  if (primitive && name == "value") {
    const auto found = FindSystemType(model::TypeName(system).substr(sizeof("System.") - 1));
    return found ? TypeOf(*found) : TypeOf(SystemType::kString);
  }
  const json::Key key = json::FindKey(name);
  const model::ElementDefinition* const element = model::FindElement(type, key);
  if (element == nullptr || element->is_choice_member()) return nullptr;
  const Type* result = nullptr;
  if (element->is_choice()) {
    std::vector<const Type*> choices;
    for (const model::ChoiceType& choice : element->choices()) choices.push_back(types().Fhir(choice.type));
    result = types().Choice(choices);
  } else {
    model::TypeId declared =
        element->code_type != model::TypeId::kNone ? element->code_type : element->declared_type;
    // R4 declares Extension.url and the ids of elements with the type of FHIRPath; as elements they are
    // strings.
    if (declared == model::FindType("System.String")) declared = model::FindType("string");
    result = types().Fhir(declared);
  }
  return element->repeats() ? types().List(result) : result;
}

const Type* LibraryAnalyzer::ElementType(const Type& type, std::string_view name) {
  switch (type.kind) {
    case TypeKind::kSystem:
      return SystemElementType(type, name);
    case TypeKind::kFhir:
      return FhirElementType(type.fhir, name);
    case TypeKind::kTuple:
      for (const auto& [element, element_type] : type.elements) {
        if (element == name) return element_type;
      }
      return nullptr;
    case TypeKind::kInterval:
      if (name == "low" || name == "high") return type.element;
      if (name == "lowClosed" || name == "highClosed") return TypeOf(SystemType::kBoolean);
      return nullptr;
    case TypeKind::kList: {
      const Type* const element = ElementType(*type.element, name);
      if (element == nullptr || element->kind == TypeKind::kList) return element;
      return types().List(element);
    }
    case TypeKind::kChoice: {
      std::vector<const Type*> found;
      for (const Type* const choice : type.choices) {
        if (const Type* const element = ElementType(*choice, name)) found.push_back(element);
      }
      return found.empty() ? nullptr : types().Choice(found);
    }
    default:
      return nullptr;
  }
}

void LibraryAnalyzer::AddElementNames(const Type& type, std::vector<std::string>& names) {
  if (type.kind == TypeKind::kList) return AddElementNames(*type.element, names);
  for (const Type* const choice : type.choices) AddElementNames(*choice, names);
  for (const auto& [name, element] : type.elements) names.push_back(name);
  if (type.kind == TypeKind::kFhir) {
    for (const model::ElementDefinition& element : model::ElementsOf(type.fhir)) {
      if (!element.is_choice_member()) names.emplace_back(element.name());
    }
  }
  for (const ElementRow& row : kSystemElements) {
    if (type.Is(row.of)) names.emplace_back(row.name);
  }
}

Node* LibraryAnalyzer::CoerceUnchecked(Node* node, const Type* type) {
  if (SameType(*node->type, *type) || type->kind == TypeKind::kAny) return node;
  if (node->kind == NodeKind::kNull) return New(NodeKind::kNull, node->span, type);
  Node* const coerced = New(NodeKind::kCoerce, node->span, type, {node});
  coerced->target_type = type;
  return coerced;
}

Node* LibraryAnalyzer::Coerce(Node* node, const Type* type, std::string_view what) {
  if (!ConversionCost(*node->type, *type, Promotion::kAllowed)) {
    return ErrorNode(node->span, std::string(what) + " must be " + ShortNameOf(*type) + ", but this is " +
                                     ShortNameOf(*node->type));
  }
  return CoerceUnchecked(node, type);
}

}  // namespace osteon::cql
