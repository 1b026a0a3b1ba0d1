#include "fhir/model/resource_index.h"

#include <gtest/gtest.h>

#include <string>

#include "fhir/json/key.h"
#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

using json::operator""_key;

constexpr std::string_view kPrefetch = R"({
  "patient": {"resourceType":"Patient","id":"1"},
  "nothing": null,
  "meds": {"resourceType":"Bundle","type":"searchset","entry":[
    {"fullUrl":"http://h/fhir/MedicationRequest/m1","resource":{"resourceType":"MedicationRequest","id":"m1",
      "medicationCodeableConcept":{"coding":[{"system":"rx","code":"1"},{"system":"rx","code":"2"}]}}},
    {"fullUrl":"urn:uuid:x","resource":{"resourceType":"MedicationRequest","id":"m2",
      "medicationReference":{"reference":"#c"},"contained":[{"resourceType":"Medication","id":"c"}]}},
    {"fullUrl":"http://other/fhir/Patient/9","resource":{"resourceType":"Patient","id":"9"}},
    {"resource":{"resourceType":"NoSuchType","id":"1"}}]},
  "again": {"resourceType":"Bundle","entry":[
    {"resource":{"resourceType":"MedicationRequest","id":"m1",
      "medicationCodeableConcept":{"coding":[{"system":"rx","code":"1"}]}}},
    {"resource":{"resourceType":"MedicationRequest","id":"m3",
      "medicationCodeableConcept":{"coding":[{"system":"rx","code":"1"},{"code":"1"}]}}},
    {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"ln","code":"1"}]}}},
    {"resource":{"resourceType":"Observation","status":"final","code":{"text":"no coding"}}}]}
})";

class Index : public ::testing::Test {
 protected:
  Index() : document_(kPrefetch), index_(arena_) { index_.Add(document_.root()); }
  std::string Ids(std::span<const json::Value> resources) {
    std::string ids;
    for (const json::Value resource : resources) ids += std::string(resource["id"_key].string()) + " ";
    return ids;
  }
  std::string_view Resolved(std::string_view reference, json::Value from = {}) {
    const json::Value found = index_.Resolve(reference, from);
    return found.exists() ? found["id"_key].string() : "none";
  }
  Document document_;
  base::Arena arena_;
  ResourceIndex index_;
};

TEST_F(Index, FindsByTypeAndCountsEachOnce) {
  EXPECT_EQ(Ids(index_.OfType("MedicationRequest"_type)), "m1 m2 m3 ");
  EXPECT_EQ(Ids(index_.OfType("Patient"_type)), "1 9 ");
  EXPECT_EQ(index_.OfType("Bundle"_type).size(), 2U);
  EXPECT_EQ(index_.OfType("Observation"_type).size(), 2U) << "resources without id are all different";
  EXPECT_EQ(index_.OfType("Resource"_type).size(), index_.size());
  EXPECT_TRUE(index_.OfType("Encounter"_type).empty());
}

TEST_F(Index, ResolvesWithinTheDataOnly) {
  const json::Value request = index_.OfType("MedicationRequest"_type)[1];
  EXPECT_EQ(Resolved("Patient/1"), "1");
  EXPECT_EQ(Resolved("Patient/1/_history/7"), "1");
  EXPECT_EQ(Resolved("http://h/fhir/MedicationRequest/m1"), "m1");
  EXPECT_EQ(Resolved("http://h/fhir/MedicationRequest/m1/_history/2"), "m1");
  EXPECT_EQ(Resolved("urn:uuid:x"), "m2");
  EXPECT_EQ(Resolved("#c", request), "c");
  EXPECT_EQ(Resolved("#"), "none");
  EXPECT_EQ(Resolved("#d", request), "none");
  EXPECT_EQ(Resolved("http://anywhere/fhir/Patient/1"), "1") << "Patient/1 was sent without its server";
  EXPECT_EQ(Resolved("http://h/fhir/Patient/9"), "none") << "it is another server's Patient/9";
  EXPECT_EQ(Resolved("Encounter/1"), "none");
  EXPECT_EQ(Resolved(""), "none");
}

TEST_F(Index, FindsByCode) {
  const CodeIndex& medications = index_.Codes("MedicationRequest"_type, "medication");
  EXPECT_EQ(Ids(medications.Find("rx", "1")), "m1 m3 ");
  EXPECT_EQ(Ids(medications.Find("rx", "2")), "m1 ");
  EXPECT_EQ(Ids(medications.Find("", "1")), "m3 ");
  EXPECT_TRUE(medications.Find("rx", "3").empty());
  EXPECT_EQ(medications.rows().size(), 4U);
  EXPECT_EQ(&index_.Codes("MedicationRequest"_type, "medication"), &medications);
  EXPECT_EQ(index_.Codes("Observation"_type, "status").Find("", "final").size(), 2U);
  EXPECT_EQ(index_.Codes("Observation"_type, "code.coding").Find("ln", "1").size(), 1U);
  EXPECT_TRUE(index_.Codes("Encounter"_type, "type").rows().empty());
}

TEST(ResourceIndex, IsEmptyWithoutData) {
  base::Arena arena;
  ResourceIndex index(arena);
  index.Add({});
  EXPECT_FALSE(index.Resolve("Patient/1", {}).exists());
  EXPECT_TRUE(index.OfType("Patient"_type).empty());
  EXPECT_TRUE(index.Codes("Patient"_type, "gender").Find("", "male").empty());
}

TEST(ResourceIndex, GrowsAndIgnoresOddShapes) {
  std::string text = R"({"resourceType":"Bundle","entry":[null,7,{"resource":"x"},{"resource":{}})";
  for (int i = 0; i < 500; ++i)
    text += R"(,{"resource":{"resourceType":"Patient","id":"p)" + std::to_string(i) + "\"}}";
  const Document document(text + "]}");
  base::Arena arena;
  ResourceIndex index(arena);
  index.Add(document.root());
  EXPECT_EQ(index.OfType("Patient"_type).size(), 500U);
  EXPECT_TRUE(index.Resolve("Patient/p499", {}).exists());
  const Document odd(R"([[[[[[[{"resourceType":"Patient","id":"deep"}]]]]]]])");
  index.Add(odd.root());
  EXPECT_FALSE(index.Resolve("Patient/deep", {}).exists());
}

}  // namespace
}  // namespace osteon::model
