#include "tests/testing/evidence.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace osteon::testing {

std::optional<std::filesystem::path> EvidenceFolder() {
  const char* named = std::getenv("OSTEON_SHARED");
  const std::filesystem::path folder = named != nullptr
                                           ? std::filesystem::path(named)
                                           : std::filesystem::path(OSTEON_SOURCE_DIR) / ".." / "shared";
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  return folder;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace osteon::testing
