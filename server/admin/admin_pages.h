// The bodies of the admin API, as JSON.
#pragma once

#include <string>

#include "cards/pack.h"
#include "fhir/base/result.h"
#include "server/store/store.h"

namespace osteon::server {

// {"feedback":[{service, rule, row, pack_version, shown, answered, accepted, overridden, rates{...},
// override_reasons[{code, cards}]}]}. A rate is left out when its denominator is zero.
base::Result<std::string> FeedbackPage(Store& store);

// {id, version, title, parameters[{key, value, default, range, unit, meaning}], services[{id, hook, title}],
// rules[{id, title}]}.
std::string PackPage(const cards::Pack& pack);

}  // namespace osteon::server
