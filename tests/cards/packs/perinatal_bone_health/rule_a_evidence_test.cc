// What rule A takes for window, pain and occasion.
#include <gtest/gtest.h>

#include "cards/packs/perinatal_bone_health/rules.h"
#include "tests/cards/packs/perinatal_bone_health/judge.h"

namespace osteon::cards::perinatal::testing {
namespace {

RuleOutcome Judge(ChartBuilder& chart, std::string_view hook = "patient-view") {
  return JudgeBy(*MakeBackPainRule(), chart, hook);
}
std::string Ran(ChartBuilder& chart, std::string_view hook = "patient-view") {
  return Brief(Judge(chart, hook));
}

constexpr const char* kNrs = "loinc 72514-3";

ChartBuilder Postpartum42() {
  ChartBuilder chart;
  chart.Delivered("2026-05-04");
  return chart;
}
ChartBuilder SeverePain42() {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25").Observation(kNrs, Integer(8), "2026-06-10");
  return chart;
}

// --- window
std::string AfterBirth(const char* delivered, const char* breastfeeding = nullptr) {
  ChartBuilder chart;
  chart.Delivered(delivered)
      .Condition("icd10 M54.50", "2026-05-25")
      .Observation(kNrs, Integer(8), "2026-06-10");
  if (breastfeeding != nullptr) {
    chart.Observation("loinc 63895-7", Concept(breastfeeding), "2026-05-20");
  }
  return Ran(chart.Smoker());
}

TEST(BackPainWindow, ReachesHalfAYearAfterBirthAndLongerWithLactation) {
  EXPECT_EQ(AfterBirth("2025-12-17"), "A.2 warning");  // 180 days
  EXPECT_EQ(AfterBirth("2025-12-16"), "not_fired");
  EXPECT_EQ(AfterBirth("2025-12-16", "loinc LA29252-6"), "A.2 warning");
  EXPECT_EQ(AfterBirth("2024-06-15", "loinc LA29252-6"), "A.2 warning");  // 730 days
  EXPECT_EQ(AfterBirth("2024-06-14", "loinc LA29252-6"), "not_fired");
}

TEST(BackPainWindow, ReachesHalfAYearAfterWeaning) {
  const auto weaned = [](const char* day) {
    ChartBuilder chart;
    chart.Delivered("2025-03-01").Condition("icd10 M54.50", "2026-05-25");
    chart.Observation(kNrs, Integer(8), "2026-06-10").Smoker();
    chart.Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2025-10-01");
    chart.Observation("loinc 63895-7", Concept("loinc LA29253-4"), day);
    return Ran(chart);
  };
  EXPECT_EQ(weaned("2025-12-17"), "A.2 warning");
  EXPECT_EQ(weaned("2025-12-16"), "not_fired");
}

TEST(BackPainWindow, AnUnknownGestationalAgeIsTheExtendedWindow) {
  ChartBuilder chart;
  chart.Observation("loinc 82810-3", Concept("snomed 77386006"), "2026-06-01");
  chart.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(7), "2026-06-14").Smoker();
  EXPECT_EQ(Ran(chart), "A.2 warning");
}

TEST(BackPainWindow, LactationWithoutADeliveryDateIsNotEvaluated) {
  ChartBuilder chart;
  chart.Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2026-05-20");
  chart.Condition("icd10 M54.50", "2026-05-25");
  EXPECT_EQ(Ran(chart), "not_evaluated missing:delivery_date");
}

// --- pain
std::string WithScore(const std::string& code, const std::string& value, const char* date = "2026-06-10",
                      const char* more = "") {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25").Observation(code, value, date, more);
  return Ran(chart);
}

TEST(BackPainSeverity, TakesEveryScale) {
  EXPECT_EQ(WithScore(kNrs, Integer(7)), "A.3 info");
  EXPECT_EQ(WithScore(kNrs, Quantity("7 {score}")), "A.3 info");
  EXPECT_EQ(WithScore(kNrs, Integer(6)), "not_fired");
  EXPECT_EQ(WithScore(kNrs, Integer(70)), "not_fired");
  EXPECT_EQ(WithScore("loinc 38214-3", Quantity("70 mm")), "A.3 info");
  EXPECT_EQ(WithScore("loinc 38214-3", Integer(69)), "not_fired");
  EXPECT_EQ(WithScore("loinc 38221-8", Integer(8)), "A.3 info");
  EXPECT_EQ(WithScore("loinc 38221-8", Integer(7)), "not_fired");  // FACES has even numbers
  EXPECT_EQ(WithScore("loinc 38208-5", Concept("snomed 24484000")), "A.3 info");
}

TEST(BackPainSeverity, CountsThirtyDaysAndTheHighestScore) {
  EXPECT_EQ(WithScore(kNrs, Integer(9), "2026-05-16"), "A.3 info");
  EXPECT_EQ(WithScore(kNrs, Integer(9), "2026-05-15"), "not_fired");
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25").Observation(kNrs, Integer(9), "2026-05-25");
  EXPECT_EQ(Ran(chart.Observation(kNrs, Integer(2), "2026-06-14")), "A.3 info");
}

TEST(BackPainSeverity, AScoreOfAnotherRegionDoesNotCount) {
  EXPECT_EQ(WithScore(kNrs, Integer(9), "2026-06-10", R"("bodySite":{"text":"Left knee"})"), "not_fired");
  EXPECT_EQ(WithScore(kNrs, Integer(9), "2026-06-10", R"("bodySite":{"text":"Lower back"})"), "A.3 info");
}

TEST(BackPainSeverity, ASevereConditionNeedsNoScore) {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25", "active", "confirmed",
                  R"("severity":)" + ConceptJson("snomed 24484000"));
  EXPECT_EQ(Ran(chart), "A.3 info");
}

TEST(BackPainEvidence, IsNinetyDaysOld) {
  const auto onset = [](const char* day) {
    ChartBuilder chart = Postpartum42();
    chart.Condition("icd10 M54.50", day).Observation(kNrs, Integer(8), "2026-06-10");
    return Ran(chart);
  };
  EXPECT_EQ(onset("2026-03-17"), "A.3 info");
  EXPECT_EQ(onset("2026-03-16"), "not_fired");
  EXPECT_EQ(onset(""), "not_fired");
}

TEST(BackPainEvidence, AScoreAtTheBackIsPainButNotAZero) {
  ChartBuilder chart = Postpartum42();
  chart.Observation(kNrs, Integer(8), "2026-06-10", R"("bodySite":{"text":"Back"})");
  EXPECT_EQ(Ran(chart), "A.3 info");
  ChartBuilder zero = Postpartum42();
  zero.Observation(kNrs, Integer(0), "2026-06-10", R"("bodySite":{"text":"Back"})");
  zero.Observation(kNrs, Integer(9), "2026-06-10");
  EXPECT_EQ(Ran(zero), "not_fired");
}

TEST(BackPainEvidence, AReasonOfTheEncounterIsPain) {
  ChartBuilder chart = Postpartum42();
  chart.Observation(kNrs, Integer(8), "2026-06-10");
  chart.Add("encounter", "Encounter",
            R"("id":"e1","status":"in-progress","period":{"start":"2026-06-15T09:00:00Z"},"reasonCode":[)" +
                ConceptJson("icd10 M54.9") + "]");
  EXPECT_EQ(Ran(chart, "encounter-start"), "A.3 info");
}

// --- order hooks
TEST(BackPainOrders, OnlyADraftForBackPainMakesTheRuleLook) {
  ChartBuilder other = SeverePain42();
  other.Smoker().DraftService("loinc 3016-3").Missing("pregObs").Missing("conditions");
  EXPECT_EQ(Ran(other, "order-sign"), "not_fired");
  const auto with = [](const char* code, const std::string& more = "") {
    ChartBuilder chart = SeverePain42();
    chart.Smoker().DraftService(code, more);
    return Ran(chart, "order-sign");
  };
  EXPECT_EQ(with("hcpcs L0625"), "A.2 warning");
  EXPECT_EQ(with("loinc 24963-1"), "A.2 warning");  // CT of the lumbar spine
  EXPECT_EQ(with("loinc 24865-8"), "not_fired");    // CT of the pelvis
  EXPECT_EQ(with("loinc 24972-2"), "A.2 info");     // the X-ray itself is imaging that is ordered
  EXPECT_EQ(with("loinc 3016-3", R"("reasonCode":[)" + ConceptJson("icd10 M54.50") + "]"), "A.2 warning");
}

TEST(BackPainOrders, TheReasonOfAnAnalgesicIsPainEvidence) {
  ChartBuilder chart = Postpartum42();
  chart.Observation(kNrs, Integer(8), "2026-06-10");
  chart.DraftMedication("rxnorm 5640", R"("reasonCode":[)" + ConceptJson("icd10 M54.50") + "]");
  EXPECT_EQ(Ran(chart, "order-select"), "A.3 info");
}

TEST(BackPainOrders, ADraftThatWasNotSelectedDoesNotTrigger) {
  ChartBuilder chart = SeverePain42();
  chart.DraftService("hcpcs L0625", "", false);
  EXPECT_EQ(Ran(chart, "order-select"), "not_fired");
}

}  // namespace
}  // namespace osteon::cards::perinatal::testing
