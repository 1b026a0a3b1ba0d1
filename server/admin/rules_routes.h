// The part of the admin API that shows and changes which rules are served.
#pragma once

#include <vector>

#include "server/http/routes.h"

namespace osteon::server {

// For the role viewer: GET /admin/v1/rules, GET /admin/v1/history (the newest 1000). For the role admin: POST
// /admin/v1/reload {"why"}, POST /admin/v1/rollback {"to", "why"}: 200 with what became of it, 422 with the
// findings when the version is refused.
void AddRulesRoutes(const RouteContext& context, std::vector<Route>& routes);

}  // namespace osteon::server
