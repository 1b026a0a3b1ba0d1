// What the admin API says about the rules in service and how they came there, as JSON.
#pragma once

#include <string>
#include <vector>

#include "cards/pack.h"
#include "fhir/json/writer.h"
#include "server/activation/activator.h"

namespace osteon::server {

// [{key, value, default, range, unit, meaning}]
void WriteParameters(json::Writer& writer, const cards::Parameters& parameters);

// {pack, version, title, hash, serves, parameters[...], rules[{id, title, state, pilot{users, units, share},
// hooks, rows[{id, title, indicator, lowered_to, enabled}]}]}. A rule without a setting is active.
std::string RulesPage(const cards::Pack& pack, RulesOrigin origin);

// {"activations":[{when, action, who, why, before, after, wanted, result, detail}]}, as given.
std::string HistoryPage(const std::vector<Activation>& activations);

// {result, before, after, detail, findings[{file, line, column, message, hint}]}.
std::string OutcomePage(const ActivationOutcome& outcome);

}  // namespace osteon::server
