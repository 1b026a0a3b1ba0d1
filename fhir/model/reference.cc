#include "fhir/model/reference.h"

#include <algorithm>

namespace osteon::model {
namespace {

constexpr std::size_t kMaxIdLength = 64;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsTypeName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength && text.front() >= 'A' && text.front() <= 'Z' &&
         std::all_of(text.begin(), text.end(), IsLetter);
}

// The text after the last '/', taken off `path` together with the slash.
std::string_view TakeLastSegment(std::string_view& path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view segment = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  return segment;
}

bool IsAbsolute(std::string_view reference) {
  return reference.starts_with("http://") || reference.starts_with("https://");
}

}  // namespace

ReferenceParts SplitReference(std::string_view reference) {
  if (reference.starts_with('#')) return {{}, reference.substr(1)};
  if (reference.starts_with("urn:uuid:") || reference.starts_with("urn:oid:")) return {{}, reference};
  const bool absolute = IsAbsolute(reference);
  std::string_view path = reference;
  if (absolute) {
    const std::size_t host = path.find("//") + 2;
    const std::size_t slash = path.find('/', host);
    if (slash == std::string_view::npos || slash == host) return {};
    path = path.substr(slash + 1);
  }
  std::string_view id = TakeLastSegment(path);
  std::string_view type = TakeLastSegment(path);
  if (type == "_history") {
    id = TakeLastSegment(path);
    type = TakeLastSegment(path);
  }
  // A relative reference begins with its type.
  const bool whole = absolute || type.data() == reference.data();
  if (!whole || !IsTypeName(type) || !IsFhirId(id)) return {};
  return {type, id};
}

bool IsFhirId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool IsLocalReference(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && IsTypeName(text.substr(0, slash)) &&
         IsFhirId(text.substr(slash + 1));
}

}  // namespace osteon::model
