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

namespace {

constexpr std::size_t kResourceSlots = 1024;

constexpr std::size_t ResourceSlot(std::string_view name) {
  const std::size_t size = name.size();
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
  };
  return (size * 131 + at(0) * 31 + at(size / 2) * 17 + at(size - 1) * 7 + at(size / 3) * 3) % kResourceSlots;
}

// Open addressing by a few characters of the name.
constexpr auto kResources = [] {
  std::array<TypeId, kResourceSlots> table{};
  for (std::size_t i = 1; i < internal::kTypeCount; ++i) {
    if (kTypes[i].kind != TypeKind::kResource) continue;
    std::size_t slot = ResourceSlot(TypeName(static_cast<TypeId>(i)));
    while (table[slot] != TypeId::kNone) slot = (slot + 1) % kResourceSlots;
    table[slot] = static_cast<TypeId>(i);
  }
  return table;
}();

}  // namespace

TypeId FindResourceType(std::string_view name) {
  if (name.empty()) return TypeId::kNone;
  for (std::size_t slot = ResourceSlot(name); kResources[slot] != TypeId::kNone;
       slot = (slot + 1) % kResourceSlots) {
    if (TypeName(kResources[slot]) == name) return kResources[slot];
  }
  return TypeId::kNone;
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

namespace {

// The elements by type and key, in a table with gaps. Built when first asked for.
class ElementTable {
 public:
  ElementTable() {
    for (std::size_t type = 0; type < std::size(kTypes); ++type) {
      for (std::size_t at = kFirstElement[type]; at < kFirstElement[type + 1]; ++at) {
        const std::uint32_t wanted = Wanted(static_cast<TypeId>(type), kElements[at].key());
        std::size_t slot = SlotOf(wanted);
        while (slots_[slot].wanted != 0) slot = (slot + 1) % kSlots;
        slots_[slot] = {wanted, static_cast<std::uint32_t>(at)};
      }
    }
  }
  const ElementDefinition* Find(TypeId type, json::Key key) const {
    const std::uint32_t wanted = Wanted(type, key);
    for (std::size_t slot = SlotOf(wanted); slots_[slot].wanted != 0; slot = (slot + 1) % kSlots) {
      if (slots_[slot].wanted == wanted) return &kElements[slots_[slot].element];
    }
    return nullptr;
  }

 private:
  struct Slot {
    std::uint32_t wanted = 0;  // 0: a gap
    std::uint32_t element = 0;
  };
  static constexpr int kSlotBits = 14;
  static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
  static_assert(std::size(kElements) < kSlots / 4 * 3);

  static std::uint32_t Wanted(TypeId type, json::Key key) {
    return static_cast<std::uint32_t>(type) << 16U | key.id();
  }
  static std::size_t SlotOf(std::uint32_t wanted) {
    return static_cast<std::uint32_t>(wanted * 2654435769U) >> (32 - kSlotBits);
  }

  std::array<Slot, kSlots> slots_{};
};

// What ConversionOf finds on the way up, by type.
constexpr auto kConversions = [] {
  std::array<Conversion, std::size(kTypes)> found{};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (std::size_t type = i; type != 0 && found[i] == Conversion::kNone; type = kTypes[type].parent) {
      found[i] = kTypes[type].conversion;
    }
  }
  return found;
}();

}  // namespace

const ElementDefinition* FindElement(TypeId type, json::Key key) {
  static const ElementTable kTable;
  return kTable.Find(type, key);
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
  const auto index = static_cast<std::size_t>(type);
  return index < kConversions.size() ? kConversions[index] : Conversion::kNone;
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
