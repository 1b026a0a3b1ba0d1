// The text of an answer's head, by hand into a reused string, and what goes with it: dates, request ids,
// CORS. Private to server/http.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"

namespace osteon::server {

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

enum class CorsAnswer : std::uint8_t { kPreflight, kActual };

// Which origins may read answers. Source: Fetch standard, "CORS protocol"; credentials are never allowed.
class CorsPolicy {
 public:
  explicit CorsPolicy(std::string_view origins);  // "*", a comma-separated list, or empty: no headers at all
  // Appends the header lines for an answer to `origin` (may be empty).
  void Append(std::string_view origin, CorsAnswer answer, std::string& out) const;

 private:
  bool any_ = false;
  std::vector<std::string> origins_;
};

// The Date header, formatted once a second. One thread's.
class DateText {
 public:
  void Refresh();
  std::string_view text() const { return text_; }

 private:
  std::time_t second_ = 0;
  std::string text_;
};

// Ids for the log and the X-Request-Id header: the caller's when it is plain, else our own. One thread's.
class RequestIds {
 public:
  RequestIds();
  std::string Take(std::string_view from_caller);

 private:
  std::string prefix_;
  std::uint64_t next_ = 0;
};

struct AnswerHead {
  bool keep_alive = true;
  bool http_1_0 = false;
  bool without_body = false;  // HEAD: the length is said, the body not sent
  bool is_post = false;
  std::string_view allow;
  const CorsPolicy* cors = nullptr;
  std::string_view origin;
  std::string_view date;
  std::string_view request_id;
};

// Replaces `out`.
void WriteAnswerHead(const HttpResponse& response, const AnswerHead& head, std::string& out);

// The whole answer to a connection over the limit.
std::string ConnectionLimitAnswer();

// application/json or application/fhir+json, whatever the parameters.
bool IsJsonMediaType(std::string_view content_type);

std::string_view ListenerName(Metrics::Listener listener);

void LogAnswer(Log& log, std::string_view transport, const Route* route, const HttpResponse& response,
               std::string_view request_id, std::string_view detail, std::chrono::nanoseconds took);

}  // namespace osteon::server
