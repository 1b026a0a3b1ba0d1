// R-*, C-*, P-*: what a request must hold, and what is let pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cds_hooks/engine.h"
#include "tests/cds_hooks/call.h"

namespace osteon::testing {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Refusal {
  std::string_view name;
  std::string body;
  ErrorCode code;
  std::string_view path;
};

std::vector<Refusal> Refusals() {
  const std::string context = R"("context":{"userId":"Practitioner/u","patientId":"p1"})";
  const std::string head = R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)";
  return {
      {"not JSON", "{", ErrorCode::kMalformedJson, ""},
      {"empty body", "", ErrorCode::kMalformedJson, ""},
      {"G-03 trailing comma", R"({"hook":"patient-view",})", ErrorCode::kMalformedJson, ""},
      {"no object", "[]", ErrorCode::kInvalidRequest, ""},
      {"R-02 hook missing", "{}", ErrorCode::kMissingField, "hook"},
      {"R-02 hook null", R"({"hook":null})", ErrorCode::kMissingField, "hook"},
      {"R-02 hook blank", R"({"hook":" "})", ErrorCode::kMissingField, "hook"},
      {"R-02 hook no string", R"({"hook":1})", ErrorCode::kInvalidRequest, "hook"},
      {"hook of the specification that is not served", R"({"hook":"order-dispatch"})",
       ErrorCode::kHookMismatch, "hook"},
      {"hook of another service", R"({"hook":"order-sign"})", ErrorCode::kHookMismatch, "hook"},
      {"R-03 hookInstance missing", R"({"hook":"patient-view",)" + context + "}", ErrorCode::kMissingField,
       "hookInstance"},
      {"R-03 hookInstance no string", R"({"hook":"patient-view","hookInstance":7,)" + context + "}",
       ErrorCode::kInvalidRequest, "hookInstance"},
      {"R-08 context missing", head + R"("x":1})", ErrorCode::kMissingField, "context"},
      {"R-08 context no object", head + R"("context":[]})", ErrorCode::kInvalidRequest, "context"},
      {"C-req userId", head + R"("context":{"patientId":"p1"}})", ErrorCode::kMissingField, "context.userId"},
      {"C-req patientId", head + R"("context":{"userId":"Practitioner/u"}})", ErrorCode::kMissingField,
       "context.patientId"},
      {"C-req patientId empty", head + R"("context":{"userId":"Practitioner/u","patientId":""}})",
       ErrorCode::kMissingField, "context.patientId"},
      {"C-type patientId", head + R"("context":{"userId":"Practitioner/u","patientId":12}})",
       ErrorCode::kInvalidRequest, "context.patientId"},
      {"C-id patientId of another type",
       head + R"("context":{"userId":"Practitioner/u","patientId":"Group/1"}})", ErrorCode::kInvalidRequest,
       "context.patientId"},
      {"C-type encounterId",
       head + R"("context":{"userId":"Practitioner/u","patientId":"p1","encounterId":{}}})",
       ErrorCode::kInvalidRequest, "context.encounterId"},
      {"R-05 M-01 token without server",
       head + R"("fhirAuthorization":{"access_token":"x"},)" + context + "}", ErrorCode::kMissingField,
       "fhirServer"},
      {"R-05 server no string",
       head + R"("fhirServer":1,"fhirAuthorization":{"access_token":"x"},)" + context + "}",
       ErrorCode::kInvalidRequest, "fhirServer"},
      {"R-09 prefetch no object", head + R"("prefetch":[],)" + context + "}", ErrorCode::kInvalidRequest,
       "prefetch"},
  };
}

TEST(Prepare, RefusesWhatTheSpecificationForbidsAndNamesTheMember) {
  const auto catalog = ToyCatalog();
  for (const Refusal& row : Refusals()) {
    const Call call(catalog, "toy-patient-view", row.body);
    ASSERT_FALSE(call.prepared().ok()) << row.name;
    EXPECT_EQ(call.prepared().error().code, row.code) << row.name;
    EXPECT_EQ(call.prepared().error().path, row.path) << row.name;
    EXPECT_FALSE(call.prepared().error().public_text.empty()) << row.name;
  }
}

TEST(Prepare, AnUnknownServiceIsNotFoundWhateverTheBody) {
  const Call call(ToyCatalog(), "nobody", "{");
  ASSERT_FALSE(call.prepared().ok());
  EXPECT_EQ(call.prepared().error().code, ErrorCode::kServiceNotFound);
}

TEST(Prepare, AHookThatIsNotServedIsNamedUnlessItsNameIsNoPlainText) {
  const auto catalog = ToyCatalog();
  const Call known(catalog, "toy-patient-view", R"({"hook":"medication-prescribe"})");
  EXPECT_THAT(known.prepared().error().public_text, HasSubstr("medication-prescribe"));
  const Call strange(catalog, "toy-patient-view", R"({"hook":"<b>Jane Doe</b>"})");
  EXPECT_THAT(strange.prepared().error().public_text, Not(HasSubstr("Jane")));
}

TEST(Prepare, AHookOfASharedServiceIdIsDispatchedByTheBodysHookD14) {
  cards::Pack pack = MakeToyPack();
  for (cards::ServiceSpec& service : pack.services) service.id = "toy";
  const auto catalog = std::move(cds_hooks::Catalog::Create(std::move(pack))).value();
  const Call view(catalog, "toy", Body("patient-view", kChartContext));
  ASSERT_TRUE(view.prepared().ok());
  EXPECT_EQ(view.prepared()->service->spec->hook, "patient-view");
  const Call start(catalog, "toy",
                   Body("encounter-start", std::string(kChartContext) + R"(,"encounterId":"e")"));
  ASSERT_TRUE(start.prepared().ok());
  EXPECT_EQ(start.prepared()->service->spec->hook, "encounter-start");
}

struct Tolerance {
  std::string_view name;
  std::string body;
  std::string_view warning;  // empty: none
};

TEST(Prepare, LetsPassWhatRealClientsSendAndCountsIt) {
  const std::string user = R"("userId":"Practitioner/u",)";
  const std::vector<Tolerance> rows = {
      {"nothing odd", Body("patient-view", kChartContext), ""},
      {"R-03 free text instance",
       R"({"hook":"patient-view","hookInstance":"12345","context":{"userId":"Practitioner/u","patientId":"p1"}})",
       "hook_instance_not_uuid"},
      {"R-03 upper case instance",
       R"({"hook":"patient-view","hookInstance":"D1577C69-DFBE-44AD-BA6D-3E05E953B2EA",)"
       R"("context":{"userId":"Practitioner/u","patientId":"p1"}})",
       ""},
      {"C-id prefixed patient", Body("patient-view", user + R"("patientId":"Patient/p1")"),
       "patient_id_prefixed"},
      {"C-id patient as URL",
       Body("patient-view", user + R"("patientId":"https://ehr.example/fhir/Patient/p1")"),
       "patient_id_prefixed"},
      {"C-id patient that is no FHIR id", Body("patient-view", user + R"("patientId":"p_1")"),
       "patient_id_not_fhir_id"},
      {"C-id prefixed encounter",
       Body("patient-view", user + R"("patientId":"p1","encounterId":"Encounter/e1")"),
       "encounter_id_prefixed"},
      {"blank optional field", Body("patient-view", user + R"("patientId":"p1","encounterId":"")"),
       "context_field_blank"},
      {"null optional field", Body("patient-view", user + R"("patientId":"p1","encounterId":null)"), ""},
      {"C-user bare id", Body("patient-view", R"("userId":"u","patientId":"p1")"), "user_id_unexpected"},
      {"C-unknown, CRD-04", Body("patient-view", user + R"("patientId":"p1","zzz":{"a":[1]})"), ""},
      {"E-01, CRD-05", Body("patient-view", kChartContext, R"(,"extension":{"a":1},"user":"u","zzz":[])"),
       ""},
      {"P-05 unknown prefetch key", Body("patient-view", kChartContext, R"(,"prefetch":{"zzz":{"a":1}})"),
       ""},
      {"R-09 null prefetch", Body("patient-view", kChartContext, R"(,"prefetch":null)"), ""},
      {"F-12 null authorization", Body("patient-view", kChartContext, R"(,"fhirAuthorization":null)"), ""},
      {"F-06 expires_in as a string, no scope",
       Body("patient-view", kChartContext,
            R"(,"fhirServer":"http://h/fhir","fhirAuthorization":{"access_token":"x","expires_in":"3600"})"),
       ""},
  };
  const auto catalog = ToyCatalog();
  for (const Tolerance& row : rows) {
    const Call call(catalog, "toy-patient-view", row.body);
    ASSERT_TRUE(call.prepared().ok()) << row.name << ": " << call.prepared().error().public_text;
    if (row.warning.empty()) {
      EXPECT_THAT(call.prepared()->warnings, IsEmpty()) << row.name;
    } else {
      EXPECT_THAT(call.prepared()->warnings, ElementsAre(row.warning)) << row.name;
    }
  }
}

TEST(Prepare, PrefixedIdsAreNormalised) {
  const Call call(ToyCatalog(), "toy-patient-view",
                  Body("patient-view",
                       R"("userId":"Practitioner/u","patientId":"Patient/p1","encounterId":"Encounter/e1")"));
  ASSERT_TRUE(call.prepared().ok());
  EXPECT_EQ(call.prepared()->patient_id, "p1");
  EXPECT_EQ(call.prepared()->encounter_id, "e1");
}

TEST(Prepare, EncounterStartNeedsItsEncounterCReq) {
  const Call call(ToyCatalog(), "toy-encounter-start", Body("encounter-start", kChartContext));
  ASSERT_FALSE(call.prepared().ok());
  EXPECT_EQ(call.prepared().error().path, "context.encounterId");
}

TEST(Prepare, ListsThePrefetchKeysThatAreMissingP13) {
  const auto catalog = ToyCatalog();
  const Call none(catalog, "toy-patient-view", Body("patient-view", kChartContext));
  EXPECT_THAT(none.prepared()->missing,
              ElementsAre("patient", "conditions"));  // encounter: no id to ask with
  const Call with_encounter(catalog, "toy-patient-view",
                            Body("patient-view", std::string(kChartContext) + R"(,"encounterId":"e")"));
  EXPECT_THAT(with_encounter.prepared()->missing, ElementsAre("patient", "conditions", "encounter"));
  const Call null(catalog, "toy-patient-view",
                  Body("patient-view", kChartContext, R"(,"prefetch":{"patient":null,"conditions":null})"));
  EXPECT_THAT(null.prepared()->missing, IsEmpty());  // P-10: asked, nothing there
}

// --- draft orders

constexpr std::string_view kOrders =
    R"("draftOrders":{"resourceType":"Bundle","entry":[)"
    R"({"resource":{"resourceType":"MedicationRequest","id":"m1","subject":{"reference":"Patient/p1"}}},)"
    R"({"fullUrl":"urn:uuid:0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a12","resource":{"resourceType":"ServiceRequest"}},)"
    R"({"resource":{"id":"no-type"}},{"fullUrl":"http://h/x"},)"
    R"({"resource":{"resourceType":"Medication","id":"med"}},)"
    R"({"resource":{"resourceType":"MedicationRequest","id":"m2","subject":{"reference":"Patient/other"}}},)"
    R"({"resource":{"resourceType":"MedicationRequest","id":"m3"}}]})";

std::string OrderContext(std::string_view more) {
  return std::string(kChartContext) + "," + std::string(kOrders) + std::string(more);
}

TEST(Prepare, OrderSignTakesEveryDraftOfThePatientCBundle) {
  const Call call(ToyCatalog(), "toy-order-sign", Body("order-sign", OrderContext("")));
  ASSERT_TRUE(call.prepared().ok()) << call.prepared().error().public_text;
  std::vector<std::string_view> references;
  for (const cards::Draft& draft : call.prepared()->drafts) {
    references.push_back(draft.reference);
    EXPECT_TRUE(draft.may_raise_cards);
  }
  EXPECT_THAT(references, ElementsAre("MedicationRequest/m1", "urn:uuid:0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a12",
                                      "MedicationRequest/m3"));
  EXPECT_THAT(call.prepared()->warnings, ElementsAre("draft_not_a_resource", "draft_of_other_patient"));
}

TEST(Prepare, OrderSelectLetsOnlySelectedDraftsRaiseCardsCSelections) {
  const Call call(
      ToyCatalog(), "toy-order-select",
      Body("order-select", OrderContext(R"(,"selections":["MedicationRequest/m3","MedicationRequest/x"])")));
  ASSERT_TRUE(call.prepared().ok()) << call.prepared().error().public_text;
  const auto& drafts = call.prepared()->drafts;
  ASSERT_EQ(drafts.size(), 3u);
  EXPECT_FALSE(drafts[0].may_raise_cards);
  EXPECT_FALSE(drafts[1].may_raise_cards);
  EXPECT_TRUE(drafts[2].may_raise_cards);
  EXPECT_THAT(call.prepared()->warnings, ::testing::Contains("selection_not_in_drafts"));
}

// Beyond it the time of an answer would grow with the square of what is sent.
TEST(Prepare, AThousandDraftsAndSelectionsAreTheMost) {
  const auto prepare = [](int drafts, int selections) {
    std::string entries;
    for (int i = 0; i < drafts; ++i) {
      entries += (i == 0 ? "" : ",") +
                 std::string(R"({"resource":{"resourceType":"MedicationRequest","id":"m)") +
                 std::to_string(i) + "\"}}";
    }
    std::string selected;
    for (int i = 0; i < selections; ++i) selected += i == 0 ? "\"a/b\"" : ",\"a/b\"";
    const Call call(ToyCatalog(), "toy-order-select",
                    Body("order-select", std::string(kChartContext) +
                                             R"(,"draftOrders":{"resourceType":"Bundle","entry":[)" +
                                             entries + R"(]},"selections":[)" + selected + "]"));
    return call.prepared().ok() ? std::string("accepted")
                                : std::string(base::Describe(call.prepared().error().code).name) + " " +
                                      call.prepared().error().path;
  };
  EXPECT_EQ(prepare(1'000, 1'000), "accepted");
  EXPECT_EQ(prepare(1'001, 1), "body_too_large context.draftOrders.entry");
  EXPECT_EQ(prepare(1, 1'001), "body_too_large context.selections");
}

TEST(Prepare, RefusesOrdersThatAreNoBundleAndSelectionsThatAreNoReferencesCType) {
  const auto catalog = ToyCatalog();
  const auto path = [&](const std::string& context) {
    const Call call(catalog, "toy-order-select", Body("order-select", std::string(kChartContext) + context));
    return call.prepared().ok() ? std::string("accepted") : call.prepared().error().path;
  };
  EXPECT_EQ(path(""), "context.draftOrders");
  EXPECT_EQ(path(R"(,"draftOrders":[])"), "context.draftOrders");
  EXPECT_EQ(path(R"(,"draftOrders":{})"), "context.draftOrders");
  EXPECT_EQ(path(R"(,"draftOrders":{"resourceType":"MedicationRequest"})"), "context.draftOrders");
  EXPECT_EQ(path(R"(,"draftOrders":{"resourceType":"Bundle","entry":{}})"), "context.draftOrders.entry");
  EXPECT_EQ(path(R"(,"draftOrders":{"resourceType":"Bundle"})"), "context.selections");
  EXPECT_EQ(path(R"(,"draftOrders":{"resourceType":"Bundle"},"selections":"MedicationRequest/m1")"),
            "context.selections");
  EXPECT_EQ(path(R"(,"draftOrders":{"resourceType":"Bundle"},"selections":[1])"), "context.selections");
  EXPECT_EQ(path(R"(,"draftOrders":{"resourceType":"Bundle"},"selections":[])"), "accepted");
}

TEST(Prepare, ARefillBringsDraftsAndNeedsNoUser) {
  const std::string medications = R"("patientId":"p1","medications":{"resourceType":"Bundle","entry":[)"
                                  R"({"resource":{"resourceType":"MedicationRequest","id":"m1"}}]})";
  const Call call(ToyCatalog(), "toy-refill", Body("medication-refill", medications));
  ASSERT_TRUE(call.prepared().ok()) << call.prepared().error().public_text;
  ASSERT_EQ(call.prepared()->drafts.size(), 1u);
  EXPECT_TRUE(call.prepared()->drafts[0].may_raise_cards);
  const Call without(ToyCatalog(), "toy-refill", Body("medication-refill", R"("patientId":"p1")"));
  EXPECT_EQ(without.prepared().error().path, "context.medications");
}

TEST(Prepare, ADischargeNeedsItsEncounter) {
  const Call call(ToyCatalog(), "toy-discharge", Body("encounter-discharge", kChartContext));
  EXPECT_EQ(call.prepared().error().path, "context.encounterId");
}

std::string ProblemContext(std::string_view entries) {
  return std::string(kChartContext) + R"(,"conditions":{"resourceType":"Bundle","entry":[)" +
         std::string(entries) + "]}";
}

TEST(Prepare, ProblemsBeingRecordedAreFactsOfThePatient) {
  const Call call(ToyCatalog(), "toy-problem",
                  Body("problem-list-item-create",
                       ProblemContext(R"({"resource":{"resourceType":"Condition","id":"c1"}},)"
                                      R"({"resource":{"resourceType":"Condition","id":"c2",)"
                                      R"("subject":{"reference":"Patient/other"}}},)"
                                      R"({"resource":{"resourceType":"Observation","id":"o"}},{})")));
  ASSERT_TRUE(call.prepared().ok()) << call.prepared().error().public_text;
  ASSERT_EQ(call.prepared()->facts.size(), 1u);
  EXPECT_EQ(call.prepared()->facts[0].id(), "c1");
  EXPECT_THAT(call.prepared()->warnings, ElementsAre("fact_of_other_patient", "fact_of_other_type"));
  const Call without(ToyCatalog(), "toy-problem", Body("problem-list-item-create", kChartContext));
  EXPECT_EQ(without.prepared().error().path, "context.conditions");
}

}  // namespace
}  // namespace osteon::testing
