// Parts of rule A (back pain with risk of pregnancy/lactation osteoporosis): window, pain, trauma, and the
// card.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cards/packs/perinatal_bone_health/risk.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/packs/perinatal_bone_health/workup.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

inline constexpr std::string_view kBackPainRuleId = "A";
inline constexpr std::string_view kBackPainRuleTitle = "Back pain and pregnancy/lactation osteoporosis";

// W of rules.md section 5 rule A.
enum class Window : std::uint8_t { kNone, kEarly, kExtended, kCore };
Window WindowOf(const State& state, const Parameters& parameters);

struct BackPain {
  std::vector<Finding> evidence;    // empty: no back pain is known
  std::optional<Finding> severity;  // what makes it severe; absent: not severe, or unknown
  std::optional<base::Day> onset;   // of the newest pain; present when there is evidence

  bool present() const { return !evidence.empty(); }
  bool severe() const { return severity.has_value(); }
};
// Reads conditions, bonObs and encounter.
BackPain FindBackPain(const RuleInput& input, ChartReader& reader);

// True when a draft of an order hook makes rule A look: its reason is back pain, or it is a spinal orthosis
// or an image of the spine (clarification 26). Only drafts that may raise cards.
bool HasBackPainDraft(const RuleInput& input, ChartReader& reader);

// High-energy trauma within 30 days (clarification 29): it explains the pain.
bool HasTrauma(const RuleInput& input, ChartReader& reader);

struct BackPainFinding {
  std::string row;  // "A.2"
  Indicator indicator = Indicator::kInfo;
  Window window = Window::kNone;
  BackPain pain;
  RiskProfile risk;  // only for rows A.1 to A.5
  PloStatus plo;
  FractureStatus fractures;
  // Work-up that is there already; both parts together hide the card.
  std::optional<WorkupItem> imaging;
  std::optional<WorkupItem> vitamin_d;
  std::optional<WorkupItem> calcium;

  bool labs() const { return vitamin_d && calcium; }
};

Card BackPainCard(const RuleInput& input, ChartReader& reader, const State& state,
                  const BackPainFinding& finding);

}  // namespace osteon::cards::perinatal
