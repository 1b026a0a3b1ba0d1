#include "cards/packs/perinatal_bone_health/state.h"

#include <gtest/gtest.h>

#include "cards/packs/perinatal_bone_health/gestation.h"
#include "tests/cards/packs/perinatal_bone_health/chart_builder.h"

// Today is 2026-06-15.
namespace osteon::cards::perinatal {
namespace {

using testing::Boolean;
using testing::ChartBuilder;
using testing::Concept;
using testing::DateValue;
using testing::Quantity;
using testing::TextValue;

base::Day D(std::string_view day) {
  return base::DayFromCivil(*base::ParseCivilDate(day));
}

struct Resolved {
  std::unique_ptr<testing::Scene> scene;
  State state;
  std::vector<std::string> gaps;
  State* operator->() { return &state; }
};

Resolved Resolve(const ChartBuilder& chart, Reading reading = Reading::kSafety) {
  Resolved result{chart.Build("patient-view"), {}, {}};
  ChartReader reader(result.scene->chart);
  result.state = ResolveState(result.scene->input, reader, reading);
  for (const std::string_view gap : reader.gaps()) result.gaps.emplace_back(gap);
  return result;
}

// Short names of what the vignettes repeat.
constexpr std::string_view kStatus = "loinc 82810-3";
constexpr std::string_view kEdd = "loinc 11778-8";
std::string Pregnant() {
  return Concept("snomed 77386006");
}
std::string NotPregnant() {
  return Concept("snomed 60001007");
}
std::string Negative() {
  return Concept("snomed 260385009");
}
std::string Positive() {
  return Concept("snomed 10828004");
}

// --- pregnancy
TEST(State, IsUnknownWithoutData) {
  auto state = Resolve(ChartBuilder());
  EXPECT_EQ(state->pregnancy, Pregnancy::kUnknown);
  EXPECT_EQ(state->lactation, Lactation::kUnknown);
  EXPECT_EQ(state->childbearing, Childbearing::kYes);
  EXPECT_EQ(state->age_years, 32);
  EXPECT_TRUE(state.gaps.empty());
}

TEST(State, NamesWhatWasNotAnswered) {
  auto state = Resolve(ChartBuilder().Missing("pregObs").Missing("procedures"));
  EXPECT_EQ(state.gaps, (std::vector<std::string>{"pregObs", "procedures"}));
}

TEST(State, TakesAStatusOfNinetyDaysAsFreshAndOfNinetyOneAsStale) {
  EXPECT_EQ(Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2026-03-17"))->pregnancy,
            Pregnancy::kPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2026-03-16"))->pregnancy,
            Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2025-08-25"))->pregnancy,
            Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2025-08-24"))->pregnancy,
            Pregnancy::kUnknown);
}

TEST(State, CountsAPreliminaryStatusAndNeverAnErroneousOne) {
  const auto with_status = [](std::string_view status) {
    ChartBuilder chart;
    chart.Add("pregObs", "Observation",
              R"("status":")" + std::string(status) + R"(","code":)" + testing::ConceptJson(kStatus) +
                  R"(,"effectiveDateTime":"2026-06-01",)" + Pregnant());
    return Resolve(chart)->pregnancy;
  };
  EXPECT_EQ(with_status("preliminary"), Pregnancy::kPregnant);
  EXPECT_EQ(with_status("amended"), Pregnancy::kPregnant);
  EXPECT_EQ(with_status("entered-in-error"), Pregnancy::kUnknown);
  EXPECT_EQ(with_status("registered"), Pregnancy::kUnknown);
}

TEST(State, DoubtsAStatusItCannotRead) {
  auto state = Resolve(ChartBuilder().Observation(kStatus, TextValue("expecting"), "2026-06-01"));
  EXPECT_EQ(state.gaps, std::vector<std::string>{"pregnancy_status_value"});
  EXPECT_TRUE(
      Resolve(ChartBuilder().Observation(kStatus, Concept("loinc LA4489-6"), "2026-06-01")).gaps.empty());
}

TEST(State, StaysPregnantForTheGraceDaysAfterTheEdd) {
  auto grace = Resolve(ChartBuilder().Observation(kEdd, DateValue("2026-06-01"), "2025-12-01"));
  EXPECT_EQ(grace->pregnancy, Pregnancy::kPregnant);
  EXPECT_EQ(grace->gestational_days, 294);
  auto passed = Resolve(ChartBuilder().Observation(kEdd, DateValue("2026-05-31"), "2025-12-01"));
  EXPECT_EQ(passed->pregnancy, Pregnancy::kPostpartum);
  EXPECT_TRUE(passed->delivery_presumed);
  EXPECT_EQ(passed->days_postpartum, 15);
  EXPECT_EQ(passed->lactation, Lactation::kPossible);
}

TEST(State, PrefersTheBestEddOfTheCurrentPregnancy) {
  ChartBuilder chart;  // clarification 8: the better type is of an older pregnancy
  chart.Observation(kEdd, DateValue("2024-02-01"), "2023-08-01");
  chart.Observation("loinc 11779-6", DateValue("2026-10-01"), "2026-03-01");
  auto state = Resolve(chart);
  EXPECT_EQ(state->pregnancy, Pregnancy::kPregnant);
  EXPECT_EQ(state->edd, D("2026-10-01"));
  chart.Observation(kEdd, DateValue("2026-10-08"), "2026-04-01");
  EXPECT_EQ(Resolve(chart)->edd, D("2026-10-08"));
  EXPECT_FALSE(Resolve(chart)->conflict);
  chart.Observation("loinc 11779-6", DateValue("2026-11-15"), "2026-05-01");
  EXPECT_TRUE(Resolve(chart)->conflict) << "more than 21 days apart";
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kPregnant);
}

TEST(State, Decided1TakesAGestationalAgeAsPregnancy) {
  auto state = Resolve(ChartBuilder().Observation("loinc 18185-9", Quantity("30 wk"), "2026-06-12"));
  EXPECT_EQ(state->pregnancy, Pregnancy::kPregnant);
  EXPECT_EQ(state->gestational_days, 213);
  EXPECT_EQ(state->edd, D("2026-08-21"));
  EXPECT_EQ(Resolve(ChartBuilder().Observation("loinc 18185-9", Quantity("30 wk"), "2026-03-16"))->pregnancy,
            Pregnancy::kPregnant)
      << "301 days";
  EXPECT_EQ(Resolve(ChartBuilder().Observation("loinc 18185-9", Quantity("30 wk"), "2026-03-15"))->pregnancy,
            Pregnancy::kUnknown)
      << "302 days";
}

TEST(State, Decided1TakesAZ3aCodeAsPregnancy) {
  auto state = Resolve(ChartBuilder().Condition("icd10 Z3A.20", "2026-06-08"));
  EXPECT_EQ(state->pregnancy, Pregnancy::kPregnant);
  EXPECT_EQ(state->gestational_days, 147);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z3A.20", "2026-06-08", "active", "refuted"))->pregnancy,
            Pregnancy::kUnknown);
}

TEST(State, NeverTakesALastPeriodAloneAsPregnancy) {
  ChartBuilder chart;
  chart.Observation("loinc 8665-2", DateValue("2026-04-01"), "2026-06-01");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kUnknown);
  chart.Observation(kStatus, Pregnant(), "2026-06-01");
  EXPECT_EQ(Resolve(chart)->gestational_days, 75);
}

TEST(State, LooksBackFromTheLmpOr280Days) {
  EXPECT_EQ(Resolve(ChartBuilder().Pregnant("2026-08-15"))->lmp, D("2025-11-08"));
  auto unknown = Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2026-05-31"));  // clarification 59
  EXPECT_FALSE(unknown->gestational_days);
  EXPECT_EQ(unknown->lmp, D("2026-06-15") - 280);
}

TEST(State, Decided60LooksBackFromTheLmpInAConflictToo) {
  ChartBuilder chart;
  chart.Pregnant("2026-11-02", "2026-05-20").Observation(kStatus, NotPregnant(), "2026-06-10");
  auto state = Resolve(chart);
  EXPECT_EQ(state->pregnancy, Pregnancy::kPossiblyPregnant);
  EXPECT_TRUE(state->conflict);
  EXPECT_EQ(state->conflict_items.size(), 2U);
  EXPECT_EQ(state->lmp, D("2026-01-26"));
}

TEST(State, Decided4LetsAnOldNegativeTestChangeNothing) {
  ChartBuilder old;
  old.Observation(kEdd, DateValue("2026-11-02"), "2026-05-05")
      .Observation("loinc 2106-3", Negative(), "2026-05-17");
  EXPECT_EQ(Resolve(old)->pregnancy, Pregnancy::kPregnant);
  ChartBuilder recent;
  recent.Observation(kEdd, DateValue("2026-11-02"), "2026-05-05")
      .Observation("loinc 2106-3", Negative(), "2026-06-08");
  EXPECT_EQ(Resolve(recent)->pregnancy, Pregnancy::kPossiblyPregnant);
}

TEST(State, Decided5EndsPossiblyPregnantByANewerNegative) {
  ChartBuilder chart;
  chart.Observation(kStatus, Pregnant(), "2025-12-01").Observation(kStatus, NotPregnant(), "2026-06-10");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kNotPregnant);
  chart.Observation("loinc 2106-3", Positive(), "2026-06-12");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kPregnant) << "decided 6: stale status and a positive test";
}

TEST(State, Decided6ConfirmsStaleEvidenceByAPositiveTest) {
  ChartBuilder chart;
  chart.Observation(kStatus, Pregnant(), "2026-03-01").Observation("loinc 2106-3", Positive(), "2026-06-10");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Observation("loinc 2106-3", Positive(), "2026-06-10"))->pregnancy,
            Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Observation("loinc 2106-3", Positive(), "2026-05-03"))->pregnancy,
            Pregnancy::kUnknown)
      << "43 days";
}

TEST(State, ReadsQuantitativeTestsAgainstTheCutOff) {
  const auto with = [](std::string_view quantity) {
    ChartBuilder chart;
    chart.Add("pregObs", "Observation",
              R"("status":"final","code":)" + testing::ConceptJson("loinc 19080-1") +
                  R"(,"effectiveDateTime":"2026-06-10",)" + Quantity(quantity));
    return Resolve(chart)->pregnancy;
  };
  EXPECT_EQ(with("25 m[IU]/mL"), Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(with("24.9 [IU]/L"), Pregnancy::kNotPregnant);
  EXPECT_EQ(with("400 ng/mL"), Pregnancy::kUnknown);
}

TEST(State, ReadsPregnancyDiagnosesByAgeAndVerification) {
  EXPECT_EQ(Resolve(ChartBuilder().Condition("snomed 77386006", "2025-08-25"))->pregnancy,
            Pregnancy::kPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("snomed 77386006", "2025-08-24"))->pregnancy,
            Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("snomed 77386006", "2025-06-14"))->pregnancy,
            Pregnancy::kUnknown);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("snomed 77386006", ""))->pregnancy,
            Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(
      Resolve(ChartBuilder().Condition("snomed 77386006", "2026-06-01", "active", "provisional"))->pregnancy,
      Pregnancy::kPossiblyPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("snomed 77386006", "2026-06-01", "resolved"))->pregnancy,
            Pregnancy::kUnknown);
  EXPECT_EQ(
      Resolve(ChartBuilder().Condition("snomed 77386006", "2026-06-01", "active", "refuted"))->pregnancy,
      Pregnancy::kUnknown);
}

TEST(State, AllowsAnEncounterDiagnosisWithoutClinicalStatusForNinetyDays) {
  const auto with = [](std::string_view onset, std::string_view category) {
    ChartBuilder chart;
    chart.Add("conditions", "Condition",
              R"("code":)" + testing::ConceptJson("icd10 Z34.83") + R"(,"category":[{"coding":[{"code":")" +
                  std::string(category) + R"("}]}],"onsetDateTime":")" + std::string(onset) + '"');
    return Resolve(chart)->pregnancy;
  };
  EXPECT_EQ(with("2026-03-17", "encounter-diagnosis"), Pregnancy::kPregnant);
  EXPECT_EQ(with("2026-03-16", "encounter-diagnosis"), Pregnancy::kUnknown);
  EXPECT_EQ(with("2026-06-01", "problem-list-item"), Pregnancy::kUnknown);
}

TEST(State, IgnoresTheFutureButNotTomorrow) {
  EXPECT_EQ(Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2026-06-16"))->pregnancy,
            Pregnancy::kPregnant);
  EXPECT_EQ(Resolve(ChartBuilder().Observation(kStatus, Pregnant(), "2026-06-17"))->pregnancy,
            Pregnancy::kUnknown);
}

// --- ends
TEST(State, IsPostpartumAfterADelivery) {
  ChartBuilder chart;
  chart.Pregnant("2026-05-10", "2026-04-01").Delivered("2026-05-04");
  auto state = Resolve(chart);
  EXPECT_EQ(state->pregnancy, Pregnancy::kPostpartum);
  EXPECT_EQ(state->days_postpartum, 42);
  EXPECT_EQ(state->window_start, D("2025-07-28"));
  EXPECT_EQ(Resolve(ChartBuilder().Delivered("2024-06-15"))->pregnancy, Pregnancy::kPostpartum) << "730 days";
  EXPECT_EQ(Resolve(ChartBuilder().Delivered("2024-06-14"))->pregnancy, Pregnancy::kUnknown);
}

TEST(State, Decided3IgnoresStartersOfTheFirstFourWeeksAfterADelivery) {
  ChartBuilder soon;
  soon.Delivered("2026-05-18").Observation(kStatus, Pregnant(), "2026-06-14");
  EXPECT_EQ(Resolve(soon)->pregnancy, Pregnancy::kPostpartum) << "27 days after";
  ChartBuilder later;
  later.Delivered("2026-05-17").Observation(kStatus, Pregnant(), "2026-06-14");
  EXPECT_EQ(Resolve(later)->pregnancy, Pregnancy::kPregnant) << "28 days after";
  ChartBuilder same_day;
  same_day.Delivered("2026-06-10").Observation(kStatus, Pregnant(), "2026-06-10");
  EXPECT_EQ(Resolve(same_day)->pregnancy, Pregnancy::kPostpartum) << "no tie at deliveries";
}

TEST(State, SeesANewPregnancyByAnEddRecordedLater) {
  ChartBuilder chart;  // clarification 2
  chart.Delivered("2026-01-01").Observation(kEdd, DateValue("2026-10-22"), "2026-04-01");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kPregnant);
  ChartBuilder old;  // the EDD of the pregnancy that ended, written again
  old.Delivered("2026-05-20").Observation(kEdd, DateValue("2026-06-10"), "2026-06-14");
  EXPECT_EQ(Resolve(old)->pregnancy, Pregnancy::kPostpartum);
}

TEST(State, EndsByALossAndStartsAgainByAnyLaterStarter) {
  ChartBuilder chart;
  chart.Observation(kStatus, Pregnant(), "2026-05-01").Condition("snomed 17369002", "2026-05-20", "resolved");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kNotPregnant);
  EXPECT_EQ(Resolve(chart)->lactation, Lactation::kUnknown) << "no postpartum window";
  chart.Observation(kStatus, Pregnant(), "2026-05-21");
  EXPECT_EQ(Resolve(chart)->pregnancy, Pregnancy::kPregnant);
}

TEST(State, SettlesATieWithALossByTheReading) {
  ChartBuilder chart;
  chart.Condition("snomed 17369002", "2026-05-20").Observation(kStatus, Pregnant(), "2026-05-20");
  EXPECT_EQ(Resolve(chart, Reading::kSafety)->pregnancy, Pregnancy::kPregnant);
  EXPECT_EQ(Resolve(chart, Reading::kNudge)->pregnancy, Pregnancy::kNotPregnant);
}

TEST(State, Decided7EndsByAPostpartumStateLaterThanEveryStarter) {
  ChartBuilder chart;
  chart.Observation(kStatus, Pregnant(), "2026-03-27").Condition("icd10 Z39.2", "2026-06-15");
  auto state = Resolve(chart);
  EXPECT_EQ(state->pregnancy, Pregnancy::kPostpartum);
  EXPECT_FALSE(state->days_postpartum);
  EXPECT_EQ(state->lactation, Lactation::kPossible);
  ChartBuilder earlier;
  earlier.Condition("icd10 Z39.2", "2026-05-01").Observation(kStatus, Pregnant(), "2026-06-14");
  EXPECT_EQ(Resolve(earlier)->pregnancy, Pregnancy::kPregnant);
}

TEST(State, KeepsTheDeliveryDateBesideAPostpartumVisit) {
  ChartBuilder chart;
  chart.Delivered("2026-05-04").Condition("icd10 Z39.2", "2026-06-10");
  EXPECT_EQ(Resolve(chart)->days_postpartum, 42);
}

TEST(State, Decided57CountsAConfirmedDeliveryOfAnyClinicalStatus) {
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z37.0", "2026-05-04", "resolved"))->pregnancy,
            Pregnancy::kPostpartum);
  EXPECT_EQ(
      Resolve(ChartBuilder().Condition("icd10 Z37.0", "2026-05-04", "active", "differential"))->pregnancy,
      Pregnancy::kUnknown);
  EXPECT_EQ(
      Resolve(ChartBuilder().Condition("icd10 Z37.0", "2026-05-04", "active", "entered-in-error"))->pregnancy,
      Pregnancy::kUnknown);
}

TEST(State, ReadsADeliveryFromProcedureAndEncounter) {
  EXPECT_EQ(Resolve(ChartBuilder().Procedure("snomed 236987005", "2026-05-04"))->days_postpartum, 42);
  ChartBuilder chart;
  chart.Add("encounter", "Encounter",
            R"("id":"e1","status":"finished","reasonCode":[)" + testing::ConceptJson("icd10 O80") +
                R"(],"period":{"start":"2026-06-13"})");
  EXPECT_EQ(Resolve(chart)->days_postpartum, 2);
}

TEST(State, ReadsPartialDatesByTheReading) {
  ChartBuilder chart;  // clarification 13
  chart.Condition("icd10 Z37.0", "2026-03");
  EXPECT_EQ(Resolve(chart, Reading::kSafety)->days_postpartum, 76);
  EXPECT_EQ(Resolve(chart, Reading::kNudge)->days_postpartum, 106);
  ChartBuilder this_month;
  this_month.Condition("icd10 Z37.0", "2026-06");
  EXPECT_EQ(Resolve(this_month, Reading::kSafety)->days_postpartum, 0) << "never after now";
}

// --- lactation
TEST(State, ReadsBreastfeedingStatus) {
  ChartBuilder chart;
  chart.Delivered("2025-12-01");
  EXPECT_EQ(Resolve(chart)->lactation, Lactation::kUnknown) << "196 days, nothing recorded";
  chart.Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2026-03-01");
  EXPECT_EQ(Resolve(chart)->lactation, Lactation::kYes);
  chart.Observation("loinc 63895-7", Boolean(false), "2026-05-01");
  auto weaned = Resolve(chart);
  EXPECT_EQ(weaned->lactation, Lactation::kNo);
  EXPECT_EQ(weaned->weaned, D("2026-05-01"));
}

TEST(State, MakesNoWeaningDateOfALoneNo) {
  ChartBuilder chart;
  chart.Delivered("2026-03-01").Observation("loinc 63895-7", Concept("loinc LA29253-4"), "2026-04-01");
  auto state = Resolve(chart);
  EXPECT_EQ(state->lactation, Lactation::kNo);
  EXPECT_FALSE(state->weaned);
}

TEST(State, IgnoresANoFromBeforeTheDelivery) {
  ChartBuilder chart;  // clarification 14
  chart.Observation("loinc 63895-7", Concept("loinc LA29253-4"), "2025-12-16").Delivered("2026-03-17");
  EXPECT_EQ(Resolve(chart)->lactation, Lactation::kPossible);
}

TEST(State, SettlesBreastfeedingOfOneDayByTheReading) {
  ChartBuilder chart;
  chart.Delivered("2026-03-17")
      .Observation("loinc 63895-7", Concept("loinc LA29253-4"), "2026-05-16")
      .Observation("loinc 63895-7", Concept("loinc LA29252-6"), "2026-05-16");
  EXPECT_EQ(Resolve(chart, Reading::kSafety)->lactation, Lactation::kYes);
  EXPECT_EQ(Resolve(chart, Reading::kNudge)->lactation, Lactation::kNo);
}

TEST(State, TakesAnActiveLactationDiagnosisAtAnyAgeAndZ391For180Days) {
  EXPECT_EQ(Resolve(ChartBuilder().Condition("snomed 413712001", "2025-11-01"))->lactation, Lactation::kYes);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z39.1", "2025-12-17"))->lactation, Lactation::kYes);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z39.1", "2025-12-16"))->lactation, Lactation::kUnknown);
  ChartBuilder long_over;
  long_over.Condition("snomed 413712001", "2024-01-10").Delivered("2024-01-01");
  EXPECT_EQ(Resolve(long_over)->lactation, Lactation::kNo);
}

TEST(State, AssumesNoBreastfeedingAfterAStillbirth) {
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z37.1", "2026-06-01"))->lactation, Lactation::kNo);
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z37.0", "2026-06-01"))->lactation, Lactation::kPossible);
}

// --- intention, childbearing, contraception
TEST(State, ReadsTheNewestValidIntention) {
  ChartBuilder chart;
  chart.Observation("loinc 86645-9", Concept("loinc LA26438-4"), "2025-06-15");
  EXPECT_EQ(Resolve(chart)->intention, Intention::kYes);
  chart.Observation("loinc 86645-9", Concept("snomed 454391000124108"), "2026-01-01");
  EXPECT_EQ(Resolve(chart)->intention, Intention::kAmbivalent);
  EXPECT_EQ(Resolve(ChartBuilder().Observation("loinc 86645-9", Concept("loinc LA26438-4"), "2025-06-14"))
                ->intention,
            Intention::kUnknown);
  EXPECT_EQ(Resolve(ChartBuilder().Observation("loinc 86645-9", Concept("loinc LA28438-4"), "2026-06-01"))
                ->intention,
            Intention::kYes)
      << "the draft's misprint";
  EXPECT_EQ(Resolve(ChartBuilder().Condition("icd10 Z31.69", "2026-02-01"))->intention, Intention::kYes);
}

TEST(State, LosesChildbearingPotentialByAgeAndSurgery) {
  const auto of = [](const ChartBuilder& chart) { return Resolve(chart)->childbearing; };
  EXPECT_EQ(of(ChartBuilder().Patient("female", "1975-06-16")), Childbearing::kYes) << "50";
  EXPECT_EQ(of(ChartBuilder().Patient("female", "1975-06-15")), Childbearing::kNo) << "51";
  EXPECT_EQ(of(ChartBuilder().Patient("female", "1975")), Childbearing::kYes) << "50 or 51";
  EXPECT_EQ(of(ChartBuilder().Patient("female", "2014-06-16")), Childbearing::kNo) << "11";
  EXPECT_EQ(of(ChartBuilder().Procedure("snomed 116140006", "2023-01-10")), Childbearing::kNo);
  EXPECT_EQ(of(ChartBuilder().Condition("icd10 Z90.710", "2020-01-01")), Childbearing::kNo);
  EXPECT_EQ(of(ChartBuilder().Condition("icd10 Z90.710", "2020-01-01", "resolved")), Childbearing::kYes)
      << "clarification 17";
  EXPECT_EQ(of(ChartBuilder().Condition("icd10 Z90.712", "2020-01-01")), Childbearing::kYes)
      << "uterus is there";
  EXPECT_EQ(of(ChartBuilder().Condition("icd10 Z78.0", "2020-01-01")), Childbearing::kNo);
  EXPECT_EQ(of(ChartBuilder().Condition("icd10 Z98.51", "2020-01-01")), Childbearing::kLow);
  EXPECT_EQ(
      of(ChartBuilder().Condition("icd10 Z98.51", "2020-01-01").Condition("snomed 169550004", "2024-01-01")),
      Childbearing::kYes);
  EXPECT_TRUE(Resolve(ChartBuilder().Condition("icd10 E28.310", "2020-01-01"))->fertility_reduced);
  EXPECT_EQ(of(ChartBuilder().Condition("icd10 E28.310", "2020-01-01")), Childbearing::kYes);
}

TEST(State, Decided19LetsAMaleSexForClinicalUseRemoveThePotential) {
  const std::string birth_sex =
      R"("extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":")";
  auto trans_woman = Resolve(ChartBuilder().Patient("female", "1994-03-10", birth_sex + R"(M"}])"));
  EXPECT_FALSE(trans_woman->male_recorded);
  EXPECT_EQ(trans_woman->childbearing, Childbearing::kNo);
  auto trans_man = Resolve(ChartBuilder().Patient("male", "1994-03-10", birth_sex + R"(F"}])"));
  EXPECT_FALSE(trans_man->male_recorded);
  EXPECT_EQ(trans_man->childbearing, Childbearing::kYes);
  auto pregnant =
      Resolve(ChartBuilder().Patient("female", "1994-03-10", birth_sex + R"(M"}])").Pregnant("2026-08-15"));
  EXPECT_EQ(pregnant->pregnancy, Pregnancy::kPregnant);
}

TEST(State, ReadsLongActingContraception) {
  EXPECT_TRUE(Resolve(ChartBuilder().Procedure("snomed 65200003", "2021-06-15"))->effective_contraception);
  EXPECT_FALSE(Resolve(ChartBuilder().Procedure("snomed 65200003", "2021-06-14"))->effective_contraception);
  EXPECT_FALSE(
      Resolve(
          ChartBuilder().Procedure("snomed 65200003", "2024-06-15").Condition("icd10 Z30.432", "2026-01-01"))
          ->effective_contraception);
  EXPECT_TRUE(Resolve(ChartBuilder().Medication("rxnorm 14584", "2025-06-15"))->effective_contraception);
  EXPECT_FALSE(Resolve(ChartBuilder().Medication("rxnorm 6373", "2026-06-01"))->effective_contraception)
      << "levonorgestrel is a pill too";
}

TEST(State, ReadsInjectionAndPill) {
  auto dmpa = Resolve(ChartBuilder().Medication("rxnorm 1000126", "2026-03-02", "completed"));
  EXPECT_TRUE(dmpa->dmpa);
  EXPECT_TRUE(dmpa->effective_contraception);
  EXPECT_FALSE(Resolve(ChartBuilder().Medication("rxnorm 1000126", "2026-03-01", "completed"))->dmpa)
      << "106 days";
  auto pill = Resolve(ChartBuilder().Medication("atc G03AA07", "2026-03-01"));
  EXPECT_TRUE(pill->pill_contraception);
  EXPECT_FALSE(pill->effective_contraception);
}

// --- gestational ages
TEST(Gestation, ReadsTheUsualSpellings) {
  for (const std::string_view text :
       {"31w2d", "31w 2d", "31 weeks 2 days", "31+2", "31 2/7", "31 weeks and 2 days"}) {
    EXPECT_EQ(internal::ParseGestation(text), 219) << text;
  }
  EXPECT_EQ(internal::ParseGestation("31 wk"), 217);
  for (const std::string_view text : {"", "31", "w2d", "31w9d", "99w", "31w2d?", "third trimester", "31.2"}) {
    EXPECT_FALSE(internal::ParseGestation(text)) << text;
  }
}

}  // namespace
}  // namespace osteon::cards::perinatal
