// FHIR R4 references: literal, relative and absolute. Source: http://hl7.org/fhir/R4/references.html#literal.
#pragma once

#include <string_view>

namespace osteon::model {

// "Patient/1", "http://h/fhir/Patient/1/_history/2" -> {Patient, 1}; "#c" -> {"", "c"} contained;
// "urn:uuid:..." -> {"", whole text}; anything else -> both empty.
struct ReferenceParts {
  std::string_view type;
  std::string_view id;
};
ReferenceParts SplitReference(std::string_view reference);

// A FHIR id: [A-Za-z0-9\-\.]{1,64}.
bool IsFhirId(std::string_view text);
// "Type/id" with a resource-type-like first part and a FHIR id.
bool IsLocalReference(std::string_view text);

}  // namespace osteon::model
