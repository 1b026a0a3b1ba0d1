#include "server/http/session.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "fhir/json/tree.h"

namespace osteon::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kFirstReadBytes = 16 * 1024;
constexpr std::size_t kBodyStepBytes = 64 * 1024;
// What is read and thrown away so that a client gets the answer to a request it is still sending.
constexpr std::size_t kLongestLingerBytes = 4 << 20;
constexpr std::chrono::milliseconds kLongestLinger{2'000};
constexpr std::string_view kOverloaded = "overloaded; try again later";

base::Error Malformed(std::string_view detail) {
  return base::Error{base::ErrorCode::kInvalidRequest, "not a well-formed HTTP/1.1 request",
                     std::string(detail), ""};
}
base::Error TooSlow() {
  return base::Error{base::ErrorCode::kRequestTimeout, "the request came too slowly", "", ""};
}
// In place of a handler that would have counted and logged by itself.
HttpResponse Refusal(base::ErrorCode code, std::string_view public_text, std::string_view detail) {
  HttpResponse response = ErrorResponse({code, std::string(public_text), "", ""});
  response.refused = detail;
  return response;
}
base::Error TooLarge(std::size_t limit) {
  return base::Error{base::ErrorCode::kBodyTooLarge,
                     "the body is larger than " + std::to_string(limit) + " bytes", "", ""};
}

}  // namespace

Awaitable<std::size_t> Session::ReadSome(char* into, std::size_t room) {
  if (cut_) co_return 0;
  error_code code;
  const std::size_t count =
      co_await socket_.async_read_some(asio::buffer(into, room), asio::redirect_error(kAwait, code));
  co_return code ? 0 : count;
}

Awaitable<Session::Step> Session::FillBuffer() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == in_.size()) {
    if (begin_ > 0) {
      in_.erase(0, begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    in_.resize(std::max(kFirstReadBytes, in_.size() * 2));
  }
  const std::size_t count = co_await ReadSome(in_.data() + end_, in_.size() - end_);
  end_ += count;
  co_return count > 0 ? Step::kOk : Step::kClosed;
}

Session::Step Session::Failed(base::Error error) {
  error_ = std::move(error);
  return Step::kFailed;
}

Awaitable<Session::Step> Session::ReadHead(RequestParser& parser) {
  Enter(Phase::kIdle, server_.options.idle_timeout);
  read_all_ = false;
  // Whoever stops the server may have looked before this connection became idle.
  if (begin_ == end_ && server_.draining.load()) co_return Step::kClosed;
  for (;;) {
    // An empty line before a request is allowed (RFC 9112 section 2.2).
    while (phase_ == Phase::kIdle && begin_ < end_ && (in_[begin_] == '\r' || in_[begin_] == '\n')) ++begin_;
    if (begin_ < end_) {
      if (phase_ == Phase::kIdle) Enter(Phase::kHeader, server_.options.header_timeout);
      error_code code;
      begin_ += parser.put(asio::buffer(in_.data() + begin_, end_ - begin_), code);
      if (code == http::error::header_limit) {
        co_return Failed({base::ErrorCode::kHeadersTooLarge, "the header is too large", "", ""});
      }
      if (code && code != http::error::need_more) co_return Failed(Malformed(code.message()));
      if (parser.is_header_done()) co_return CheckHead(parser);
    }
    if (co_await FillBuffer() == Step::kOk) continue;
    if (phase_ == Phase::kHeader && cut_) co_return Failed(TooSlow());
    co_return Step::kClosed;
  }
}

// What Beast lets pass and a proxy in front might read differently.
Session::Step Session::CheckHead(const RequestParser& parser) {
  if (head_.hosts > 1 || (head_.hosts == 0 && head_.version >= 11))
    return Failed(Malformed("Host missing or twice"));
  if (head_.lengths > 1) return Failed(Malformed("Content-Length twice"));
  if (head_.odd_coding || (parser.chunked() && head_.version < 11)) {
    return Failed(Malformed("Transfer-Encoding other than chunked"));
  }
  return Step::kOk;
}

std::optional<base::Error> Session::CheckRoute(const RequestParser& parser, const RouteMatch& match) const {
  if (match.error) return match.error;
  if (match.route == nullptr || match.route->body == RouteBody::kNone) return std::nullopt;
  if (!IsJsonMediaType(head_.content_type)) {
    return base::Error{base::ErrorCode::kUnsupportedMediaType, "Content-Type must be application/json", "",
                       ""};
  }
  const auto length = parser.content_length();
  if (length && *length > server_.options.max_body_bytes) return TooLarge(server_.options.max_body_bytes);
  return std::nullopt;
}

Awaitable<Session::Step> Session::ReadBody(RequestParser& parser) {
  Enter(Phase::kBody, server_.options.body_timeout);
  Step step = Step::kOk;
  if (parser.chunked()) {
    step = co_await ReadChunks(parser);
  } else if (const auto length = parser.content_length(); length && *length > 0) {
    if (*length > server_.options.max_body_bytes) co_return Failed(TooLarge(server_.options.max_body_bytes));
    step = co_await ReadLength(static_cast<std::size_t>(*length));
  }
  read_all_ = step == Step::kOk;
  if (step == Step::kClosed && cut_) co_return Failed(TooSlow());
  co_return step;
}

Awaitable<Session::Step> Session::ReadChunks(RequestParser& parser) {
  parser.eager(true);
  while (!parser.is_done()) {
    error_code code;
    if (begin_ < end_) begin_ += parser.put(asio::buffer(in_.data() + begin_, end_ - begin_), code);
    if (parser.body_too_large()) co_return Failed(TooLarge(server_.options.max_body_bytes));
    if (code && code != http::error::need_more) co_return Failed(Malformed(code.message()));
    if (parser.is_done()) break;
    // One chunk's header cannot be longer than the buffer may grow.
    if (end_ - begin_ > server_.options.max_header_bytes + kFirstReadBytes)
      co_return Failed(Malformed("chunk header"));
    if (co_await FillBuffer() != Step::kOk) co_return Step::kClosed;
  }
  body_.reserve(body_.size() + json::kReadPadding);
  co_return Step::kOk;
}

// Straight into the body: only what came along with the header is copied.
Awaitable<Session::Step> Session::ReadLength(std::size_t length) {
  std::size_t have = std::min(length, end_ - begin_);
  body_.reserve(std::min(length, kBodyStepBytes) + json::kReadPadding);
  body_.assign(in_, begin_, have);
  begin_ += have;
  while (have < length) {
    // Memory follows what arrives, not what is announced.
    body_.resize(std::min(length, have + std::max(have, kBodyStepBytes)));
    const std::size_t count = co_await ReadSome(body_.data() + have, body_.size() - have);
    if (count == 0) co_return Step::kClosed;
    have += count;
  }
  body_.reserve(length + json::kReadPadding);
  co_return Step::kOk;
}

void Session::Start(const Route& route, HttpRequest request, Respond respond) {
  try {
    route.handler(std::move(request), respond);
  } catch (const std::bad_alloc&) {
    respond(Refusal(base::ErrorCode::kUnavailable, kOverloaded, "out of memory"));
  } catch (...) {
    respond(Refusal(base::ErrorCode::kInternal, "internal error", "exception in a handler"));
  }
}

Awaitable<HttpResponse> Session::Handle(const Route& route, HttpRequest request) {
  phase_ = Phase::kHandling;
  deadline_ = Clock::time_point::max();  // the handler has its own limits
  return asio::async_initiate<decltype(kAwait), void(HttpResponse)>(
      [this, &route](auto handler, HttpRequest taken) {
        struct Waiting {
          decltype(handler) resume;
          bool answered;
        };
        auto waiting = std::make_shared<Waiting>(Waiting{std::move(handler), false});
        Respond respond = [waiting, executor = socket_.get_executor()](HttpResponse response) {
          asio::post(executor, [waiting, response = std::move(response)]() mutable {
            // A handler that failed after it had promised an answer answers once all the same.
            if (!std::exchange(waiting->answered, true)) waiting->resume(std::move(response));
          });
        };
        if (server_.workers == nullptr || taken.body.size() <= server_.options.inline_body_bytes) {
          Start(route, std::move(taken), std::move(respond));
          return;
        }
        auto job = std::make_shared<HttpRequest>(std::move(taken));
        if (server_.workers->Post([this, &route, job, respond] { Start(route, std::move(*job), respond); }))
          return;
        respond(Refusal(base::ErrorCode::kUnavailable, kOverloaded, "workers busy"));
      },
      kAwait, std::move(request));
}

Awaitable<bool> Session::Write(const HttpResponse& response, const AnswerHead& head) {
  Enter(Phase::kWriting, server_.options.body_timeout);
  WriteAnswerHead(response, head, out_);
  const std::string_view body = head.without_body ? std::string_view() : std::string_view(response.body);
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_),
                                                     asio::buffer(body.data(), body.size())};
  error_code code;
  co_await asio::async_write(socket_, buffers, asio::redirect_error(kAwait, code));
  co_return !code && !cut_;
}

// Reads, handles and answers one request. False: the connection is done for.
Awaitable<bool> Session::ServeOne() {
  head_.Clear();
  body_.clear();
  RequestParser parser(head_, body_, server_.options.max_header_bytes, server_.options.max_body_bytes);
  Step step = co_await ReadHead(parser);
  if (step == Step::kClosed) co_return false;
  const auto start = Clock::now();
  RouteMatch match;
  if (step == Step::kOk) {
    match = server_.router->Find(head_.method, head_.target);
    if (auto error = CheckRoute(parser, match)) {
      step = Failed(*std::move(error));
      // Nothing to read away: the connection can be used again.
      read_all_ = !parser.chunked() && parser.content_length().value_or(0) == 0;
    }
  }
  if (step == Step::kOk && head_.expects_continue && begin_ == end_ && head_.version >= 11) {
    error_code ignored;
    co_await asio::async_write(socket_, asio::buffer(kContinue), asio::redirect_error(kAwait, ignored));
  }
  if (step == Step::kOk) step = co_await ReadBody(parser);
  if (step == Step::kClosed) co_return false;
  const bool timed_out = std::exchange(cut_, false);

  HttpResponse response;
  std::string request_id = io_.request_ids.Take(head_.request_id);
  if (step == Step::kFailed) {
    response = ErrorResponse(error_);
    server_.metrics.CountRefused(ListenerName(server_.options.listener), error_.code);
  } else if (match.route != nullptr) {
    HttpRequest request{std::move(match.id), std::move(body_), head_.authorization, request_id};
    response = co_await Handle(*match.route, std::move(request));
    if (!response.refused.empty()) {
      server_.metrics.CountRefused(ListenerName(server_.options.listener), response.error);
    }
  } else {
    response.status = 204;
  }
  AnswerHead head;
  head.keep_alive =
      read_all_ && !timed_out && parser.keep_alive() && !server_.draining.load(std::memory_order_relaxed);
  head.http_1_0 = head_.version < 11;
  head.without_body = head_.method == "HEAD";
  head.is_post = head_.method == "POST";
  head.allow =
      response.status == 405 || response.status == 204 ? std::string_view(match.allow) : std::string_view();
  head.cors = &server_.cors;
  head.origin = head_.origin;
  head.date = io_.date.text();
  head.request_id = request_id;
  const bool refused = step == Step::kFailed || !response.refused.empty();
  if (refused || match.route == nullptr || match.route->log == RouteLog::kByListener) {
    LogAnswer(server_.log, ListenerName(server_.options.listener), match.route, response, request_id,
              step == Step::kFailed ? std::string_view(error_.log_detail) : response.refused,
              Clock::now() - start);
  }
  const bool written = co_await Write(response, head);
  if (written && !read_all_) co_await Linger();
  co_return written&& head.keep_alive;
}

// Closing with unread bytes makes the kernel send a reset, which can overtake the answer.
Awaitable<void> Session::Linger() {
  Enter(Phase::kWriting, std::min(kLongestLinger, server_.options.body_timeout));
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  in_.resize(std::max(in_.size(), kFirstReadBytes));
  for (std::size_t total = 0; total < kLongestLingerBytes;) {
    const std::size_t count = co_await ReadSome(in_.data(), in_.size());
    if (count == 0) break;
    total += count;
  }
}

Awaitable<void> Session::Run() {
  io_.sessions.insert(this);
  try {
    while (co_await ServeOne()) {
      // A large request's memory is not kept by an idle connection.
      if (begin_ == end_ && in_.capacity() > 4 * kFirstReadBytes) in_ = std::string();
    }
  } catch (const std::exception&) {
    server_.log.Write(LogLevel::kError, "connection closed after an exception");
  }
  io_.sessions.erase(this);
  error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
  server_.closed();
}

}  // namespace osteon::server
