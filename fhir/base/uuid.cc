#include "fhir/base/uuid.h"

#include <cstring>

#include "fhir/base/sha1.h"

namespace osteon::base {
namespace {

constexpr std::size_t kTextLength = 36;

bool IsHyphenPlace(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

// "000102...ff": two digits for each byte.
constexpr auto kHexPairs = [] {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t i = 0; i < 256; ++i) {
    pairs[2 * i] = kHex[i >> 4];
    pairs[2 * i + 1] = kHex[i & 0x0F];
  }
  return pairs;
}();

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Uuid::ToString() const {
  std::string text(kTextLength, '-');
  char* at = text.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    std::memcpy(at, kHexPairs.data() + 2 * bytes[i], 2);
    at += 2;
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
  const std::string_view parent_bytes(reinterpret_cast<const char*>(parent.bytes.data()),
                                      parent.bytes.size());
  const internal::Sha1Digest digest = internal::Sha1(parent_bytes, name);
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), digest.data(), uuid.bytes.size());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x50);  // version 5
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);  // variant of RFC 4122
  return uuid;
}

}  // namespace osteon::base
