// P-06b, P-09 to P-12: the states of a prefetch key, and whose resources they are.
#include "cards/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "tests/testing/chart_reader.h"
#include "tests/testing/document.h"

namespace osteon::testing {
namespace {

using cards::Chart;
using cards::DataState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChartTest : public ::testing::Test {
 protected:
  DataState Add(std::string_view key, std::string_view json,
                std::vector<std::string_view> types = {"Condition"}) {
    json::Value value;
    if (!json.empty()) value = documents_.emplace_back(json).root();
    chart_.Add(key, value, types, "p1");
    return chart_.StateOf(key);
  }
  static std::string Bundle(std::string_view entries) {
    return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + std::string(entries) + "]}";
  }
  std::vector<std::string_view> Ids(std::string_view type) const {
    std::vector<std::string_view> ids;
    for (const model::Resource& resource : chart_.OfType(type)) ids.push_back(resource.id());
    return ids;
  }

  std::deque<Document> documents_;
  Chart chart_;
};

struct StateRow {
  std::string_view json;
  DataState state;
};

TEST_F(ChartTest, EveryKindOfAnswerHasItsState) {
  const StateRow rows[] = {
      {"", DataState::kMissing},
      {"null", DataState::kEmpty},
      {R"({"resourceType":"Bundle"})", DataState::kEmpty},
      {R"({"resourceType":"Bundle","entry":[]})", DataState::kEmpty},
      {R"({"resourceType":"Bundle","total":0,"link":[{"relation":"self","url":"x"}]})", DataState::kEmpty},
      {R"({"resourceType":"Condition"})", DataState::kPresent},
      {R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition"}}]})",
       DataState::kPresent},
      {R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Condition"}}]})",
       DataState::kPresent},
      {R"({"resourceType":"Bundle","link":[{"relation":"next","url":"x"}],"entry":[{"resource":{"resourceType":"Condition"}}]})",
       DataState::kIncomplete},
      {R"({"resourceType":"Bundle","link":[{"relation":"next","url":"x"}]})", DataState::kIncomplete},
      {R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})", DataState::kFailed},
      {R"({"resourceType":"OperationOutcome","issue":[{"severity":"warning"}]})", DataState::kFailed},
      {R"({"resourceType":"OperationOutcome"})", DataState::kFailed},
      {R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"fatal"}]}}]})",
       DataState::kFailed},
      {R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"information"}]}}]})",
       DataState::kEmpty},
      {R"({"resourceType":"Observation"})", DataState::kMalformed},
      {R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation"}}]})",
       DataState::kMalformed},
      {R"({"resourceType":"Bundle","entry":[{"fullUrl":"x"}]})", DataState::kMalformed},
      {R"({"resourceType":"Bundle","entry":{}})", DataState::kMalformed},
      {R"({"resourceType":"Bundle","entry":[null,1,[]]})", DataState::kMalformed},
      {"{}", DataState::kMalformed},
      {"[]", DataState::kMalformed},
      {R"("text")", DataState::kMalformed},
      {"7", DataState::kMalformed},
      {R"({"resourceType":7})", DataState::kMalformed},
      {R"({"response":{"status":"200 OK"},"resource":{"resourceType":"Condition"}})", DataState::kPresent},
      {R"({"response":{"status":"404 Not Found"}})", DataState::kMalformed},
  };
  for (const StateRow& row : rows) {
    Chart chart;
    std::optional<Document> document;
    if (!row.json.empty()) document.emplace(row.json);
    const std::string_view types[] = {"Condition"};
    chart.Add("k", document ? document->root() : json::Value(), types, "p1");
    EXPECT_EQ(chart.StateOf("k"), row.state) << row.json;
  }
}

TEST_F(ChartTest, AFailureInsideABundleKeepsWhatCameWithIt) {
  EXPECT_EQ(
      Add("k", Bundle(R"({"resource":{"resourceType":"Condition","id":"c"}},)"
                      R"({"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error"}]}})")),
      DataState::kFailed);
  EXPECT_THAT(Ids("Condition"), ElementsAre("c"));
}

TEST_F(ChartTest, WarningsInsideABundleAreNoResources) {
  EXPECT_EQ(Add("k", Bundle(R"({"resource":{"resourceType":"Condition","id":"c"}},)"
                            R"({"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome",)"
                            R"("issue":[{"severity":"warning"}]}})")),
            DataState::kPresent);
  EXPECT_THAT(chart_.OfType("OperationOutcome"), IsEmpty());
}

TEST_F(ChartTest, IncludedTypesAreKeptAndOthersAreNot) {
  Add("meds",
      Bundle(R"({"resource":{"resourceType":"MedicationRequest","id":"r"}},)"
             R"({"search":{"mode":"include"},"resource":{"resourceType":"Medication","id":"m"}},)"
             R"({"resource":{"resourceType":"Practitioner","id":"d"}})"),
      {"MedicationRequest", "Medication"});
  EXPECT_EQ(chart_.StateOf("meds"), DataState::kPresent);
  EXPECT_THAT(Ids("Medication"), ElementsAre("m"));
  EXPECT_THAT(Ids("Practitioner"), IsEmpty());
}

TEST_F(ChartTest, TheSameResourceUnderTwoKeysIsKeptOnceTheFirstTime) {
  Add("a", R"({"resourceType":"Condition","id":"c","note":"first"})");
  EXPECT_EQ(Add("b", R"({"resourceType":"Condition","id":"c","note":"second"})"), DataState::kPresent);
  Add("c", Bundle(R"({"resource":{"resourceType":"Condition"}},{"resource":{"resourceType":"Condition"}})"));
  EXPECT_EQ(chart_.OfType("Condition").size(), 3u);
  EXPECT_EQ(chart_.Find("Condition", "c").json.Find("note").string(), "first");
}

TEST_F(ChartTest, ManyResourcesAreAllFoundAgain) {
  std::string entries;
  for (int i = 0; i < 1000; ++i) {
    entries += (i == 0 ? "" : ",") + std::string(R"({"resource":{"resourceType":"Condition","id":"c)") +
               std::to_string(i) + "\"}}";
  }
  Add("k", Bundle(entries));
  EXPECT_EQ(chart_.OfType("Condition").size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(chart_.Find("Condition", "c" + std::to_string(i)));
  EXPECT_FALSE(chart_.Find("Condition", "c1000"));
  EXPECT_FALSE(chart_.Find("Observation", "c1"));
  EXPECT_TRUE(chart_.Find("", "c1"));
}

TEST_F(ChartTest, ResourcesOfAnotherPatientAreDroppedAndCounted) {
  Add("k",
      Bundle(
          R"({"resource":{"resourceType":"Condition","id":"1","subject":{"reference":"Patient/p1"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"2","subject":{"reference":"Patient/p2"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"3","subject":{"reference":"https://h/fhir/Patient/p1"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"4","patient":{"reference":"Patient/p2/_history/1"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"5","subject":{"reference":"Group/p1"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"6"}},)"
          R"({"resource":{"resourceType":"Condition","id":"7","subject":{"display":"somebody"}}},)"
          R"({"resource":{"resourceType":"Condition","id":"8","subject":{"reference":"#contained"}}})"));
  EXPECT_THAT(Ids("Condition"), ElementsAre("1", "3", "6", "7", "8"));
  EXPECT_EQ(chart_.drops().other_patient, 3u);
}

TEST_F(ChartTest, AnAnswerAboutAnotherPatientIsNoAnswer) {
  EXPECT_EQ(Add("patient", R"({"resourceType":"Patient","id":"p2"})", {"Patient"}), DataState::kMalformed);
  EXPECT_THAT(Ids("Patient"), IsEmpty());
  EXPECT_EQ(chart_.drops().other_patient, 1u);
  EXPECT_EQ(Add("conditions", R"({"resourceType":"Condition","subject":{"reference":"Patient/p2"}})"),
            DataState::kMalformed);
}

TEST_F(ChartTest, UrnSubjectsAreResolvedAgainstThePatientsOfTheChart) {
  Add("k",
      Bundle(R"({"resource":{"resourceType":"Condition","id":"1","subject":{"reference":"urn:uuid:a"}}},)"
             R"({"resource":{"resourceType":"Condition","id":"2","subject":{"reference":"urn:uuid:b"}}},)"
             R"({"resource":{"resourceType":"Condition","id":"3","subject":{"reference":"urn:uuid:c"}}},)"
             R"({"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient","id":"p1"}},)"
             R"({"fullUrl":"urn:uuid:b","resource":{"resourceType":"Patient","id":"p2"}})"),
      {"Condition", "Patient"});
  EXPECT_THAT(Ids("Condition"), ElementsAre("1"));
  EXPECT_THAT(Ids("Patient"), ElementsAre("p1"));
}

TEST_F(ChartTest, UrnSubjectsAreKeptWhenNoPatientContradicts) {
  Add("patient", R"({"resourceType":"Patient","id":"p1"})", {"Patient"});
  Add("k",
      Bundle(R"({"resource":{"resourceType":"Condition","id":"1","subject":{"reference":"urn:uuid:a"}}})"));
  EXPECT_THAT(Ids("Condition"), ElementsAre("1"));
}

TEST_F(ChartTest, ManyUrlsAreAllFoundAgainTheFirstOfEqualOnes) {
  std::string entries;
  for (int i = 0; i < 500; ++i) {
    entries += (i == 0 ? "" : ",") + std::string(R"({"fullUrl":"urn:uuid:)") + std::to_string(i % 250) +
               R"(","resource":{"resourceType":"Condition","id":"c)" + std::to_string(i) +
               R"(","subject":{"reference":"Patient/p1"}}})";
  }
  EXPECT_EQ(Add("conditions", Bundle(entries), {"Condition"}), DataState::kPresent);
  EXPECT_EQ(FindByUrl(chart_, "urn:uuid:0").id(), "c0");
  EXPECT_EQ(FindByUrl(chart_, "urn:uuid:249").id(), "c249");
  EXPECT_FALSE(FindByUrl(chart_, "urn:uuid:250"));
  chart_.Remove("Condition", "c7");
  EXPECT_EQ(FindByUrl(chart_, "urn:uuid:7").id(), "c257");
  EXPECT_EQ(FindByUrl(chart_, "urn:uuid:8").id(), "c8");
}

TEST_F(ChartTest, RemoveTakesOutOneResource) {
  Add("k", Bundle(R"({"fullUrl":"urn:uuid:x","resource":{"resourceType":"Condition","id":"a"}},)"
                  R"({"resource":{"resourceType":"Condition","id":"b"}})"));
  chart_.Remove("Condition", "a");
  chart_.Remove("Condition", "zzz");
  chart_.Remove("Observation", "b");
  chart_.Remove("Condition", "");
  EXPECT_THAT(Ids("Condition"), ElementsAre("b"));
  EXPECT_FALSE(chart_.Find("Condition", "a"));
  EXPECT_FALSE(FindByUrl(chart_, "urn:uuid:x"));
  EXPECT_EQ(chart_.StateOf("k"), DataState::kPresent);
}

TEST_F(ChartTest, OlderFhirVersionsAreOnlyOddResources) {
  EXPECT_EQ(
      Add("dstu2",
          Bundle(
              R"({"resource":{"resourceType":"MedicationOrder","id":"m","patient":{"reference":"Patient/p1"},)"
              R"("medicationReference":{"reference":"Medication/1"}}})"),
          {"MedicationRequest"}),
      DataState::kMalformed);
  EXPECT_EQ(Add("stu3",
                R"({"resourceType":"Condition","id":"s","clinicalStatus":"active","subject":"Patient/p1"})"),
            DataState::kPresent);
}

TEST(DataStateTest, NamesAndAnswersAreFixed) {
  std::vector<std::string_view> names;
  std::vector<bool> answers;
  for (int i = 0; i <= static_cast<int>(DataState::kNotApplicable); ++i) {
    names.push_back(cards::DataStateName(static_cast<DataState>(i)));
    answers.push_back(cards::Answers(static_cast<DataState>(i)));
  }
  EXPECT_THAT(names, ElementsAre("present", "empty", "missing", "failed", "incomplete", "malformed",
                                 "not_applicable"));
  EXPECT_THAT(answers, ElementsAre(true, true, false, false, false, false, true));
}

}  // namespace
}  // namespace osteon::testing
