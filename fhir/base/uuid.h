// UUIDs (RFC 4122). Random ones come from server/; below it they are derived by name only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace osteon::base {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const Uuid&, const Uuid&) = default;

  // Lower-case 8-4-4-4-12.
  std::string ToString() const;
  // Either case; exactly 36 characters.
  static std::optional<Uuid> Parse(std::string_view text);
  // Version 5 (SHA-1, RFC 4122 section 4.3): the same parent and name give the same UUID.
  static Uuid FromName(const Uuid& parent, std::string_view name);
};

}  // namespace osteon::base
