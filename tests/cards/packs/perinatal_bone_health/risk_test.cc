#include "cards/packs/perinatal_bone_health/risk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cards/packs/perinatal_bone_health/chart_builder.h"

namespace osteon::cards::perinatal::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Risk {
  RiskProfile profile;
  std::vector<std::string> factors;
  std::vector<std::string> flags;
  std::vector<std::string> gaps;
};

// State from the chart by the nudge reading.
Risk RiskOf(const ChartBuilder& builder) {
  const auto scene = builder.Build("patient-view");
  ChartReader reader(scene->chart);
  const State state = ResolveState(scene->input, reader, Reading::kNudge);
  Risk risk;
  risk.profile = ComputeRisk(scene->input, reader, state, ComputeExposure(scene->input, reader, state));
  for (const Finding& factor : risk.profile.factors) risk.factors.push_back(factor.text);
  for (const RedFlagFinding& flag : risk.profile.red_flags) risk.flags.push_back(flag.finding.text);
  for (const std::string_view gap : reader.gaps()) risk.gaps.emplace_back(gap);
  return risk;
}

ChartBuilder Pregnant20w() {
  ChartBuilder chart;
  chart.Pregnant("2026-11-02");  // LMP 2026-01-26
  return chart;
}

// --- factors from conditions
struct CodedFactor {
  const char* name;
  const char* code;
  const char* text;
};
class CodedFactors : public ::testing::TestWithParam<CodedFactor> {};

TEST_P(CodedFactors, CountOnceWhileActiveAndNotWhenResolvedOrUnconfirmed) {
  ChartBuilder active;
  active.Condition(GetParam().code, "2026-01-01").Condition(GetParam().code, "");
  EXPECT_THAT(RiskOf(active).factors, ElementsAre(HasSubstr(GetParam().text)));
  ChartBuilder resolved;
  resolved.Condition(GetParam().code, "2026-01-01", "resolved");
  EXPECT_THAT(RiskOf(resolved).factors, IsEmpty());
  ChartBuilder provisional;
  provisional.Condition(GetParam().code, "2026-01-01", "active", "provisional");
  EXPECT_THAT(RiskOf(provisional).factors, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Section4, CodedFactors,
    ::testing::Values(CodedFactor{"smoker", "icd10 F17.210", "current smoker"},
                      CodedFactor{"vitamin_d", "icd10 E55.9", "vitamin D deficiency"},
                      CodedFactor{"underweight", "icd10 R63.6", "underweight"},
                      CodedFactor{"anorexia", "snomed 56882008", "eating disorder"},
                      CodedFactor{"osteopenia", "icd10 M85.88", "osteopenia"},
                      CodedFactor{"bed_rest", "icd10 Z74.01", "immobility"},
                      CodedFactor{"hyperparathyroidism", "icd10 E21.0", "hyperparathyroidism"},
                      CodedFactor{"hyperthyroidism", "icd10 E05.90", "hyperthyroidism"},
                      CodedFactor{"coeliac", "icd10 K90.0", "coeliac"},
                      CodedFactor{"crohn", "icd10 K50.90", "inflammatory bowel"},
                      CodedFactor{"osteogenesis", "icd10 Q78.0", "osteogenesis imperfecta"},
                      CodedFactor{"calcium_diet", "icd10 E58", "dietary calcium"},
                      CodedFactor{"menopause", "icd10 E28.310", "premature menopause"},
                      CodedFactor{"amenorrhoea", "snomed 237120002", "hypothalamic amenorrhoea"},
                      CodedFactor{"steroid", "icd10 Z79.52", "steroid"}),
    [](const ::testing::TestParamInfo<CodedFactor>& one) { return std::string(one.param.name); });

TEST(RiskFactors, LookAlikesDoNotCount) {
  ChartBuilder chart;
  chart.Condition("icd10 Z87.891", "2026-01-01").Condition("icd10 Z68.1", "2026-01-01");
  chart.Condition("icd10 N91.2", "2026-01-01").Condition("icd10 F17.211", "2026-01-01");
  chart.Observation("loinc 38265-5", Quantity("-3 {T-score}"), "2026-01-01");  // forearm
  chart.Observation("loinc 38266-3", Quantity("-3 {T-score}"), "2026-01-01");  // heel
  const Risk risk = RiskOf(chart);
  EXPECT_THAT(risk.factors, IsEmpty());
  EXPECT_THAT(risk.flags, IsEmpty());
}

TEST(RiskFactors, SeveralBoneDiseasesAreOneFactor) {
  ChartBuilder chart;
  chart.Condition("icd10 K90.0", "2026-01-01").Condition("icd10 E21.0", "2026-01-01");
  EXPECT_THAT(RiskOf(chart).factors, ElementsAre("hyperparathyroidism, coeliac disease"));
}

TEST(RiskFactors, APreviousFragilityFractureCountsWhateverItsStatus) {
  ChartBuilder history;
  history.Condition("icd10 Z87.310", "2020-01-01", "inactive");
  EXPECT_THAT(RiskOf(history).factors, ElementsAre("previous fragility fracture"));
  ChartBuilder follow_up;
  follow_up.Condition("icd10 M80.88XD", "2024-01-01");
  EXPECT_THAT(RiskOf(follow_up).factors, ElementsAre("previous fragility fracture"));
  EXPECT_THAT(RiskOf(follow_up).flags, IsEmpty());
}

// --- smoking, family, BMI, age
TEST(RiskFactors, TheNewestSmokingStatusDecides) {
  ChartBuilder stopped;
  stopped.Observation("loinc 72166-2", Concept("snomed 449868002"), "2025-01-01");
  stopped.Observation("loinc 72166-2", Concept("snomed 8517006"), "2026-01-01");
  EXPECT_THAT(RiskOf(stopped).factors, IsEmpty());
  ChartBuilder again;
  again.Observation("loinc 72166-2", Concept("snomed 8517006"), "2025-01-01");
  again.Observation("loinc 72166-2", Concept("snomed 77176002"), "2026-01-01");
  EXPECT_THAT(RiskOf(again).factors, ElementsAre("current smoker"));
}

TEST(RiskFactors, FamilyHistoryIsOfFirstDegreeRelatives) {
  const auto of = [](const char* relationship, const char* code) {
    ChartBuilder chart;
    chart.Family(relationship, code);
    return RiskOf(chart).factors.size();
  };
  for (const char* relationship : {"MTH", "FTH", "SIS", "BRO", "PRN"}) {
    EXPECT_EQ(of(relationship, "snomed 64859006"), 1u) << relationship;
  }
  EXPECT_EQ(of("AUNT", "snomed 64859006"), 0u);
  EXPECT_EQ(of("MTH", "icd10 E11.9"), 0u);
  ChartBuilder text;
  text.Add(
      "family", "FamilyMemberHistory",
      R"("status":"partial","relationship":{"coding":[{"code":"MTH"}]},"condition":[{"code":{"text":"Hip fracture at 60"}}])");
  EXPECT_EQ(RiskOf(text).factors.size(), 1u);
  ChartBuilder unknown;
  unknown.Add(
      "family", "FamilyMemberHistory",
      R"("status":"health-unknown","relationship":{"coding":[{"code":"MTH"}]},"condition":[{"code":{"text":"osteoporosis"}}])");
  EXPECT_EQ(RiskOf(unknown).factors.size(), 0u);
}

TEST(RiskFactors, BmiIsTheLastBeforePregnancyElseOfTheFirstTrimester) {
  const auto with = [](std::initializer_list<std::pair<const char*, const char*>> values) {
    ChartBuilder chart = Pregnant20w();
    for (const auto& [value, day] : values) chart.Observation("loinc 39156-5", Quantity(value), day);
    return RiskOf(chart).factors.size();
  };
  EXPECT_EQ(with({{"18.4 kg/m2", "2026-01-25"}}), 1u);
  EXPECT_EQ(with({{"18.5 kg/m2", "2026-01-25"}}), 0u);
  EXPECT_EQ(with({{"18.4 kg/m2", "2026-01-25"}, {"20 kg/m2", "2026-03-01"}}), 1u);
  EXPECT_EQ(with({{"20 kg/m2", "2026-01-25"}, {"18.4 kg/m2", "2025-01-25"}}), 0u);
  EXPECT_EQ(with({{"18.4 kg/m2", "2026-05-03"}}), 1u);  // 13w6d
  EXPECT_EQ(with({{"18.4 kg/m2", "2026-05-04"}}), 0u);  // 14w0d
}

TEST(RiskFactors, AdolescenceIsTheAgeAtConception) {
  const auto born = [](const char* day) {
    ChartBuilder chart = Pregnant20w();  // conception 2026-02-09
    chart.Patient("female", day);
    return RiskOf(chart).factors.size();
  };
  EXPECT_EQ(born("2006-02-10"), 1u);
  EXPECT_EQ(born("2006-02-09"), 0u);
}

// --- vitamin D
TEST(RiskVitaminD, TheNewestResultDecidesInEitherUnit) {
  const auto with = [](const char* code, const char* value, const char* day = "2026-06-01") {
    ChartBuilder chart;
    chart.Observation(code, Quantity(value), day);
    return RiskOf(chart).factors;
  };
  EXPECT_THAT(with("loinc 62292-8", "19.9 ng/mL"), ElementsAre("vitamin D (25-OH-D) 19.9 ng/mL"));
  EXPECT_THAT(with("loinc 62292-8", "20 ng/mL"), IsEmpty());
  EXPECT_THAT(with("loinc 14635-7", "29 nmol/L"),
              ElementsAre("vitamin D (25-OH-D) 11.6 ng/mL, received as 29 nmol/L"));
  EXPECT_THAT(with("loinc 62292-8", "16 ug/L"), ElementsAre(HasSubstr("16 ng/mL")));
  EXPECT_THAT(with("loinc 62292-8", "16 ng/mL", "2025-06-15"), ElementsAre(HasSubstr("16 ng/mL")));
  EXPECT_THAT(with("loinc 62292-8", "16 ng/mL", "2025-06-14"), IsEmpty());
  EXPECT_THAT(with("loinc 1990-1", "5 ng/mL"), IsEmpty());  // vitamin D3 is not 25-OH-D
  ChartBuilder newest;
  newest.Observation("loinc 62292-8", Quantity("12 ng/mL"), "2026-01-01");
  newest.Observation("loinc 62292-8", Quantity("30 ng/mL"), "2026-06-01");
  EXPECT_THAT(RiskOf(newest).factors, IsEmpty());
}

TEST(RiskVitaminD, D2AndD3OfOneDayAreAdded) {
  ChartBuilder chart;
  chart.Observation("loinc 1989-3", Quantity("12 ng/mL"), "2026-06-01");
  EXPECT_EQ(RiskOf(chart).factors.size(), 1u);
  chart.Observation("loinc 49054-0", Quantity("9 ng/mL"), "2026-06-01");
  EXPECT_EQ(RiskOf(chart).factors.size(), 0u);
}

TEST(RiskVitaminD, AValueWithoutAUnitIsADoubt) {
  ChartBuilder chart;
  chart.Observation("loinc 62292-8", R"("valueQuantity":{"value":16})", "2026-06-01");
  const Risk risk = RiskOf(chart);
  EXPECT_THAT(risk.factors, IsEmpty());
  EXPECT_THAT(risk.gaps, ElementsAre("25ohd_unit"));
}

TEST(RiskVitaminD, AComparatorCountsAsItsBound) {
  ChartBuilder chart;
  chart.Observation("loinc 62292-8", R"("valueQuantity":{"value":8,"comparator":"<","unit":"ng/mL"})",
                    "2026-06-01");
  EXPECT_THAT(RiskOf(chart).factors, ElementsAre(HasSubstr("<8 ng/mL")));
}

// --- drugs
std::size_t FactorsWithDrug(const char* code, const char* authored, const std::string& more = "") {
  ChartBuilder chart;
  chart.Medication(code, authored, "active", more);
  return RiskOf(chart).factors.size();
}

TEST(RiskDrugs, GlucocorticoidsCountFromNinetyDaysWhenSystemicAndNotLow) {
  const char* prednisone5 = "rxnorm 312617";
  EXPECT_EQ(FactorsWithDrug(prednisone5, "2026-03-18"), 1u);
  EXPECT_EQ(FactorsWithDrug(prednisone5, "2026-03-19"), 0u);
  EXPECT_EQ(FactorsWithDrug("rxnorm 8640", "2026-03-18", Dosages(Dosage("2.5 mg", 1))), 1u);
  EXPECT_EQ(FactorsWithDrug("rxnorm 8640", "2026-03-18", Dosages(Dosage("2 mg", 1))), 0u);
  EXPECT_EQ(FactorsWithDrug("rxnorm 5492", "2026-03-18", Dosages(Dosage("10 mg", 1))), 1u);  // hydrocortisone
  EXPECT_EQ(
      FactorsWithDrug("rxnorm 5492", "2026-03-18", R"("dosageInstruction":[{"route":{"text":"Topical"}}])"),
      0u);
  EXPECT_EQ(FactorsWithDrug("rxnorm 313979", "2026-03-18"), 0u);  // fludrocortisone
}

TEST(RiskDrugs, AntiepilepticsCountFromNinetyDaysAndPpiIsContext) {
  EXPECT_EQ(FactorsWithDrug("rxnorm 40254", "2026-03-18"), 1u);
  EXPECT_EQ(FactorsWithDrug("rxnorm 40254", "2026-03-19"), 0u);
  ChartBuilder ppi;
  ppi.Medication("rxnorm 7646", "2025-06-01");
  const Risk risk = RiskOf(ppi);
  EXPECT_THAT(risk.factors, IsEmpty());
  ASSERT_EQ(risk.profile.context.size(), 1u);
  EXPECT_THAT(risk.profile.context[0].text, HasSubstr("proton pump inhibitor"));
}

TEST(RiskDrugs, HeparinIsMarkedSoThatRuleBCanLeaveItOut) {
  ChartBuilder chart;
  chart.Medication("rxnorm 1361615", "2026-05-19").Medication("rxnorm 854235", "2026-03-18").Smoker();
  const Risk risk = RiskOf(chart);
  EXPECT_TRUE(risk.profile.heparin_factor);
  EXPECT_TRUE(risk.profile.Has(RedFlag::kUfhExposure));
  EXPECT_EQ(risk.profile.Factors(), 2u);
  EXPECT_EQ(risk.profile.FactorsWithoutHeparin(), 1u);
  EXPECT_EQ(risk.profile.RedFlagsWithoutHeparin(), 0u);
}

// --- red flags
TEST(RedFlags, FracturesCountWhileActiveOrInThePregnancy) {
  const auto with = [](const char* code, const char* onset, const char* clinical) {
    ChartBuilder chart = Pregnant20w();
    chart.Condition(code, onset, clinical);
    return RiskOf(chart).profile;
  };
  EXPECT_TRUE(with("icd10 M48.56XA", "2020-01-01", "active").Has(RedFlag::kVertebralFracture));
  EXPECT_FALSE(with("icd10 M48.56XA", "2020-01-01", "active").vertebral_fracture_in_window);
  EXPECT_TRUE(with("icd10 M48.56XA", "2026-02-01", "resolved").vertebral_fracture_in_window);
  EXPECT_FALSE(with("icd10 M48.56XA", "2026-01-25", "resolved").Has(RedFlag::kVertebralFracture));
  EXPECT_TRUE(with("icd10 S32.010A", "2026-02-01", "active").Has(RedFlag::kVertebralFracture));
  EXPECT_FALSE(with("icd10 S32.010D", "2026-02-01", "active").Has(RedFlag::kVertebralFracture));
}

TEST(RedFlags, HeightLossNeedsTwoMeasurementsAndARecentLatest) {
  const auto with = [](const char* first, const char* first_day, const char* last, const char* last_day) {
    ChartBuilder chart;
    chart.Observation("loinc 8302-2", Quantity(first), first_day);
    chart.Observation("loinc 8302-2", Quantity(last), last_day);
    return RiskOf(chart).flags.size();
  };
  EXPECT_EQ(with("168 cm", "2024-01-01", "166 cm", "2026-06-01"), 1u);
  EXPECT_EQ(with("168 cm", "2024-01-01", "166.1 cm", "2026-06-01"), 0u);
  EXPECT_EQ(with("168 cm", "2024-01-01", "166 cm", "2026-03-17"), 1u);
  EXPECT_EQ(with("168 cm", "2024-01-01", "166 cm", "2026-03-16"), 0u);
  EXPECT_EQ(with("1.68 m", "2024-01-01", "65 [in_i]", "2026-06-01"), 1u);
  EXPECT_EQ(with("230 cm", "2024-01-01", "166 cm", "2026-06-01"), 0u);
  EXPECT_EQ(with("168 cm", "2021-05-01", "166 cm", "2026-06-01"), 0u);
}

TEST(RedFlags, LowBoneDensityIsZAtMostMinus2OrTAtMostMinus25) {
  const auto with = [](const char* code, const char* value, const char* day = "2026-01-01") {
    ChartBuilder chart;
    chart.Observation(code, Quantity(value), day);
    return RiskOf(chart).flags.size();
  };
  EXPECT_EQ(with("loinc 85394-5", "-2.0 {Z-score}"), 1u);
  EXPECT_EQ(with("loinc 85394-5", "-1.9 {Z-score}"), 0u);
  EXPECT_EQ(with("loinc 80933-5", "-2.4 {Z-score}"), 1u);
  EXPECT_EQ(with("loinc 38267-1", "-2.5 {T-score}"), 1u);
  EXPECT_EQ(with("loinc 38267-1", "-2.4 {T-score}"), 0u);
  EXPECT_EQ(with("loinc 85394-5", "-2.5 {Z-score}", "2021-06-16"), 1u);
  EXPECT_EQ(with("loinc 85394-5", "-2.5 {Z-score}", "2021-06-15"), 0u);
  ChartBuilder diagnosis;
  diagnosis.Condition("snomed 64859006", "2020-01-01");
  EXPECT_THAT(RiskOf(diagnosis).flags, ElementsAre("osteoporosis"));
}

TEST(RedFlags, AnEarlierPloCountsInAnyStatusAndThisPregnancysDoesNot) {
  const auto with = [](const char* onset, const char* clinical) {
    ChartBuilder chart = Pregnant20w();
    chart.Condition("snomed 240154002", onset, clinical);
    return RiskOf(chart).profile.Has(RedFlag::kPriorPlo);
  };
  EXPECT_TRUE(with("2026-01-25", "resolved"));
  EXPECT_TRUE(with("2026-01-25", "active"));
  EXPECT_TRUE(with("", "active"));
  EXPECT_FALSE(with("2026-01-26", "active"));
}

// --- options
TEST(RiskWeights, ASiteMayDoubleOrSilenceAFactorAndCountAContextItem) {
  ChartBuilder chart;
  chart.Smoker().Medication("rxnorm 7646", "2025-06-01");
  EXPECT_EQ(RiskOf(ChartBuilder(chart).Set("rf.weight.smoker", "2")).profile.Factors(), 2u);
  EXPECT_EQ(RiskOf(ChartBuilder(chart).Set("rf.weight.smoker", "0")).profile.Factors(), 0u);
  EXPECT_EQ(RiskOf(ChartBuilder(chart).Set("rf.weight.ppi", "1")).profile.Factors(), 2u);
}

TEST(RiskTexts, AreDatedAndNameTheirSource) {
  EXPECT_EQ(DatedText({"current smoker", base::DayFromCivil({2026, 5, 16}), "observation", 1}),
            "current smoker (2026-05-16, observation)");
  EXPECT_EQ(DatedText({"osteopenia", std::nullopt, "condition", 1}), "osteopenia (undated, condition)");
}

}  // namespace
}  // namespace osteon::cards::perinatal::testing
