// 280 public requests against the shipped pack: none crashes, every answer is valid, and what becomes of them
// is pinned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

#include "cards/card_check.h"
#include "cds_hooks/engine.h"
#include "cds_hooks/hook_table.h"
#include "server/pack_bundle.h"
#include "server/pack_files.h"
#include "tests/conformance/fixture_index.h"
#include "tests/testing/document.h"
#include "tests/testing/moment.h"

namespace osteon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::shared_ptr<const cds_hooks::Catalog> ShippedCatalog() {
  auto catalog = server::LoadRules({server::ShippedPackFolder()});
  EXPECT_TRUE(catalog.ok()) << catalog.error().public_text;
  return std::move(catalog).value();
}

std::string ServiceId(std::string_view hook) {
  return "perinatal-bone-health-" + std::string(hook);
}

base::Result<cds_hooks::Decision> CallService(const cds_hooks::Catalog& catalog,
                                              const std::string& service_id, std::string_view text) {
  const Padded body(text);
  base::Arena arena;
  cds_hooks::CallInput input;
  input.service_id = service_id;
  input.body = body.text();
  input.decision_id = DecisionId();
  input.now = Now();
  input.source_url = "https://cds.example.org/rules/";
  auto prepared = cds_hooks::Prepare(catalog, input, arena);
  if (!prepared.ok()) return prepared.error();
  auto decision = cds_hooks::Decide(*prepared);
  if (decision.ok()) {
    EXPECT_EQ(cds_hooks::Decide(*prepared)->response_json, decision->response_json);
  }
  return decision;
}

bool WasEvaluated(const cds_hooks::RuleRecord& rule) {
  return rule.status == cards::RuleStatus::kFired || rule.status == cards::RuleStatus::kNotFired ||
         rule.status == cards::RuleStatus::kSuppressed;
}

// "200 with rules evaluated", or what was wrong: "missing_field context.userId".
std::string Fate(const base::Result<cds_hooks::Decision>& decision) {
  if (!decision.ok()) {
    const auto& row = base::Describe(decision.error().code);
    std::string fate = std::to_string(row.http_status) + " " + std::string(row.name);
    if (row.http_status == 400) fate += " " + decision.error().path;
    return fate;
  }
  return std::any_of(decision->rules.begin(), decision->rules.end(), WasEvaluated) ? "200 evaluated"
                                                                                   : "200 nothing evaluated";
}

struct KnownFate {
  std::string_view fate;
  int count;
  std::string_view why;
};

constexpr KnownFate kKnownFates[] = {
    {"200 evaluated", 95,
     "at least one rule came to a result: no order of interest, or chart data under our keys"},
    {"400 invalid_request context.draftOrders", 10,
     "a single MedicationRequest where the hook defines a Bundle"},
    {"400 malformed_json ", 2, "a member name twice in one object"},
    {"400 missing_field context", 2, "the fields of the context stand beside it"},
    {"400 missing_field context.draftOrders", 13,
     "STU3 samples with selections alone, or with the older medications"},
    {"400 missing_field context.patientId", 2, "no patient named"},
    {"400 missing_field context.userId", 54, "samples written before userId was required"},
    {"412 missing_data", 55, "prefetch holds other services' keys, and no rule can go without ours"},
};

TEST(RequestFixtures, EveryRequestOfAServedHookHasItsKnownFate) {
  const std::vector<Fixture> requests = FixturesOfKind("request");
  if (requests.empty()) GTEST_SKIP() << "no evidence folder: set OSTEON_SHARED";
  EXPECT_EQ(requests.size(), 280u);
  const auto catalog = ShippedCatalog();
  std::map<std::string, int> fates;
  std::map<std::string, int> warnings;
  int served = 0;
  for (const Fixture& fixture : requests) {
    if (cds_hooks::FindHook(fixture.hook) == nullptr) continue;
    ++served;
    const auto decision = CallService(*catalog, ServiceId(fixture.hook), fixture.text);
    ++fates[Fate(decision)];
    if (!decision.ok()) {
      const bool is_faulty = base::Describe(decision.error().code).http_status != 400 ||
                             decision.error().code == base::ErrorCode::kMalformedJson ||
                             !fixture.errors.empty();
      EXPECT_TRUE(is_faulty) << fixture.file
                             << " is refused, and the independent checker finds no fault with it";
      continue;
    }
    EXPECT_THAT(cards::CheckResponse(Document(decision->response_json)), IsEmpty()) << fixture.file;
    EXPECT_FALSE(decision->rules.empty()) << fixture.file;
    for (const auto& rule : decision->rules) {
      EXPECT_NE(rule.status, cards::RuleStatus::kError)
          << fixture.file << " " << rule.rule << " " << rule.reason;
    }
    for (const std::string& warning : decision->warnings) ++warnings[warning];
  }
  EXPECT_EQ(served, 233);
  for (const auto& [fate, count] : fates) std::printf("%4d  %s\n", count, fate.c_str());
  for (const auto& [warning, count] : warnings)
    std::printf("      %4d of the 200 with %s\n", count, warning.c_str());
  std::map<std::string, int> expected;
  for (const KnownFate& row : kKnownFates) expected[std::string(row.fate)] = row.count;
  EXPECT_EQ(fates, expected);
}

TEST(RequestFixtures, OtherHooksAreRefusedByName) {
  const std::vector<Fixture> requests = FixturesOfKind("request");
  if (requests.empty()) GTEST_SKIP() << "no evidence folder: set OSTEON_SHARED";
  const auto catalog = ShippedCatalog();
  int refused = 0;
  for (const Fixture& fixture : requests) {
    if (cds_hooks::FindHook(fixture.hook) != nullptr) continue;
    ++refused;
    const auto unknown = CallService(*catalog, ServiceId(fixture.hook), fixture.text);
    ASSERT_FALSE(unknown.ok()) << fixture.file;
    EXPECT_EQ(unknown.error().code, base::ErrorCode::kServiceNotFound) << fixture.file;
    const auto mismatch = CallService(*catalog, ServiceId("patient-view"), fixture.text);
    ASSERT_FALSE(mismatch.ok()) << fixture.file;
    EXPECT_EQ(mismatch.error().code, base::ErrorCode::kHookMismatch) << fixture.file;
    EXPECT_THAT(mismatch.error().public_text, HasSubstr(fixture.hook)) << fixture.file;
  }
  EXPECT_EQ(refused, 47);
}

}  // namespace
}  // namespace osteon::testing
