// The page behind a card's source.url: what rule this is and which version of the pack it comes from.
#pragma once

#include <string>
#include <string_view>

#include "cards/pack.h"
#include "fhir/base/result.h"

namespace osteon::server {

// HTML; kRouteNotFound when the pack has no such rule.
base::Result<std::string> RulePage(const cards::Pack& pack, std::string_view rule_id);

}  // namespace osteon::server
