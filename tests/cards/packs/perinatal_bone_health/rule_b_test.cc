#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cards/packs/perinatal_bone_health/rules.h"
#include "tests/cards/packs/perinatal_bone_health/judge.h"

namespace osteon::cards::perinatal::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUfh = "rxnorm 1361615";
constexpr const char* kEnoxaparin40 = "rxnorm 854235";
constexpr const char* kFondaparinux = "rxnorm 861356";

std::string Bid(const char* dose) {
  return Dosages(Dosage(dose, 2));
}
std::string Course(const char* first, const char* last, const char* dose = "5000 [iU]", int per_day = 2) {
  return Dosages(Dosage(dose, per_day, Bounds(first, last)));
}

RuleOutcome Judge(ChartBuilder& chart, std::string_view hook = "patient-view") {
  return JudgeBy(*MakeHeparinRule(), chart, hook);
}
std::string Ran(ChartBuilder& chart, std::string_view hook = "patient-view") {
  return Brief(Judge(chart, hook));
}

ChartBuilder& Pregnant20w(ChartBuilder& chart) {
  return chart.Pregnant("2026-11-02");
}
ChartBuilder& Pregnant34w(ChartBuilder& chart) {
  return chart.Pregnant("2026-07-27");
}

// --- vignettes
TEST(HeparinRule, V31FiresB3OnTheTwentyEighthDay) {
  ChartBuilder chart;
  Pregnant20w(chart).Medication(kUfh, "2026-05-19", "active", Bid("5000 [iU]"));
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(Brief(outcome), "B.3 info");
  EXPECT_EQ(outcome.card->summary,
            "UFH 28 days at about 10,000 IU/day in this pregnancy: bone-loss risk; review LMWH switch and "
            "bone health");
  EXPECT_THAT(outcome.card->detail, HasSubstr("Do not stop anticoagulation because of this card"));
  EXPECT_THAT(outcome.card->detail,
              HasSubstr("| UFH | 28 | about 10,000 IU/day | 2026-05-19 to 2026-06-15 | 0 |"));
}

TEST(HeparinRule, V32IsSilentOnTheTwentySeventhDay) {
  ChartBuilder chart;
  Pregnant20w(chart).Medication(kUfh, "2026-05-20", "active", Bid("5000 [iU]"));
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(HeparinRule, V33FiresB2WhenDaysAndDoseMeetTheirLimits) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kUfh, "2026-04-28", "active", Bid("7500 [iU]"));
  EXPECT_EQ(Ran(chart), "B.2 warning");
}

TEST(HeparinRule, OneDayOrOneUnitBelowTheLimitsOfB2IsB3) {
  ChartBuilder days;
  Pregnant34w(days).Medication(kUfh, "2026-04-29", "active", Bid("7500 [iU]"));
  EXPECT_EQ(Ran(days), "B.3 info");
  ChartBuilder dose;
  Pregnant34w(dose).Medication(kUfh, "2026-04-28", "active", Bid("7499 [iU]"));
  EXPECT_EQ(Ran(dose), "B.3 info");
  ChartBuilder unknown;
  Pregnant34w(unknown).Medication(kUfh, "2026-04-28");
  EXPECT_EQ(Ran(unknown), "B.3 info");
}

TEST(HeparinRule, V34CountsDuplicatesOnceAndNoGapDays) {
  ChartBuilder chart;
  chart.Pregnant("2026-09-07");
  chart.Medication(kUfh, "2026-03-01", "completed", Course("2026-03-01", "2026-03-28", "10000 [iU]"));
  chart.Medication(kUfh, "2026-03-01", "completed", Course("2026-03-01", "2026-03-28", "10000 [iU]"));
  chart.Medication(kUfh, "2026-04-05", "completed", Course("2026-04-05", "2026-05-02", "10000 [iU]"));
  const RuleOutcome outcome = Judge(chart, "encounter-start");
  EXPECT_EQ(Brief(outcome), "B.2 warning");
  EXPECT_THAT(outcome.card->detail, HasSubstr("| 56 | about 20,000 IU/day | 2026-03-01 to 2026-05-02 | 7 |"));
}

TEST(HeparinRule, V35IgnoresCatheterFlushes) {
  ChartBuilder chart;
  chart.Pregnant("2026-09-07").Medication("rxnorm 1362062", "2026-02-16");
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(HeparinRule, V36IsSilentForProphylacticLmwhAlone) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").Medication(kEnoxaparin40, "2026-01-17", "active", Dosages(Dosage("40 mg", 1)));
  EXPECT_EQ(Ran(chart), "not_fired");
}

TEST(HeparinRule, V37ProjectsANewLongCourseAndOffersToRemoveIt) {
  ChartBuilder chart;
  chart.Pregnant("2027-01-11").Observation("loinc 2160-0", Quantity("0.7 mg/dL"), "2026-06-05");
  chart.DraftMedication(kUfh, Bid("10000 [iU]"));
  const RuleOutcome outcome = Judge(chart, "order-sign");
  EXPECT_EQ(Brief(outcome), "B.1p warning");
  EXPECT_EQ(outcome.draft, "MedicationRequest/d1");
  ASSERT_FALSE(outcome.card->suggestions.empty());
  ASSERT_EQ(outcome.card->suggestions[0].actions.size(), 1u);
  EXPECT_EQ(outcome.card->suggestions[0].actions[0].type, ActionType::kDelete);
  EXPECT_EQ(outcome.card->suggestions[0].actions[0].resource_id, "MedicationRequest/d1");
  EXPECT_THAT(outcome.card->summary, HasSubstr("253 days at about 20,000 IU/day if signed"));
}

// --- rows and their twins
TEST(HeparinRule, B1FiresFrom175DaysAtAnyDose) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kUfh, "2025-12-23", "active", Bid("2500 [iU]"));
  EXPECT_EQ(Ran(chart), "B.1 warning");
  ChartBuilder twin;
  Pregnant34w(twin).Medication(kUfh, "2025-12-24", "active", Bid("2500 [iU]"));
  EXPECT_EQ(Ran(twin), "B.3 info");
}

TEST(HeparinRule, B4NeedsNinetyDaysOfLmwhAndAnotherFactor) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kEnoxaparin40, "2026-03-18", "active", Dosages(Dosage("40 mg", 1))).Smoker();
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(Brief(outcome), "B.4 info");
  EXPECT_THAT(outcome.card->summary, HasSubstr("LMWH 90 days in this pregnancy + 1 risk factor"));
  EXPECT_THAT(outcome.card->detail, HasSubstr("Risk factor: current smoker (2026-05-16, observation)"));
  ChartBuilder days;
  Pregnant34w(days).Medication(kEnoxaparin40, "2026-03-19", "active", Dosages(Dosage("40 mg", 1))).Smoker();
  EXPECT_EQ(Ran(days), "not_fired");
  ChartBuilder factor;
  Pregnant34w(factor).Medication(kEnoxaparin40, "2026-03-18", "active", Dosages(Dosage("40 mg", 1)));
  EXPECT_EQ(Ran(factor), "not_fired");
}

TEST(HeparinRule, B4TakesARedFlagForAFactor) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kEnoxaparin40, "2026-03-18").Condition("icd10 M81.8", "2024-01-01");
  EXPECT_EQ(Ran(chart), "B.4 info");
}

TEST(HeparinRule, B5FiresFrom180TherapeuticDays) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kEnoxaparin40, "2025-12-18", "active", Dosages(Dosage("60 mg", 2)));
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(Brief(outcome), "B.5 info");
  EXPECT_THAT(outcome.card->summary, HasSubstr("Therapeutic LMWH 180 days"));
  ChartBuilder twin;
  Pregnant34w(twin).Medication(kEnoxaparin40, "2025-12-19", "active", Dosages(Dosage("60 mg", 2)));
  EXPECT_EQ(Ran(twin), "not_fired");
}

TEST(HeparinRule, B6InformsFrom90AndWarnsFrom180DaysOutsidePregnancy) {
  ChartBuilder info;
  info.Medication(kUfh, "2026-03-18");
  EXPECT_EQ(Ran(info), "B.6 info");
  ChartBuilder twin;
  twin.Medication(kUfh, "2026-03-19");
  EXPECT_EQ(Ran(twin), "not_fired");
  ChartBuilder warning;
  warning.Medication(kUfh, "2025-12-18");
  EXPECT_EQ(Ran(warning), "B.6 warning");
  ChartBuilder off;
  off.Medication(kUfh, "2025-12-18").Set("b.includeNonPregnant", "false");
  EXPECT_EQ(Ran(off), "not_fired");
}

TEST(HeparinRule, B7NeedsAYearOfLmwhAndAFactor) {
  ChartBuilder chart;
  chart.Medication(kEnoxaparin40, "2025-06-16").Smoker();
  EXPECT_EQ(Ran(chart), "B.7 info");
  ChartBuilder days;
  days.Medication(kEnoxaparin40, "2025-06-17").Smoker();
  EXPECT_EQ(Ran(days), "not_fired");
  ChartBuilder factor;
  factor.Medication(kEnoxaparin40, "2025-06-16");
  EXPECT_EQ(Ran(factor), "not_fired");
}

TEST(HeparinRule, AManIsJudgedAsEverybodyElseOutsidePregnancy) {
  ChartBuilder chart;
  chart.Patient("male", "1970-01-01").Medication(kUfh, "2026-04-28", "active", Bid("10000 [iU]"));
  EXPECT_EQ(Ran(chart), "not_fired");
  ChartBuilder longer;
  longer.Patient("male", "1970-01-01").Medication(kUfh, "2026-03-18");
  const RuleOutcome outcome = Judge(longer);
  EXPECT_EQ(Brief(outcome), "B.6 info");
  EXPECT_THAT(outcome.card->detail, Not(HasSubstr("delivery if UFH")));
}

TEST(HeparinRule, PostpartumToAYearAndPlanningAreTheFirstPopulation) {
  ChartBuilder postpartum;
  postpartum.Delivered("2026-05-04").Medication(kUfh, "2026-05-19");
  EXPECT_EQ(Ran(postpartum), "B.3 info");
  ChartBuilder later;
  later.Delivered("2025-06-14").Medication(kUfh, "2026-05-19");
  EXPECT_EQ(Ran(later), "not_fired");  // 366 days
  ChartBuilder planning;
  planning.Observation("loinc 86645-9", Concept("loinc LA26438-4"), "2026-05-01")
      .Medication(kUfh, "2026-05-19");
  EXPECT_EQ(Ran(planning), "B.3 info");
}

// --- order hooks
TEST(HeparinRule, WithoutAHeparinDraftAnOrderHookReadsNothing) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kUfh, "2025-12-23").DraftService("loinc 3016-3");
  for (const char* key : {"patient", "pregObs", "conditions", "meds", "bonObs"}) chart.Missing(key);
  EXPECT_EQ(Ran(chart, "order-sign"), "not_fired");
}

TEST(HeparinRule, AFlushDraftIsNoHeparinDraft) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kUfh, "2025-12-23").DraftMedication("rxnorm 1362062");
  EXPECT_EQ(Ran(chart, "order-sign"), "not_fired");
}

TEST(HeparinRule, ADraftThatWasNotSelectedIsContextOnly) {
  ChartBuilder chart;
  Pregnant34w(chart).DraftMedication(kUfh, Bid("10000 [iU]"), false);
  EXPECT_EQ(Ran(chart, "order-select"), "not_fired");
  ChartBuilder selected;
  Pregnant34w(selected).DraftMedication(kUfh, Bid("10000 [iU]"), true);
  EXPECT_EQ(Ran(selected, "order-select"), "B.2p warning");
}

TEST(HeparinRule, ALmwhDraftSkipsTheRowsAboutUfh) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kUfh, "2026-04-02", "stopped", Course("2026-04-02", "2026-06-14"));
  chart.DraftMedication(kEnoxaparin40, Dosages(Dosage("40 mg", 1)));
  EXPECT_EQ(Ran(chart, "order-sign"), "not_fired");
}

TEST(HeparinRule, B4pAndB5pFireForALmwhDraft) {
  ChartBuilder factor;
  factor.Pregnant("2026-11-02").Smoker().DraftMedication(kEnoxaparin40, Dosages(Dosage("40 mg", 1)));
  EXPECT_EQ(Ran(factor, "order-sign"), "B.4p info");
  ChartBuilder therapeutic;
  therapeutic.Pregnant("2026-11-02").DraftMedication(kEnoxaparin40, Dosages(Dosage("60 mg", 2)));
  EXPECT_EQ(Ran(therapeutic, "order-sign"), "B.5p info");
}

TEST(HeparinRule, B3pAndB6pFireForAUfhDraftAndItsShorterTwinDoesNot) {
  ChartBuilder b3;
  Pregnant20w(b3).DraftMedication(kUfh, Course("2026-06-15", "2026-07-12"));
  EXPECT_EQ(Ran(b3, "order-sign"), "B.3p info");
  ChartBuilder shorter;
  Pregnant20w(shorter).DraftMedication(kUfh, Course("2026-06-15", "2026-07-11"));
  EXPECT_EQ(Ran(shorter, "order-sign"), "not_fired");
  ChartBuilder b6;
  b6.DraftMedication(kUfh, Course("2026-06-15", "2026-09-12"));
  EXPECT_EQ(Ran(b6, "order-sign"), "B.6p info");
}

TEST(HeparinRule, TwoHeparinDraftsGiveOneCard) {
  ChartBuilder chart;
  Pregnant20w(chart).DraftMedication(kUfh, Bid("10000 [iU]")).DraftMedication(kUfh, Bid("5000 [iU]"));
  EXPECT_EQ(Ran(chart, "order-sign"), "B.1p warning");
}

bool OffersRemoval(ChartBuilder& chart) {
  const RuleOutcome outcome = Judge(chart, "order-sign");
  EXPECT_EQ(outcome.status, RuleStatus::kFired);
  for (const Suggestion& suggestion : outcome.card->suggestions) {
    for (const Action& action : suggestion.actions) {
      if (action.type == ActionType::kDelete) return true;
    }
  }
  return false;
}

TEST(HeparinRule, RemovalIsOfferedOnlyWhenLmwhIsKnownToBeSafeToChoose) {
  const auto with = [](const char* creatinine, const char* edd) {
    ChartBuilder chart;
    chart.Pregnant(edd).DraftMedication(kUfh, Bid("10000 [iU]"));
    if (creatinine != nullptr) chart.Observation("loinc 2160-0", Quantity(creatinine), "2026-06-05");
    return chart;
  };
  ChartBuilder fine = with("1.4 mg/dL", "2026-11-02");
  EXPECT_TRUE(OffersRemoval(fine));
  ChartBuilder molar = with("124 umol/L", "2026-11-02");
  EXPECT_TRUE(OffersRemoval(molar));
  ChartBuilder high = with("1.5 mg/dL", "2026-11-02");
  EXPECT_FALSE(OffersRemoval(high));
  ChartBuilder unknown = with(nullptr, "2026-11-02");
  EXPECT_FALSE(OffersRemoval(unknown));
  ChartBuilder near_birth = with("0.7 mg/dL", "2026-07-13");  // 36w0d
  EXPECT_FALSE(OffersRemoval(near_birth));
  ChartBuilder before = with("0.7 mg/dL", "2026-07-14");  // 35w6d
  EXPECT_TRUE(OffersRemoval(before));
  ChartBuilder hit = with("0.7 mg/dL", "2026-11-02");
  hit.Condition("snomed 73397007", "2020-01-01", "resolved");
  EXPECT_FALSE(OffersRemoval(hit));
  ChartBuilder no_problem_list = with("0.7 mg/dL", "2026-11-02");
  no_problem_list.Missing("conditions");
  EXPECT_FALSE(OffersRemoval(no_problem_list));
}

// --- suppression
TEST(HeparinRule, DxaSinceTheStartWithVitaminDHidesTheCard) {
  const auto with = [](const char* dxa, const char* vitamin_d) {
    ChartBuilder chart;
    chart.Delivered("2026-05-04").Medication(kUfh, "2026-05-01");
    if (dxa != nullptr) chart.Service("loinc 24966-4", dxa);
    if (vitamin_d != nullptr) chart.Observation("loinc 62292-8", Quantity("30 ng/mL"), vitamin_d);
    return chart;
  };
  ChartBuilder both = with("2026-06-01", "2026-01-01");
  EXPECT_EQ(Ran(both), "suppressed B.3 workup_complete");
  ChartBuilder before = with("2026-04-30", "2026-01-01");
  EXPECT_EQ(Ran(before), "B.3 info");
  ChartBuilder old_lab = with("2026-06-01", "2025-12-16");  // 181 days
  EXPECT_EQ(Ran(old_lab), "B.3 info");
  ChartBuilder dxa_only = with("2026-06-01", nullptr);
  EXPECT_EQ(Ran(dxa_only), "B.3 info");
}

TEST(HeparinRule, AnOrderedVitaminDIsNoResult) {
  ChartBuilder chart;
  chart.Delivered("2026-05-04").Medication(kUfh, "2026-05-01").Service("loinc 24966-4", "2026-06-01");
  chart.Service("loinc 62292-8", "2026-06-01");
  EXPECT_EQ(Ran(chart), "B.3 info");
}

TEST(HeparinRule, CurrentFondaparinuxHidesTheCardAndAnEndedOneDoesNot) {
  ChartBuilder current;
  Pregnant20w(current).Medication(kUfh, "2026-05-01").Medication(kFondaparinux, "2026-06-01");
  EXPECT_EQ(Ran(current), "suppressed B.3 other_anticoagulant_current");
  ChartBuilder ended;
  Pregnant20w(ended).Medication(kUfh, "2026-05-01").Medication(kFondaparinux, "2026-04-01", "stopped");
  EXPECT_EQ(Ran(ended), "B.3 info");
}

TEST(HeparinRule, UfhThatEndedMoreThanAYearAgoIsNotShown) {
  ChartBuilder chart;
  chart.Set("hep.lookbackDays", "1095");
  chart.Medication(kUfh, "2025-01-01", "completed", Course("2025-01-01", "2025-06-14"));
  EXPECT_EQ(Ran(chart), "suppressed B.6 ufh_stopped_over_365_d");
  ChartBuilder twin;
  twin.Set("hep.lookbackDays", "1095");
  twin.Medication(kUfh, "2025-01-01", "completed", Course("2025-01-01", "2025-06-15"));
  EXPECT_EQ(Ran(twin), "B.6 info");
}

// --- missing data
TEST(HeparinRule, WithoutMedicationOrdersItIsNotEvaluated) {
  ChartBuilder chart;
  Pregnant20w(chart).Missing("meds");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(outcome.status, RuleStatus::kNotEvaluated);
  EXPECT_THAT(outcome.reason, HasSubstr("meds"));
}

TEST(HeparinRule, AFiredCardNamesWhatCouldNotBeChecked) {
  ChartBuilder chart;
  Pregnant20w(chart).Medication(kUfh, "2026-05-19").Missing("orders").Missing("reports");
  const RuleOutcome outcome = Judge(chart);
  EXPECT_EQ(Brief(outcome), "B.3 info");
  EXPECT_THAT(outcome.reason, HasSubstr("unchecked:"));
  EXPECT_THAT(outcome.card->detail, HasSubstr("Could not check: "));
}

TEST(HeparinRule, AnUndatedActiveOrderAloneGivesNoCardButIsNotSilent) {
  ChartBuilder chart;
  Pregnant20w(chart).Medication(kUfh, "");
  EXPECT_EQ(Ran(chart), "not_evaluated missing:heparin_start_date");
  ChartBuilder beside;
  Pregnant20w(beside).Medication(kUfh, "").Medication(kUfh, "2026-05-19");
  EXPECT_THAT(Judge(beside).card->detail, HasSubstr("start date missing"));
}

TEST(HeparinRule, LmwhWithoutFamilyHistoryIsNotEvaluated) {
  ChartBuilder chart;
  Pregnant34w(chart).Medication(kEnoxaparin40, "2026-03-18").Missing("family");
  EXPECT_EQ(Ran(chart), "not_evaluated missing:family");
}

TEST(HeparinRule, ADraftWhoseDrugIsNotFoundIsNotEvaluated) {
  ChartBuilder chart;
  Pregnant34w(chart).Draft("MedicationRequest", R"("medicationReference":{"reference":"Medication/lost"})");
  EXPECT_EQ(Ran(chart, "order-sign"), "not_evaluated missing:medication_reference");
}

// --- suggestions
TEST(HeparinRule, InPregnancyDxaIsAProposalAfterBirth) {
  ChartBuilder chart;
  Pregnant20w(chart).Medication(kUfh, "2026-05-19");
  const RuleOutcome outcome = Judge(chart);
  const std::string resources = SuggestedResources(*outcome.card);
  EXPECT_THAT(resources, HasSubstr("24966-4"));
  EXPECT_THAT(resources, HasSubstr(R"("intent":"proposal")"));
  EXPECT_THAT(resources, HasSubstr("2026-11-16"));
  EXPECT_THAT(resources, HasSubstr("62292-8"));
  EXPECT_THAT(resources, HasSubstr("17861-6"));
}

}  // namespace
}  // namespace osteon::cards::perinatal::testing
