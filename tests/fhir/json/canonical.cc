#include "tests/fhir/json/canonical.h"

namespace osteon::json {
namespace {

void Append(Value value, std::string& to) {
  if (value.is_object() || value.is_array()) {
    to += value.is_object() ? '{' : '[';
    for (Value child : value) {
      if (value.is_object()) AppendCanonical('k', child.name(), to);
      Append(child, to);
    }
    to += value.is_object() ? '}' : ']';
  } else if (value.is_string()) {
    AppendCanonical('s', value.string(), to);
  } else if (value.is_number()) {
    AppendCanonical('d', value.number(), to);
  } else if (value.is_bool()) {
    to += value.is_true() ? 't' : 'f';
  } else {
    to += value.is_null() ? '0' : '?';
  }
}

}  // namespace

void AppendCanonical(char mark, std::string_view bytes, std::string& to) {
  to.append(1, mark).append(std::to_string(bytes.size())).append(1, ':').append(bytes);
}

std::string Canonical(Value value) {
  std::string text;
  Append(value, text);
  return text;
}

}  // namespace osteon::json
