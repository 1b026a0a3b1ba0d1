#include "server/activation/kept_packs.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "fhir/base/arena.h"
#include "fhir/json/tree.h"
#include "fhir/json/writer.h"
#include "server/pack_files.h"
#include "server/sha256.h"

namespace osteon::server {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOverlayFile = "overlay.yaml";
constexpr const char* kParametersFile = "parameters.json";

base::Error Failed(std::string_view what) {
  return {base::ErrorCode::kStore, "the version of the rules cannot be kept on disk",
          std::string(what) + ": " + std::strerror(errno), ""};
}

bool IsHash(std::string_view text) {
  return text.size() == kSha256HexDigits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

base::Status Sync(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed("open folder");
  const bool ok = ::fsync(fd) == 0;
  ::close(fd);
  if (!ok) return Failed("fsync folder");
  return base::Ok{};
}

base::Status WriteFile(const fs::path& file, std::string_view bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0) return Failed("open");
  bool ok = true;
  while (ok && !bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    ok = written > 0 || (written < 0 && errno == EINTR);
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  ok = ok && ::fsync(fd) == 0;
  ::close(fd);
  if (!ok) return Failed("write");
  return base::Ok{};
}

base::Status Rename(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return Failed("rename");
  return Sync(to.parent_path());
}

std::string ParametersJson(const PackBundle& bundle) {
  json::Writer writer;
  writer.StartObject();
  for (const auto& [key, value] : bundle.parameters) writer.Member(key, value);
  writer.EndObject();
  return std::string(writer.text());
}

std::optional<std::string> ReadText(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

base::Status WriteBundle(const PackBundle& bundle, const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder / "pack", error);
  for (const auto& [path, bytes] : bundle.files) {
    const fs::path file = folder / "pack" / path;
    fs::create_directories(file.parent_path(), error);
    OSTEON_RETURN_IF_ERROR(WriteFile(file, bytes));
  }
  for (const auto& entry : fs::directory_iterator(folder / "pack", error)) {
    if (entry.is_directory(error)) OSTEON_RETURN_IF_ERROR(Sync(entry.path()));
  }
  OSTEON_RETURN_IF_ERROR(Sync(folder / "pack"));
  if (bundle.overlay) OSTEON_RETURN_IF_ERROR(WriteFile(folder / kOverlayFile, *bundle.overlay));
  OSTEON_RETURN_IF_ERROR(WriteFile(folder / kParametersFile, ParametersJson(bundle)));
  return Sync(folder);
}

}  // namespace

base::Status KeptPacks::Keep(const PackBundle& bundle, const std::string& hash) const {
  std::error_code error;
  if (Read(hash).ok()) return base::Ok{};
  fs::create_directories(folder_, error);
  if (error) return Failed("create folder");
  const fs::path temporary = folder_ / (".writing-" + hash);
  OSTEON_RETURN_IF_ERROR(WriteBundle(bundle, temporary));
  fs::remove_all(folder_ / hash, error);  // one that is damaged
  return Rename(temporary, folder_ / hash);
}

base::Result<PackBundle> KeptPacks::Read(std::string_view hash) const {
  std::error_code error;
  const fs::path folder = folder_ / hash;
  if (!IsHash(hash) || !fs::is_directory(folder, error)) {
    return base::Error{base::ErrorCode::kInvalidRequest, "no version with this hash is kept", "", "to"};
  }
  const base::Error damaged{base::ErrorCode::kStore, "the kept version of the rules is damaged",
                            "kept version " + std::string(hash), ""};
  auto files = ReadPackFolder(folder / "pack");
  if (!files.ok()) return damaged;
  PackBundle bundle;
  bundle.files = std::move(files->files);
  bundle.overlay = ReadText(folder / kOverlayFile);
  bundle.overlay_name = kOverlayFile;
  std::string text = ReadText(folder / kParametersFile).value_or("");
  text.reserve(text.size() + json::kReadPadding);
  base::Arena arena;
  const auto tree = json::Tree::Read(text, arena);
  if (!tree.ok()) return damaged;
  for (const json::Value value : (*tree)->root()) {
    bundle.parameters[std::string(value.name())] = value.string();
  }
  if (BundleHash(bundle) != hash) return damaged;
  return bundle;
}

std::optional<std::string> KeptPacks::Note(std::string_view name) const {
  auto text = ReadText(folder_ / name);
  if (!text) return std::nullopt;
  while (text->ends_with('\n')) text->pop_back();
  if (!IsHash(*text)) return std::nullopt;
  return text;
}

base::Status KeptPacks::WriteNote(std::string_view name, const std::string& hash) const {
  const fs::path temporary = folder_ / (".writing-" + std::string(name));
  OSTEON_RETURN_IF_ERROR(WriteFile(temporary, hash + "\n"));
  return Rename(temporary, folder_ / name);
}

base::Status KeptPacks::SetRolledBack(const std::string& hash) const {
  if (!hash.empty()) return WriteNote("rolled_back", hash);
  std::error_code error;
  if (!fs::remove(folder_ / "rolled_back", error)) return base::Ok{};
  return Sync(folder_);
}

}  // namespace osteon::server
