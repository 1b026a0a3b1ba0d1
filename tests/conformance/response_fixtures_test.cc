// The check table against 105 public responses and cards, judged before by an independent checker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cards/card_check.h"
#include "tests/conformance/fixture_index.h"
#include "tests/testing/document.h"

namespace osteon::testing {
namespace {

// Where the two judge differently, and why. A row that no longer differs fails.
struct Difference {
  std::string_view file;
  std::set<std::string> only_ours;
  std::set<std::string> only_theirs;
  std::string_view reason;
};

const std::vector<Difference>& Differences() {
  constexpr std::string_view kNullUrl =
      "source.url is null: that it is no absolute URL either is said as well";
  constexpr std::string_view kExtensionArray =
      "extension is an array; E-02 wants an object, the checker does not look";
  constexpr std::string_view kLoneCards = "lone cards were not walked for nulls and empties by the checker";
  static const std::vector<Difference> differences = {
      {"responses/prefetchproxy-request1_response.json", {"K-14"}, {}, kNullUrl},
      {"responses/opencds-lib-hooks-response-test.json", {"E-02"}, {}, kExtensionArray},
      {"responses/opencds-model-dstu2-hooks-response-test.json", {"E-02"}, {}, kExtensionArray},
      {"cards/docs-quickstart-L151.json", {"G-04", "K-14"}, {}, kLoneCards},
      {"cards/inferno-mock-propose_alternate_request.json", {"G-05"}, {}, kLoneCards},
  };
  return differences;
}

std::set<std::string> Minus(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
  return rest;
}

std::set<std::string> OurFindings(const std::string& response) {
  std::set<std::string> rules;
  for (const auto& finding : cards::CheckResponse(Document(response))) rules.emplace(finding.rule);
  return rules;
}

void Compare(const Fixture& fixture, const std::set<std::string>& ours) {
  Difference agreed{fixture.file, {}, {}, {}};
  for (const Difference& row : Differences()) {
    if (row.file == fixture.file) agreed = row;
  }
  EXPECT_EQ(Minus(ours, fixture.violations), agreed.only_ours) << fixture.file << " " << agreed.reason;
  EXPECT_EQ(Minus(fixture.violations, ours), agreed.only_theirs) << fixture.file << " " << agreed.reason;
}

TEST(ResponseFixtures, AreJudgedAsTheIndependentCheckerJudgesThem) {
  const std::vector<Fixture> responses = FixturesOfKind("response");
  if (responses.empty()) GTEST_SKIP() << "no evidence folder: set OSTEON_SHARED";
  EXPECT_EQ(responses.size(), 89u);
  for (const Fixture& fixture : responses) Compare(fixture, OurFindings(fixture.text));
}

TEST(CardFixtures, AreJudgedAsTheIndependentCheckerJudgesThem) {
  const std::vector<Fixture> all = FixturesOfKind("card");
  if (all.empty()) GTEST_SKIP() << "no evidence folder: set OSTEON_SHARED";
  EXPECT_EQ(all.size(), 16u);
  for (const Fixture& fixture : all) Compare(fixture, OurFindings(R"({"cards":[)" + fixture.text + "]}"));
}

}  // namespace
}  // namespace osteon::testing
