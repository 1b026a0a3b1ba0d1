// The shared risk engine: red flags and risk factors with their dates. Source: rules.md section 4,
// clarifications 27, 28, 30, 54, 55.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cards/packs/perinatal_bone_health/heparin.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

enum class RedFlag : std::uint8_t { kVertebralFracture, kHeightLoss, kPriorPlo, kLowBmd, kUfhExposure };

struct Finding {
  std::string text;  // "vitamin D 16 ng/mL", "current smoker"
  std::optional<base::Day> date;
  std::string source;          // "observation", "condition", "medication order", "family history"
  std::int32_t weight = 1;     // 0 to 2, set by the rf.weight.* options
  bool about_heparin = false;  // the factor is heparin itself, which rule B does not count
};
// "vitamin D 16 ng/mL (2026-06-05, observation)"; "undated" when it has no date.
std::string DatedText(const Finding& finding);

struct RedFlagFinding {
  RedFlag flag;
  Finding finding;
};

struct RiskProfile {
  std::vector<RedFlagFinding> red_flags;  // each flag at most once
  std::vector<Finding> factors;           // each factor at most once, weight 1 by default
  std::vector<Finding> context;           // weight 0: shown, not counted
  bool heparin_factor = false;            // UFH red flag or LMWH factor is among them
  std::optional<base::Day> vertebral_fracture_date;
  bool vertebral_fracture_in_window = false;  // onset in the current pregnancy or postpartum window

  bool Has(RedFlag flag) const;
  std::size_t Factors() const;  // the sum of their weights
  // Counts without heparin (rule B).
  std::size_t FactorsWithoutHeparin() const;
  std::size_t RedFlagsWithoutHeparin() const;
  std::size_t lmwh_factors = 0;
};

RiskProfile ComputeRisk(const RuleInput& input, ChartReader& reader, const State& state,
                        const HeparinExposure& exposure);

// Pregnancy and lactation osteoporosis in the problem list; reads conditions only. Source: clarifications
// 27, 54.
struct PloStatus {
  std::optional<Finding> prior;   // before the current pregnancy, or undated, any clinical status: a red flag
  std::optional<Finding> active;  // active, with onset inside the current pregnancy or postpartum window
};
PloStatus FindPlo(const RuleInput& input, ChartReader& reader, const State& state);

// Vertebral or pathological fractures, active or of the current pregnancy or postpartum window; reads
// conditions only.
struct FractureStatus {
  std::optional<Finding> newest;            // of all that count
  std::optional<Finding> newest_in_window;  // of the current pregnancy or postpartum window
};
FractureStatus FindFractures(const RuleInput& input, ChartReader& reader, const State& state);

// The newest 25-hydroxyvitamin D of the last 365 days, in ng/mL; D2 and D3 of one day are added when there is
// no total. Source: rules.md rule E "V", clarification 28. Reads bonObs; a value without a usable unit is a
// doubt.
struct VitaminD {
  base::Decimal ng_per_ml;
  base::Day date;
  std::string as_received;  // "40 nmol/L"
};
std::optional<VitaminD> NewestVitaminD(const RuleInput& input, ChartReader& reader);

}  // namespace osteon::cards::perinatal
