#include "server/admin/admin_token.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <string>

#include "fhir/base/text.h"

namespace osteon::server {
namespace {

std::string Sha256Hex(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  std::string hex;
  for (const unsigned char byte : hash) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

}  // namespace

const AdminToken* FindToken(const std::vector<AdminToken>& tokens, std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!base::AsciiEqualsIgnoreCase(authorization.substr(0, kScheme.size()), kScheme)) return nullptr;
  const std::string hash = Sha256Hex(base::Trim(authorization.substr(kScheme.size())));
  const AdminToken* found = nullptr;
  for (const AdminToken& token : tokens) {
    if (token.sha256.size() == hash.size() &&
        CRYPTO_memcmp(token.sha256.data(), hash.data(), hash.size()) == 0) {
      found = &token;
    }
  }
  return found;
}

}  // namespace osteon::server
