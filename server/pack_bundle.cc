#include "server/pack_bundle.h"

#include <fstream>
#include <string_view>
#include <utility>

#include "cards/overlay.h"
#include "cards/pack_compiler.h"
#include "server/pack_files.h"
#include "server/sha256.h"

namespace osteon::server {
namespace {

constexpr std::size_t kOverlayBytes = std::size_t{1} << 20;

base::Error Invalid(std::string text, std::string path) {
  return {base::ErrorCode::kInvalidConfig, std::move(text), "", std::move(path)};
}

base::Result<std::string> ReadOverlayFile(const std::filesystem::path& file) {
  std::error_code error;
  // Nothing is opened that may block, such as a pipe.
  if (!std::filesystem::is_regular_file(file, error))
    return Invalid("there is no such overlay", file.string());
  std::ifstream in(file, std::ios::binary);
  std::string text(kOverlayBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) return Invalid("the overlay cannot be read", file.string());
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kOverlayBytes) return Invalid("the overlay is larger than 1 MiB", file.string());
  return text;
}

void AddRecord(Sha256& hash, std::string_view kind, std::string_view name, std::string_view bytes) {
  constexpr std::string_view kEnd("\0", 1);
  hash.Add(kind);
  hash.Add(kEnd);
  hash.Add(name);
  hash.Add(kEnd);
  hash.Add(std::to_string(bytes.size()));
  hash.Add(kEnd);
  hash.Add(bytes);
}

void Report(std::vector<cards::PackFinding> findings, const cards::PackFiles& files, BundleLoading& loading) {
  for (cards::PackFinding& finding : findings) {
    loading.text += cards::RenderFinding(finding, files);
    loading.findings.push_back(std::move(finding));
  }
}

}  // namespace

base::Result<PackBundle> ReadBundle(const BundleSource& source) {
  PackBundle bundle;
  OSTEON_ASSIGN_OR_RETURN(PackFolder folder, ReadPackFolder(source.pack));
  bundle.files = std::move(folder.files);
  bundle.findings = std::move(folder.findings);
  bundle.parameters = source.parameters;
  if (source.overlay.empty()) return bundle;
  bundle.overlay_name = source.overlay.string();
  OSTEON_ASSIGN_OR_RETURN(bundle.overlay, ReadOverlayFile(source.overlay));
  return bundle;
}

std::string BundleHash(const PackBundle& bundle) {
  Sha256 hash;
  for (const auto& [path, bytes] : bundle.files) AddRecord(hash, "f", path, bytes);
  if (bundle.overlay) AddRecord(hash, "o", "", *bundle.overlay);
  for (const auto& [key, value] : bundle.parameters) AddRecord(hash, "p", key, value);
  return hash.Hex();
}

BundleLoading LoadBundle(const PackBundle& bundle) {
  BundleLoading loading;
  cards::OverlayReading overlay;
  cards::PackFiles overlay_files;
  if (bundle.overlay) {
    overlay_files.emplace(bundle.overlay_name, *bundle.overlay);
    overlay = cards::ReadOverlay(bundle.overlay_name, *bundle.overlay);
  }
  std::map<std::string, std::string> parameters = overlay.overlay.parameters;
  for (const auto& [key, value] : bundle.parameters) parameters[key] = value;

  cards::PackCompilation compiled = cards::CompilePack(bundle.files, parameters);
  Report(bundle.findings, bundle.files, loading);
  Report(std::move(compiled.findings), bundle.files, loading);
  Report(std::move(overlay.findings), overlay_files, loading);
  if (bundle.overlay && compiled.pack) {
    Report(cards::CheckOverlay(overlay.overlay, *compiled.pack), overlay_files, loading);
  }
  if (!loading.findings.empty()) return loading;
  compiled.pack->settings = std::move(overlay.overlay.settings);
  compiled.pack->content_hash = BundleHash(bundle);
  auto catalog = cds_hooks::Catalog::Create(*std::move(compiled.pack));
  if (catalog.ok()) {
    loading.catalog = *std::move(catalog);
  } else {
    Report({{"pack.yaml", 0, 0, catalog.error().public_text + " (" + catalog.error().path + ")", ""}},
           bundle.files, loading);
  }
  return loading;
}

base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadRules(const PackBundle& bundle) {
  BundleLoading loading = LoadBundle(bundle);
  if (loading.catalog == nullptr) return RefusalOf(loading);
  return std::move(loading.catalog);
}

base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadRules(const BundleSource& source) {
  OSTEON_ASSIGN_OR_RETURN(const PackBundle bundle, ReadBundle(source));
  return LoadRules(bundle);
}

base::Error RefusalOf(const BundleLoading& loading) {
  const std::size_t count = loading.findings.size();
  std::string text =
      std::to_string(count) + (count == 1 ? " mistake in the rule pack\n" : " mistakes in the rule pack\n");
  text += loading.text;
  while (text.ends_with('\n')) text.pop_back();
  return Invalid(std::move(text), "--pack");
}

std::string BriefOf(const std::vector<cards::PackFinding>& findings) {
  if (findings.empty()) return {};
  const cards::PackFinding& first = findings.front();
  std::string text = std::to_string(findings.size()) +
                     (findings.size() == 1 ? " mistake, at " : " mistakes, the first at ") + first.file;
  if (first.line != 0) text += ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
  return text;
}

}  // namespace osteon::server
