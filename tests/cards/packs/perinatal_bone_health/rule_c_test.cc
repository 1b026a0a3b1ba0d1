// Rule C: every row once firing and once, by the smallest change, not.
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

// --- C.1 and C.3: a draft and pregnancy
TEST(RuleC, V14NewBisphosphonateInPregnancyIsCritical) {
  ChartBuilder chart;
  chart.Pregnant("2026-08-15").DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(chart);
  EXPECT_EQ(Brief(outcome), "C.1 critical");
  EXPECT_EQ(outcome.draft, "MedicationRequest/d1");
  const Card& card = *outcome.card;
  EXPECT_EQ(card.summary,
            "Patient is pregnant (31w2d): bisphosphonate ordered. Avoid: crosses placenta, stays in bone for "
            "years; "
            "discuss alternatives");
  EXPECT_EQ(card.selection_behavior, SelectionBehavior::kAtMostOne);
  ASSERT_FALSE(card.suggestions.empty());
  EXPECT_EQ(card.suggestions[0].actions[0].type, ActionType::kDelete);
  EXPECT_EQ(card.suggestions[0].actions[0].resource_id, "MedicationRequest/d1");
  EXPECT_THAT(card.detail, HasSubstr("estimated delivery date 2026-08-15"));
  EXPECT_THAT(card.detail, HasSubstr("no reason to end a pregnancy"));
  EXPECT_EQ(card.source.url, "https://cds.example.org/rules/C");
  EXPECT_FALSE(card.links.empty());
}

TEST(RuleC, V15AndV16FreshStatusIsCriticalAndStaleAsksForATest) {
  ChartBuilder fresh;
  fresh.Observation(kStatus, Concept("snomed 77386006"), "2026-03-17").DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(fresh), "C.1 critical");
  ChartBuilder stale;
  stale.Observation(kStatus, Concept("snomed 77386006"), "2026-03-16").DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(stale);
  EXPECT_EQ(Brief(outcome), "C.3 warning");
  EXPECT_THAT(AllResources(*outcome.card), HasSubstr("2106-3"));
  EXPECT_THAT(AllResources(*outcome.card), HasSubstr("MedicationRequest/d1"));
}

TEST(RuleC, V17AndV18EndOfTheGraceDays) {
  ChartBuilder last_day;
  last_day.Observation(kEdd, DateValue("2026-06-01"), "2025-12-01").DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(last_day);
  EXPECT_EQ(Brief(outcome), "C.1 critical");
  EXPECT_THAT(outcome.card->summary, HasSubstr("42w0d"));
  ChartBuilder day_after;
  day_after.Observation(kEdd, DateValue("2026-05-31"), "2025-12-01").DraftMedication(kAlendronate);
  const RuleOutcome presumed = Sign(day_after);
  EXPECT_EQ(Brief(presumed), "C.5 info");
  EXPECT_THAT(presumed.card->detail, HasSubstr("presumed"));
  EXPECT_THAT(presumed.card->summary, HasSubstr("breastfeeding not recorded"));
}

TEST(RuleC, V19ConflictIsAWarningThatNamesIt) {
  ChartBuilder chart;
  chart.Pregnant("2026-11-02", "2026-05-20")
      .Observation(kStatus, Concept("snomed 60001007"), "2026-06-10")
      .DraftMedication(kRisedronate);
  const RuleOutcome outcome = RunOn(chart, "order-select");
  EXPECT_EQ(Brief(outcome), "C.3 warning");
  EXPECT_THAT(outcome.card->detail, HasSubstr("Pregnancy data conflict: "));
  EXPECT_THAT(outcome.card->detail, HasSubstr("2026-06-10"));
}

TEST(RuleC, V29CapsAndExplainsARecordedMale) {
  ChartBuilder chart;
  chart.Patient("male", "1994-03-10")
      .Observation(kStatus, Concept("snomed 77386006"), "2026-06-10")
      .DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(chart);
  EXPECT_EQ(Brief(outcome), "C.1 warning");
  EXPECT_THAT(outcome.card->summary, StartsWith("Conflicting data: recorded gender male"));
  EXPECT_THAT(outcome.card->detail, StartsWith("Conflicting data: recorded gender male"));
}

TEST(RuleC, IsSilentForAMaleWithoutConfirmedPregnancy) {
  ChartBuilder chart;
  chart.Patient("male", "1994-03-10").DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(chart), "not_fired");
  chart.Observation("loinc 2106-3", Concept("snomed 10828004"), "2026-06-10");
  EXPECT_EQ(BriefSign(chart), "not_fired");
}

// --- C.4, C.5, C.6
TEST(RuleC, C4PlanningIsAWarningAndAnExpiredWishIsNot) {
  ChartBuilder planning;
  planning.Observation(kIntention, Concept("loinc LA26438-4"), "2025-06-15").DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(planning);
  EXPECT_EQ(Brief(outcome), "C.4 warning");
  EXPECT_THAT(outcome.card->detail, HasSubstr("6 months is a convention"));
  ChartBuilder expired;
  expired.Observation(kIntention, Concept("loinc LA26438-4"), "2025-06-14").DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(expired), "C.6c warning");
}

TEST(RuleC, C5DependsOnTheRoute) {
  ChartBuilder oral;
  oral.Delivered("2026-05-04").DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(oral), "C.5 info");
  oral.Set("c.lactOral", "warning");
  EXPECT_EQ(BriefSign(oral), "C.5 warning");
  ChartBuilder infusion;
  infusion.Delivered("2026-05-04").DraftMedication(kReclast);
  EXPECT_EQ(BriefSign(infusion), "C.5 warning");
  ChartBuilder by_atc;
  by_atc.Delivered("2026-05-04").DraftMedication("atc M05BA08");
  EXPECT_EQ(BriefSign(by_atc), "C.5 warning");
  ChartBuilder by_route;
  by_route.Delivered("2026-05-04")
      .DraftMedication("rxnorm 115264",
                       R"("dosageInstruction":[{"route":)" + testing::ConceptJson("snomed 47625008") + "}]");
  EXPECT_EQ(BriefSign(by_route), "C.5 warning");
  ChartBuilder weaned;
  weaned.Delivered("2026-05-04")
      .Observation("loinc 63895-7", Concept("loinc LA29253-4"), "2026-06-01")
      .DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(weaned), "C.6c warning");
}

TEST(RuleC, C5NeverAsksToStopBreastfeeding) {
  ChartBuilder chart;
  chart.Delivered("2026-05-04")
      .Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2026-06-01")
      .DraftMedication(kAlendronate);
  const RuleOutcome outcome = Sign(chart);
  EXPECT_THAT(outcome.card->summary, StartsWith("6 wk postpartum, breastfeeding: "));
  EXPECT_THAT(outcome.card->detail, HasSubstr("no reason to stop breastfeeding"));
  EXPECT_EQ(outcome.card->override_reasons[0].code, "not-breastfeeding");
}

TEST(RuleC, V23ChildbearingPotentialWithNothingKnown) {
  ChartBuilder chart = Woman28();
  chart.DraftMedication(kIbandronate);
  const RuleOutcome outcome = RunOn(chart, "order-select");
  EXPECT_EQ(Brief(outcome), "C.6c warning");
  EXPECT_THAT(AllResources(*outcome.card), HasSubstr("2106-3"));
  EXPECT_THAT(AllResources(*outcome.card), HasSubstr("86645-9"));
  EXPECT_THAT(outcome.card->summary, HasSubstr("intention and contraception"));
}

TEST(RuleC, V24AndV25EffectiveContraception) {
  ChartBuilder ligation = Woman28();
  ligation.Condition("icd10 Z98.51", "2020-01-01").DraftMedication(kIbandronate);
  EXPECT_EQ(BriefSign(ligation), "C.6a info");
  ChartBuilder device = Woman28();
  device.Procedure("snomed 65200003", "2024-03-01").DraftMedication(kIbandronate);
  EXPECT_EQ(BriefSign(device), "C.6a info");
  device.Observation("loinc 2106-3", Concept("snomed 260385009"), "2026-06-08");
  EXPECT_EQ(BriefSign(device), "suppressed:negative_test_and_contraception");
  ChartBuilder old_test = Woman28();
  old_test.Procedure("snomed 65200003", "2024-03-01")
      .Observation("loinc 2106-3", Concept("snomed 260385009"), "2026-06-07")
      .DraftMedication(kIbandronate);
  EXPECT_EQ(BriefSign(old_test), "C.6a info") << "8 days";
}

TEST(RuleC, SuppressesNothingWhileDataAreMissing) {
  ChartBuilder chart = Woman28();
  chart.Procedure("snomed 65200003", "2024-03-01")
      .Observation("loinc 2106-3", Concept("snomed 260385009"), "2026-06-12")
      .Missing("conditions")
      .DraftMedication(kIbandronate);
  const RuleOutcome outcome = Sign(chart);
  EXPECT_EQ(Brief(outcome), "C.6a info unchecked:conditions");
  EXPECT_THAT(outcome.card->detail, HasSubstr("Could not check: diagnoses."));
}

TEST(RuleC, C6bNeedsAStatedNo) {
  ChartBuilder no = Woman28();
  no.Observation(kIntention, Concept("loinc LA26440-0"), "2026-05-01").DraftMedication(kIbandronate);
  EXPECT_EQ(BriefSign(no), "C.6b info");
  ChartBuilder unsure = Woman28();
  unsure.Observation(kIntention, Concept("loinc LA14072-5"), "2026-05-01").DraftMedication(kIbandronate);
  EXPECT_EQ(BriefSign(unsure), "C.6c warning");
}

TEST(RuleC, CountsAPillUnlessTheSiteSaysOtherwise) {
  ChartBuilder chart = Woman28();
  chart.Medication("atc G03AA07", "2026-03-01").DraftMedication(kIbandronate);
  EXPECT_EQ(BriefSign(chart), "C.6a info");
  chart.Set("c.pillCounts", "false");
  EXPECT_EQ(BriefSign(chart), "C.6c warning");
}

TEST(RuleC, SaysThatDmpaLowersBoneDensityAndThatFertilityMayBeReduced) {
  ChartBuilder dmpa = Woman28();
  dmpa.Medication("rxnorm 1000126", "2026-05-01", "completed").DraftMedication(kIbandronate);
  const RuleOutcome with_dmpa = Sign(dmpa);
  EXPECT_EQ(Brief(with_dmpa), "C.6a info");
  EXPECT_THAT(with_dmpa.card->detail, HasSubstr("DMPA lowers bone density itself"));
  ChartBuilder early = Woman28();
  early.Condition("icd10 E28.310", "2022-01-01").DraftMedication(kIbandronate);
  const RuleOutcome reduced = Sign(early);
  EXPECT_EQ(Brief(reduced), "C.6c warning");
  EXPECT_THAT(reduced.card->detail, HasSubstr("reduced, not absent"));
}

TEST(RuleC, V26ToV28WithoutChildbearingPotential) {
  ChartBuilder hysterectomy;
  hysterectomy.Patient("female", "1985-02-02")
      .Procedure("snomed 116140006", "2023-01-10")
      .DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(hysterectomy), "not_fired");
  ChartBuilder cervix;
  cervix.Patient("female", "1985-02-02")
      .Condition("icd10 Z90.712", "2020-01-01")
      .DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(cervix), "C.6c warning");
  ChartBuilder menopause;
  menopause.Patient("female", "1973-02-02")
      .Condition("icd10 Z78.0", "2022-01-01")
      .DraftMedication(kAlendronate);
  EXPECT_EQ(BriefSign(menopause), "not_fired");
}

// --- chart hooks
TEST(RuleC, V20ActiveOrderInPregnancy) {
  ChartBuilder chart;
  chart.Pregnant("2027-01-11").Medication(kRisedronate, "2025-10-01");
  const RuleOutcome outcome = View(chart);
  EXPECT_EQ(Brief(outcome), "C.2 warning");
  EXPECT_THAT(outcome.card->summary, HasSubstr("10w0d"));
  EXPECT_TRUE(outcome.draft.empty());
  ChartBuilder not_pregnant;
  not_pregnant.Medication(kRisedronate, "2025-10-01");
  EXPECT_EQ(BriefView(not_pregnant), "not_fired");
}

TEST(RuleC, C2StaysActiveWithoutAStatedEndAndEndsWithOne) {
  ChartBuilder supply;  // clarification 32
  supply.Pregnant("2027-01-11")
      .Medication(
          kAlendronate, "2026-01-10", "active",
          R"("dispenseRequest":{"expectedSupplyDuration":{"value":28,"code":"d","system":"http://unitsofmeasure.org"}})");
  EXPECT_EQ(BriefView(supply), "C.2 warning");
  ChartBuilder bounds;
  bounds.Pregnant("2027-01-11")
      .Medication(kAlendronate, "2026-01-10", "active",
                  testing::Dosages(testing::Dosage("70 mg", 1, testing::Bounds("2026-01-10", "2026-06-14"))));
  EXPECT_EQ(BriefView(bounds), "C.8 info");
}

TEST(RuleC, Decided58TakesAnOldOpenOrderAsPastAndEndedOnItsStart) {
  ChartBuilder still_open;
  still_open.Pregnant("2027-01-11").Medication(kAlendronate, "2025-05-11");
  EXPECT_EQ(BriefView(still_open), "C.2 warning") << "400 days";
  ChartBuilder old;
  old.Pregnant("2027-01-11").Medication(kAlendronate, "2025-05-10");
  EXPECT_EQ(BriefView(old), "C.8 info") << "401 days";
  old.Add("dispenses", "MedicationDispense",
          R"("status":"completed","medicationCodeableConcept":)" + testing::ConceptJson(kAlendronate) +
              R"(,"whenHandedOver":"2026-05-01")");
  EXPECT_EQ(BriefView(old), "C.2 warning") << "dispensed lately";
  ChartBuilder before_five_years;
  before_five_years.Pregnant("2027-01-11").Medication(kAlendronate, "2021-06-14");
  EXPECT_EQ(BriefView(before_five_years), "not_fired");
}

TEST(RuleC, Decided58TakesAnInfusionAsOneDose) {
  ChartBuilder recent;
  recent.Pregnant("2027-01-11").Medication(kReclast, "2025-06-15", "completed");
  EXPECT_EQ(BriefView(recent), "C.2 warning") << "365 days";
  ChartBuilder older;
  older.Pregnant("2027-01-11").Medication(kReclast, "2025-06-14");
  EXPECT_EQ(BriefView(older), "C.8 info") << "366 days, although the order is open";
  ChartBuilder ten_years;
  ten_years.Pregnant("2027-01-11").Medication(kReclast, "2016-06-15", "completed");
  EXPECT_EQ(BriefView(ten_years), "C.8 info");
  ChartBuilder more;
  more.Pregnant("2027-01-11").Medication(kReclast, "2016-06-14", "completed");
  EXPECT_EQ(BriefView(more), "not_fired");
}

TEST(RuleC, ReadsAdministrationsStatementsAndBilledInfusions) {
  ChartBuilder given;
  given.Pregnant("2027-01-11")
      .Add("medAdmins", "MedicationAdministration",
           R"("status":"completed","medicationCodeableConcept":)" + testing::ConceptJson("rxnorm 77655") +
               R"(,"effectiveDateTime":"2026-01-10")");
  EXPECT_EQ(BriefView(given), "C.2 warning");
  ChartBuilder not_done;
  not_done.Pregnant("2027-01-11")
      .Add("medAdmins", "MedicationAdministration",
           R"("status":"not-done","medicationCodeableConcept":)" + testing::ConceptJson("rxnorm 77655") +
               R"(,"effectiveDateTime":"2026-01-10")");
  EXPECT_EQ(BriefView(not_done), "not_fired");
  ChartBuilder statement;
  statement.Pregnant("2027-01-11")
      .Add("medStmts", "MedicationStatement",
           R"("status":"active","medicationCodeableConcept":)" + testing::ConceptJson(kAlendronate));
  EXPECT_EQ(BriefView(statement), "C.2 warning");
  ChartBuilder intended;
  intended.Pregnant("2027-01-11")
      .Add("medStmts", "MedicationStatement",
           R"("status":"intended","medicationCodeableConcept":)" + testing::ConceptJson(kAlendronate));
  EXPECT_EQ(BriefView(intended), "not_fired");
  ChartBuilder billed;
  billed.Pregnant("2027-01-11").Procedure("hcpcs J3489", "2026-01-10");
  EXPECT_EQ(BriefView(billed), "C.2 warning");
}

TEST(RuleC, C2bAsksForATestWhenPregnancyIsPossible) {
  ChartBuilder chart;
  chart.Condition("snomed 77386006", "").Medication(kAlendronate, "2026-03-01");
  const RuleOutcome outcome = View(chart);
  EXPECT_EQ(Brief(outcome), "C.2b info");
  EXPECT_THAT(AllResources(*outcome.card), HasSubstr("2106-3"));
  ChartBuilder stopped;
  stopped.Condition("snomed 77386006", "").Medication(kAlendronate, "2026-03-01", "stopped");
  EXPECT_EQ(BriefView(stopped), "not_fired");
}

TEST(RuleC, C7aPlanningWhileTakingOne) {
  ChartBuilder chart;
  chart.Observation(kIntention, Concept("loinc LA26438-4"), "2026-05-01")
      .Medication(kAlendronate, "2026-03-01");
  EXPECT_EQ(BriefView(chart), "C.7a warning");
  ChartBuilder code_only;
  code_only.Observation(kIntention, Concept("loinc LA26438-4"), "2026-05-01")
      .Condition("icd10 Z79.83", "2026-01-01");
  EXPECT_EQ(BriefView(code_only), "C.7a warning");
  ChartBuilder past;
  past.Observation(kIntention, Concept("loinc LA26438-4"), "2026-05-01")
      .Medication(kAlendronate, "2026-03-01", "stopped");
  EXPECT_EQ(BriefView(past), "C.8 info");
  ChartBuilder on_hold;  // clarification 34
  on_hold.Observation(kIntention, Concept("loinc LA26438-4"), "2026-05-01")
      .Medication(kAlendronate, "2026-03-01", "on-hold");
  EXPECT_EQ(BriefView(on_hold), "C.8 info");
}

TEST(RuleC, CountsZ7983ForC7Only) {
  ChartBuilder chart;
  chart.Pregnant("2027-01-11").Condition("icd10 Z79.83", "2026-01-01");
  EXPECT_EQ(BriefView(chart), "not_fired");
}

TEST(RuleC, C7bNeedsAnOpenIntentionAndNoContraception) {
  ChartBuilder chart = Woman28();
  chart.Observation(kIntention, Concept("loinc LA26439-2"), "2026-05-01")
      .Medication(kAlendronate, "2026-03-01");
  EXPECT_EQ(BriefView(chart), "C.7b info");
  chart.Procedure("snomed 65200003", "2024-03-01");
  EXPECT_EQ(BriefView(chart), "not_fired");
  ChartBuilder unknown = Woman28();
  unknown.Medication(kAlendronate, "2026-03-01");
  EXPECT_EQ(BriefView(unknown), "not_fired");
}

TEST(RuleC, V21AndV22PastExposureByCalendarYears) {
  ChartBuilder inside;
  inside.Pregnant("2027-01-11").Medication(kAlendronate, "2021-07-01", "stopped");
  const RuleOutcome outcome = View(inside);
  EXPECT_EQ(Brief(outcome), "C.8 info");
  EXPECT_THAT(outcome.card->summary, HasSubstr("2021-07-01"));
  ChartBuilder outside;
  outside.Pregnant("2027-01-11")
      .Medication(kAlendronate, "2021-06-14", "stopped")
      .Medication(kAlendronate, "2026-01-05", "cancelled");
  outside.Add("meds", "MedicationRequest",
              R"("status":"active","intent":"plan","authoredOn":"2026-01-05","medicationCodeableConcept":)" +
                  testing::ConceptJson(kAlendronate));
  outside.Add("meds", "MedicationRequest",
              R"("status":"active","intent":"order","doNotPerform":true,"authoredOn":"2026-01-05",)"
              R"("medicationCodeableConcept":)" +
                  testing::ConceptJson(kAlendronate));
  EXPECT_EQ(BriefView(outside), "not_fired");
}

TEST(RuleC, LooksAtWhatIsTakenOnlyOnChartHooks) {
  ChartBuilder chart;
  chart.Pregnant("2027-01-11").Medication(kRisedronate, "2025-10-01").DraftMedication("rxnorm 5640");
  EXPECT_EQ(BriefSign(chart), "not_fired");
  EXPECT_EQ(Brief(RunOn(chart, "encounter-start")), "C.2 warning");
}

}  // namespace
}  // namespace osteon::cards::perinatal
