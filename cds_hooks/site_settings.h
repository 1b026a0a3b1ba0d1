// What a site's settings make of a rule and of what it says in one call.
#pragma once

#include <string_view>

#include "cards/chart.h"
#include "cards/rule.h"
#include "cards/rule_setting.h"
#include "cds_hooks/engine.h"

namespace osteon::cds_hooks {

struct RuleStanding {
  bool is_evaluated = true;
  bool is_shown = true;
  std::string_view reason;  // "state:suspended"; "silent", "pilot:outside"; empty when shown
};
RuleStanding StandingOf(std::string_view rule, const Prepared& prepared, const cards::Chart& chart);

// A fired row that is switched off becomes suppressed("row_off"), a lowered one gets its indicator. What a
// rule says that is not shown stays fired, with the standing's reason, and loses its card.
void ApplySettings(const cards::SiteSettings& settings, const RuleStanding& standing,
                   cards::RuleOutcome& outcome);

}  // namespace osteon::cds_hooks
