// One connection of the HTTP listener. Private to server/http: the one header that shows Asio.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>

#include "server/http/answer_text.h"
#include "server/http/http_server.h"
#include "server/http/request_parser.h"

namespace osteon::server {

// The concrete executor: a type-erased one costs a tenth of the request.
using Executor = boost::asio::io_context::executor_type;
template <typename T>
using Awaitable = boost::asio::awaitable<T, Executor>;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
inline constexpr boost::asio::use_awaitable_t<Executor> kAwait{};

class Session;

// One thread, its loop, and the connections it serves.
struct IoThread {
  IoThread() : tick(context) {}
  boost::asio::io_context context{1};
  Timer tick;
  std::unordered_set<Session*> sessions;  // of this thread only
  DateText date;
  RequestIds request_ids;
  std::thread thread;
};

// What the connections of a listener share.
struct ListenerShared {
  const HttpOptions options;
  const CorsPolicy cors;
  Metrics& metrics;
  Log& log;
  const Router* router = nullptr;
  WorkerPool* workers = nullptr;
  std::atomic<bool> draining{false};
  std::function<void()> closed = [] {};  // a connection is gone
};

// One connection, from accept to close. Runs on its thread only, as one coroutine.
class Session {
 public:
  Session(ListenerShared& server, IoThread& io, Socket socket)
      : server_(server), io_(io), socket_(std::move(socket)) {}

  Awaitable<void> Run();

  void CheckDeadline(std::chrono::steady_clock::time_point now) {
    if (now < deadline_) return;
    Cut();
  }
  void CloseIfIdle() {
    if (phase_ == Phase::kIdle) Cut();
  }
  // Only once the thread has ended.
  void CloseSocket() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  void Cut() {
    deadline_ = std::chrono::steady_clock::time_point::max();
    cut_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }

 private:
  enum class Phase : std::uint8_t { kIdle, kHeader, kBody, kHandling, kWriting };
  enum class Step : std::uint8_t { kOk, kClosed, kFailed };  // kFailed: error_ says how

  void Enter(Phase phase, std::chrono::milliseconds limit) {
    phase_ = phase;
    deadline_ = std::chrono::steady_clock::now() + limit;
  }
  Awaitable<std::size_t> ReadSome(char* into, std::size_t room);
  Awaitable<Step> ReadHead(RequestParser& parser);
  Awaitable<Step> FillBuffer();
  Awaitable<Step> ReadBody(RequestParser& parser);
  Awaitable<Step> ReadChunks(RequestParser& parser);
  Awaitable<Step> ReadLength(std::size_t length);
  Step Failed(base::Error error);
  Step CheckHead(const RequestParser& parser);
  std::optional<base::Error> CheckRoute(const RequestParser& parser, const RouteMatch& match) const;
  Awaitable<HttpResponse> Handle(const Route& route, HttpRequest request);
  void Start(const Route& route, HttpRequest request, Respond respond);
  Awaitable<bool> Write(const HttpResponse& response, const AnswerHead& head);
  Awaitable<bool> ServeOne();
  Awaitable<void> Linger();

  ListenerShared& server_;
  IoThread& io_;
  Socket socket_;
  Phase phase_ = Phase::kIdle;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  bool cut_ = false;      // the deadline passed, or the server stops
  bool read_all_ = true;  // the request at hand was read to its end
  std::string in_;        // received; [begin_, end_) is not yet used
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  RequestHead head_;
  std::string body_;
  std::string out_;
  base::Error error_;
};

}  // namespace osteon::server
