// From the folder of a rule pack to its files in memory. Only what the format knows is read
// (docs/rule-packs.md); nothing outside the folder is, and no more than the limits.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "cards/pack_source.h"
#include "fhir/base/result.h"

namespace osteon::server {

struct PackFileLimits {
  std::size_t file_bytes = std::size_t{1} << 20;
  std::size_t pack_bytes = std::size_t{32} << 20;
  std::size_t files = 5000;
};

struct PackFolder {
  cards::PackFiles files;                    // by path below the folder, "rules/a.yaml"
  std::vector<cards::PackFinding> findings;  // what could not be read, by path
};

// Beside the folders of the format and YAML or CQL files in the wrong place, other files (a README, sources)
// are passed over. Errors (kInvalidConfig): not a folder, or it cannot be listed.
base::Result<PackFolder> ReadPackFolder(const std::filesystem::path& folder,
                                        const PackFileLimits& limits = {});

// The pack that comes with the program: beside its binary when it is installed, otherwise where it was built.
std::filesystem::path ShippedPackFolder();

}  // namespace osteon::server
