#include "fhir/path/function_table.h"

#include "fhir/path/names.h"

namespace osteon::path {

std::span<const std::span<const FunctionRow>> FunctionFamilies() {
  static const std::array<std::span<const FunctionRow>, 10> kFamilies = {
      ExistenceFunctions(),  FilteringFunctions(), SubsettingFunctions(), CombiningFunctions(),
      ConversionFunctions(), StringFunctions(),    MathFunctions(),       TreeFunctions(),
      UtilityFunctions(),    FhirFunctions()};
  return kFamilies;
}

const FunctionRow* FindFunction(std::string_view name) {
  for (const auto& family : FunctionFamilies()) {
    for (const FunctionRow& row : family) {
      if (row.name == name) return &row;
    }
  }
  return nullptr;
}

std::string_view NearestFunction(std::string_view name) {
  NearestName nearest(name);
  for (const auto& family : FunctionFamilies()) {
    for (const FunctionRow& row : family) nearest.Offer(row.name);
  }
  return nearest.nearest();
}

}  // namespace osteon::path
