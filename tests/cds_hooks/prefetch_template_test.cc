// P-01, P-02, P-16 to P-25: the portable subset of prefetch templates.
#include "cds_hooks/prefetch_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace osteon::testing {
namespace {

using cds_hooks::FindHook;
using cds_hooks::LintTemplate;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string_view> Lint(std::string_view query, std::string_view hook = "patient-view") {
  const cards::PrefetchTemplate row{
      "key", query, {"Patient", "Observation", "Practitioner", "Encounter", "Condition"}};
  std::vector<std::string_view> rules;
  for (const auto& finding : LintTemplate(row, *FindHook(hook))) rules.push_back(finding.rule);
  return rules;
}

TEST(PrefetchTemplate, AllowsWhatThePortableSubsetAllows) {
  for (const std::string_view query : {
           "Patient/{{context.patientId}}",
           "Patient/{{ context.patientId }}",
           "Encounter/{{context.encounterId}}",
           "Patient/123",
           "{{context.userId}}",                   // P-21
           "Practitioner/{{userPractitionerId}}",  // P-20
           "Observation?patient={{context.patientId}}",
           "Observation?subject={{context.patientId}}&code=http://loinc.org|4548-4,http://loinc.org|1-8",
           "Observation?patient={{context.patientId}}&code:in=http://example.org/ValueSet/x",
           "Observation?patient={{context.patientId}}&date=ge2020-01-01&_count=50&_sort=-date",
           "Condition?patient={{context.patientId}}&clinical-status=active",
       }) {
    EXPECT_THAT(Lint(query), IsEmpty()) << query;
  }
}

TEST(PrefetchTemplate, RefusesWhatIsOutside) {
  EXPECT_THAT(Lint("Patient/{context.patientId}"), ElementsAre("P-16"));
  EXPECT_THAT(Lint("Patient/{{context.patientId}"), ElementsAre("P-16"));
  EXPECT_THAT(Lint("Patient/{{context.patientId"), ElementsAre("P-16"));
  EXPECT_THAT(Lint("Patient/{{{context.patientId}}}"), ElementsAre("P-16"));
  EXPECT_THAT(Lint("Patient/context.patientId}}"), ElementsAre("P-16"));
  EXPECT_THAT(Lint("Patient/{{Patient.id}}"), ElementsAre("P-17b"));
  EXPECT_THAT(Lint("Observation?patient={{context.patientId}}&date=ge{{today() - 90 days}}"),
              ElementsAre("P-17b", "P-22"));
  EXPECT_THAT(Lint("Patient/{{%patient.id}}"), ElementsAre("P-17b"));
  EXPECT_THAT(Lint("Patient/{{context.medication.id}}"), ElementsAre("P-18"));
  EXPECT_THAT(Lint("Patient/{{context.patientID}}"), ElementsAre("P-19"));
  EXPECT_THAT(Lint("Patient/{{context.draftOrders}}", "order-sign"), ElementsAre("P-25"));
  EXPECT_THAT(Lint("{{context.patientId}}"), ElementsAre("P-21"));
  EXPECT_THAT(Lint("Patient"), ElementsAre("P-01"));
  EXPECT_THAT(Lint("Patient/"), ElementsAre("P-01"));
  EXPECT_THAT(Lint("Patient/1/Observation"), ElementsAre("P-01"));
  EXPECT_THAT(Lint("https://h/fhir/Patient/1"), ElementsAre("P-01", "P-01"));
  EXPECT_THAT(Lint("Observation?"), ElementsAre("P-01"));
  EXPECT_THAT(Lint("Observation?patient"), ElementsAre("P-01"));
  EXPECT_THAT(Lint("Immunization?patient=1"), ElementsAre("P-02"));
  EXPECT_THAT(Lint("Observation?patient=1&code:below=x"), ElementsAre("P-22"));
  EXPECT_THAT(Lint("Observation?patient:Patient=1"), ElementsAre("P-22"));
  EXPECT_THAT(Lint("Observation?patient=1&date=sa2020-01-01"), ElementsAre("P-22"));
  EXPECT_THAT(Lint("Observation?patient=1&_include=Observation:subject"), ElementsAre("P-22"));
  EXPECT_THAT(Lint("Observation?patient.name=x"), ElementsAre("P-22"));
  EXPECT_THAT(Lint("Observation?patient=1&_count=many"), ElementsAre("P-22"));
  EXPECT_THAT(Lint("Observation?patient=1&_maxresults=1"), ElementsAre("P-22"));  // P-23: 3.0 only
  EXPECT_THAT(Lint(""), ElementsAre("P-01"));
}

}  // namespace
}  // namespace osteon::testing
