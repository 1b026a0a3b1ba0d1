// What the types of FHIR R4 consist of: elements, choices, cardinality, inheritance, and what CQL adds
// (primary code path, implicit conversions). Read-only tables; no look-up allocates, and
// all take constant time but those by name.
//
// Source: FHIR R4 StructureDefinitions (snapshots, so inherited elements are in each type), FHIR model
// info 4.0.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "fhir/json/key.h"
#include "fhir/model/r4_type.h"

namespace osteon::model {

enum class TypeKind : std::uint8_t {
  kNone,
  kPrimitive,  // boolean, string, code ...: a JSON value, with id and extensions in the `_name` twin
  kComplex,    // HumanName, Quantity, Element ...
  kResource,
  kComponent,  // "Patient.contact": the unnamed type of a backbone element
  kBoundCode,  // "AdministrativeGender": a code with a required binding, as CQL names it; derived from code
  kSystem,     // "System.Boolean"
};
TypeKind KindOf(TypeId type);

// The type it is derived from: Age -> Quantity -> Element; code -> string; kNone at the top.
TypeId ParentOf(TypeId type);
// `type` is `ancestor` or derived from it.
bool IsA(TypeId type, TypeId ancestor);

// A resource type by its name, as resourceType has it; kNone when R4 has none.
TypeId FindResourceType(std::string_view name);

// A named type by the name that CQL's model info uses, which capitalises the segments of component types
// ("Patient.Contact"); other names as FindType.
TypeId FindModelInfoType(std::string_view name);

// One type that a choice element can take, and the JSON name of the member then: valueQuantity, Quantity.
struct ChoiceType {
  std::uint16_t name_index;  // internal
  TypeId type;
  json::Key key() const;
};

// An element of a type by its FHIRPath name ("value"), or the JSON name of one form of a choice element
// ("valueQuantity", is_choice_member()).
struct ElementDefinition {
  std::uint16_t name_index;  // internal
  TypeId declared_type;      // kNone for choices; the target's type for content references
  std::uint8_t min;          // 0 for choice members
  std::uint8_t flags;        // internal
  std::uint16_t first_choice;
  std::uint8_t choice_count;
  std::uint16_t binding_index;
  TypeId
      code_type;  // CQL's type of a code element with a required binding, e.g. AdministrativeGender; or kNone

  json::Key key() const;
  std::string_view name() const { return json::KeyName(key()); }
  bool repeats() const { return (flags & 1) != 0; }
  bool is_choice() const { return (flags & 2) != 0; }
  bool is_choice_member() const { return (flags & 4) != 0; }
  bool is_content_reference() const { return (flags & 8) != 0; }
  // The types of a choice; empty otherwise.
  std::span<const ChoiceType> choices() const;
  // The value set of a required binding, without version; empty otherwise.
  std::string_view required_value_set() const;
};

// All rows of a type, choice members included, ordered by key.
std::span<const ElementDefinition> ElementsOf(TypeId type);

// The row of that name in the type, or null. `Resource` and `DomainResource` know only what all resources
// have.
const ElementDefinition* FindElement(TypeId type, json::Key key);

// The choice element whose form `member` is: value for valueQuantity; null for other rows.
const ElementDefinition* ChoiceOf(TypeId type, const ElementDefinition& member);

// The type that a JSON member of that name has inside `type`, kNone when R4 has none: what is stepped into
// when data is walked without a path (children(), descendants()).
TypeId MemberType(TypeId type, json::Key key);

// The element that CQL's retrieve compares with a terminology when none is named: "code", "medication",
// "device.code"; empty when the type has none.
std::string_view PrimaryCodePath(TypeId resource);

// What CQL converts a value of a FHIR type to implicitly (model info conversionInfo, inherited).
enum class Conversion : std::uint8_t {
  kNone,
  kBoolean,
  kInteger,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kCode,
  kConcept,
  kQuantity,
  kRatio,
  kIntervalOfDateTime,
  kIntervalOfQuantity,
};
Conversion ConversionOf(TypeId type);

// The System type of a FHIR primitive's value, and of Quantity (FHIRPath 2.0 "Using FHIRPath with FHIR", R4
// fhirpath.html#types); kNone for other types.
TypeId SystemTypeOf(TypeId type);

}  // namespace osteon::model
