// A request and an answer as handlers see them, and the table of routes. No socket, no HTTP library.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base/error.h"

namespace osteon::server {

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kFhirJsonType = "application/fhir+json";

struct HttpRequest {
  std::string id;    // the path's {id}, decoded
  std::string body;  // capacity() >= size() + json::kReadPadding
  std::string authorization;
  std::string request_id;
};

struct HttpResponse {
  int status = 200;
  std::string_view content_type;  // static text; empty when there is no body
  std::string body;
  base::ErrorCode error = base::ErrorCode::kCount_;  // kCount_: no error
  // Static text for the log when no handler took the request, which the session then counts; else empty.
  std::string_view refused;
};

// Called exactly once, on any thread.
using Respond = std::function<void(HttpResponse)>;
using HttpHandler = std::function<void(HttpRequest, Respond)>;

enum class RouteBody : std::uint8_t { kNone, kJson };
// Calls count and log themselves, with what they decided.
enum class RouteLog : std::uint8_t { kByListener, kByHandler };

struct Route {
  std::string_view method;   // "GET" (which answers HEAD too) or "POST"
  std::string_view pattern;  // "/cds-services/{id}/feedback"
  RouteBody body = RouteBody::kNone;
  RouteLog log = RouteLog::kByListener;
  HttpHandler handler;
};

// The status of the error table and an OperationOutcome.
HttpResponse ErrorResponse(const base::Error& error);

}  // namespace osteon::server
