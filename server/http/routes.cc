#include "server/http/routes.h"

#include "fhir/json/writer.h"
#include "server/admin/admin_routes.h"
#include "server/http/rule_page.h"

namespace osteon::server {
namespace {

constexpr std::string_view kMetricsText = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view kHtml = "text/html; charset=utf-8";

HttpResponse Ok(std::string_view content_type, std::string body) {
  HttpResponse response;
  response.content_type = content_type;
  response.body = std::move(body);
  return response;
}

HttpResponse FromResult(base::Result<std::string> result) {
  if (!result.ok()) return ErrorResponse(result.error());
  // Feedback has nothing to say, and an empty body is no JSON.
  return result->empty() ? Ok("", "") : Ok(kJsonType, *std::move(result));
}

Call MakeCall(HttpRequest request) {
  Call call;
  call.service_id = std::move(request.id);
  call.body = std::move(request.body);
  call.request_id = std::move(request.request_id);
  call.transport = "http";
  return call;
}

HttpResponse Ready(const RouteContext& context) {
  const bool store = context.store.Healthy();
  const bool catalog = context.calls.catalog() != nullptr;
  const bool draining = context.draining.load();
  const bool ready = store && catalog && !draining;
  json::Writer writer;
  writer.StartObject().Member("status", ready ? "ready" : "not_ready");
  writer.Key("store").Bool(store).Key("catalog").Bool(catalog).Key("draining").Bool(draining);
  // An earlier version that stands in for the configured one is ready, and to be looked at.
  writer.Member("rules", RulesOriginName(context.activator.origin())).EndObject();
  HttpResponse response = Ok(kJsonType, std::string(writer.text()));
  if (!ready) response.status = 503;
  return response;
}

HttpHandler Answer(std::function<HttpResponse(const HttpRequest&)> make) {
  return [make = std::move(make)](const HttpRequest& request, const Respond& respond) {
    respond(make(request));
  };
}

void AddHealth(const RouteContext& context, std::vector<Route>& routes) {
  routes.push_back({"GET", "/health/live", RouteBody::kNone, RouteLog::kByHandler,
                    Answer([](const HttpRequest&) { return Ok(kJsonType, R"({"status":"live"})"); })});
  routes.push_back({"GET", "/health/ready", RouteBody::kNone, RouteLog::kByHandler,
                    Answer([context](const HttpRequest&) { return Ready(context); })});
}

}  // namespace

std::vector<Route> PublicRoutes(const RouteContext& context) {
  std::vector<Route> routes;
  routes.push_back({"POST", "/cds-services/{id}", RouteBody::kJson, RouteLog::kByHandler,
                    [&calls = context.calls](HttpRequest request, Respond respond) {
                      calls.Handle(MakeCall(std::move(request)), [respond = std::move(respond)](auto result) {
                        respond(FromResult(std::move(result)));
                      });
                    }});
  routes.push_back({"POST", "/cds-services/{id}/feedback", RouteBody::kJson, RouteLog::kByHandler,
                    [&calls = context.calls](HttpRequest request, Respond respond) {
                      calls.HandleFeedback(MakeCall(std::move(request)),
                                           [respond = std::move(respond)](auto result) {
                                             respond(FromResult(std::move(result)));
                                           });
                    }});
  routes.push_back({"GET", "/cds-services", RouteBody::kNone, RouteLog::kByListener,
                    Answer([&calls = context.calls](const HttpRequest&) {
                      return Ok(kJsonType, calls.catalog()->discovery_json());
                    })});
  routes.push_back({"GET", "/rules/{id}", RouteBody::kNone, RouteLog::kByListener,
                    Answer([&calls = context.calls](const HttpRequest& request) {
                      auto page = RulePage(calls.catalog()->pack(), request.id);
                      return page.ok() ? Ok(kHtml, *std::move(page)) : ErrorResponse(page.error());
                    })});
  AddHealth(context, routes);
  return routes;
}

std::vector<Route> AdminRoutes(const RouteContext& context) {
  std::vector<Route> routes;
  AddHealth(context, routes);
  routes.push_back(
      {"GET", "/metrics", RouteBody::kNone, RouteLog::kByHandler,
       Answer([&metrics = context.metrics, refresh = context.before_metrics](const HttpRequest&) {
         refresh();
         return Ok(kMetricsText, metrics.Text());
       })});
  AddAdminRoutes(context, routes);
  return routes;
}

}  // namespace osteon::server
