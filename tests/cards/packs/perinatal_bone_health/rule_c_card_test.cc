// Rule C: drafts, missing data, what is on the cards; and the pack it is in.
#include "tests/cards/packs/perinatal_bone_health/rule_c_judge.h"

namespace osteon::cards::perinatal {
namespace {

using namespace rule_c_testing;  // NOLINT(google-build-using-namespace)
using testing::Concept;
using testing::DateValue;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Quantity;
using ::testing::StartsWith;

// --- drafts
TEST(RuleC, V30FindsADrugByNameInTextAndInUnknownDisplays) {
  const auto with = [](std::string_view medication) {
    ChartBuilder chart;
    chart.Pregnant("2026-08-15").Draft("MedicationRequest", medication);
    return BriefSign(chart);
  };
  EXPECT_EQ(with(R"("medicationCodeableConcept":{"text":"Fosamax Once Weekly 70 mg"})"), "C.1 critical");
  EXPECT_EQ(
      with(
          R"("medicationCodeableConcept":{"coding":[{"system":"urn:local","code":"1","display":"Fosamax 70 mg"}]})"),
      "C.1 critical");
  EXPECT_EQ(with(R"("medicationCodeableConcept":{"text":"Fosamaxx"})"), "not_fired");
  EXPECT_EQ(with(R"("medicationReference":{"display":"Zoledronic acid 5 mg/100 mL"})"), "C.1 critical");
  EXPECT_EQ(
      with(R"("contained":[{"resourceType":"Medication","id":"m","ingredient":[{"itemCodeableConcept":)"
           R"({"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"46041"}]}}]}],)"
           R"("medicationReference":{"reference":"#m"})"),
      "C.1 critical");
  EXPECT_EQ(
      with(
          R"("medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm",)"
          R"("code":"1897","display":"calcium carbonate"}],"text":"instead of Fosamax"})"),
      "not_fired")
      << "a coding match beats text";
}

TEST(RuleC, CanBeToldNotToReadNames) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15")
      .Set("text.fallback", "false")
      .Draft("MedicationRequest", R"("medicationCodeableConcept":{"text":"Fosamax 70 mg"})");
  EXPECT_EQ(BriefSign(chart), "not_fired");
}

TEST(RuleC, DoubtsADraftThatNobodyCanName) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15")
      .Draft("MedicationRequest", R"("medicationReference":{"reference":"Medication/gone"})");
  EXPECT_EQ(BriefSign(chart), "not_evaluated:missing:medication_reference");
}

TEST(RuleC, DoubtsAStoredOrderThatNobodyCanName) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15")
      .Add("meds", "MedicationRequest",
           R"("status":"active","intent":"order","authoredOn":"2026-05-01",)"
           R"("medicationReference":{"reference":"Medication/gone"})");
  EXPECT_EQ(BriefView(chart), "not_evaluated:missing:medication_reference");
}

TEST(RuleC, ReadsAnInfusionOrderedAsAService) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").DraftService("hcpcs J3489");
  const RuleOutcome outcome = Sign(chart);
  EXPECT_EQ(Brief(outcome), "C.1 critical");
  EXPECT_EQ(outcome.draft, "ServiceRequest/d1");
}

TEST(RuleC, IgnoresDraftsThatOrderNothing) {
  const auto with = [](std::string_view status, std::string_view intent, std::string_view more) {
    ChartBuilder chart;
    // Later members of a duplicate name are refused, so the whole draft is written here.
    chart.Pregnant("2026-08-15");
    auto scene = chart.Build("order-sign");
    const std::string text = R"({"resourceType":"MedicationRequest","id":"d1","status":")" +
                             std::string(status) + R"(","intent":")" + std::string(intent) +
                             R"(","medicationCodeableConcept":)" + testing::ConceptJson(kAlendronate) +
                             std::string(more) + "}" + std::string(json::kReadPadding, ' ');
    const std::string_view document(text.data(), text.size() - json::kReadPadding);
    const std::vector<Draft> drafts = {
        {model::Resource{json::Tree::Read(document, scene->arena).value()->root()}, "MedicationRequest/d1",
         true}};
    scene->input.drafts = drafts;
    return Brief(MakeBisphosphonateRule()->Evaluate(scene->input)[0]);
  };
  EXPECT_EQ(with("draft", "order", ""), "C.1 critical");
  EXPECT_EQ(with("active", "order", ""), "C.1 critical");
  EXPECT_EQ(with("draft", "proposal", ""), "not_fired");
  EXPECT_EQ(with("stopped", "order", ""), "not_fired");
  EXPECT_EQ(with("entered-in-error", "order", ""), "not_fired");
  EXPECT_EQ(with("draft", "order", R"(,"doNotPerform":true)"), "not_fired");
}

TEST(RuleC, GivesOneOutcomePerDraftAndOnlyForSelectedOnes) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15")
      .DraftMedication(kAlendronate)
      .DraftMedication("rxnorm 5640")
      .DraftMedication(kReclast)
      .DraftMedication(kRisedronate, "", false);
  const auto outcomes = RunAll(chart, "order-select");
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].draft, "MedicationRequest/d1");
  EXPECT_EQ(outcomes[1].draft, "MedicationRequest/d3");
  EXPECT_NE(AllResources(*outcomes[0].card), AllResources(*outcomes[1].card));
}

TEST(RuleC, NamesAMalignancyIndication) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15")
      .DraftMedication(kReclast, R"("reasonCode":[)" + testing::ConceptJson("icd10 E83.52") + "]");
  const RuleOutcome outcome = Sign(chart);
  EXPECT_EQ(Brief(outcome), "C.1 critical");
  EXPECT_THAT(outcome.card->detail, HasSubstr("Malignancy indication"));
  const auto& reasons = outcome.card->override_reasons;
  EXPECT_TRUE(std::any_of(reasons.begin(), reasons.end(),
                          [](const Coding& each) { return each.code == "emergency"; }));
}

TEST(RuleC, SuggestsCalciumAndVitaminDWithoutADoseAndNotInHypercalcaemia) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").DraftMedication(kAlendronate);
  const std::string resources = AllResources(*Sign(chart).card);
  EXPECT_THAT(resources, HasSubstr(R"("code":"1897")"));
  EXPECT_THAT(resources, HasSubstr(R"("code":"2418")"));
  EXPECT_THAT(resources, HasSubstr(R"("status":"draft","intent":"order")"));
  EXPECT_THAT(resources, HasSubstr(R"("authoredOn":"2026-06-15T10:00:00Z")"));
  EXPECT_THAT(resources, HasSubstr(R"("subject":{"reference":"Patient/p1"})"));
  EXPECT_THAT(resources, Not(HasSubstr("dosageInstruction")));
  chart.Observation("loinc 29265-6", Quantity("2.7 mmol/L"), "2026-06-01");
  EXPECT_THAT(AllResources(*Sign(chart).card), Not(HasSubstr(R"("code":"1897")")));
}

TEST(RuleC, LeavesOutWhatSheTakesAlready) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").Medication("rxnorm 237420", "2026-05-01").DraftMedication(kAlendronate);
  const std::string resources = AllResources(*Sign(chart).card);
  EXPECT_THAT(resources, Not(HasSubstr(R"("code":"1897")")));
  EXPECT_THAT(resources, HasSubstr(R"("code":"2418")"));
}

// --- missing data
TEST(RuleC, FiresWithWhatIsThereAndNamesTheRest) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").Missing("conditions").Missing("meds").DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(chart);
  EXPECT_EQ(Brief(outcome), "C.1 critical unchecked:conditions,meds");
  EXPECT_THAT(outcome.card->detail, HasSubstr("Could not check: diagnoses, medication orders."));
}

TEST(RuleC, NeverCallsMissingDataNoRisk) {
  ChartBuilder chart;
  chart.Patient("female", "1960-01-01").Missing("pregObs").DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(chart), "not_evaluated:missing:pregObs");
  ChartBuilder no_meds;
  no_meds.Pregnant("2026-08-15").Missing("meds");
  EXPECT_EQ(BriefView(no_meds), "not_evaluated:missing:meds");
  ChartBuilder no_administrations;
  no_administrations.Pregnant("2026-08-15").Missing("medAdmins");
  EXPECT_EQ(BriefView(no_administrations), "not_evaluated:missing:medAdmins");
}

TEST(RuleC, DoubtsAMissingBirthDate) {
  ChartBuilder chart;
  chart.Patient("female", "").DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(chart), "not_evaluated:missing:birth_date");
  chart.Pregnant("2026-08-15");
  EXPECT_EQ(BriefSign(chart), "C.1 critical") << "age does not matter then";
}

TEST(RuleC, ReadsNothingWithoutABisphosphonateDraft) {
  ChartBuilder chart;
  chart.Missing("patient")
      .Missing("pregObs")
      .Missing("conditions")
      .Missing("meds")
      .DraftMedication("rxnorm 5640");
  EXPECT_EQ(BriefSign(chart), "not_fired");
}

TEST(RuleC, DoubtsAPastOrderWithoutADate) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").Medication(kAlendronate, "", "stopped");
  EXPECT_EQ(BriefView(chart), "not_evaluated:missing:medication_date");
}

TEST(RuleC, DoubtsAPregnancyStatusWithoutADate) {
  ChartBuilder chart;
  chart.Add("pregObs", "Observation",
            R"("status":"final","code":)" + testing::ConceptJson(kStatus) + "," + Concept("snomed 77386006"));
  EXPECT_EQ(BriefView(chart), "not_evaluated:missing:pregnancy_observation_date");
}

TEST(RuleC, KeepsEverySummaryWhole) {
  ChartBuilder unknown_age;
  unknown_age.Observation(kStatus, Concept("snomed 77386006"), "2026-06-01").DraftMedication(kAlendronate);
  EXPECT_THAT(Sign(unknown_age).card->summary, ::testing::EndsWith("discuss alternatives"));
  ChartBuilder long_after;
  long_after.Delivered("2024-07-01")
      .Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2026-06-01")
      .DraftMedication(kReclast);
  EXPECT_THAT(Sign(long_after).card->summary, ::testing::EndsWith("while breastfeeding"));
}

TEST(RuleC, KeepsMarkupOfTheChartOutOfTheCard) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15")
      .Draft("MedicationRequest",
             R"-("medicationCodeableConcept":{"text":"<b>Fosamax</b> [x](http://evil)"})-");
  const RuleOutcome outcome = Sign(chart);
  EXPECT_THAT(outcome.card->detail, HasSubstr("Fosamax"));
  EXPECT_THAT(outcome.card->detail, Not(HasSubstr("<b>")));
  EXPECT_THAT(outcome.card->detail, Not(HasSubstr("[x]")));
}

// --- the pack
TEST(Pack, HasFourServicesAndChecksItsOptions) {
  const auto pack = MakePack({});
  ASSERT_TRUE(pack.ok());
  EXPECT_EQ(pack->services.size(), 4U);
  EXPECT_EQ(pack->max_cards, 5U);
  for (const ServiceSpec& service : pack->services) {
    EXPECT_EQ(service.id, "perinatal-bone-health-" + std::string(service.hook));
    for (const PrefetchTemplate& each : service.prefetch) {
      EXPECT_THAT(std::string(each.query), Not(HasSubstr("today()"))) << each.key;
      EXPECT_THAT(std::string(each.query), Not(HasSubstr("_include"))) << each.key;
    }
  }
  EXPECT_FALSE(MakePack({{"e.vdSevere", "13"}, {"e.vdLow", "12.5"}}).ok());
  EXPECT_FALSE(MakePack({{"ufh.minDays", "60"}}).ok());
  EXPECT_FALSE(MakePack({{"a.lateGA", "100"}}).ok());
  EXPECT_EQ(MakePack({{"c.enabled", "false"}})->rules.size() + 1, pack->rules.size());
}

}  // namespace
}  // namespace osteon::cards::perinatal
