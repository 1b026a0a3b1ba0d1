// An error as a FHIR R4 OperationOutcome. Source: http://hl7.org/fhir/R4/operationoutcome.html; CDS Hooks 3.0
// ballot, "Returning OperationOutcome".
#pragma once

#include <string>
#include <string_view>

#include "fhir/base/error.h"

namespace osteon::server {

// system of details.coding: osteon's own error names.
inline constexpr std::string_view kErrorCodeSystem = "urn:osteon:error";

// {"resourceType":"OperationOutcome","issue":[{severity, code, details{coding[error name], text},
// expression?}]}. Holds public_text and path only.
std::string OperationOutcomeJson(const base::Error& error);

}  // namespace osteon::server
