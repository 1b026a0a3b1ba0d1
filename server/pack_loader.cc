#include "server/pack_loader.h"

#include <string_view>
#include <utility>

#include "cards/pack_compiler.h"
#include "server/pack_files.h"

namespace osteon::server {
namespace {

constexpr std::string_view kShippedPack = "perinatal_bone_health";

base::Error Refused(const std::vector<cards::PackFinding>& findings, const cards::PackFiles& files) {
  std::string text = std::to_string(findings.size()) +
                     (findings.size() == 1 ? " mistake in the rule pack\n" : " mistakes in the rule pack\n");
  for (const cards::PackFinding& finding : findings) text += cards::RenderFinding(finding, files);
  while (text.ends_with('\n')) text.pop_back();
  return {base::ErrorCode::kInvalidConfig, std::move(text), "", "--pack"};
}

}  // namespace

base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadPackFiles(
    const cards::PackFiles& files, const std::vector<cards::PackFinding>& findings,
    const std::map<std::string, std::string>& parameters) {
  cards::PackCompilation compiled = cards::CompilePack(files, parameters);
  compiled.findings.insert(compiled.findings.begin(), findings.begin(), findings.end());
  if (!compiled.findings.empty()) return Refused(compiled.findings, files);
  return cds_hooks::Catalog::Create(std::move(*compiled.pack));
}

base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadPack(
    const std::filesystem::path& folder, const std::map<std::string, std::string>& parameters) {
  OSTEON_ASSIGN_OR_RETURN(const PackFolder read, ReadPackFolder(folder));
  return LoadPackFiles(read.files, read.findings, parameters);
}

std::filesystem::path ShippedPackFolder() {
  std::error_code ignored;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  const auto installed = binary.parent_path() / "share" / "osteon" / "packs" / kShippedPack;
  if (std::filesystem::is_directory(installed, ignored)) return installed;
  return OSTEON_SHIPPED_PACK_DIR;
}

}  // namespace osteon::server
