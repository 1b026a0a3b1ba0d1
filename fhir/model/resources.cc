#include "fhir/model/resources.h"

#include "fhir/base/text.h"

namespace osteon::model {
namespace {

bool IsStated(json::Value value) {
  if (!value.exists() || value.is_null()) return false;
  if (value.is_string()) return !base::IsBlank(value.string());
  return !(value.is_array() || value.is_object()) || !value.empty();
}

}  // namespace

std::string_view Resource::patient_reference() const {
  const std::string_view subject = json["subject"_key]["reference"_key].string();
  return !subject.empty() ? subject : json["patient"_key]["reference"_key].string();
}

bool Patient::deceased() const {
  return json["deceasedBoolean"_key].is_true() || IsStated(json["deceasedDateTime"_key]);
}

bool Bundle::has_next_page() const {
  for (const json::Value link : json["link"_key]) {
    if (link["relation"_key].string() == "next") return true;
  }
  return false;
}

}  // namespace osteon::model
