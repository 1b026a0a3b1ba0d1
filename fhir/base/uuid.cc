#include "fhir/base/uuid.h"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

namespace osteon::base {
namespace {

constexpr std::size_t kTextLength = 36;

bool IsHyphenPlace(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Uuid::ToString() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(kTextLength);
  for (const std::uint8_t byte : bytes) {
    if (IsHyphenPlace(text.size())) text += '-';
    text += kHex[byte >> 4];
    text += kHex[byte & 0x0F];
  }
  return text;
}

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Uuid uuid;
  std::size_t at = 0;
  for (std::uint8_t& byte : uuid.bytes) {
    if (IsHyphenPlace(at) && text[at++] != '-') return std::nullopt;
    const int high = HexValue(text[at]);
    const int low = HexValue(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    byte = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
  }
  return uuid;
}

Uuid Uuid::FromName(const Uuid& parent, std::string_view name) {
  boost::uuids::uuid name_space;
  std::copy(parent.bytes.begin(), parent.bytes.end(), name_space.begin());
  const boost::uuids::name_generator_sha1 generate(name_space);
  const boost::uuids::uuid generated = generate(name.data(), name.size());
  Uuid uuid;
  std::copy(generated.begin(), generated.end(), uuid.bytes.begin());
  return uuid;
}

}  // namespace osteon::base
