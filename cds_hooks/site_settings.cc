#include "cds_hooks/site_settings.h"

#include <algorithm>
#include <string>

namespace osteon::cds_hooks {

using cards::RuleState;
using json::operator""_key;

namespace {

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Where the encounter of the context takes place, or who provides it.
bool IsInUnit(const std::vector<std::string>& units, const Prepared& prepared, const cards::Chart& chart) {
  if (units.empty() || prepared.encounter_id.empty()) return false;
  const json::Value encounter = chart.Find("Encounter", prepared.encounter_id).json;
  if (!encounter) return false;
  if (Holds(units, encounter["serviceProvider"_key]["reference"_key].string())) return true;
  for (const json::Value place : encounter["location"_key]) {
    if (Holds(units, place["location"_key]["reference"_key].string())) return true;
  }
  return false;
}

bool IsInPilot(const cards::Pilot& pilot, std::string_view rule, const Prepared& prepared,
               const cards::Chart& chart) {
  return Holds(pilot.users, prepared.user_id) || IsInUnit(pilot.units, prepared, chart) ||
         cards::IsInShare(pilot, prepared.patient_id, rule);
}

}  // namespace

RuleStanding StandingOf(std::string_view rule, const Prepared& prepared, const cards::Chart& chart) {
  const auto& rules = prepared.pack->settings.rules;
  if (rules.empty()) return {};
  const auto found = rules.find(rule);
  if (found == rules.end()) return {};
  const cards::RuleSetting& setting = found->second;
  switch (setting.state) {
    case RuleState::kActive:
      return {};
    case RuleState::kSilent:
      return {true, false, "silent"};
    case RuleState::kPilot:
      if (IsInPilot(setting.pilot, rule, prepared, chart)) return {};
      return {true, false, "pilot:outside"};
    case RuleState::kDraft:
      return {false, false, "state:draft"};
    case RuleState::kSuspended:
      return {false, false, "state:suspended"};
    case RuleState::kRetired:
      return {false, false, "state:retired"};
  }
  return {};
}

void ApplySettings(const cards::SiteSettings& settings, const RuleStanding& standing,
                   cards::RuleOutcome& outcome) {
  if (!standing.is_shown) {
    outcome.card.reset();
    outcome.absorbs.clear();
    if (outcome.status == cards::RuleStatus::kFired) outcome.reason = standing.reason;
    return;
  }
  if (settings.rows.empty() || outcome.status != cards::RuleStatus::kFired) return;
  const auto found = settings.rows.find(outcome.row);
  if (found == settings.rows.end()) return;
  if (found->second.is_off) {
    outcome.status = cards::RuleStatus::kSuppressed;
    outcome.reason = "row_off";
    outcome.card.reset();
    outcome.absorbs.clear();
  } else if (found->second.lowered_to && outcome.card) {
    outcome.card->indicator = std::min(outcome.card->indicator, *found->second.lowered_to);
    // A warning may stand for other cards; what is a mere hint now may not.
    if (outcome.card->indicator == cards::Indicator::kInfo) outcome.absorbs.clear();
  }
}

}  // namespace osteon::cds_hooks
