// Numbers for the types of FHIR R4 and of the System model of FHIRPath and CQL: comparing types is comparing
// 16-bit integers. What a type consists of is in r4_model.h.
//
// Names: "Patient", "HumanName", "boolean" (FHIR), "Patient.contact" (the unnamed type of a backbone element,
// by its path), "AdministrativeGender" (CQL's name for a code element with a required binding),
// "System.Boolean". Source: FHIR R4 StructureDefinitions and the FHIR model info 4.0.1, through
// generate_r4.py.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace osteon::model {

enum class TypeId : std::uint16_t { kNone = 0 };

namespace internal {

// One literal and one array of lengths, as in fhir/json/key.h, for the compiler's sake.
#define OSTEON_R4_TYPE(name, parent, kind, element_count, conversion, code_path) name
inline constexpr char kTypeText[] =
#include "fhir/model/r4_types.inc"
    ;
#undef OSTEON_R4_TYPE

#define OSTEON_R4_TYPE(name, parent, kind, element_count, conversion, code_path) sizeof(name) - 1,
inline constexpr std::uint8_t kTypeLength[] = {
#include "fhir/model/r4_types.inc"
};
#undef OSTEON_R4_TYPE

inline constexpr std::size_t kTypeCount = sizeof(kTypeLength);

inline constexpr auto kTypeOffset = [] {
  std::array<std::uint16_t, kTypeCount + 1> offsets{};
  for (std::size_t i = 0; i < kTypeCount; ++i) {
    offsets[i + 1] = static_cast<std::uint16_t>(offsets[i] + kTypeLength[i]);
  }
  return offsets;
}();

}  // namespace internal

// Numbers from 0 (kNone) to internal::kTypeCount - 1, in the order of the names' bytes.
constexpr std::string_view TypeName(TypeId type) {
  const auto index = static_cast<std::size_t>(type);
  if (index >= internal::kTypeCount) return {};
  return {internal::kTypeText + internal::kTypeOffset[index], internal::kTypeLength[index]};
}

// kNone when there is no type of that exact name.
constexpr TypeId FindType(std::string_view name) {
  std::size_t low = 1;
  std::size_t high = internal::kTypeCount;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = TypeName(static_cast<TypeId>(middle)).compare(name);
    if (order == 0) return static_cast<TypeId>(middle);
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return TypeId::kNone;
}

namespace internal {
// Not constexpr on purpose: the compiler names it when it refuses a type.
inline void NameIsNoTypeOfFhirR4() {}
}  // namespace internal

// "Patient"_type, "System.Boolean"_type: a name that is no type does not compile.
consteval TypeId operator""_type(const char* name, std::size_t length) {
  const TypeId type = FindType({name, length});
  if (type == TypeId::kNone) internal::NameIsNoTypeOfFhirR4();
  return type;
}

}  // namespace osteon::model
