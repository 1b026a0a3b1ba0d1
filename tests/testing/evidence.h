// The evidence folder beside the repository (`../shared`, or the environment variable OSTEON_SHARED): read by
// tests at run time, never copied. Tests skip when it is not there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace osteon::testing {

std::optional<std::filesystem::path> EvidenceFolder();
// The bytes of a file; throws std::runtime_error when it cannot be read.
std::string ReadFile(const std::filesystem::path& path);

}  // namespace osteon::testing
