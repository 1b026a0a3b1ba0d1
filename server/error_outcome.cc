#include "server/error_outcome.h"

#include "fhir/json/writer.h"

namespace osteon::server {

std::string OperationOutcomeJson(const base::Error& error) {
  const base::ErrorRow& row = base::Describe(error.code);
  json::Writer writer;
  writer.StartObject().Member("resourceType", "OperationOutcome").Key("issue").StartArray().StartObject();
  writer.Member("severity", "error").Member("code", row.issue_type);
  writer.Key("details").StartObject();
  writer.Key("coding").StartArray().StartObject().Member("system", kErrorCodeSystem).Member("code", row.name);
  writer.EndObject().EndArray();
  // FHIR forbids empty strings; the name says enough when there is no text.
  writer.Member("text", error.public_text.empty() ? row.name : std::string_view(error.public_text))
      .EndObject();
  if (!error.path.empty()) writer.Key("expression").StartArray().String(error.path).EndArray();
  writer.EndObject().EndArray().EndObject();
  return std::string(writer.text());
}

}  // namespace osteon::server
