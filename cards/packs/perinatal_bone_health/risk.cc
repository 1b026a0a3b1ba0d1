#include "cards/packs/perinatal_bone_health/risk.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/risk_chart.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"

namespace osteon::cards::perinatal {

namespace {

struct FactorRow {
  Param weight;
  Finder find;
};

// Rules.md section 4, in its order; the last rows have weight 0 unless a site says otherwise.
constexpr FactorRow kFactors[] = {
    {Param::kRfWeightSmoker, FindSmoking},
    {Param::kRfWeightFamilyHistory, FindFamilyHistory},
    {Param::kRfWeightVitaminD, FindVitaminDDeficiency},
    {Param::kRfWeightLowBmi, FindLowBmi},
    {Param::kRfWeightFragilityFracture, FindFragilityFracture},
    {Param::kRfWeightOsteopenia, FindOsteopenia},
    {Param::kRfWeightGlucocorticoid, FindGlucocorticoid},
    {Param::kRfWeightLmwh, FindLmwh},
    {Param::kRfWeightImmobility, FindImmobility},
    {Param::kRfWeightBoneDisease, FindBoneDisease},
    {Param::kRfWeightLowCalciumDiet, FindLowCalciumDiet},
    {Param::kRfWeightAntiepileptic, FindAntiepileptic},
    {Param::kRfWeightHypoestrogenism, FindHypoestrogenism},
    {Param::kRfWeightAdolescence, FindAdolescence},
    {Param::kRfWeightFirstPregnancy, FindFirstPregnancy},
    {Param::kRfWeightPpi, FindProtonPumpInhibitor},
    {Param::kRfWeightMultiplePregnancy, FindMultiplePregnancy},
    {Param::kRfWeightDmpa, FindDmpa},
    {Param::kRfWeightMagnesium, FindMagnesium},
    {Param::kRfWeightComplications, FindComplications},
};

void AddFlag(RiskProfile& profile, RedFlag flag, std::optional<Finding> finding) {
  if (finding) profile.red_flags.push_back({flag, std::move(*finding)});
}

std::optional<Finding> FindUfh(const RuleInput& input, const HeparinExposure& exposure) {
  if (exposure.ufh.covered_days < IntegerOf(*input.parameters, Param::kUfhMinDays)) return std::nullopt;
  std::optional<base::Day> last;
  if (!exposure.ufh.episodes.empty()) last = exposure.ufh.episodes.back().last;
  return Finding{"unfractionated heparin for " + std::to_string(exposure.ufh.covered_days) + " days", last,
                 "medication order", 1};
}

void AddFactors(RiskProfile& profile, const RiskChart& chart) {
  for (const FactorRow& row : kFactors) {
    auto finding = row.find(chart);
    if (!finding) continue;
    finding->weight = IntegerOf(*chart.input.parameters, row.weight);
    if (row.weight == Param::kRfWeightLmwh) {
      finding->about_heparin = true;
      profile.lmwh_factors = static_cast<std::size_t>(finding->weight);
      profile.heparin_factor = profile.heparin_factor || finding->weight > 0;
    }
    (finding->weight > 0 ? profile.factors : profile.context).push_back(std::move(*finding));
  }
}

}  // namespace

bool IsWithin(const model::DateSpan& date, std::int32_t days, base::Day today) {
  return today - date.first <= days;
}

std::optional<base::Day> ShownDay(const std::optional<model::DateSpan>& date) {
  return date ? std::optional(date->first) : std::nullopt;
}

std::string DatedText(const Finding& finding) {
  return finding.text + " (" + DatedOrUndated(finding.date) + ", " + finding.source + ")";
}

bool RiskProfile::Has(RedFlag flag) const {
  return std::any_of(red_flags.begin(), red_flags.end(),
                     [flag](const RedFlagFinding& each) { return each.flag == flag; });
}

std::size_t RiskProfile::Factors() const {
  std::size_t sum = 0;
  for (const Finding& factor : factors) sum += static_cast<std::size_t>(factor.weight);
  return sum;
}

std::size_t RiskProfile::FactorsWithoutHeparin() const {
  return Factors() - lmwh_factors;
}

std::size_t RiskProfile::RedFlagsWithoutHeparin() const {
  return red_flags.size() - (Has(RedFlag::kUfhExposure) ? 1 : 0);
}

RiskProfile ComputeRisk(const RuleInput& input, ChartReader& reader, const State& state,
                        const HeparinExposure& exposure) {
  const RiskChart chart{input,
                        reader,
                        state,
                        exposure,
                        KnownConditions(input, reader),
                        KnownObservations(input, reader),
                        KnownDrugsOf(reader)};
  RiskProfile profile;
  const FractureStatus fractures = FindFractures(input, reader, state);
  AddFlag(profile, RedFlag::kVertebralFracture, fractures.newest);
  AddFlag(profile, RedFlag::kHeightLoss, FindHeightLoss(chart));
  AddFlag(profile, RedFlag::kPriorPlo, FindPlo(input, reader, state).prior);
  AddFlag(profile, RedFlag::kLowBmd, FindLowBmd(chart));
  AddFlag(profile, RedFlag::kUfhExposure, FindUfh(input, exposure));
  profile.heparin_factor = profile.Has(RedFlag::kUfhExposure);
  profile.vertebral_fracture_in_window = fractures.newest_in_window.has_value();
  if (fractures.newest) profile.vertebral_fracture_date = fractures.newest->date;
  AddFactors(profile, chart);
  return profile;
}

}  // namespace osteon::cards::perinatal
