// The files of a pack folder of the tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cards/pack_source.h"

namespace osteon::testing {

inline cards::PackFiles FilesOf(const std::filesystem::path& folder) {
  cards::PackFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[std::filesystem::relative(entry.path(), folder).generic_string()].assign(
        std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

inline cards::PackFiles SmallPack() {
  return FilesOf(std::filesystem::path(OSTEON_SOURCE_DIR) / "tests" / "cards" / "small_pack");
}

// "file:line:column: message (hint)", one a line.
inline std::string Told(const std::vector<cards::PackFinding>& findings) {
  std::string told;
  for (const auto& finding : findings) {
    told += finding.file + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " +
            finding.message + (finding.hint.empty() ? "" : " (" + finding.hint + ")") + "\n";
  }
  return told;
}

}  // namespace osteon::testing
