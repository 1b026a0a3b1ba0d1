// Real clinical content: the CQL of the CDC opioid prescribing guideline, 27 libraries with their drug
// tables, from https://github.com/cqframework/opioid-cds-r4, input/cql (CC0-1.0). Read from the folder that
// the environment variable OSTEON_OPIOID_CQL names; nothing of it is here.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "fhir/cql/evaluate.h"
#include "tests/testing/evidence.h"

namespace osteon::cql {
namespace {

// Text by file name, which is the library's name.
std::map<std::string, std::string> ReadLibraries(const std::filesystem::path& folder) {
  std::map<std::string, std::string> libraries;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cql") continue;
    libraries[entry.path().stem().string()] = testing::ReadFile(entry.path());
  }
  return libraries;
}

TEST(OpioidGuideline, EveryLibraryCompiles) {
  const char* const folder = std::getenv("OSTEON_OPIOID_CQL");
  if (folder == nullptr || !std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "OSTEON_OPIOID_CQL names no folder: input/cql of github.com/cqframework/opioid-cds-r4";
  }
  const auto libraries = ReadLibraries(folder);
  EXPECT_EQ(libraries.size(), 27U);
  const LibraryProvider provider = [&](std::string_view name, std::string_view) -> std::optional<Source> {
    const auto found = libraries.find(std::string(name));
    if (found == libraries.end()) return std::nullopt;
    return Source{found->first, found->second};
  };
  std::size_t defines = 0;
  std::size_t functions = 0;
  for (const auto& [name, text] : libraries) {
    const Analysis analysis = AnalyzeLibrary({name, text}, provider);
    ASSERT_NE(analysis.program, nullptr) << analysis.report;
    const CompiledLibrary compiled(analysis.program);
    defines += compiled.program().main().defines.size();
    functions += compiled.program().main().functions.size();
  }
  std::printf("%zu libraries, %zu definitions, %zu functions\n", libraries.size(), defines, functions);
}

}  // namespace
}  // namespace osteon::cql
