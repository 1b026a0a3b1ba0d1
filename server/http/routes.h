// The endpoints of the public and the admin listener.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "server/activation/activator.h"
#include "server/call.h"
#include "server/config.h"
#include "server/http/message.h"
#include "server/observe/metrics.h"
#include "server/store/store.h"

namespace osteon::server {

struct RouteContext {
  CallHandler& calls;
  Store& store;
  ActivationLog& history;
  Activator& activator;
  Metrics& metrics;
  const std::atomic<bool>& draining;
  const std::vector<AdminToken>& admin_tokens;
  std::function<void()> before_metrics;  // brings gauges up to date
};

// GET /cds-services, POST /cds-services/{id}, POST /cds-services/{id}/feedback, GET /rules/{id}, GET
// /health/*.
std::vector<Route> PublicRoutes(const RouteContext& context);

// GET /metrics, GET /health/*, and those of server/admin/admin_routes.h.
std::vector<Route> AdminRoutes(const RouteContext& context);

}  // namespace osteon::server
