// What a step ".name" leads to by the tables of R4.
#pragma once

#include <string>
#include <string_view>

#include "fhir/model/r4_model.h"
#include "fhir/path/static_type.h"

namespace osteon::path {

struct ElementTypes {
  bool found = false;
  StaticType result;  // when found
  std::string hint;   // when not: how to read a choice element, if its JSON name was used
};
ElementTypes TypesOfElement(const StaticType& input, std::string_view name);

// The nearest element for one that was not found; compares with thousands of names when `input` may be much.
std::string NearestElementHint(const StaticType& input, std::string_view name);

// Types of all children, or anything.
StaticType TypesOfChildren(const StaticType& input);

// The type of that name that an expression may use: no backbone elements, no codes by value set.
TypeTest FindTypeByName(std::string_view space, std::string_view name);
std::string NearestTypeHint(std::string_view name);

}  // namespace osteon::path
