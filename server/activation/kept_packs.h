// The versions that were ever served, on disk: DATA/packs/<hash>/ with the pack's files, the overlay and the
// parameters; DATA/packs/active names the one that is served. A version appears whole or not at all, and is
// never written again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/base/result.h"
#include "server/pack_bundle.h"

namespace osteon::server {

class KeptPacks {
 public:
  //   folder: DATA/packs; made by the first that is kept.
  explicit KeptPacks(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // On disk when this returns. Errors: kStore.
  base::Status Keep(const PackBundle& bundle, const std::string& hash) const;
  // kInvalidRequest: no such version; kStore: it is not what its name says.
  base::Result<PackBundle> Read(std::string_view hash) const;

  // What is served now, or was before this start.
  std::optional<std::string> Active() const { return Note("active"); }
  base::Status SetActive(const std::string& hash) const { return WriteNote("active", hash); }
  // The configured version that was rolled back: a start does not bring it back.
  std::optional<std::string> RolledBack() const { return Note("rolled_back"); }
  // Empty: none is.
  base::Status SetRolledBack(const std::string& hash) const;

 private:
  std::optional<std::string> Note(std::string_view name) const;
  base::Status WriteNote(std::string_view name, const std::string& hash) const;

  std::filesystem::path folder_;
};

}  // namespace osteon::server
