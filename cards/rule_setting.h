// How a site runs the rules of a pack: the state of each in its life cycle, rows lowered or switched off.
// Source: docs/rule-packs.md "Overlay".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/card.h"

namespace osteon::cards {

// Evaluated and shown: pilot (for those in the pilot) and active. Evaluated and recorded, never shown:
// silent, and pilot for everybody else. Not evaluated: the others.
enum class RuleState : std::uint8_t { kDraft, kSilent, kPilot, kActive, kSuspended, kRetired };
std::span<const std::string_view> RuleStateNames();
std::string_view RuleStateName(RuleState state);
std::optional<RuleState> FindRuleState(std::string_view name);

// Who sees the cards of a rule in pilot: any of the three. References as "Type/id".
struct Pilot {
  std::vector<std::string> users;
  std::vector<std::string> units;  // Location or Organization of the context's encounter
  std::int32_t share_percent = 0;  // of patients: by a hash of patient and rule, the same at every call
};
// Whether the share holds the patient. FNV-1a, 64 bit, of the patient's id, a line feed and the rule's id,
// modulo 100.
bool IsInShare(const Pilot& pilot, std::string_view patient_id, std::string_view rule);

struct RuleSetting {
  RuleState state = RuleState::kActive;
  Pilot pilot;
};

struct RowSetting {
  bool is_off = false;
  std::optional<Indicator> lowered_to;
};

// By id; what is not named is active and as the pack says.
struct SiteSettings {
  std::map<std::string, RuleSetting, std::less<>> rules;
  std::map<std::string, RowSetting, std::less<>> rows;
};

}  // namespace osteon::cards
