#include "server/admin/admin_routes.h"

#include <utility>

#include "fhir/base/arena.h"
#include "fhir/base/text.h"
#include "fhir/json/tree.h"
#include "server/admin/admin_pages.h"
#include "server/admin/admin_token.h"
#include "server/admin/rules_pages.h"

namespace osteon::server {
namespace {

constexpr std::size_t kHistoryRows = 1000;
constexpr std::size_t kWhyBytes = 1000;
constexpr int kUnprocessable = 422;  // RFC 9110, section 15.5.21

HttpResponse Json(std::string body) {
  HttpResponse response;
  response.content_type = kJsonType;
  response.body = std::move(body);
  return response;
}

base::Result<const AdminToken*> CallerOf(const RouteContext& context, const HttpRequest& request) {
  const AdminToken* token = FindToken(context.admin_tokens, request.authorization);
  if (token != nullptr) return token;
  return base::Error{base::ErrorCode::kUnauthenticated, "a token of the admin API is needed", "", ""};
}

HttpHandler Reads(const RouteContext& context, std::function<base::Result<std::string>()> make) {
  return [context, make = std::move(make)](const HttpRequest& request, const Respond& respond) {
    const auto caller = CallerOf(context, request);
    if (!caller.ok()) return respond(ErrorResponse(caller.error()));
    auto page = make();
    respond(page.ok() ? Json(*std::move(page)) : ErrorResponse(page.error()));
  };
}

base::Result<ActivationOrder> ReadOrder(ActivationAction action, const HttpRequest& request) {
  base::Arena arena;
  OSTEON_ASSIGN_OR_RETURN(const json::Tree* tree, json::Tree::Read(request.body, arena));
  ActivationOrder order;
  order.action = action;
  order.why = base::Trim(tree->root().Find("why").string());
  order.to = tree->root().Find("to").string();
  if (order.why.empty()) return base::Error{base::ErrorCode::kMissingField, "say why", "", "why"};
  if (order.why.size() > kWhyBytes)
    return base::Error{base::ErrorCode::kInvalidRequest, "longer than 1000 bytes", "", "why"};
  if (action == ActivationAction::kRollback && order.to.empty())
    return base::Error{base::ErrorCode::kMissingField, "the hash of a kept version is missing", "", "to"};
  return order;
}

HttpHandler Changes(const RouteContext& context, ActivationAction action) {
  return [context, action](const HttpRequest& request, const Respond& respond) {
    const auto caller = CallerOf(context, request);
    if (!caller.ok()) return respond(ErrorResponse(caller.error()));
    if ((*caller)->role != "admin") {
      return respond(
          ErrorResponse({base::ErrorCode::kForbidden, "this needs a token of the role admin", "", ""}));
    }
    auto order = ReadOrder(action, request);
    if (!order.ok()) return respond(ErrorResponse(order.error()));
    order->who = (*caller)->name;
    context.activator.Submit(*std::move(order), [respond](const ActivationOutcome& outcome) {
      if (outcome.error) return respond(ErrorResponse(*outcome.error));
      HttpResponse response = Json(OutcomePage(outcome));
      if (!outcome.findings.empty()) response.status = kUnprocessable;
      respond(std::move(response));
    });
  };
}

}  // namespace

void AddAdminRoutes(const RouteContext& context, std::vector<Route>& routes) {
  routes.push_back({"GET", "/admin/v1/feedback", RouteBody::kNone, RouteLog::kByListener,
                    Reads(context, [&store = context.store] { return FeedbackPage(store); })});
  routes.push_back({"GET", "/admin/v1/pack", RouteBody::kNone, RouteLog::kByListener,
                    Reads(context, [&calls = context.calls] {
                      return base::Result<std::string>(PackPage(calls.catalog()->pack()));
                    })});
  routes.push_back({"GET", "/admin/v1/rules", RouteBody::kNone, RouteLog::kByListener,
                    Reads(context, [&calls = context.calls, &activator = context.activator] {
                      return base::Result<std::string>(
                          RulesPage(calls.catalog()->pack(), activator.origin()));
                    })});
  routes.push_back({"GET", "/admin/v1/history", RouteBody::kNone, RouteLog::kByListener,
                    Reads(context, [&history = context.history]() -> base::Result<std::string> {
                      OSTEON_ASSIGN_OR_RETURN(const auto activations, history.ListActivations(kHistoryRows));
                      return HistoryPage(activations);
                    })});
  routes.push_back({"POST", "/admin/v1/reload", RouteBody::kJson, RouteLog::kByListener,
                    Changes(context, ActivationAction::kReload)});
  routes.push_back({"POST", "/admin/v1/rollback", RouteBody::kJson, RouteLog::kByListener,
                    Changes(context, ActivationAction::kRollback)});
}

}  // namespace osteon::server
