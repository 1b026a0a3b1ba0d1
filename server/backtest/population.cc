#include "server/backtest/population.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

#include "fhir/base/text.h"
#include "fhir/json/tree.h"

namespace osteon::server {
namespace {

constexpr std::size_t kLargestFile_bytes = std::size_t{1} << 30;

bool IsLines(std::string_view name) {
  return name.ends_with(".ndjson") || name.ends_with(".ndjson.gz");
}

bool IsPopulationFile(std::string_view name) {
  return IsLines(name) || name.ends_with(".json") || name.ends_with(".json.gz");
}

// zlib reads files that are not gzipped as they are.
base::Status ReadWhole(const std::string& path, std::string& text) {
  const base::Error unreadable{base::ErrorCode::kInvalidRequest, "cannot be read or unpacked", {}, path};
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return unreadable;
  std::array<char, 1 << 16> chunk{};
  while (true) {
    const int read = gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()));
    if (read < 0) return unreadable;
    if (read == 0) break;
    if (text.size() > kLargestFile_bytes) {
      return base::Error{base::ErrorCode::kInvalidRequest, "is larger than 1 GiB", {}, path};
    }
    text.append(chunk.data(), static_cast<std::size_t>(read));
  }
  int error = Z_OK;
  (void)gzerror(file.get(), &error);
  if (error != Z_OK) return unreadable;
  text.reserve(text.size() + json::kReadPadding);
  return base::Ok{};
}

std::string Padded(std::string_view text) {
  std::string copy(text);
  copy.reserve(text.size() + json::kReadPadding);
  return copy;
}

}  // namespace

base::Result<std::vector<std::string>> ListPopulation(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error) && IsPopulationFile(at->path().filename().string())) {
      files.push_back(at->path().string());
    }
  }
  if (error || files.empty()) {
    return base::Error{base::ErrorCode::kInvalidConfig,
                       "is no folder with Bundles (.json, .ndjson, gzipped or not)",
                       {},
                       folder};
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Status ReadPopulationFile(const std::string& path,
                                const std::function<void(std::string name, std::string text)>& take) {
  std::string text;
  OSTEON_RETURN_IF_ERROR(ReadWhole(path, text));
  const std::string name = std::filesystem::path(path).filename().string();
  if (!IsLines(name)) {
    take(name, std::move(text));
    return base::Ok{};
  }
  std::string_view rest = text;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string_view one = rest.substr(0, end);
    if (!base::IsBlank(one)) {
      std::string place = name;
      place.append(":").append(std::to_string(line));
      take(std::move(place), Padded(one));
    }
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return base::Ok{};
}

}  // namespace osteon::server
