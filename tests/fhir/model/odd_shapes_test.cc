// Every view over JSON that has the right names and the wrong shapes: nothing crashes, and nothing is made
// up.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "fhir/model/resources.h"
#include "fhir/model/ucum.h"
#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

// Reads everything that a view offers; the sum keeps the optimiser from dropping the reads.
std::size_t ReadAll(json::Value root) {
  const base::TimeZone zone;
  std::size_t read = 0;
  const auto text = [&](std::string_view value) { read += value.size(); };
  const auto value = [&](json::Value element) { read += element.size() + LabelOf(element).size(); };
  const auto span = [&](const std::optional<DateSpan>& date) { read += date ? 1 : 0; };
  const auto quantity = [&](const std::optional<Quantity>& amount) {
    if (amount && Convert(amount->value, amount->unit, "kg")) ++read;
    if (amount && DurationInDays(amount->value, amount->unit)) ++read;
  };
  const Patient patient{root};
  for (const auto part : {patient.type(), patient.id(), patient.patient_reference(), patient.status(),
                          patient.gender(), patient.birth_sex(), patient.sex_for_clinical_use()}) {
    text(part);
  }
  span(patient.birth_date(zone));
  read += patient.deceased() ? 1 : 0;
  const Observation observation{root};
  span(observation.effective(zone));
  span(observation.effective_end(zone));
  span(observation.value_date(zone));
  quantity(observation.value_quantity());
  read += observation.has_value() ? 1 : 0;
  for (const auto part :
       {observation.code(), observation.body_site(), observation.components(),
        observation.data_absent_reason(), observation.value_concept(), observation.value_boolean()}) {
    value(part);
  }
  const Condition condition{root};
  for (const auto part :
       {condition.clinical_status(), condition.verification_status(), condition.encounter_reference()}) {
    text(part);
  }
  for (const auto& date :
       {condition.onset(zone), condition.recorded(zone), condition.abatement(zone),
        Procedure{root}.performed(zone), Procedure{root}.performed_end(zone),
        MedicationRequest{{root}}.authored_on(zone), MedicationStatement{{root}}.start(zone),
        MedicationStatement{{root}}.end(zone), MedicationAdministration{{root}}.start(zone),
        MedicationAdministration{{root}}.end(zone), MedicationDispense{{root}}.handed_over(zone),
        ServiceRequest{root}.authored_on(zone), DiagnosticReport{root}.effective(zone),
        Encounter{root}.start(zone), Encounter{root}.end(zone)}) {
    span(date);
  }
  quantity(MedicationDispense{{root}}.days_supply());
  read += (condition.abated() ? 1 : 0) + (Bundle{root}.has_next_page() ? 1 : 0);
  text(CodeIn(root, "s"));
  read += HasCode(root, "s", "c") ? 1 : 0;
  return read;
}

const std::vector<std::string> kNames = {"resourceType",
                                         "id",
                                         "subject",
                                         "patient",
                                         "reference",
                                         "status",
                                         "gender",
                                         "birthDate",
                                         "deceasedBoolean",
                                         "deceasedDateTime",
                                         "extension",
                                         "url",
                                         "valueCode",
                                         "valueCoding",
                                         "valueCodeableConcept",
                                         "coding",
                                         "system",
                                         "code",
                                         "display",
                                         "text",
                                         "effectiveDateTime",
                                         "effectivePeriod",
                                         "effectiveInstant",
                                         "start",
                                         "end",
                                         "valueQuantity",
                                         "value",
                                         "comparator",
                                         "unit",
                                         "valueInteger",
                                         "valueDateTime",
                                         "valuePeriod",
                                         "clinicalStatus",
                                         "verificationStatus",
                                         "onsetDateTime",
                                         "onsetPeriod",
                                         "abatementDateTime",
                                         "abatementString",
                                         "performedPeriod",
                                         "whenHandedOver",
                                         "daysSupply",
                                         "authoredOn",
                                         "period",
                                         "link",
                                         "relation",
                                         "entry",
                                         "encounter",
                                         "recordedDate"};

TEST(OddShapes, EveryNameWithEveryWrongValueIsRead) {
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "-1e400",
                                           "1e-99999",
                                           "\"\"",
                                           "\"x\"",
                                           "\"2026-02-30\"",
                                           "[]",
                                           "{}",
                                           "[[]]",
                                           "[null]",
                                           R"([{"coding": {"system": "s", "code": "c"}}])",
                                           R"({"coding": "s"})",
                                           R"({"coding": [1, null, "x", [], {}]})",
                                           R"({"coding": [{"system": 1, "code": {}, "display": []}]})",
                                           R"({"start": {}, "end": []})",
                                           R"({"value": []})",
                                           R"({"reference": ["Patient/1"]})",
                                           R"({"url": [], "extension": 3})",
                                           R"([{"url": null}, 5])"};
  for (const std::string& value : values) {
    std::string all = "{";
    for (const std::string& name : kNames) {
      const Document single("{\"" + name + "\": " + value + "}");
      ASSERT_TRUE(single.root().is_object()) << name << " " << value;
      EXPECT_LT(ReadAll(single.root()), 64u) << name << " " << value;
      all += (all.size() > 1 ? ", \"" : "\"") + name + "\": " + value;
    }
    const Document document(all + "}");
    ASSERT_TRUE(document.root().is_object());
    ReadAll(document.root());
    const Document bare(value);
    ReadAll(bare.root());
  }
  EXPECT_EQ(ReadAll(json::Value()), 0u);
}

std::string RandomJson(std::mt19937_64& random, int depth) {
  static const std::vector<std::string> kLeaves = {
      "null",
      "true",
      "false",
      "1.50",
      "-7e3",
      "\"2026-05\"",
      "\"2026-05-19T10:00:00Z\"",
      "\"kg\"",
      "\"next\"",
      "\"http://unitsofmeasure.org\"",
      "\"http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex\"",
      "\"248152002\"",
      "\"<\"",
      "\"\""};
  const auto kind = depth == 0 ? 0 : random() % 3;
  if (kind == 0) return kLeaves[random() % kLeaves.size()];
  std::string text = kind == 1 ? "[" : "{";
  // A prime step meets no name twice.
  const std::size_t first = random() % kNames.size();
  const std::size_t count = random() % 12;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ",";
    if (kind == 2) text += "\"" + kNames[(first + i * 7919) % kNames.size()] + "\":";
    text += RandomJson(random, depth - 1);
  }
  return text + (kind == 1 ? "]" : "}");
}

TEST(OddShapes, RandomDocumentsOfFhirNamesAreRead) {
  std::mt19937_64 random(7);
  std::size_t read = 0;
  for (int i = 0; i < 2000; ++i) {
    const Document document(RandomJson(random, 4));
    ASSERT_TRUE(document.root().exists());
    read += ReadAll(document.root());
  }
  EXPECT_GT(read, 0u);
}

}  // namespace
}  // namespace osteon::model
