#include "fhir/path/element_types.h"

#include <algorithm>

#include "fhir/path/names.h"

namespace osteon::path {
namespace {

using model::ElementDefinition;
using model::FindElement;
using model::KindOf;
using model::TypeId;
using model::TypeKind;
using model::operator""_type;

template <typename Function>
void ForEachType(Function function) {
  for (std::size_t i = 1; i < model::internal::kTypeCount; ++i) function(static_cast<TypeId>(i));
}

// Anything of that base may stand there, so its elements are those of all derived types.
bool IsAbstract(TypeId type) {
  return type == "Resource"_type || type == "DomainResource"_type || type == "Element"_type ||
         type == "BackboneElement"_type;
}

void AddDefinition(const ElementDefinition& element, bool input_is_single, StaticType& result) {
  StaticType types = StaticType::Empty();
  if (element.is_choice()) {
    for (const model::ChoiceType& choice : element.choices()) types.types.push_back(choice.type);
  } else {
    types.types.push_back(element.declared_type);
  }
  result.Add(types);
  if (!input_is_single || element.repeats()) result.is_single = false;
}

// The value of a system Quantity or of type information.
const TypeId* SystemMember(TypeId type, std::string_view name) {
  static constexpr TypeId kDecimal = "System.Decimal"_type;
  static constexpr TypeId kString = "System.String"_type;
  if (type != "System.Quantity"_type) return nullptr;
  if (name == "value") return &kDecimal;
  return name == "unit" || name == "code" ? &kString : nullptr;
}

class Search {
 public:
  Search(const StaticType& input, std::string_view name)
      : input_(input), name_(name), key_(json::FindKey(name)) {
    result_.result = StaticType::Empty();
    result_.result.is_single = input.is_single;
    result_.result.is_ordered = input.is_ordered;
  }

  ElementTypes Run() {
    if (!input_.is_known) {
      InAnyType();
    } else {
      for (const TypeId type : input_.types) InType(type);
      if (input_.is_type_info) InTypeInfo();
    }
    if (!result_.found) result_.hint = choice_hint_;
    return std::move(result_);
  }

 private:
  void InAnyType() {
    bool is_plain = false;
    ForEachType([&](TypeId type) {
      const ElementDefinition* element = FindElement(type, key_);
      is_plain = is_plain || (element != nullptr && !element->is_choice_member());
      if (element != nullptr && element->is_choice_member()) SuggestChoice(type, *element);
    });
    if (is_plain || name_ == "resourceType" || name_ == "namespace") FoundAnything();
  }

  void FoundAnything() {
    result_.found = true;
    result_.result.is_known = false;
    result_.result.is_single = false;
  }

  void InType(TypeId type) {
    if (const TypeId* member = SystemMember(type, name_)) {
      result_.found = true;
      return result_.result.Add(StaticType::One(*member));
    }
    if (InOwnTable(type)) return;
    if (type == "Element"_type || type == "BackboneElement"_type) return InAnyType();
    if (IsAbstract(type)) {
      ForEachType([&](TypeId derived) {
        if (KindOf(derived) == TypeKind::kResource && derived != type && model::IsA(derived, type)) {
          InOwnTable(derived);
        }
      });
    }
    if (name_ == "resourceType" && KindOf(type) == TypeKind::kResource) {
      result_.found = true;
      result_.result.Add(StaticType::One("System.String"_type));
    }
  }

  bool InOwnTable(TypeId type) {
    const ElementDefinition* element = FindElement(type, key_);
    if (element != nullptr && !element->is_choice_member()) {
      result_.found = true;
      AddDefinition(*element, input_.is_single, result_.result);
      return true;
    }
    if (element != nullptr) SuggestChoice(type, *element);
    return false;
  }

  void SuggestChoice(TypeId type, const ElementDefinition& member) {
    const ElementDefinition* choice = model::ChoiceOf(type, member);
    if (choice == nullptr) return;
    choice_hint_ = "in FHIRPath it is '" + std::string(choice->name()) + ".ofType(" +
                   std::string(model::TypeName(member.declared_type)) + ")'";
  }

  void InTypeInfo() {
    if (name_ != "name" && name_ != "namespace") return;
    result_.found = true;
    result_.result.Add(StaticType::One("System.String"_type));
  }

  const StaticType& input_;
  std::string_view name_;
  json::Key key_;
  std::string choice_hint_;
  ElementTypes result_;
};

}  // namespace

ElementTypes TypesOfElement(const StaticType& input, std::string_view name) {
  return Search(input, name).Run();
}

std::string NearestElementHint(const StaticType& input, std::string_view name) {
  NearestName nearest(name);
  const bool anywhere = !input.is_known || std::any_of(input.types.begin(), input.types.end(), IsAbstract);
  ForEachType([&](TypeId type) {
    const bool is_input = std::find(input.types.begin(), input.types.end(), type) != input.types.end();
    if (!anywhere && !is_input) return;
    for (const ElementDefinition& element : model::ElementsOf(type)) {
      if (!element.is_choice_member()) nearest.Offer(element.name());
    }
  });
  return nearest.Hint();
}

StaticType TypesOfChildren(const StaticType& input) {
  StaticType result = StaticType::Empty();
  result.is_known = input.is_known;
  for (const TypeId type : input.types) {
    if (IsAbstract(type)) result.is_known = false;
    for (const ElementDefinition& element : model::ElementsOf(type)) {
      if (!element.is_choice_member()) AddDefinition(element, false, result);
    }
  }
  if (!result.is_known) result.types.clear();
  result.is_single = false;
  result.is_ordered = false;
  return result;
}

TypeTest FindTypeByName(std::string_view space, std::string_view name) {
  TypeTest test;
  if (name.find('.') != name.npos) return test;
  if (space.empty() || space == "FHIR") {
    const TypeId type = model::FindType(name);
    const TypeKind kind = KindOf(type);
    if (kind == TypeKind::kPrimitive || kind == TypeKind::kComplex || kind == TypeKind::kResource) {
      test.fhir = type;
    }
  }
  if (space.empty() || space == "System") test.system = model::FindType("System." + std::string(name));
  return test;
}

std::string NearestTypeHint(std::string_view name) {
  NearestName nearest(name);
  ForEachType([&](TypeId type) {
    std::string_view candidate = model::TypeName(type);
    if (candidate.starts_with("System.")) candidate.remove_prefix(7);
    if (candidate.find('.') == candidate.npos && KindOf(type) != TypeKind::kBoundCode) {
      nearest.Offer(candidate);
    }
  });
  return nearest.Hint();
}

}  // namespace osteon::path
