#include "server/pack_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace osteon::server {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kFolders = {"cases", "logic", "resources",
                                                      "rules", "texts", "value_sets"};

// More than nearly all files of a pack hold.
constexpr std::size_t kBytesAtOnce = 16 * 1024;

bool IsPlainName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

base::Error Failed(const fs::path& folder, std::string text) {
  return {base::ErrorCode::kInvalidConfig, std::move(text), "", folder.string()};
}

class FolderReader {
 public:
  FolderReader(const fs::path& folder, const PackFileLimits& limits) : folder_(folder), limits_(limits) {}

  base::Result<PackFolder> Read() {
    std::error_code error;
    root_ = fs::canonical(folder_, error);
    if (error || !fs::is_directory(root_, error)) return Failed(folder_, "there is no such folder");
    std::vector<fs::path> entries;
    if (!List(root_, entries)) return Failed(folder_, "the folder cannot be listed");
    for (const fs::path& entry : entries) ReadTop(entry);
    return std::move(result_);
  }

 private:
  void Report(const std::string& path, std::string message, std::string hint = {}) {
    result_.findings.push_back({path, 0, 0, std::move(message), std::move(hint)});
  }

  // Sorted by name; hidden entries are left out.
  static bool List(const fs::path& folder, std::vector<fs::path>& entries) {
    std::error_code error;
    fs::directory_iterator at(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      if (!at->path().filename().string().starts_with('.')) entries.push_back(at->path());
    }
    std::sort(entries.begin(), entries.end());
    return !error;
  }

  // Links are followed as long as they stay in the pack, as mounted configuration needs it.
  bool LeadsOut(const fs::path& entry) const {
    std::error_code error;
    const fs::path target = fs::canonical(entry, error);
    const auto [root_end, ignored] = std::mismatch(root_.begin(), root_.end(), target.begin(), target.end());
    return error || root_end != root_.end();
  }

  void ReadTop(const fs::path& entry) {
    const std::string name = entry.filename().string();
    const std::string extension = entry.extension().string();
    const bool is_folder = std::find(kFolders.begin(), kFolders.end(), name) != kFolders.end();
    if (is_folder) return ReadKnownFolder(entry, name);
    // The pack reader says where those in the wrong place belong.
    if (extension == ".yaml" || extension == ".yml" || extension == ".cql") ReadFile(entry, name);
  }

  void ReadKnownFolder(const fs::path& folder, const std::string& name) {
    std::error_code error;
    if (LeadsOut(folder)) return Report(name, "this leads out of the pack");
    if (!fs::is_directory(folder, error)) return Report(name, "this is no folder");
    std::vector<fs::path> entries;
    if (!List(folder, entries)) return Report(name, "this folder cannot be listed");
    const std::string_view wanted = name == "logic" ? ".cql" : ".yaml";
    for (const fs::path& entry : entries) {
      const std::string path = name + "/" + entry.filename().string();
      if (fs::is_directory(entry, error)) {
        Report(path, "a folder inside \"" + name + "\" is not read");
      } else if (entry.extension() == wanted) {
        ReadFile(entry, path);
      } else if (entry.extension() != ".md" && name != "cases") {
        Report(path, "this file is no part of a pack", "files in " + name + " end in " + std::string(wanted));
      }
    }
  }

  void ReadFile(const fs::path& entry, const std::string& path) {
    std::error_code error;
    if (!IsPlainName(entry.filename().string()))
      return Report(path.substr(0, path.find('/')), "a file's name is not plain ASCII without blanks");
    if (LeadsOut(entry)) return Report(path, "this leads out of the pack, or nowhere");
    // Nothing is opened that may block, such as a pipe.
    if (!fs::is_regular_file(entry, error)) return Report(path, "this is no regular file");
    if (result_.files.size() >= limits_.files) {
      if (!reported_many_) {
        Report(path,
               "the pack has more than " + std::to_string(limits_.files) + " files; the rest is not read");
      }
      reported_many_ = true;
      return;
    }
    const std::size_t room = std::min(limits_.file_bytes, limits_.pack_bytes - bytes_);
    std::ifstream in(entry, std::ios::binary);
    std::string bytes;
    while (in.good() && bytes.size() <= room) {
      const std::size_t before = bytes.size();
      bytes.resize(before + std::min(kBytesAtOnce, room + 1 - before));
      in.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
      bytes.resize(before + static_cast<std::size_t>(in.gcount()));
    }
    if (!in.is_open() || in.bad()) return Report(path, "this file cannot be read");
    if (bytes.size() > room) {
      const bool is_file = room == limits_.file_bytes;
      return Report(path,
                    (is_file ? "this file is larger than " : "with this file the pack is larger than ") +
                        std::to_string(is_file ? limits_.file_bytes : limits_.pack_bytes) + " bytes");
    }
    bytes_ += bytes.size();
    bytes.shrink_to_fit();
    result_.files.emplace(path, std::move(bytes));
  }

  const fs::path& folder_;
  const PackFileLimits& limits_;
  fs::path root_;
  std::size_t bytes_ = 0;
  bool reported_many_ = false;
  PackFolder result_;
};

}  // namespace

base::Result<PackFolder> ReadPackFolder(const std::filesystem::path& folder, const PackFileLimits& limits) {
  return FolderReader(folder, limits).Read();
}

std::filesystem::path ShippedPackFolder() {
  constexpr std::string_view kShippedPack = "perinatal_bone_health";
  std::error_code ignored;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  const auto installed = binary.parent_path() / "share" / "osteon" / "packs" / kShippedPack;
  if (std::filesystem::is_directory(installed, ignored)) return installed;
  return OSTEON_SHIPPED_PACK_DIR;
}

}  // namespace osteon::server
