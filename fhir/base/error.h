// Errors of osteon, independent of transport. kErrorTable is the only place that says what an error is
// called, which HTTP and gRPC status it travels as, and which FHIR issue type (R4 value set issue-type)
// describes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace osteon::base {

enum class ErrorCode : std::uint8_t {
  kMalformedJson,         // the body is not RFC 8259 JSON; public_text holds the byte offset
  kInvalidRequest,        // JSON that breaks the CDS Hooks specification; path names the member
  kMissingField,          // a required member is absent; path names it
  kHookMismatch,          // the service exists, but not for this hook
  kServiceNotFound,       // no service has this id
  kRouteNotFound,         // no endpoint has this path
  kMethodNotAllowed,      // the endpoint exists, for other methods
  kUnsupportedMediaType,  // Content-Type is not JSON
  kMissingData,           // no rule of the service could be evaluated for want of FHIR data
  kBodyTooLarge,          // over the configured body, depth or node limit
  kHeadersTooLarge,       // over the configured header limit
  kRequestTimeout,        // the client was too slow to send
  kUnauthenticated,       // no token, or not ours; the answer never says why
  kForbidden,             // token valid, not allowed here
  kDeadlineExceeded,      // out of time budget
  kUnavailable,           // draining, overloaded, or the store cannot take what must be durable
  kInvalidConfig,  // start-up: option unknown, malformed or out of range; path is file:line:column or flag
  kStore,          // the decision store failed
  kInternal,       // our bug
  kCount_,
};

struct ErrorRow {
  ErrorCode code;
  std::string_view name;        // stable; tests, metrics and clients may match it
  int http_status;              // RFC 9110; 412 from CDS Hooks 2.0.1 "HTTP Status Codes"
  int grpc_status;              // numeric grpc::StatusCode
  std::string_view issue_type;  // http://hl7.org/fhir/R4/valueset-issue-type.html
};

inline constexpr ErrorRow kErrorTable[] = {
    {ErrorCode::kMalformedJson, "malformed_json", 400, 3, "structure"},
    {ErrorCode::kInvalidRequest, "invalid_request", 400, 3, "invalid"},
    {ErrorCode::kMissingField, "missing_field", 400, 3, "required"},
    {ErrorCode::kHookMismatch, "hook_mismatch", 400, 3, "not-supported"},
    {ErrorCode::kServiceNotFound, "service_not_found", 404, 5, "not-found"},
    {ErrorCode::kRouteNotFound, "route_not_found", 404, 12, "not-found"},
    {ErrorCode::kMethodNotAllowed, "method_not_allowed", 405, 12, "not-supported"},
    {ErrorCode::kUnsupportedMediaType, "unsupported_media_type", 415, 3, "not-supported"},
    {ErrorCode::kMissingData, "missing_data", 412, 9, "incomplete"},
    {ErrorCode::kBodyTooLarge, "body_too_large", 413, 8, "too-long"},
    {ErrorCode::kHeadersTooLarge, "headers_too_large", 431, 8, "too-long"},
    {ErrorCode::kRequestTimeout, "request_timeout", 408, 4, "timeout"},
    {ErrorCode::kUnauthenticated, "unauthenticated", 401, 16, "login"},
    {ErrorCode::kForbidden, "forbidden", 403, 7, "forbidden"},
    {ErrorCode::kDeadlineExceeded, "deadline_exceeded", 504, 4, "timeout"},
    {ErrorCode::kUnavailable, "unavailable", 503, 14, "transient"},
    {ErrorCode::kInvalidConfig, "invalid_config", 500, 13, "invalid"},
    {ErrorCode::kStore, "store", 503, 14, "no-store"},
    {ErrorCode::kInternal, "internal", 500, 13, "exception"},
};

consteval bool ErrorTableIsComplete() {
  if (std::size(kErrorTable) != static_cast<std::size_t>(ErrorCode::kCount_)) return false;
  for (std::size_t i = 0; i < std::size(kErrorTable); ++i) {
    if (static_cast<std::size_t>(kErrorTable[i].code) != i) return false;
  }
  return true;
}
static_assert(ErrorTableIsComplete(), "kErrorTable: one row per ErrorCode, in enum order");

constexpr const ErrorRow& Describe(ErrorCode code) {
  return kErrorTable[static_cast<std::size_t>(code)];
}

// A failure of us, the caller or the world; never a state of the patient's data.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string public_text;  // for the caller: no patient data, no internals, no library message
  std::string log_detail;   // for our log: no patient data, no token; may be empty
  std::string path;         // FHIR element path, JSON pointer, or file:line:column; may be empty
};

}  // namespace osteon::base
