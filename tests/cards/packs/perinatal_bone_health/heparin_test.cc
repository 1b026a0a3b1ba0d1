#include "cards/packs/perinatal_bone_health/heparin.h"

#include <gtest/gtest.h>

#include "cards/packs/perinatal_bone_health/heparin_dose.h"
#include "fhir/base/instant.h"
#include "tests/cards/packs/perinatal_bone_health/chart_builder.h"

namespace osteon::cards::perinatal::testing {
namespace {

constexpr const char* kUfh = "rxnorm 1361615";          // 5,000 IU/mL
constexpr const char* kEnoxaparin40 = "rxnorm 854235";  // 0.4 mL, 40 mg

HeparinExposure ExposureOf(ChartBuilder& builder) {
  const auto scene = builder.Build("patient-view");
  ChartReader reader(scene->chart);
  return ComputeExposure(scene->input, reader, State());
}

std::string DailyIu(const ClassExposure& exposure) {
  return exposure.daily_iu ? exposure.daily_iu->Normalized().ToString() : "unknown";
}

std::string Supply(int days, int refills) {
  return R"("dispenseRequest":{"expectedSupplyDuration":{"value":)" + std::to_string(days) +
         R"(,"unit":"d","system":"http://unitsofmeasure.org","code":"d"},"numberOfRepeatsAllowed":)" +
         std::to_string(refills) + "}";
}

// --- worked examples (rules.md 3.6)
TEST(HeparinDays, AnOpenActiveOrderCountsFromAuthoringToToday) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-19");
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 28);
}

TEST(HeparinDays, ADayLaterIsADayLess) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-20");
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 27);
}

TEST(HeparinDays, TwoRunsWithAShortGapAreOneEpisodeAndTheGapIsNotCounted) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-03-01", "completed",
                   Dosages(Dosage("10000 [iU]", 2, Bounds("2026-03-01", "2026-03-28"))));
  chart.Medication(kUfh, "2026-04-05", "completed",
                   Dosages(Dosage("10000 [iU]", 2, Bounds("2026-04-05", "2026-05-02"))));
  const ClassExposure ufh = ExposureOf(chart).ufh;
  EXPECT_EQ(ufh.covered_days, 56);
  ASSERT_EQ(ufh.episodes.size(), 1u);
  EXPECT_EQ(base::FormatDay(ufh.episodes[0].last), "2026-05-02");
}

TEST(HeparinDays, ALongGapMakesTwoEpisodes) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-03-01", "completed",
                   Dosages(Dosage("10000 [iU]", 2, Bounds("2026-03-01", "2026-03-28"))));
  chart.Medication(kUfh, "2026-04-13", "completed",
                   Dosages(Dosage("10000 [iU]", 2, Bounds("2026-04-13", "2026-05-02"))));
  EXPECT_EQ(ExposureOf(chart).ufh.episodes.size(), 2u);  // a gap of 15 days
}

TEST(HeparinDays, ADuplicateRecordCountsOnce) {
  ChartBuilder chart;
  for (int i = 0; i < 2; ++i) {
    chart.Medication(kUfh, "2026-03-01", "completed",
                     Dosages(Dosage("5000 [iU]", 2, Bounds("2026-03-01", "2026-03-28"))));
  }
  const ClassExposure ufh = ExposureOf(chart).ufh;
  EXPECT_EQ(ufh.covered_days, 28);
  EXPECT_EQ(DailyIu(ufh), "10000");
}

TEST(HeparinDays, AStoppedOrderWithoutSupplyDataIsOneDayOfUnknownDuration) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-03-01", "stopped");
  const ClassExposure ufh = ExposureOf(chart).ufh;
  EXPECT_EQ(ufh.covered_days, 1);
  EXPECT_TRUE(ufh.duration_unknown);
}

TEST(HeparinDays, RefillsOfAnActiveOrderCount) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-01", "active", Supply(14, 2));
  const ClassExposure ufh = ExposureOf(chart).ufh;
  EXPECT_EQ(ufh.covered_days, 42);
  EXPECT_EQ(base::FormatDay(ufh.episodes[0].last), "2026-06-11");
  EXPECT_FALSE(ufh.current);
}

TEST(HeparinDays, RefillsOfAStoppedOrderDoNotCount) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-01", "stopped", Supply(14, 2));
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 14);
}

TEST(HeparinDays, ClassesAreNeverAddedTogether) {
  ChartBuilder chart;
  chart.Medication(kEnoxaparin40, "2026-03-01", "completed",
                   Dosages(Dosage("40 mg", 1, Bounds("2026-03-01", "2026-04-29"))));
  chart.Medication(kUfh, "2026-04-30", "completed",
                   Dosages(Dosage("5000 [iU]", 2, Bounds("2026-04-30", "2026-05-19"))));
  const HeparinExposure exposure = ExposureOf(chart);
  EXPECT_EQ(exposure.lmwh.covered_days, 60);
  EXPECT_EQ(exposure.ufh.covered_days, 20);
}

// --- starts and ends (3.2)
TEST(HeparinDays, RefillAssumptionHalfAndNone) {
  ChartBuilder half;
  half.Medication(kUfh, "2026-05-01", "active", Supply(14, 2)).Set("hep.refillAssumption", "half");
  EXPECT_EQ(ExposureOf(half).ufh.covered_days, 28);
  ChartBuilder none;
  none.Medication(kUfh, "2026-05-01", "active", Supply(14, 2)).Set("hep.refillAssumption", "none");
  EXPECT_EQ(ExposureOf(none).ufh.covered_days, 14);
}

TEST(HeparinDays, DispensesReplaceRefills) {
  ChartBuilder chart;
  chart.Add(
      "meds", "MedicationRequest",
      R"("id":"m1","status":"active","intent":"order","authoredOn":"2026-05-01","medicationCodeableConcept":)" +
          ConceptJson(kUfh) + "," + Supply(14, 2));
  for (const char* day : {"2026-05-02", "2026-05-16"}) {
    chart.Add("dispenses", "MedicationDispense",
              R"("status":"completed","medicationCodeableConcept":)" + ConceptJson(kUfh) +
                  R"(,"authorizingPrescription":[{"reference":"MedicationRequest/m1"}],"daysSupply":)" +
                  QuantityJson("14 d") + R"(,"whenHandedOver":)" + Quoted(day));
  }
  const ClassExposure ufh = ExposureOf(chart).ufh;
  EXPECT_EQ(ufh.covered_days, 28);
  EXPECT_EQ(base::FormatDay(ufh.episodes[0].first), "2026-05-02");
}

TEST(HeparinDays, ADispenseWithoutItsOrderCountsByItself) {
  ChartBuilder chart;
  chart.Add("dispenses", "MedicationDispense",
            R"("status":"completed","medicationCodeableConcept":)" + ConceptJson(kUfh) + R"(,"daysSupply":)" +
                QuantityJson("10 d") + R"(,"whenHandedOver":"2026-05-02")");
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 10);
}

TEST(HeparinDays, CountOfDosesGivesTheEnd) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-01", "active", Dosages(Dosage("5000 [iU]", 2, R"("count":20)")));
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 10);
}

TEST(HeparinDays, BoundsDurationGivesTheEnd) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-01", "completed",
                   Dosages(Dosage("5000 [iU]", 2, R"("boundsDuration":)" + QuantityJson("2 wk"))));
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 14);
}

TEST(HeparinDays, QuantityOfSyringesIsDividedByTheFrequency) {
  ChartBuilder chart;
  chart.Medication(kEnoxaparin40, "2026-05-01", "completed",
                   Dosages(Dosage("40 mg", 2)) + R"(,"dispenseRequest":{"quantity":)" +
                       QuantityJson("20 {syringe}") + "}");
  EXPECT_EQ(ExposureOf(chart).lmwh.covered_days, 10);
}

TEST(HeparinDays, QuantityInMillilitresIsDividedByTheDoseInUnits) {
  ChartBuilder chart;
  chart.Medication(
      kUfh, "2026-05-01", "completed",
      Dosages(Dosage("5000 [iU]", 2)) + R"(,"dispenseRequest":{"quantity":)" + QuantityJson("10 mL") + "}");
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 5);
}

TEST(HeparinDays, ValidityPeriodCapsAndNeverCreatesDays) {
  ChartBuilder capped;
  capped.Medication(kUfh, "2026-05-01", "active",
                    R"("dispenseRequest":{"validityPeriod":{"start":"2026-05-11","end":"2026-05-20"}})");
  EXPECT_EQ(ExposureOf(capped).ufh.covered_days, 10);
  ChartBuilder earlier;
  earlier.Medication(kUfh, "2026-06-06", "active",
                     R"("dispenseRequest":{"validityPeriod":{"start":"2026-01-01"}})");
  EXPECT_EQ(ExposureOf(earlier).ufh.covered_days, 10);
}

TEST(HeparinDays, AsNeededAndFutureAndPlannedOrdersCountNothing) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-03-01", "active", R"("dosageInstruction":[{"asNeededBoolean":true}])");
  chart.Medication(kUfh, "2026-07-01");
  chart.Medication(kUfh, "2026-03-01", "entered-in-error");
  chart.Add("meds", "MedicationRequest",
            R"("status":"active","intent":"plan","authoredOn":"2026-03-01","medicationCodeableConcept":)" +
                ConceptJson(kUfh));
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 0);
}

TEST(HeparinDays, AnActiveOrderWithoutAnyDateIsUndated) {
  ChartBuilder chart;
  chart.Medication(kUfh, "");
  const HeparinExposure exposure = ExposureOf(chart);
  EXPECT_EQ(exposure.ufh.covered_days, 0);
  EXPECT_TRUE(exposure.current_undated);
}

TEST(HeparinDays, APartialStartCountsFromItsLatestDay) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05");
  EXPECT_EQ(ExposureOf(chart).ufh.covered_days, 16);  // 31 May to 15 June
}

TEST(HeparinDays, LastUpdatedEndsAnEndedOrderOnlyWhenTheSiteSaysSo) {
  const std::string more = Dosages(Dosage("5000 [iU]", 2, Bounds("2026-05-01", "2026-12-31"))) +
                           R"(,"meta":{"lastUpdated":"2026-05-10T08:00:00Z"})";
  ChartBuilder by_default;
  by_default.Medication(kUfh, "2026-05-01", "stopped", more);
  EXPECT_EQ(ExposureOf(by_default).ufh.covered_days, 46);
  ChartBuilder trusted;
  trusted.Medication(kUfh, "2026-05-01", "stopped", more).Set("hep.useLastUpdated", "true");
  EXPECT_EQ(ExposureOf(trusted).ufh.covered_days, 10);
}

TEST(HeparinDays, StatementsAndAdministrationsCount) {
  ChartBuilder chart;
  chart.Add("medStmts", "MedicationStatement",
            R"("status":"completed","effectivePeriod":{"start":"2026-05-01","end":"2026-05-10"},)"
            R"("medicationCodeableConcept":)" +
                ConceptJson(kUfh));
  for (const char* moment : {"2026-05-11T08:00:00Z", "2026-05-11T20:00:00Z", "2026-05-12T08:00:00Z"}) {
    chart.Add("medAdmins", "MedicationAdministration",
              R"("status":"completed","effectiveDateTime":)" + Quoted(moment) + R"(,"dosage":{"dose":)" +
                  QuantityJson("7500 [iU]") + R"(},"medicationCodeableConcept":)" + ConceptJson(kUfh));
  }
  const ClassExposure ufh = ExposureOf(chart).ufh;
  EXPECT_EQ(ufh.covered_days, 12);
  EXPECT_EQ(DailyIu(ufh), "11250");  // 15,000 on one day, 7,500 on the next
}

TEST(HeparinDays, LookbackOfAPregnancyStartsAtTheLmp) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-01-01");
  const auto scene = chart.Build("patient-view");
  ChartReader reader(scene->chart);
  State state;
  state.pregnancy = Pregnancy::kPregnant;
  state.lmp = scene->input.today - 69;
  EXPECT_EQ(ComputeExposure(scene->input, reader, state).ufh.covered_days, 70);
  state.pregnancy = Pregnancy::kPossiblyPregnant;
  state.conflict = true;
  EXPECT_EQ(ComputeExposure(scene->input, reader, state).ufh.covered_days, 70);
  state.conflict = false;
  EXPECT_EQ(ComputeExposure(scene->input, reader, state).ufh.covered_days, 166);
  state.pregnancy = Pregnancy::kPostpartum;
  state.delivery = scene->input.today - 10;
  EXPECT_EQ(base::FormatDay(ComputeExposure(scene->input, reader, state).lookback_start), "2025-08-29");
}

// --- dose and tier (3.4)
TEST(HeparinDose, OverlappingOrdersCountTheHigherDose) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-01", "completed",
                   Dosages(Dosage("5000 [iU]", 2, Bounds("2026-05-01", "2026-05-10"))));
  chart.Medication(kUfh, "2026-05-01", "completed",
                   Dosages(Dosage("12000 [iU]", 1, Bounds("2026-05-01", "2026-05-05"))));
  EXPECT_EQ(DailyIu(ExposureOf(chart).ufh), "11000");
}

TEST(HeparinDose, DosagesOfOneOrderAddUp) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-05-01", "active",
                   Dosages(Dosage("5000 [iU]", 1) + "," + Dosage("7500 [iU]", 1)));
  EXPECT_EQ(DailyIu(ExposureOf(chart).ufh), "12500");
}

struct DoseCase {
  const char* name;
  const char* drug;
  std::string dosage;
  const char* want;
};

std::string Timed(const char* timing, const char* dose_and_rate) {
  return std::string(R"({"timing":)") + timing + R"(,"doseAndRate":[)" + dose_and_rate + "]}";
}

class DailyDoses : public ::testing::TestWithParam<DoseCase> {};

TEST_P(DailyDoses, AreReadInEveryUnitAndTimingNamed) {
  ChartBuilder chart;
  chart.Medication(GetParam().drug, "2026-06-01", "active", Dosages(GetParam().dosage));
  const HeparinExposure exposure = ExposureOf(chart);
  EXPECT_EQ(DailyIu(exposure.ufh.covered_days > 0 ? exposure.ufh : exposure.lmwh), GetParam().want);
}

constexpr const char* kDose5000 =
    R"({"doseQuantity":{"value":5000,"unit":"[iU]","system":"http://unitsofmeasure.org","code":"[iU]"}})";

INSTANTIATE_TEST_SUITE_P(
    Units, DailyDoses,
    ::testing::Values(
        DoseCase{"IU", kUfh, Dosage("5000 [iU]", 2), "10000"},
        DoseCase{"U", kUfh, Dosage("5000 U", 2), "10000"},
        DoseCase{"USP", kUfh, Dosage("5000 [USP'U]", 3), "15000"},
        DoseCase{"unit_text", kUfh,
                 Timed(R"({"repeat":{"frequency":2,"period":1,"periodUnit":"d"}})",
                       R"json({"doseQuantity":{"value":5000,"unit":"unit(s)"}})json"),
                 "10000"},
        DoseCase{"mg", kEnoxaparin40, Dosage("40 mg", 1), "4000"},
        DoseCase{"syringe", kEnoxaparin40, Dosage("1 {syringe}", 2), "8000"},
        DoseCase{"mL_LMWH", kEnoxaparin40, Dosage("0.4 mL", 1), "4000"},
        DoseCase{"mg_of_UFH", kUfh, Dosage("50 mg", 2), "unknown"},
        DoseCase{"tablets", kUfh, Dosage("1 {tbl}", 2), "unknown"},
        DoseCase{
            "rate", kUfh,
            Timed("{}",
                  R"({"rateQuantity":{"value":1000,"system":"http://unitsofmeasure.org","code":"U/h"}})"),
            "24000"},
        DoseCase{
            "rate_ratio", kUfh,
            Timed(
                "{}",
                R"({"rateRatio":{"numerator":{"value":800,"code":"[iU]","system":"http://unitsofmeasure.org"},)"
                R"("denominator":{"value":1,"code":"h","system":"http://unitsofmeasure.org"}}})"),
            "19200"},
        DoseCase{"BID", kUfh, Timed(R"({"code":{"coding":[{"code":"BID"}]}})", kDose5000), "10000"},
        DoseCase{"QD", kUfh, Timed(R"({"code":{"coding":[{"code":"QD"}]}})", kDose5000), "5000"},
        DoseCase{"TID", kUfh, Timed(R"({"code":{"coding":[{"code":"TID"}]}})", kDose5000), "15000"},
        DoseCase{"QID", kUfh, Timed(R"({"code":{"coding":[{"code":"QID"}]}})", kDose5000), "20000"},
        DoseCase{"Q4H", kUfh, Timed(R"({"code":{"coding":[{"code":"Q4H"}]}})", kDose5000), "30000"},
        DoseCase{"Q6H", kUfh, Timed(R"({"code":{"coding":[{"code":"Q6H"}]}})", kDose5000), "20000"},
        DoseCase{"Q8H", kUfh, Timed(R"({"code":{"text":"Q8H"}})", kDose5000), "15000"},
        DoseCase{"Q12H", kUfh, Timed(R"({"code":{"coding":[{"code":"Q12H"}]}})", kDose5000), "10000"},
        DoseCase{"every_12_h", kUfh,
                 Timed(R"({"repeat":{"frequency":1,"period":12,"periodUnit":"h"}})", kDose5000), "10000"},
        DoseCase{"times_of_day", kUfh,
                 Timed(R"({"repeat":{"timeOfDay":["08:00:00","20:00:00"]}})", kDose5000), "10000"},
        DoseCase{"no_timing", kUfh, Timed("{}", kDose5000), "unknown"}),
    [](const ::testing::TestParamInfo<DoseCase>& one) { return std::string(one.param.name); });

int TherapeuticDays(const char* drug, const std::string& dosage, const char* weight) {
  ChartBuilder chart;
  chart.Medication(drug, "2026-06-06", "active", Dosages(dosage));
  if (weight != nullptr) chart.Observation("loinc 29463-7", Quantity(weight), "2026-06-01");
  return ExposureOf(chart).lmwh.therapeutic_days;
}

TEST(LmwhTier, EnoxaparinByWeightAndWithout) {
  EXPECT_EQ(TherapeuticDays(kEnoxaparin40, Dosage("40 mg", 1), nullptr), 0);
  EXPECT_EQ(TherapeuticDays(kEnoxaparin40, Dosage("50 mg", 2), nullptr), 10);
  EXPECT_EQ(TherapeuticDays(kEnoxaparin40, Dosage("50 mg", 2), "80 kg"), 0);   // 1.25 mg/kg/d
  EXPECT_EQ(TherapeuticDays(kEnoxaparin40, Dosage("60 mg", 2), "80 kg"), 10);  // 1.5 mg/kg/d
  EXPECT_EQ(TherapeuticDays(kEnoxaparin40, Dosage("1 mg/kg", 2), nullptr), 10);
}

TEST(LmwhTier, DalteparinAndTinzaparinWithoutWeight) {
  EXPECT_EQ(TherapeuticDays("rxnorm 67109", Dosage("12500 [iU]", 1), nullptr), 10);
  EXPECT_EQ(TherapeuticDays("rxnorm 67109", Dosage("12499 [iU]", 1), nullptr), 0);
  EXPECT_EQ(TherapeuticDays("atc B01AB10", Dosage("10000 [iU]", 1), nullptr), 10);
  EXPECT_EQ(TherapeuticDays("atc B01AB06", Dosage("20000 [iU]", 1), nullptr),
            0);  // nadroparin needs the weight
  EXPECT_EQ(TherapeuticDays("atc B01AB06", Dosage("12000 [iU]", 1), "80 kg"), 10);
}

// --- classes (3.1)
HeparinClass ClassOf(const std::string& members) {
  ChartBuilder chart;
  chart.Add("meds", "MedicationRequest",
            R"("status":"active","intent":"order","authoredOn":"2026-06-01",)" + members);
  const auto scene = chart.Build("patient-view");
  return ClassifyHeparin({scene->chart.OfType("MedicationRequest")[0]}, scene->chart);
}
std::string Coded(const char* code) {
  return R"("medicationCodeableConcept":)" + ConceptJson(code);
}

TEST(HeparinClasses, CodesDecide) {
  EXPECT_EQ(ClassOf(Coded("rxnorm 1361615")), HeparinClass::kUfhSystemic);
  EXPECT_EQ(ClassOf(Coded("rxnorm 5224")), HeparinClass::kUfhSystemic);
  EXPECT_EQ(ClassOf(Coded("rxnorm 854235")), HeparinClass::kLmwh);
  EXPECT_EQ(ClassOf(Coded("rxnorm 1362062")), HeparinClass::kFlush);
  EXPECT_EQ(ClassOf(Coded("hcpcs J1642")), HeparinClass::kFlush);
  EXPECT_EQ(ClassOf(Coded("rxnorm 321208")), HeparinClass::kNotCounted);
  EXPECT_EQ(ClassOf(Coded("rxnorm 904431")), HeparinClass::kNone);
}

TEST(HeparinClasses, AnIngredientCodeIsAFlushByRouteDoseTextOrPreparation) {
  const std::string heparin = Coded("rxnorm 5224");
  EXPECT_EQ(ClassOf(heparin + R"(,"dosageInstruction":[{"route":{"text":"Intracatheter"}}])"),
            HeparinClass::kFlush);
  EXPECT_EQ(ClassOf(heparin + "," + Dosages(Dosage("500 [iU]", 1))), HeparinClass::kFlush);
  EXPECT_EQ(ClassOf(heparin + "," + Dosages(Dosage("501 [iU]", 1))), HeparinClass::kUfhSystemic);
  EXPECT_EQ(ClassOf(heparin + R"(,"dosageInstruction":[{"text":"flush line after use"}])"),
            HeparinClass::kFlush);
  const auto named = [](const char* text) {
    return ClassOf(R"("medicationCodeableConcept":{"coding":[)" + CodingJson("rxnorm 5224") + R"(],"text":)" +
                   Quoted(text) + "}");
  };
  EXPECT_EQ(named("heparin 10 units/mL, 5 mL syringe"), HeparinClass::kFlush);
  EXPECT_EQ(named("heparin 2 UNT/ML in 500 ML bag"), HeparinClass::kFlush);
  EXPECT_EQ(named("heparin 100 UNT/ML 250 ML bag"), HeparinClass::kUfhSystemic);
  EXPECT_EQ(named("hep-lock"), HeparinClass::kFlush);
  EXPECT_EQ(named("heparin block"), HeparinClass::kUfhSystemic);
}

TEST(HeparinClasses, AProductCodeIsNoFlushByItsText) {
  EXPECT_EQ(ClassOf(Coded(kUfh) + R"(,"dosageInstruction":[{"text":"do not use for flush"}])"),
            HeparinClass::kUfhSystemic);
}

TEST(HeparinClasses, AHeparinNamedByTextOnlyIsNeitherCountedNorSilent) {
  ChartBuilder chart;
  chart.Add("meds", "MedicationRequest",
            R"("status":"active","intent":"order","authoredOn":"2026-01-01",)"
            R"("medicationCodeableConcept":{"text":"Heparin 5000 units SC BID"})");
  const auto scene = chart.Build("patient-view");
  ChartReader reader(scene->chart);
  EXPECT_EQ(ComputeExposure(scene->input, reader, State()).ufh.covered_days, 0);
  ASSERT_EQ(reader.gaps().size(), 1u);
  EXPECT_EQ(reader.gaps()[0], "heparin_named_by_text");
}

TEST(HeparinClasses, AMedicationReferenceIsFollowedAndALostOneIsADoubt) {
  ChartBuilder found;
  found.Add("meds", "Medication", R"("id":"med1","code":)" + ConceptJson(kUfh));
  found.Add("meds", "MedicationRequest",
            R"("status":"active","intent":"order","authoredOn":"2026-06-06",)"
            R"("medicationReference":{"reference":"Medication/med1"})");
  EXPECT_EQ(ExposureOf(found).ufh.covered_days, 10);
  ChartBuilder lost;
  lost.Add("meds", "MedicationRequest",
           R"("status":"active","intent":"order","authoredOn":"2026-06-06",)"
           R"("medicationReference":{"reference":"Medication/elsewhere"})");
  const auto scene = lost.Build("patient-view");
  ChartReader reader(scene->chart);
  ComputeExposure(scene->input, reader, State());
  ASSERT_EQ(reader.gaps().size(), 1u);
  EXPECT_EQ(reader.gaps()[0], "medication_reference");
}

TEST(HeparinClasses, FlushAloneAndFondaparinuxAreMarked) {
  ChartBuilder flush;
  flush.Medication("rxnorm 1362062", "2026-02-15");
  EXPECT_TRUE(ExposureOf(flush).flush_only);
  ChartBuilder fondaparinux;
  fondaparinux.Medication("rxnorm 861356", "2026-06-01");
  EXPECT_TRUE(ExposureOf(fondaparinux).other_anticoagulant_current);
  ChartBuilder ended;
  ended.Medication("rxnorm 861356", "2026-03-01", "completed");
  EXPECT_FALSE(ExposureOf(ended).other_anticoagulant_current);
}

// --- projection (3.5)
int ProjectedUfh(ChartBuilder& chart, State state) {
  const auto scene = chart.Build("order-sign");
  ChartReader reader(scene->chart);
  std::vector<model::MedicationRequest> drafts;
  for (const Draft& draft : scene->drafts) drafts.push_back({{draft.resource}});
  return ProjectExposure(scene->input, reader, state, drafts).ufh.covered_days;
}

TEST(HeparinProjection, TheDraftsOwnLengthIsAddedToWhatIsCovered) {
  ChartBuilder chart;
  chart.Medication(kUfh, "2026-06-06");  // 10 days, today among them
  chart.DraftMedication(kUfh, Supply(14, 1));
  EXPECT_EQ(ProjectedUfh(chart, State()), 10 + 27);
}

TEST(HeparinProjection, WithoutALengthItRunsThirtyDaysOrToSixWeeksAfterBirth) {
  ChartBuilder chart;
  chart.DraftMedication(kUfh);
  EXPECT_EQ(ProjectedUfh(chart, State()), 30);
  State pregnant;
  pregnant.pregnancy = Pregnancy::kPregnant;
  const base::Day today = base::DayFromCivil({2026, 6, 15});
  pregnant.lmp = today - 70;
  pregnant.edd = today + 210;
  EXPECT_EQ(ProjectedUfh(chart, pregnant), 253);
  chart.Set("hep.projectToPostpartum", "false");
  EXPECT_EQ(ProjectedUfh(chart, pregnant), 211);
}

TEST(HeparinProjection, AnAsNeededDraftAddsNothing) {
  ChartBuilder chart;
  chart.DraftMedication(kUfh, R"("dosageInstruction":[{"asNeededBoolean":true}])");
  EXPECT_EQ(ProjectedUfh(chart, State()), 0);
}

}  // namespace
}  // namespace osteon::cards::perinatal::testing
