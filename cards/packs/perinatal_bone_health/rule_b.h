// Parts of rule B (heparin-associated bone loss): what its row found, and the card made of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cards/packs/perinatal_bone_health/heparin.h"
#include "cards/packs/perinatal_bone_health/risk.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

inline constexpr std::string_view kHeparinRuleId = "B";
inline constexpr std::string_view kHeparinRuleTitle = "Heparin-associated bone loss";

// A heparin draft of the request.
struct HeparinDraft {
  const Draft* draft = nullptr;
  HeparinClass heparin = HeparinClass::kNone;
};

struct HeparinFinding {
  std::string row;  // "B.3", "B.1p"
  Indicator indicator = Indicator::kInfo;
  bool about_ufh = true;  // else about LMWH
  bool projected = false;
  HeparinExposure exposure;  // projected when `projected`
  RiskProfile risk;          // only when the row asks for factors
  std::vector<HeparinDraft> drafts;
};

Card HeparinCard(const RuleInput& input, ChartReader& reader, const State& state,
                 const HeparinFinding& finding);

}  // namespace osteon::cards::perinatal
