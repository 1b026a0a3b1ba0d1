// is, as, ofType: does a value have a type.
#pragma once

#include "fhir/model/value.h"
#include "fhir/path/static_type.h"

namespace osteon::path {

// FHIRPath 2.0.0 "is": of the type or of one derived from it (a code is a string).
bool IsOfType(const model::Val& value, const TypeTest& type);
// "as", "ofType": likewise, but a FHIR primitive must be of the very type: a code is no string here. R4
// fhirpath.html warns of relying on either.
bool CanBeTakenAs(const model::Val& value, const TypeTest& type);

}  // namespace osteon::path
