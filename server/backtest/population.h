// The patients of a backtest: files of a folder, each a FHIR Bundle (.json), or one Bundle a line (.ndjson);
// either may be gzipped (.gz).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base/result.h"

namespace osteon::server {

// Files of the folder and those below, sorted by path. Error kInvalidConfig: no such folder, or no such file
// in it.
base::Result<std::vector<std::string>> ListPopulation(const std::string& folder);

// Calls `take` for each Bundle of a file with its name ("a.json", "b.ndjson:3") and its text, whose capacity
// has json::kReadPadding to spare. Errors: kInvalidRequest when the file cannot be read or unpacked, or is
// larger than 1 GiB unpacked.
base::Status ReadPopulationFile(const std::string& path,
                                const std::function<void(std::string name, std::string text)>& take);

}  // namespace osteon::server
