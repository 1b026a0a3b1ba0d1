#include "server/cli/test_verb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/cards/tiny_pack.h"

namespace osteon::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::string_view kRule = R"(id: T
title: Rule
hooks: [patient-view]
logic: Tiny
tables:
  - rows:
      - {id: T.1, when: Ill and Operated, indicator: warning, card: plain}
      - {id: T.2, when: Ill, indicator: info, card: plain}
cards: {plain: {summary: Plain}}
)";

class TestVerb : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "osteon_test_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    command_.pack = name;
    for (const auto& [path, text] : TinyPack(kRule)) Write(path, text);
  }
  void TearDown() override { fs::remove_all(command_.pack); }

  void Write(const std::string& path, std::string_view text) const {
    fs::create_directories((fs::path(command_.pack) / path).parent_path());
    std::ofstream(fs::path(command_.pack) / path, std::ios::binary) << text;
  }
  void WriteCases(std::string_view row) const {
    Write("cases/a.yaml",
          "defaults: {now: \"2026-06-15T10:00:00Z\"}\ncases:\n  - id: one\n    hook: patient-view\n"
          "    tests: illness\n    chart: [{condition: icd10 M54.5}]\n    want:\n      - {row: " +
              std::string(row) + ", indicator: info}\n      - {row: U.1, indicator: info}\n");
  }
  // Exit status and what was printed.
  std::pair<int, std::string> Run() const {
    ::testing::internal::CaptureStdout();
    const int status = server::Test(command_);
    return {status, ::testing::internal::GetCapturedStdout()};
  }

  server::TestCommand command_;
};

TEST_F(TestVerb, CountsWhatPassedAndNamesRowsWithoutACase) {
  WriteCases("T.2");
  const auto [status, printed] = Run();
  EXPECT_EQ(status, 0) << printed;
  EXPECT_THAT(printed,
              HasSubstr("2 of 3 rows are met in a case, 1 are tried and not met\nmet in no case: T.1\n"));
  EXPECT_THAT(printed, HasSubstr("1 case passed, 0 failed\n"));
}

TEST_F(TestVerb, TellsWhereACaseFails) {
  WriteCases("T.1");
  const auto [status, printed] = Run();
  EXPECT_EQ(status, 1);
  EXPECT_THAT(printed, HasSubstr("cases/a.yaml:3: one: illness\n  cases/a.yaml:8: row T.2 instead of T.1\n"));
  EXPECT_THAT(printed, HasSubstr("0 cases passed, 1 failed\n"));
}

TEST_F(TestVerb, NamesMistakesThatNoCaseNotices) {
  WriteCases("T.2");
  command_.mutates = true;
  const auto [status, printed] = Run();
  EXPECT_EQ(status, 0);
  EXPECT_THAT(printed, HasSubstr("mistakes noticed: 1, not noticed: 0, refused by the check: 4\n"));
}

TEST_F(TestVerb, RefusesAPackThatIsWrong) {
  Write("rules/t.yaml", "id: T\n");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(server::Test(command_), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("mistakes in the rule pack"));
}

}  // namespace
}  // namespace osteon::testing
