#include "server/http/answer_text.h"

#include <sys/random.h>

#include <algorithm>
#include <charconv>

#include "fhir/base/text.h"
#include "server/error_outcome.h"

namespace osteon::server {
namespace {

constexpr std::size_t kLongestRequestId = 64;

// Status lines of every status we send.
std::string_view StatusLine(int status) {
  switch (status) {
    case 200:
      return "HTTP/1.1 200 OK\r\n";
    case 204:
      return "HTTP/1.1 204 No Content\r\n";
    case 400:
      return "HTTP/1.1 400 Bad Request\r\n";
    case 401:
      return "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n";
    case 403:
      return "HTTP/1.1 403 Forbidden\r\n";
    case 404:
      return "HTTP/1.1 404 Not Found\r\n";
    case 405:
      return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408:
      return "HTTP/1.1 408 Request Timeout\r\n";
    case 412:
      return "HTTP/1.1 412 Precondition Failed\r\n";
    case 413:
      return "HTTP/1.1 413 Content Too Large\r\n";
    case 415:
      return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 422:
      return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 431:
      return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 503:
      return "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n";
    case 504:
      return "HTTP/1.1 504 Gateway Timeout\r\n";
    default:
      return "HTTP/1.1 500 Internal Server Error\r\n";
  }
}

void AppendNumber(std::uint64_t value, int base, std::string& out) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, base);
  out.append(digits, end);
}

bool IsPlainId(std::string_view id) {
  return !id.empty() && id.size() <= kLongestRequestId &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == id.npos;
}

}  // namespace

HttpResponse ErrorResponse(const base::Error& error) {
  HttpResponse response;
  response.status = base::Describe(error.code).http_status;
  response.content_type = kFhirJsonType;
  response.body = OperationOutcomeJson(error);
  response.error = error.code;
  return response;
}

CorsPolicy::CorsPolicy(std::string_view origins) {
  while (!origins.empty()) {
    const auto comma = origins.find(',');
    const auto origin = base::Trim(origins.substr(0, comma));
    if (origin == "*") any_ = true;
    if (!origin.empty()) origins_.emplace_back(origin);
    origins = comma == origins.npos ? std::string_view() : origins.substr(comma + 1);
  }
}

void CorsPolicy::Append(std::string_view origin, CorsAnswer answer, std::string& out) const {
  constexpr std::string_view kPreflight =
      "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
      "Access-Control-Allow-Headers: authorization, content-type, x-request-id\r\n"
      "Access-Control-Max-Age: 3600\r\n";
  constexpr std::string_view kActual = "Access-Control-Expose-Headers: x-request-id\r\n";
  if (origins_.empty()) return;
  if (!any_) {
    out.append("Vary: Origin\r\n");
    if (std::find(origins_.begin(), origins_.end(), origin) == origins_.end()) return;
  }
  out.append("Access-Control-Allow-Origin: ").append(any_ ? "*" : origin).append("\r\n");
  out.append(answer == CorsAnswer::kPreflight ? kPreflight : kActual);
}

void DateText::Refresh() {
  const std::time_t now = std::time(nullptr);
  if (now == second_) return;
  second_ = now;
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[40];
  // The names are English whatever the locale: osteon never sets one.
  text_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

RequestIds::RequestIds() {
  std::uint32_t random = 0;
  (void)!::getrandom(&random, sizeof random, 0);
  AppendNumber(random, 16, prefix_);
  prefix_ += '-';
}

std::string RequestIds::Take(std::string_view from_caller) {
  if (IsPlainId(from_caller)) return std::string(from_caller);
  std::string id = prefix_;
  AppendNumber(++next_, 16, id);
  return id;
}

void WriteAnswerHead(const HttpResponse& response, const AnswerHead& head, std::string& out) {
  out.assign(StatusLine(response.status));
  if (response.status != 204) {
    if (!response.content_type.empty())
      out.append("Content-Type: ").append(response.content_type).append("\r\n");
    out.append("Content-Length: ");
    AppendNumber(response.body.size(), 10, out);
    out.append("\r\n");
  }
  out.append("Date: ").append(head.date).append("\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ");
  out.append(head.request_id).append("\r\n");
  if (head.is_post) out.append("Cache-Control: no-store\r\n");
  if (!head.allow.empty()) out.append("Allow: ").append(head.allow).append("\r\n");
  if (head.cors != nullptr)
    head.cors->Append(head.origin, response.status == 204 ? CorsAnswer::kPreflight : CorsAnswer::kActual,
                      out);
  if (!head.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (head.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

std::string ConnectionLimitAnswer() {
  const HttpResponse response =
      ErrorResponse({base::ErrorCode::kUnavailable, "too many connections; try again later", "", ""});
  std::string text(StatusLine(response.status));
  text.append("Content-Type: ").append(response.content_type).append("\r\nContent-Length: ");
  AppendNumber(response.body.size(), 10, text);
  return text.append("\r\nConnection: close\r\n\r\n").append(response.body);
}

bool IsJsonMediaType(std::string_view content_type) {
  const auto type = base::Trim(content_type.substr(0, content_type.find(';')));
  return base::AsciiEqualsIgnoreCase(type, kJsonType) || base::AsciiEqualsIgnoreCase(type, kFhirJsonType);
}

std::string_view ListenerName(Metrics::Listener listener) {
  switch (listener) {
    case Metrics::Listener::kHttp:
      return "http";
    case Metrics::Listener::kGrpc:
      return "grpc";
    case Metrics::Listener::kAdmin:
      break;
  }
  return "admin";
}

void LogAnswer(Log& log, std::string_view transport, const Route* route, const HttpResponse& response,
               std::string_view request_id, std::string_view detail, std::chrono::nanoseconds took) {
  RequestLine line;
  line.request_id = request_id;
  line.transport = transport;
  // The route's pattern, never the path as sent: it may hold anything.
  line.service = route != nullptr ? route->pattern : std::string_view();
  line.status = response.status;
  if (response.error != base::ErrorCode::kCount_) line.error = base::Describe(response.error).name;
  line.detail = detail;
  line.took = std::chrono::duration_cast<std::chrono::microseconds>(took);
  log.Request(line);
}

}  // namespace osteon::server
