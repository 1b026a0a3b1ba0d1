#include "fhir/path/variables.h"

namespace osteon::path {
namespace {

constexpr StandardVariable kVariables[] = {
    {"context", VariableKind::kContext, {}},
    {"resource", VariableKind::kResource, {}},
    {"rootResource", VariableKind::kRootResource, {}},
    {"ucum", VariableKind::kText, "http://unitsofmeasure.org"},
    {"sct", VariableKind::kText, "http://snomed.info/sct"},
    {"loinc", VariableKind::kText, "http://loinc.org"},
    {"vs-", VariableKind::kText, "http://hl7.org/fhir/ValueSet/"},
    {"ext-", VariableKind::kText, "http://hl7.org/fhir/StructureDefinition/"},
};

}  // namespace

std::span<const StandardVariable> StandardVariables() {
  return kVariables;
}

const StandardVariable* FindStandardVariable(std::string_view name) {
  for (const StandardVariable& variable : kVariables) {
    const bool is_prefix = variable.name.ends_with('-');
    if (is_prefix ? name.starts_with(variable.name) && name.size() > variable.name.size()
                  : name == variable.name) {
      return &variable;
    }
  }
  return nullptr;
}

std::string TextOf(const StandardVariable& variable, std::string_view name) {
  std::string text(variable.text);
  if (variable.name.ends_with('-')) text += name.substr(variable.name.size());
  return text;
}

}  // namespace osteon::path
