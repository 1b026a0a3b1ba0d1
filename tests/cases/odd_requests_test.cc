// What cases cannot say: drafts without ids, references by fullUrl, code systems written otherwise. The
// shipped pack must see through them, since a draft that is not recognised raises no card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cds_hooks/engine.h"
#include "server/pack_bundle.h"
#include "server/pack_files.h"
#include "tests/testing/document.h"
#include "tests/testing/moment.h"

namespace osteon::testing {
namespace {

using ::testing::ElementsAre;

// "C.1" of each card of an order-sign for a pregnant patient with these draft entries.
std::vector<std::string> RowsFor(const std::string& entries, const std::string& loinc = "http://loinc.org") {
  static const auto catalog = server::LoadRules({server::ShippedPackFolder()});
  EXPECT_TRUE(catalog.ok());
  const std::string text =
      R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{)"
      R"("userId":"Practitioner/u","patientId":"p1","draftOrders":{"resourceType":"Bundle","entry":[)" +
      entries +
      R"(]}},"prefetch":{"patient":{"resourceType":"Patient","id":"p1","gender":"female","birthDate":"1994-03-10"},)"
      R"("pregObs":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","id":"o1",)"
      R"("status":"final","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":")" +
      loinc +
      R"(","code":"82810-3"}]},"effectiveDateTime":"2026-06-01","valueCodeableConcept":{"coding":[{)"
      R"("system":"http://snomed.info/sct","code":"77386006"}]}}}]},"conditions":null,"bonObs":null,"meds":null,)"
      R"("medStmts":null,"medAdmins":null,"dispenses":null,"orders":null,"reports":null,"procedures":null,)"
      R"("family":null}})";
  const Padded body(text);
  base::Arena arena;
  cds_hooks::CallInput input;
  input.service_id = "perinatal-bone-health-order-sign";
  input.body = body.text();
  input.decision_id = DecisionId();
  input.now = Now();
  const auto prepared = cds_hooks::Prepare(**catalog, input, arena);
  EXPECT_TRUE(prepared.ok()) << prepared.error().public_text;
  if (!prepared.ok()) return {};
  const auto decision = cds_hooks::Decide(*prepared);
  EXPECT_TRUE(decision.ok());
  std::vector<std::string> rows;
  for (const auto& card : decision->cards) rows.push_back(card.row);
  return rows;
}

std::string Order(const std::string& medication, const std::string& id = R"("id":"d1",)") {
  return R"({"resource":{"resourceType":"MedicationRequest",)" + id +
         R"("status":"draft","intent":"order","subject":{"reference":"Patient/p1"},)" + medication + "}}";
}

std::string Coded(const std::string& system, const std::string& code) {
  return R"("medicationCodeableConcept":{"coding":[{"system":")" + system + R"(","code":")" + code + "\"}]}";
}

constexpr char kRxNorm[] = "http://www.nlm.nih.gov/research/umls/rxnorm";

TEST(OddRequests, ADraftWithAnIdIsSeen) {
  EXPECT_THAT(RowsFor(Order(Coded(kRxNorm, "904431"))), ElementsAre("C.1"));
}

TEST(OddRequests, ADraftWithoutAnIdIsSeen) {
  EXPECT_THAT(RowsFor(Order(Coded(kRxNorm, "904431"), "")), ElementsAre("C.1"));
}

TEST(OddRequests, AMedicationIsFoundByTheFullUrlOfItsEntry) {
  const std::string medication =
      R"({"fullUrl":"urn:uuid:0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a12","resource":{"resourceType":"Medication",)"
      R"("code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"904431"}]}}},)";
  EXPECT_THAT(RowsFor(medication + Order(R"("medicationReference":{"reference":)"
                                         R"("urn:uuid:0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a12"})")),
              ElementsAre("C.1"));
}

TEST(OddRequests, CodeSystemsAreKnownByTheirOtherWritings) {
  for (const char* system : {"urn:oid:2.16.840.1.113883.6.88", "https://www.nlm.nih.gov/research/umls/rxnorm",
                             "http://www.nlm.nih.gov/research/umls/rxnorm/"}) {
    EXPECT_THAT(RowsFor(Order(Coded(system, "904431"))), ElementsAre("C.1")) << system;
  }
  for (const char* loinc : {"urn:oid:2.16.840.1.113883.6.1", "https://loinc.org", "http://loinc.org/"}) {
    EXPECT_THAT(RowsFor(Order(Coded(kRxNorm, "904431")), loinc), ElementsAre("C.1")) << loinc;
  }
}

}  // namespace
}  // namespace osteon::testing
