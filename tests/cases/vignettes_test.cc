// The pack's cases: every card they want, in order, and no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "cds_hooks/cases/case_run.h"
#include "server/pack_bundle.h"
#include "server/pack_files.h"
#include "tests/testing/evidence.h"

namespace osteon::testing {
namespace {

std::shared_ptr<const cds_hooks::Catalog> ShippedCatalog() {
  static const auto catalog = [] {
    auto result = server::LoadRules({server::ShippedPackFolder()});
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().log_detail);
    return std::move(result).value();
  }();
  return catalog;
}

const std::filesystem::path kCasesFolder =
    std::filesystem::path(OSTEON_SOURCE_DIR) / "cards/packs/perinatal_bone_health/cases";

// By file; what is read stays, since places point to the names.
const std::map<std::string, cds_hooks::CaseReading>& Readings() {
  static const auto readings = [] {
    static std::map<std::string, std::string> texts;
    for (const auto& entry : std::filesystem::directory_iterator(kCasesFolder)) {
      if (entry.path().extension() == ".yaml")
        texts[entry.path().filename().string()] = ReadFile(entry.path());
    }
    std::map<std::string, cds_hooks::CaseReading> read;
    for (const auto& [file, text] : texts)
      read[file] = cds_hooks::ReadCases(file, text, ShippedCatalog()->pack());
    return read;
  }();
  return readings;
}

class Vignette : public ::testing::TestWithParam<const cds_hooks::Case*> {};

TEST_P(Vignette, RaisesExactlyItsCards) {
  const cds_hooks::CaseResult result = cds_hooks::RunCase(*ShippedCatalog(), *GetParam());
  if (std::getenv("OSTEON_SHOW_CARDS") != nullptr)
    std::cout << "CARDS " << GetParam()->id << " " << result.response_json << "\n";
  for (const cds_hooks::CaseFailure& failure : result.failures)
    ADD_FAILURE() << failure.place.file << ":" << failure.place.line << ": " << failure.what;
}

std::vector<const cds_hooks::Case*> AllCases() {
  std::vector<const cds_hooks::Case*> all;
  for (const auto& [file, reading] : Readings()) {
    for (const cds_hooks::Case& one : reading.cases) all.push_back(&one);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(OfTheDocument, Vignette, ::testing::ValuesIn(AllCases()),
                         [](const auto& param_info) {
                           const std::filesystem::path file(param_info.param->place.file);
                           return file.stem().string() + "_" + param_info.param->id;
                         });

TEST(Vignettes, AreReadWithoutAMistake) {
  for (const auto& [file, reading] : Readings()) {
    for (const auto& finding : reading.findings)
      ADD_FAILURE() << file << ":" << finding.line << ":" << finding.column << ": " << finding.message;
  }
}

TEST(Vignettes, AreTheFortyOfTheDocument) {
  EXPECT_EQ(Readings().at("vignettes.yaml").cases.size() + Readings().at("vignettes_defg.yaml").cases.size(),
            40U);
}

}  // namespace
}  // namespace osteon::testing
