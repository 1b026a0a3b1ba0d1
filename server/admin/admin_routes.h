// The admin API.
#pragma once

#include <vector>

#include "server/http/routes.h"

namespace osteon::server {

// For any named token: GET /admin/v1/feedback, /admin/v1/pack, /admin/v1/rules, /admin/v1/history (the newest
// 1000). For the role admin: POST /admin/v1/reload {"why"}, POST /admin/v1/rollback {"to", "why"}: 200 with
// what became of it, 422 with the findings when the version is refused.
void AddAdminRoutes(const RouteContext& context, std::vector<Route>& routes);

}  // namespace osteon::server
