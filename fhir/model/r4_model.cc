#include "fhir/model/r4_model.h"

#include <algorithm>
#include <array>
#include <string>

namespace osteon::model {
namespace {

struct TypeRow {
  std::uint16_t parent;
  TypeKind kind;
  std::uint8_t element_count;
  Conversion conversion;
  std::string_view code_path;
};

constexpr TypeRow kTypes[] = {
#define OSTEON_R4_TYPE(name, parent, kind, element_count, conversion, code_path) \
  {parent, TypeKind::kind, element_count, Conversion::conversion, code_path},
#include "fhir/model/r4_types.inc"
#undef OSTEON_R4_TYPE
};
static_assert(std::size(kTypes) == internal::kTypeCount);

// r4_elements.inc holds four lists; each inclusion takes one.
#define OSTEON_R4_NAME(name) std::string_view(name),
#define OSTEON_R4_BINDING(url)
#define OSTEON_R4_CHOICE(name, type)
#define OSTEON_R4_ELEMENT(name, type, min, flags, first, count, binding, code_type)
constexpr std::string_view kNames[] = {
#include "fhir/model/r4_elements.inc"
};
#undef OSTEON_R4_NAME
#undef OSTEON_R4_BINDING
#define OSTEON_R4_NAME(name)
#define OSTEON_R4_BINDING(url) std::string_view(url),
constexpr std::string_view kBindings[] = {
#include "fhir/model/r4_elements.inc"
};
#undef OSTEON_R4_BINDING
#undef OSTEON_R4_CHOICE
#define OSTEON_R4_BINDING(url)
#define OSTEON_R4_CHOICE(name, type) {name, static_cast<TypeId>(type)},
constexpr ChoiceType kChoices[] = {
#include "fhir/model/r4_elements.inc"
};
#undef OSTEON_R4_CHOICE
#undef OSTEON_R4_ELEMENT
#define OSTEON_R4_CHOICE(name, type)
#define OSTEON_R4_ELEMENT(name, type, min, flags, first, count, binding, code_type) \
  {name, static_cast<TypeId>(type), min, flags, first, count, binding, static_cast<TypeId>(code_type)},
constexpr ElementDefinition kElements[] = {
#include "fhir/model/r4_elements.inc"
};
#undef OSTEON_R4_NAME
#undef OSTEON_R4_BINDING
#undef OSTEON_R4_CHOICE
#undef OSTEON_R4_ELEMENT

// Both lists are sorted by bytes, so one pass finds the keys of all names.
constexpr auto kKeyOfName = [] {
  std::array<std::uint16_t, std::size(kNames)> keys{};
  std::uint16_t key = 1;
  for (std::size_t name = 0; name < std::size(kNames); ++name) {
    while (json::KeyName(json::Key(key)) != kNames[name]) {
      if (++key > json::internal::kKeyCount) throw "a name of r4_elements.inc is not in key_table.inc";
    }
    keys[name] = key;
  }
  return keys;
}();

constexpr auto kFirstElement = [] {
  std::array<std::uint16_t, std::size(kTypes) + 1> first{};
  for (std::size_t i = 0; i < std::size(kTypes); ++i) {
    first[i + 1] = static_cast<std::uint16_t>(first[i] + kTypes[i].element_count);
  }
  return first;
}();
static_assert(kFirstElement.back() == std::size(kElements));

const TypeRow& Row(TypeId type) {
  const auto index = static_cast<std::size_t>(type);
  return kTypes[index < std::size(kTypes) ? index : 0];
}

}  // namespace

TypeKind KindOf(TypeId type) {
  return Row(type).kind;
}

TypeId ParentOf(TypeId type) {
  return static_cast<TypeId>(Row(type).parent);
}

bool IsA(TypeId type, TypeId ancestor) {
  for (; type != TypeId::kNone; type = ParentOf(type)) {
    if (type == ancestor) return true;
  }
  return false;
}

TypeId FindModelInfoType(std::string_view name) {
  if (const TypeId type = FindType(name); type != TypeId::kNone) return type;
  std::string path(name);
  for (std::size_t dot = path.find('.'); dot != std::string::npos && dot + 1 < path.size();
       dot = path.find('.', dot + 1)) {
    char& initial = path[dot + 1];
    if (initial >= 'A' && initial <= 'Z') initial = static_cast<char>(initial - 'A' + 'a');
  }
  return FindType(path);
}

json::Key ChoiceType::key() const {
  return json::Key(kKeyOfName[name_index]);
}
json::Key ElementDefinition::key() const {
  return json::Key(kKeyOfName[name_index]);
}
std::span<const ChoiceType> ElementDefinition::choices() const {
  return std::span(kChoices).subspan(first_choice, choice_count);
}
std::string_view ElementDefinition::required_value_set() const {
  return kBindings[binding_index];
}

std::span<const ElementDefinition> ElementsOf(TypeId type) {
  const auto index = static_cast<std::size_t>(type);
  if (index >= std::size(kTypes)) return {};
  return std::span(kElements).subspan(kFirstElement[index], kTypes[index].element_count);
}

const ElementDefinition* FindElement(TypeId type, json::Key key) {
  const auto elements = ElementsOf(type);
  const auto found = std::lower_bound(
      elements.begin(), elements.end(), key.id(),
      [](const ElementDefinition& element, std::uint16_t id) { return element.key().id() < id; });
  return found != elements.end() && found->key() == key ? &*found : nullptr;
}

const ElementDefinition* ChoiceOf(TypeId type, const ElementDefinition& member) {
  if (!member.is_choice_member()) return nullptr;
  for (const ElementDefinition& element : ElementsOf(type)) {
    const auto choices = element.choices();
    const bool holds = std::any_of(choices.begin(), choices.end(), [&](const ChoiceType& choice) {
      return choice.name_index == member.name_index;
    });
    if (holds) return &element;
  }
  return nullptr;
}

TypeId MemberType(TypeId type, json::Key key) {
  const ElementDefinition* element = FindElement(type, key);
  return element != nullptr ? element->declared_type : TypeId::kNone;
}

std::string_view PrimaryCodePath(TypeId resource) {
  return Row(resource).code_path;
}

Conversion ConversionOf(TypeId type) {
  for (; type != TypeId::kNone; type = ParentOf(type)) {
    if (const Conversion conversion = Row(type).conversion; conversion != Conversion::kNone)
      return conversion;
  }
  return Conversion::kNone;
}

TypeId SystemTypeOf(TypeId type) {
  switch (ConversionOf(type)) {
    case Conversion::kBoolean:
      return "System.Boolean"_type;
    case Conversion::kInteger:
      return "System.Integer"_type;
    case Conversion::kDecimal:
      return "System.Decimal"_type;
    case Conversion::kString:
      return "System.String"_type;
    case Conversion::kDate:
      return "System.Date"_type;
    case Conversion::kDateTime:
      return "System.DateTime"_type;
    case Conversion::kTime:
      return "System.Time"_type;
    case Conversion::kQuantity:
      return "System.Quantity"_type;
    default:
      return TypeId::kNone;
  }
}

}  // namespace osteon::model
