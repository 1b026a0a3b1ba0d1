#include "fhir/path/static_type.h"

#include <algorithm>
#include <array>

#include "fhir/model/r4_model.h"

namespace osteon::path {

using model::TypeId;
using model::operator""_type;

namespace {

Category FindCategory(TypeId type) {
  const TypeId system = model::KindOf(type) == model::TypeKind::kSystem ? type : model::SystemTypeOf(type);
  if (system == "System.Boolean"_type) return Category::kBoolean;
  if (system == "System.Integer"_type) return Category::kInteger;
  if (system == "System.Long"_type) return Category::kLong;
  if (system == "System.Decimal"_type) return Category::kDecimal;
  if (system == "System.String"_type) return Category::kString;
  if (system == "System.Date"_type) return Category::kDate;
  if (system == "System.DateTime"_type) return Category::kDateTime;
  if (system == "System.Time"_type) return Category::kTime;
  if (system == "System.Quantity"_type) return Category::kQuantity;
  return Category::kOther;
}

}  // namespace

Category CategoryOf(TypeId type) {
  static const auto kCategories = [] {
    std::array<Category, model::internal::kTypeCount> categories{};
    for (std::size_t i = 0; i < categories.size(); ++i) categories[i] = FindCategory(static_cast<TypeId>(i));
    return categories;
  }();
  const auto index = static_cast<std::size_t>(type);
  return index < kCategories.size() ? kCategories[index] : Category::kOther;
}

bool IsNumber(Category category) {
  return category == Category::kInteger || category == Category::kLong || category == Category::kDecimal;
}

bool StaticType::MayBe(Category category) const {
  if (!is_known) return true;
  return std::any_of(types.begin(), types.end(),
                     [category](TypeId type) { return CategoryOf(type) == category; });
}

void StaticType::Add(const StaticType& other) {
  is_known = is_known && other.is_known;
  is_ordered = is_ordered && other.is_ordered;
  is_type_info = is_type_info || other.is_type_info;
  for (const TypeId type : other.types) {
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
}

StaticType StaticType::Empty() {
  StaticType type;
  type.is_known = true;
  type.is_single = true;
  return type;
}

StaticType StaticType::One(TypeId id) {
  StaticType type = Empty();
  type.types = {id};
  return type;
}

std::string Describe(const StaticType& type) {
  if (type.is_type_info) return "type information";
  if (!type.is_known) return "anything";
  if (type.types.empty()) return "the empty collection";
  std::string text;
  const std::size_t shown = type.types.size() > 4 ? 3 : type.types.size();
  for (std::size_t i = 0; i < shown; ++i) {
    if (i != 0) text += i + 1 == type.types.size() ? " or " : ", ";
    text += model::TypeName(type.types[i]);
  }
  if (shown < type.types.size()) {
    text += " or one of " + std::to_string(type.types.size() - shown) + " other types";
  }
  return text;
}

}  // namespace osteon::path
