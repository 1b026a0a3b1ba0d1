// SHA-256 (FIPS 180-4) as lower-case hex digits.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace osteon::server {

inline constexpr std::size_t kSha256HexDigits = 64;

std::string Sha256Hex(std::string_view bytes);

// The same for bytes that come in parts.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void Add(std::string_view bytes);
  std::string Hex();  // once, at the end

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::server
