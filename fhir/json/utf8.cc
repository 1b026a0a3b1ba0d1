#include "fhir/json/utf8.h"

#include <simdjson.h>

namespace osteon::json {

bool IsUtf8(std::string_view bytes) {
  return bytes.empty() || simdjson::validate_utf8(bytes.data(), bytes.size());
}

}  // namespace osteon::json
