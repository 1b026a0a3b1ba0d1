// The database's schema as numbered steps, embedded in the binary.
#pragma once

#include <span>
#include <string_view>

namespace osteon::server {

struct Migration {
  int version = 0;  // 1, 2, 3, ... without gaps
  std::string_view name;
  std::string_view sql;
};

// In order. A database whose newest step is beyond the last one here was written by a newer osteon.
std::span<const Migration> Migrations();

}  // namespace osteon::server
