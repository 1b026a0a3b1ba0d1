#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cards/packs/perinatal_bone_health/rules.h"
#include "tests/cards/packs/perinatal_bone_health/judge.h"

namespace osteon::cards::perinatal::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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
ChartBuilder Pregnant28w() {
  ChartBuilder chart;
  chart.Pregnant("2026-09-07");
  return chart;
}

// --- vignettes
TEST(BackPainRule, V01TypicalPostpartumCaseWarns) {
  ChartBuilder chart = SeverePain42();
  chart.Smoker().Observation("loinc 62292-8", Quantity("16 ng/mL"), "2026-06-05");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.2");
  EXPECT_EQ(outcome.card->indicator, Indicator::kWarning);
  EXPECT_EQ(outcome.card->summary,
            "Severe back pain, 6 wk postpartum + 2 risk factors: consider pregnancy/lactation osteoporosis "
            "(vertebral "
            "fracture)");
  const std::string& detail = outcome.card->detail;
  EXPECT_THAT(detail, HasSubstr("6 wk postpartum (birth 2026-05-04)"));
  EXPECT_THAT(detail, HasSubstr("vitamin D (25-OH-D) 16 ng/mL (2026-06-05, observation)"));
  EXPECT_THAT(detail, HasSubstr("current smoker (2026-05-16, observation)"));
  EXPECT_THAT(detail, HasSubstr("pain score 8 of 10 (2026-06-10, observation)"));
  for (const char* part : {"Why you see this", "Think of it", "Examine", "Image", "Exclude", "Meanwhile"}) {
    EXPECT_THAT(detail, HasSubstr("**" + std::string(part) + "**"));
  }
  EXPECT_THAT(outcome.absorbs, IsEmpty());
}

TEST(BackPainRule, V02CoreWindowBeginsAt28WeeksAndSeverePainAt7) {
  ChartBuilder chart = Pregnant28w();
  chart.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(7), "2026-06-14").Smoker();
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.2");
  EXPECT_THAT(outcome.card->summary, HasSubstr("28w0d"));
}

TEST(BackPainRule, V03At27Weeks6DaysOneFactorIsNotEnough) {
  ChartBuilder chart;
  chart.Pregnant("2026-09-08").Condition("snomed 161891005", "2026-06-01");
  chart.Observation(kNrs, Integer(7), "2026-06-14").Smoker();
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(BackPainRule, V04PainOf6WithOneFactorIsSilent) {
  ChartBuilder chart = Pregnant28w();
  chart.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(6), "2026-06-14").Smoker();
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(BackPainRule, V05SeverePainAloneInforms) {
  ChartBuilder chart;
  chart.Pregnant("2026-07-27").Condition("snomed 279039007", "2026-06-11");
  chart.Observation(kNrs, Integer(9), "2026-06-14");
  EXPECT_EQ(Ran(chart, "encounter-start"), "A.3 info");
  chart.Set("a.severeAlone", "warning");
  EXPECT_EQ(Ran(chart, "encounter-start"), "A.3 warning");
}

TEST(BackPainRule, V06TwoFactorsWithoutAPainScoreInform) {
  ChartBuilder chart;
  chart.Delivered("2026-02-15").Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2026-05-20");
  chart.Condition("snomed 279039007", "2026-04-20").Family("MTH", "snomed 64859006");
  chart.Observation("loinc 39156-5", Quantity("17.9 kg/m2"), "2025-04-20");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.4");
  EXPECT_EQ(outcome.card->indicator, Indicator::kInfo);
  EXPECT_THAT(outcome.card->detail, HasSubstr("BMI 17.9 kg/m2 (2025-04-20, observation)"));
}

TEST(BackPainRule, V07HeightLossOf25MillimetresWarns) {
  ChartBuilder chart;
  chart.Delivered("2026-04-16").Condition("icd10 M54.6", "2026-05-30");
  chart.Observation("loinc 8302-2", Quantity("168.0 cm"), "2024-02-01");
  chart.Observation("loinc 8302-2", Quantity("165.5 cm"), "2026-06-10");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.1");
  EXPECT_THAT(outcome.card->detail, HasSubstr("height loss 2.5 cm"));
}

TEST(BackPainRule, V08HeightLossOf19MillimetresAndAStatedHeightAreSilent) {
  ChartBuilder chart;
  chart.Delivered("2026-04-16").Condition("icd10 M54.6", "2026-05-30");
  chart.Observation("loinc 8302-2", Quantity("168.0 cm"), "2024-02-01");
  chart.Observation("loinc 8302-2", Quantity("166.1 cm"), "2026-06-10");
  chart.Observation("loinc 3138-5", Quantity("172 cm"), "2023-05-01");
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(BackPainRule, V09RefutedPainAndAnErroneousFractureAreNothing) {
  ChartBuilder chart;
  chart.Delivered("2026-05-16").Condition("snomed 161891005", "2026-06-01", "active", "refuted");
  chart.Condition("icd10 M48.56XA", "2026-06-01", "active", "entered-in-error");
  chart.Observation(kNrs, Integer(9), "2026-06-14");
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(BackPainRule, V10CompleteWorkupHidesTheCard) {
  ChartBuilder chart = SeverePain42();
  chart.Smoker().Observation("loinc 62292-8", Quantity("16 ng/mL"), "2026-06-05");
  chart.Service("loinc 24972-2", "2026-06-11")
      .Observation("loinc 17861-6", Quantity("9.4 mg/dL"), "2026-06-05");
  EXPECT_EQ(Ran(chart, "encounter-start"), "suppressed A.2 workup_complete");
}

TEST(BackPainRule, V11ImagingAloneLowersTheCardAndSuggestsLaboratoryTestsOnly) {
  ChartBuilder chart = SeverePain42();
  chart.Smoker().Condition("icd10 Z82.62", "2026-05-04").Service("loinc 24972-2", "2026-06-11");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.2");
  EXPECT_EQ(outcome.card->indicator, Indicator::kInfo);
  ASSERT_EQ(outcome.card->suggestions.size(), 1u);
  const std::string resources = SuggestedResources(*outcome.card);
  for (const char* code : {"62292-8", "17861-6", "2777-1", "6768-6", "2731-8", "3016-3"}) {
    EXPECT_THAT(resources, HasSubstr(code));
  }
  EXPECT_THAT(resources, Not(HasSubstr("24351-9")));  // electrophoresis only with a fracture
}

TEST(BackPainRule, V12PlanningAfterAnEarlierPloAsksForCounselling) {
  ChartBuilder chart;
  chart.Observation("loinc 86645-9", Concept("loinc LA26438-4"), "2026-05-01");
  chart.Condition("snomed 240154002", "2022-03-02", "resolved");
  EXPECT_EQ(Ran(chart), "A.7 info");
}

TEST(BackPainRule, V13NeverFiresForAMan) {
  ChartBuilder chart;
  chart.Patient("male", "1994-03-10").Condition("snomed 161891005", "2026-06-05");
  chart.Observation(kNrs, Integer(9), "2026-06-14").Smoker();
  EXPECT_EQ(Ran(chart), "not_fired");
}

// --- rows and their twins
TEST(BackPainRule, A1FiresForAFractureEvenEarlyInPregnancyAndNotBefore20Weeks) {
  ChartBuilder chart;
  chart.Pregnant("2026-11-02")
      .Condition("snomed 161891005", "2026-06-01")
      .Condition("icd10 M48.56XA", "2024-01-01");
  EXPECT_EQ(Ran(chart), "A.1 warning");  // 20w0d
  ChartBuilder twin;
  twin.Pregnant("2026-11-03")
      .Condition("snomed 161891005", "2026-06-01")
      .Condition("icd10 M48.56XA", "2024-01-01");
  EXPECT_EQ(Ran(twin), "not_fired");
}

TEST(BackPainRule, A1FiresForACodedLossOfHeight) {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25").Condition("icd10 R29.890", "2026-06-01");
  EXPECT_EQ(Ran(chart), "A.1 warning");
}

TEST(BackPainRule, A1WithAFractureSuggestsElectrophoresis) {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25").Condition("icd10 M80.88XA", "2026-06-01");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.1");
  EXPECT_THAT(SuggestedResources(*outcome.card), HasSubstr("24351-9"));
}

TEST(BackPainRule, A4FiresForAnotherRedFlagWithoutSeverePain) {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M54.50", "2026-05-25").Condition("icd10 M81.8", "2020-01-01");
  EXPECT_EQ(Ran(chart), "A.4 info");
  ChartBuilder twin = Postpartum42();
  twin.Condition("icd10 M54.50", "2026-05-25").Condition("icd10 M85.88", "2020-01-01");
  EXPECT_EQ(Ran(twin), "not_fired");  // osteopenia is one factor
}

TEST(BackPainRule, A5FiresEarlyWithSeverePainAndTwoFactorsOrARedFlag) {
  const auto early = [] {
    ChartBuilder chart;
    chart.Pregnant("2026-09-08").Condition("snomed 161891005", "2026-06-01");
    chart.Observation(kNrs, Integer(7), "2026-06-14");
    return chart;
  };
  ChartBuilder two = early();
  two.Smoker().Condition("icd10 Z82.62", "2026-01-01");
  EXPECT_EQ(Ran(two), "A.5 info");
  ChartBuilder flag = early();
  flag.Condition("icd10 M81.8", "2020-01-01");
  EXPECT_EQ(Ran(flag), "A.5 info");
}

TEST(BackPainRule, A6FiresForANewFractureWithoutPainAndNotForAnOldOne) {
  ChartBuilder chart = Postpartum42();
  chart.Condition("icd10 M48.56XA", "2026-06-01");
  EXPECT_EQ(Ran(chart), "A.6 warning");
  ChartBuilder old = Postpartum42();
  old.Condition("icd10 M48.56XA", "2025-07-01");  // before the LMP of 2025-07-28
  EXPECT_EQ(Ran(old), "not_fired");
}

TEST(BackPainRule, A7NeedsPregnancyOrPlanningAndAnEarlierDiagnosis) {
  ChartBuilder pregnant;
  pregnant.Pregnant("2027-01-11").Condition("snomed 240154002", "2022-03-02", "resolved");
  EXPECT_EQ(Ran(pregnant), "A.7 info");
  ChartBuilder undated;
  undated.Pregnant("2027-01-11").Condition("snomed 240154002", "");
  EXPECT_EQ(Ran(undated), "A.7 info");
  ChartBuilder neither;
  neither.Condition("snomed 240154002", "2022-03-02", "resolved");
  EXPECT_EQ(Ran(neither), "not_fired");
  ChartBuilder unconfirmed;
  unconfirmed.Pregnant("2027-01-11").Condition("snomed 240154002", "2022-03-02", "resolved", "provisional");
  EXPECT_EQ(Ran(unconfirmed), "not_fired");
}

TEST(BackPainRule, A8IsForEncounterStartOnly) {
  ChartBuilder chart = Postpartum42();
  chart.Condition("snomed 240154002", "2026-05-20");
  EXPECT_EQ(Ran(chart, "encounter-start"), "A.8 info");
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(BackPainRule, AnActiveDiagnosisOfThisPregnancyReplacesThePainRows) {
  ChartBuilder chart = SeverePain42();
  chart.Smoker().Condition("snomed 240154002", "2026-05-20");
  EXPECT_EQ(Ran(chart, "encounter-start"), "A.8 info");
  EXPECT_EQ(Ran(chart), "suppressed A.2 replaced_by:A.8");
  ChartBuilder pregnant = Pregnant28w();
  pregnant.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(8), "2026-06-14");
  pregnant.Condition("icd10 M81.8", "2026-06-01");
  EXPECT_EQ(Ran(pregnant, "encounter-start"), "A.8 info");
}

TEST(BackPainRule, AnOlderActiveOrUndatedDiagnosisIsARedFlagAndReplacesNothing) {
  for (const char* onset : {"2024-03-01", ""}) {
    ChartBuilder chart = Pregnant28w();
    chart.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(9), "2026-06-14");
    chart.Condition("snomed 240154002", onset);
    EXPECT_EQ(Ran(chart), "A.2 warning");
  }
}

TEST(BackPainRule, WithAnActiveDiagnosisOnlyALaterFractureIsNews) {
  ChartBuilder same_day;
  same_day.Delivered("2026-03-07").Condition("snomed 240154002", "2026-04-16");
  same_day.Condition("icd10 M48.56XA", "2026-04-16");
  EXPECT_EQ(Ran(same_day), "not_fired");
  ChartBuilder later;
  later.Delivered("2026-03-07").Condition("snomed 240154002", "2026-04-16");
  later.Condition("icd10 M48.56XA", "2026-05-16").Condition("icd10 M54.50", "2026-05-25");
  EXPECT_EQ(Ran(later), "A.6 warning");
}

// --- suppression
TEST(BackPainSuppression, ImagingCountsFromTheOnsetOnAndForSixtyDays) {
  const auto imaged = [](const char* onset, const char* image, const char* ordered) {
    ChartBuilder chart = Postpartum42();
    chart.Condition("icd10 M54.50", onset).Observation(kNrs, Integer(8), "2026-06-10").Smoker();
    chart.Observation("loinc 62292-8", Quantity("30 ng/mL"), "2026-06-05");
    chart.Observation("loinc 17861-6", Quantity("9.4 mg/dL"), "2026-06-05").Service(image, ordered);
    return Ran(chart);
  };
  EXPECT_EQ(imaged("2026-04-01", "loinc 30679-5", "2026-04-16"), "suppressed A.2 workup_complete");
  EXPECT_EQ(imaged("2026-04-01", "loinc 30679-5", "2026-04-15"),
            "A.2 info");  // 61 days: laboratory tests only
  EXPECT_EQ(imaged("2026-06-01", "loinc 30679-5", "2026-05-31"), "A.2 info");  // before the pain
  EXPECT_EQ(imaged("2026-06-01", "loinc 30678-7", "2026-06-02"),
            "suppressed A.2 workup_complete");                                 // gadolinium
  EXPECT_EQ(imaged("2026-06-01", "loinc 24963-1", "2026-06-02"), "A.2 info");  // CT is no work-up
  EXPECT_EQ(imaged("2026-06-01", "loinc 36199-8", "2026-06-02"), "A.2 info");  // MRI of the hip
}

TEST(BackPainSuppression, ReportsAndDraftsAreImagingToo) {
  ChartBuilder report = SeverePain42();
  report.Report("loinc 24972-2", "2026-06-01");
  EXPECT_EQ(Ran(report), "A.3 info");
  ChartBuilder complete = SeverePain42();
  complete.Observation("loinc 62292-8", Quantity("30 ng/mL"), "2026-06-05");
  complete.Observation("loinc 17861-6", Quantity("9.4 mg/dL"), "2026-06-05");
  complete.DraftService("loinc 24972-2");
  EXPECT_EQ(Ran(complete, "order-sign"), "suppressed A.3 workup_complete");
}

TEST(BackPainSuppression, LaboratoryTestsAloneLowerTheCardAndSuggestImagingOnly) {
  ChartBuilder chart = SeverePain42();
  chart.Smoker().Observation("loinc 62292-8", Quantity("30 ng/mL"), "2026-06-05");
  chart.Observation("loinc 17861-6", Quantity("9.4 mg/dL"), "2026-06-05");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.card->indicator, Indicator::kInfo);
  const std::string resources = SuggestedResources(*outcome.card);
  EXPECT_THAT(resources, HasSubstr("24972-2"));
  EXPECT_THAT(resources, Not(HasSubstr("2777-1")));
}

TEST(BackPainSuppression, HighEnergyTraumaExplainsThePainAndAFallFromStandingDoesNot) {
  const auto after = [](const char* cause, const char* day) {
    ChartBuilder chart = SeverePain42();
    chart.Smoker().Condition(cause, day);
    return Ran(chart);
  };
  EXPECT_EQ(after("icd10 V43.52XA", "2026-06-01"), "suppressed A.2 high_energy_trauma");
  EXPECT_EQ(after("icd10 W13.0XXA", "2026-06-01"), "suppressed A.2 high_energy_trauma");
  EXPECT_EQ(after("icd10 Y04.0XXA", "2026-06-01"), "suppressed A.2 high_energy_trauma");
  EXPECT_EQ(after("icd10 V43.52XA", "2026-05-15"), "A.2 warning");  // 31 days
  EXPECT_EQ(after("icd10 W01.0XXA", "2026-06-01"), "A.2 warning");
  EXPECT_EQ(after("icd10 W18.30XA", "2026-06-01"), "A.2 warning");
  EXPECT_EQ(after("icd10 Y92.009", "2026-06-01"), "A.2 warning");
}

TEST(BackPainSuppression, AHiddenRowIsNotReplacedByCounselling) {
  ChartBuilder chart = Pregnant28w();
  chart.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(9), "2026-06-14");
  chart.Condition("snomed 240154002", "2022-03-02", "resolved").Service("loinc 30679-5", "2026-06-11");
  chart.Observation("loinc 62292-8", Quantity("30 ng/mL"), "2026-06-05");
  chart.Observation("loinc 17861-6", Quantity("9.4 mg/dL"), "2026-06-05");
  EXPECT_EQ(Ran(chart), "suppressed A.2 workup_complete");
}

// --- heparin, missing data, suggestions
TEST(BackPainRule, AbsorbsTheHeparinCardWhenHeparinIsAmongItsFactors) {
  ChartBuilder chart = SeverePain42();
  chart.Medication("rxnorm 1361615", "2026-04-01");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.row, "A.2");
  EXPECT_THAT(outcome.absorbs, ElementsAre("B"));
  EXPECT_THAT(outcome.card->detail, HasSubstr("unfractionated heparin for 76 days"));
  EXPECT_THAT(outcome.card->detail, HasSubstr("Do not stop anticoagulation because of this card"));
  chart.Service("loinc 24972-2", "2026-06-11");  // one step down: nothing is folded into an info card
  EXPECT_THAT(Judge(chart).absorbs, IsEmpty());
}

TEST(BackPainRule, WithoutPregnancyDataItIsNotEvaluated) {
  ChartBuilder chart;
  chart.Condition("icd10 M54.50", "2026-05-25").Missing("pregObs");
  EXPECT_EQ(Ran(chart), "not_evaluated missing:pregObs");
}

TEST(BackPainRule, WithoutAPregnancyItDoesNotAskForMedications) {
  ChartBuilder chart;
  chart.Condition("icd10 M54.50", "2026-05-25").Missing("meds").Missing("family").Missing("bonObs");
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(BackPainRule, PainWithoutFactorDataIsNotEvaluatedOrSaysWhatIsMissing) {
  ChartBuilder silent = Postpartum42();
  silent.Condition("icd10 M54.50", "2026-05-25").Missing("meds");
  EXPECT_EQ(Ran(silent), "not_evaluated missing:meds");
  ChartBuilder fired = SeverePain42();
  fired.Missing("family");
  const RuleOutcome outcome = Judge(fired);
  EXPECT_EQ(outcome.row, "A.3");
  EXPECT_EQ(outcome.reason, "unchecked:family");
  EXPECT_THAT(outcome.card->detail, HasSubstr("Could not check: family history."));
}

TEST(BackPainRule, NoPainFoundWhereNobodyAskedIsNotEvaluated) {
  ChartBuilder chart = Postpartum42();
  chart.Missing("encounter");
  EXPECT_EQ(Ran(chart), "not_evaluated missing:encounter");
}

TEST(BackPainRule, SuggestsMriInPregnancyAndPlansDxaAfterBirth) {
  ChartBuilder chart = Pregnant28w();
  chart.Condition("snomed 161891005", "2026-06-01").Observation(kNrs, Integer(8), "2026-06-14").Smoker();
  const std::string resources = SuggestedResources(*Judge(chart).card);
  EXPECT_THAT(resources, HasSubstr("30679-5"));
  EXPECT_THAT(resources, HasSubstr("36532-0"));
  EXPECT_THAT(resources, HasSubstr("STIR"));
  EXPECT_THAT(resources, Not(HasSubstr("24972-2")));
  EXPECT_THAT(resources, HasSubstr(R"("intent":"proposal")"));
  EXPECT_THAT(resources, HasSubstr("2026-09-21"));  // EDD + 14 d
}

TEST(BackPainRule, SuggestsXrayOrMriAndDxaNowAfterBirth) {
  ChartBuilder chart = SeverePain42();
  const std::string resources = SuggestedResources(*Judge(chart.Smoker()).card);
  for (const char* code : {"24972-2", "24983-9", "30679-5", "24966-4", "38261-4", "Referral"}) {
    EXPECT_THAT(resources, HasSubstr(code));
  }
  EXPECT_THAT(resources, Not(HasSubstr("proposal")));
}

}  // namespace
}  // namespace osteon::cards::perinatal::testing
