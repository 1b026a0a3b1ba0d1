// Whatever is written into a rule file, reading it ends, and every finding is at a place that exists.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cards/pack_reader.h"
#include "cards/rule_yaml.h"
#include "tests/cards/pack_folder.h"

namespace osteon::testing {
namespace {

void ExpectPlacesExist(const cards::PackFiles& files, const std::vector<cards::PackFinding>& findings) {
  for (const auto& finding : findings) {
    const auto file = files.find(finding.file);
    if (finding.line == 0 || file == files.end()) continue;
    const auto lines = std::count(file->second.begin(), file->second.end(), '\n') + 1;
    ASSERT_LE(finding.line, lines) << finding.message;
    ASSERT_GE(finding.column, 1u) << finding.message;
    ASSERT_FALSE(finding.message.empty());
  }
}

TEST(MutatedPacks, OneCharacterInAnyPlace) {
  const cards::PackFiles files = SmallPack();
  for (const char* path : {"rules/s.yaml", "pack.yaml", "value_sets/body-weight.yaml"}) {
    cards::PackFiles broken = files;
    const std::string original = files.at(path);
    std::string& text = broken[path];
    constexpr std::string_view kCharacters = "\"'[]{}:-#&*!|>%@`,?~\\\t\n \x01\xC3";
    // In turn every character; the steps and their number have no common divisor.
    for (std::size_t at = 0; at < original.size(); at += 5) {
      text = original;
      text.insert(at, 1, kCharacters[at % kCharacters.size()]);
      ExpectPlacesExist(broken, cards::ReadPack(broken).findings);
      text = original;
      text.erase(at, 1 + at % 5);
      ExpectPlacesExist(broken, cards::ReadPack(broken).findings);
    }
  }
}

TEST(MutatedPacks, CutOffAnywhere) {
  const cards::PackFiles files = SmallPack();
  cards::PackFiles broken = files;
  const std::string original = files.at("rules/s.yaml");
  // Behind it only what may be missing.
  const std::size_t last_card = original.find("  unknown:\n    summary: ");
  for (std::size_t size = 0; size <= last_card; size += 3) {
    broken["rules/s.yaml"] = original.substr(0, size);
    const auto findings = cards::ReadPack(broken).findings;
    EXPECT_FALSE(findings.empty()) << size;
    ExpectPlacesExist(broken, findings);
  }
}

TEST(MutatedPacks, WhatIsNestedDeeplyOrLong) {
  const auto read = [](const std::string& text) { return cards::ReadYaml("f", text).findings.size(); };
  EXPECT_GT(read(std::string(100'000, '[')), 0u);
  EXPECT_GT(read(std::string(100'000, '{')), 0u);
  std::string dashes;
  for (int i = 0; i < 20'000; ++i) dashes += "- ";
  EXPECT_GT(read(dashes), 0u);
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_GT(read(deep), 0u);
  std::string mistakes;
  for (int i = 0; i < 5000; ++i) mistakes += "k" + std::to_string(i) + ": a: b\n";
  EXPECT_GT(read(mistakes), 40u);
  EXPECT_EQ(read("a: \"" + std::string(1'000'000, 'x') + "\"\n"), 0u);
}

}  // namespace
}  // namespace osteon::testing
