#include "cds_hooks/cases/case_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cards/tiny_pack.h"

namespace osteon::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kRule = R"(id: T
title: Rule
hooks: [patient-view]
logic: Tiny
tables:
  - rows:
      - {id: T.1, when: Ill and Male, indicator: warning, card: plain}
      - {id: T.2, when: Ill, indicator: info, card: plain}
cards:
  plain: {summary: Plain, detail: A detail}
)";

constexpr std::string_view kCases = R"(defaults:
  now: "2026-06-15T10:00:00Z"
  patient: {gender: male, birthDate: "1994-03-10"}
cases:
  - id: one
    hook: patient-view
    tests: an ill man
    chart: [{condition: icd10 M54.5, onset: 2026-05-25}]
    want:
      - {row: T.1, indicator: warning, says: [detail]}
      - {row: U.1, indicator: info}
  - id: two
    hook: patient-view
    tests: gender unknown, wrongly wanted
    patient: {gender: ~}
    chart: [{condition: icd10 M54.5}]
    want:
      - {row: T.1, indicator: warning}
      - {row: U.1, indicator: info}
  - id: three
    hook: patient-view
    tests: diagnoses not known
    missing: [conditions]
    doubts: [T]
    want: [{row: U.1, indicator: info}]
)";

TEST(Cases, AreRunAndToldWhereTheyFail) {
  const auto catalog = TinyCatalog(kRule);
  ASSERT_NE(catalog, nullptr);
  const auto reading = cds_hooks::ReadCases("cases/a.yaml", kCases, catalog->pack());
  EXPECT_EQ(Told(reading.findings), "");
  ASSERT_EQ(reading.cases.size(), 3u);
  cds_hooks::RowCoverage coverage;
  const auto one = cds_hooks::RunCase(*catalog, reading.cases[0], &coverage);
  EXPECT_TRUE(one.failures.empty()) << one.failures.front().what;
  const auto two = cds_hooks::RunCase(*catalog, reading.cases[1], &coverage);
  ASSERT_FALSE(two.failures.empty());
  EXPECT_EQ(two.failures.front().what, "row T.2 instead of T.1");
  EXPECT_EQ(two.failures.front().place.line, 18u);
  const auto three = cds_hooks::RunCase(*catalog, reading.cases[2], &coverage);
  EXPECT_TRUE(three.failures.empty()) << three.failures.front().what;
  EXPECT_EQ(coverage.Find("T.1")->met, 1);
  EXPECT_EQ(coverage.Find("T.1")->not_met, 2);
  EXPECT_EQ(coverage.Find("T.2")->met, 1);
}

TEST(Cases, NameEveryMistakeOfTheirFile) {
  const auto catalog = TinyCatalog(kRule);
  ASSERT_NE(catalog, nullptr);
  const auto reading = cds_hooks::ReadCases("cases/a.yaml", R"(defaults: {now: "2026-06-15T10:00:00Z"}
cases:
  - id: one
    hook: patient-viev
    want: []
  - id: two
    hook: patient-view
    chart: [{condition: M54.5}]
    wants: []
)",
                                            catalog->pack());
  const std::string told = Told(reading.findings);
  EXPECT_THAT(told, HasSubstr("cases/a.yaml:3:5: the pack has no service for the hook \"patient-viev\""));
  EXPECT_THAT(told, HasSubstr("cases/a.yaml:8:25: \"M54.5\" is not SYSTEM CODE"));
  EXPECT_THAT(told,
              HasSubstr("cases/a.yaml:9:5: there is no member \"wants\" here (did you mean \"want\"?)"));
  EXPECT_TRUE(reading.cases.empty());
}

}  // namespace
}  // namespace osteon::testing
