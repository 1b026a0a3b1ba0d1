// Read-only views of the few things that the protocol itself reads of FHIR R4 resources; the rules read
// theirs by FHIRPath and CQL. A view is two pointers; a missing element reads as absent. Source:
// http://hl7.org/fhir/R4/resourcelist.html, elements by the names given there.
#pragma once

#include <string_view>

#include "fhir/json/tree.h"

namespace osteon::model {

using json::operator""_key;

struct Resource {
  json::Value json;

  explicit operator bool() const { return json.is_object(); }
  std::string_view type() const { return json["resourceType"_key].string(); }
  std::string_view id() const { return json["id"_key].string(); }
  // subject.reference or patient.reference, whichever the resource has; empty when neither.
  std::string_view patient_reference() const;
};

struct Patient : Resource {
  // deceasedBoolean true, or any deceasedDateTime.
  bool deceased() const;
};

// A Bundle's entries with a resource. `next`: the searchset has a further page (link.relation = next).
struct Bundle : Resource {
  json::Value entries() const { return json["entry"_key]; }
  bool has_next_page() const;
};

}  // namespace osteon::model
