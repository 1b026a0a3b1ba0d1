#include "cards/rule_setting.h"

#include <algorithm>
#include <iterator>

namespace osteon::cards {
namespace {

constexpr std::string_view kStateNames[] = {"draft", "silent", "pilot", "active", "suspended", "retired"};

}  // namespace

std::span<const std::string_view> RuleStateNames() {
  return kStateNames;
}

std::string_view RuleStateName(RuleState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::optional<RuleState> FindRuleState(std::string_view name) {
  const auto* const found = std::find(std::begin(kStateNames), std::end(kStateNames), name);
  if (found == std::end(kStateNames)) return std::nullopt;
  return static_cast<RuleState>(found - std::begin(kStateNames));
}

bool IsInShare(const Pilot& pilot, std::string_view patient_id, std::string_view rule) {
  constexpr std::uint64_t kPrime = 1'099'511'628'211U;
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  };
  add(patient_id);
  add("\n");
  add(rule);
  return static_cast<std::int32_t>(hash % 100) < pilot.share_percent;
}

}  // namespace osteon::cards
