// One version of what the server decides by: the pack's files, the site's overlay and the parameters of the
// configuration. Its name is the hash of all of it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cards/pack_source.h"
#include "cds_hooks/catalog.h"
#include "fhir/base/result.h"

namespace osteon::server {

// Where a version is read from.
struct BundleSource {
  std::filesystem::path pack;
  std::filesystem::path overlay = {};  // empty: none
  std::map<std::string, std::string> parameters = {};
};

struct PackBundle {
  cards::PackFiles files;
  std::vector<cards::PackFinding> findings = {};  // of whoever read the files
  std::string overlay_name = {};                  // for messages; not part of the version
  std::optional<std::string> overlay = {};
  std::map<std::string, std::string> parameters = {};  // stronger than the overlay's
};

// Errors (kInvalidConfig): no such folder, overlay not readable or larger than 1 MiB.
base::Result<PackBundle> ReadBundle(const BundleSource& source);

// SHA-256, in hex, over the records of the files in the order of their paths, the overlay and the parameters
// in the order of their keys. A record is kind ("f", "o", "p"), name, length in decimal, each with a zero
// byte behind it, then the bytes; the overlay's name is empty.
std::string BundleHash(const PackBundle& bundle);

struct BundleLoading {
  std::shared_ptr<const cds_hooks::Catalog> catalog;  // null: there are findings
  std::vector<cards::PackFinding> findings;
  std::string text;  // the findings for a person, with lines and carets
};
// Compiles and checks everything that serving would; the pack of the catalog bears the hash.
BundleLoading LoadBundle(const PackBundle& bundle);

// The same, for those who have no use for a pack that is refused: RefusalOf as the error.
base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadRules(const PackBundle& bundle);
// Reads the bundle, too.
base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadRules(const BundleSource& source);

// kInvalidConfig with the findings as text.
base::Error RefusalOf(const BundleLoading& loading);
// "3 mistakes, the first at rules/a.yaml:3:4"; no text of the pack.
std::string BriefOf(const std::vector<cards::PackFinding>& findings);

}  // namespace osteon::server
