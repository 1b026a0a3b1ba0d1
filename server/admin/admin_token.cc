#include "server/admin/admin_token.h"

#include <openssl/crypto.h>

#include <string>

#include "fhir/base/text.h"
#include "server/sha256.h"

namespace osteon::server {
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
