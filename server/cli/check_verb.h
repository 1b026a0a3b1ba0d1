// `osteon check PACK`: every mistake of a rule pack at once, or that there is none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cards/pack_source.h"
#include "fhir/base/result.h"

namespace osteon::server {

struct PackCheck {
  std::string id;  // as far as they could be read
  std::string version;
  std::size_t rules = 0;
  std::size_t rows = 0;
  std::size_t value_sets = 0;
  std::size_t libraries = 0;
  std::vector<cards::PackFinding> findings;  // in the order of files and places; none: the server loads it
  cards::PackFiles files;
};

// Everything that loading would do. Errors: not a folder.
base::Result<PackCheck> CheckPackFolder(const std::filesystem::path& folder);

// Each finding with its line and a caret, then "N mistakes", or "ID VERSION ok: N rules, ...".
std::string CheckText(const PackCheck& check);
// {"ok": false, "pack": ID, ..., "findings": [{"file": ..., "line": ..., "column": ..., "message": ...}]}
std::string CheckJson(const PackCheck& check);

enum class CheckOutput : std::uint8_t { kText, kJson };
// Prints to standard output. Exit status 0: no mistake; 1: mistakes; 2: no such folder.
int Check(const std::filesystem::path& folder, CheckOutput output);
// The JSON Schema "pack", "rule" or "value-set". Exit status 2: another name.
int PrintSchema(const std::string& name);

}  // namespace osteon::server
