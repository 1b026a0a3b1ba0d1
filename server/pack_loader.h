// From the folder of a rule pack to the services of the server.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cards/pack_source.h"
#include "cds_hooks/catalog.h"
#include "fhir/base/result.h"

namespace osteon::server {

// Reads, compiles and checks everything that serving would. Errors (kInvalidConfig): the folder cannot be
// read, or what is wrong with the pack, each finding with its place.
base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadPack(
    const std::filesystem::path& folder, const std::map<std::string, std::string>& parameters = {});

// The same for files in memory; `findings` are of whoever read them.
base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadPackFiles(
    const cards::PackFiles& files, const std::vector<cards::PackFinding>& findings,
    const std::map<std::string, std::string>& parameters);

// The pack that comes with the program: beside its binary when it is installed, otherwise where it was built.
std::filesystem::path ShippedPackFolder();

}  // namespace osteon::server
