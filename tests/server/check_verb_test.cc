#include "server/cli/check_verb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace osteon::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class CheckVerb : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "osteon_check_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    fs::copy(fs::path(OSTEON_SOURCE_DIR) / "tests" / "cards" / "small_pack", folder_,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Replace(const std::string& path, const std::string& from, const std::string& to) {
    std::string text = ReadText(folder_ / path);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    std::ofstream(folder_ / path, std::ios::binary) << text.replace(at, from.size(), to);
  }
  server::PackCheck Check() {
    auto check = server::CheckPackFolder(folder_);
    EXPECT_TRUE(check.ok());
    return check.ok() ? *std::move(check) : server::PackCheck{};
  }
  // What docs/rule-packs.md shows.
  void BreakAsInTheDocumentation() {
    Replace("pack.yaml", "https://example.org/guide", "http://example.org/guide");
    Replace("rules/w.yaml", "when: not exists Weights", "when: not exists Weigts");
    Replace("rules/w.yaml", "indicator: info", "indicator: low");
    Replace("rules/s.yaml", "    selection: any", "    selectionBehavior: any");
  }

  fs::path folder_;
};

TEST_F(CheckVerb, CountsWhatAPackWithoutMistakesHolds) {
  const auto check = Check();
  EXPECT_EQ(server::CheckText(check), "small 1.0.0 ok: 2 rules, 3 rows, 3 value sets, 1 library\n");
  EXPECT_EQ(server::CheckJson(check),
            "{\"ok\":true,\"pack\":\"small\",\"version\":\"1.0.0\",\"rules\":2,\"rows\":3,\"value_sets\":3,"
            "\"libraries\":1,\"findings\":[]}\n");
}

TEST_F(CheckVerb, PrintsWhatTheDocumentationShows) {
  BreakAsInTheDocumentation();
  const std::string text = server::CheckText(Check());
  EXPECT_THAT(ReadText(fs::path(OSTEON_SOURCE_DIR) / "docs" / "rule-packs.md"),
              HasSubstr("$ osteon check small\n" + text + "```\n"));
}

TEST_F(CheckVerb, TellsProgramsThePlaces) {
  Replace("pack.yaml", "version: 1.0.0", "version: \"1\"");
  fs::remove(folder_ / "resources" / "weighing.yaml");
  std::ofstream(folder_ / "resources" / "weighing.yml") << "resourceType: ServiceRequest\n";
  const std::string json = server::CheckJson(Check());
  EXPECT_THAT(json, HasSubstr("{\"ok\":false,"));
  EXPECT_THAT(json, HasSubstr("{\"file\":\"pack.yaml\",\"line\":2,\"column\":10,"
                              "\"message\":\"\\\"1\\\" is not a semantic version: 1.0.0\"}"));
  EXPECT_THAT(json, HasSubstr("{\"file\":\"resources/weighing.yml\",\"message\":\"this file is no part of a "
                              "pack\",\"hint\":\"files in resources end in .yaml\"}"));
}

TEST_F(CheckVerb, HooksAndQueriesAreThoseOfCdsHooks) {
  Replace("pack.yaml", "hook: order-sign", "hook: order-sing");
  Replace("pack.yaml", "context.patientId", "context.patient");
  Replace("pack.yaml", "version: 1.0.0", "version: \"1\"");
  Replace("rules/s.yaml", "hooks: [patient-view, order-sign]", "hooks: [patient-view, order-sing]");
  Replace("rules/s.yaml", "hooks: [order-sign]", "hooks: [order-sing]");
  const std::string text = server::CheckText(Check());
  EXPECT_THAT(text, HasSubstr("pack.yaml:2:10: "));
  EXPECT_THAT(text, HasSubstr("pack.yaml:13:11: the hook \"order-sing\" is not known\n"));
  EXPECT_THAT(text, HasSubstr("hint: did you mean \"order-sign\"?\n"));
  EXPECT_THAT(text, HasSubstr("pack.yaml:17:20: no client can be expected to run this query: the context of "
                              "patient-view has no field patient\n"));
  EXPECT_THAT(text, HasSubstr("\n3 mistakes\n"));
}

TEST_F(CheckVerb, AServiceThatCannotBeOfferedHasItsPlace) {
  Replace("pack.yaml", "Patient/{{context.patientId}}", "Patient/{{context.encounterId}}/x");
  EXPECT_THAT(server::CheckText(Check()), HasSubstr("pack.yaml:17:20: "));
}

TEST_F(CheckVerb, WhatIsNoFolderIsAnError) {
  EXPECT_FALSE(server::CheckPackFolder(folder_ / "nothing").ok());
}

}  // namespace
}  // namespace osteon::testing
