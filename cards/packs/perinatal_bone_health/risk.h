// The shared risk engine: red flags and risk factors with their dates. Source: rules.md section 4, clarifications 27,
// 28, 30, 54, 55.
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
  std::string text;                  // "vitamin D 16 ng/mL", "current smoker"
  std::optional<base::Day> date;
  std::string source;                // "observation", "condition", "medication order", "family history"
};

struct RedFlagFinding {
  RedFlag flag;
  Finding finding;
};

struct RiskProfile {
  std::vector<RedFlagFinding> red_flags;   // each flag at most once
  std::vector<Finding> factors;            // each factor at most once, weight 1 by default
  std::vector<Finding> context;            // weight 0: shown, not counted
  bool heparin_factor = false;             // UFH red flag or LMWH factor is among them
  std::optional<base::Day> vertebral_fracture_date;
  bool vertebral_fracture_in_window = false;  // onset in the current pregnancy or postpartum window

  bool Has(RedFlag flag) const;
  // Counts without heparin (rule B).
  std::size_t FactorsWithoutHeparin() const;
  std::size_t RedFlagsWithoutHeparin() const;
  std::size_t lmwh_factors = 0;
};

RiskProfile ComputeRisk(const RuleInput& input, ChartReader& reader, const State& state,
                        const HeparinExposure& exposure);

}  // namespace osteon::cards::perinatal
