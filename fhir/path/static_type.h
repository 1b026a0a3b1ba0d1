// What is known of an expression's result before it runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fhir/model/r4_type.h"

namespace osteon::path {

// The families that operators and functions tell apart; FHIR primitives count as the System type of their
// value.
enum class Category : std::uint8_t {
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kOther,
};
Category CategoryOf(model::TypeId type);
bool IsNumber(Category category);

struct StaticType {
  bool is_known = false;             // false: it may be of any type
  std::vector<model::TypeId> types;  // the possible ones; none and is_known: always empty
  bool is_single = false;            // at most one item
  bool is_ordered = true;            // false: children() and descendants(), whose order means nothing
  bool is_type_info = false;         // the result of type()

  bool is_empty() const { return is_known && types.empty() && !is_type_info; }
  // Nothing rules out that an item is of the category.
  bool MayBe(Category category) const;
  void Add(const StaticType& other);
  static StaticType Any() { return {}; }
  static StaticType Empty();
  static StaticType One(model::TypeId type);
};

// "HumanName", "Quantity or string", "anything".
std::string Describe(const StaticType& type);

// A type named in the text: "Quantity" may mean both FHIR.Quantity and System.Quantity.
struct TypeTest {
  model::TypeId fhir = model::TypeId::kNone;
  model::TypeId system = model::TypeId::kNone;
  bool found() const { return fhir != model::TypeId::kNone || system != model::TypeId::kNone; }
};

}  // namespace osteon::path
