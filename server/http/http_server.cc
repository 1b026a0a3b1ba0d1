#include "server/http/http_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <condition_variable>
#include <mutex>

#include "server/http/session.h"

namespace osteon::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

constexpr std::chrono::milliseconds kLongestTick{100};
constexpr std::chrono::milliseconds kAcceptPause{50};

}  // namespace

struct HttpServer::Impl : ListenerShared {
  Impl(const HttpOptions& http_options, Metrics& http_metrics, Log& http_log)
      : ListenerShared{http_options, CorsPolicy(http_options.cors_origins), http_metrics, http_log} {
    closed = [this] { Closed(); };
  }

  base::Status Bind();
  void Run();
  Awaitable<void> AcceptAll();
  void Refuse(Socket socket);
  Awaitable<void> Tick(IoThread& io);
  void Closed();

  std::vector<std::unique_ptr<IoThread>> threads;
  std::optional<Acceptor> acceptor;  // thread 0
  std::uint16_t port = 0;
  std::atomic<std::size_t> open{0};
  std::mutex closed_mutex;
  std::condition_variable all_closed;
};

base::Status HttpServer::Impl::Bind() {
  const std::string host = options.address.host == "localhost" ? "127.0.0.1" : options.address.host;
  error_code code;
  const auto address = asio::ip::make_address(host, code);
  const tcp::endpoint endpoint(address, options.address.port);
  if (!code) acceptor->open(endpoint.protocol(), code);
  if (!code) acceptor->set_option(Acceptor::reuse_address(true), code);
  if (!code) acceptor->bind(endpoint, code);
  if (!code) acceptor->listen(asio::socket_base::max_listen_connections, code);
  if (code) {
    return base::Error{base::ErrorCode::kInvalidConfig,
                       "cannot listen on " + options.address.host + ":" +
                           std::to_string(options.address.port) + ": " + code.message(),
                       "", "--" + std::string(ListenerName(options.listener))};
  }
  port = acceptor->local_endpoint(code).port();
  return base::Ok{};
}

void HttpServer::Impl::Run() {
  for (auto& io : threads) {
    asio::co_spawn(io->context, Tick(*io), asio::detached);
  }
  asio::co_spawn(threads.front()->context, AcceptAll(), asio::detached);
  for (auto& io : threads) {
    io->thread = std::thread([context = &io->context] { context->run(); });
  }
}

Awaitable<void> HttpServer::Impl::AcceptAll() {
  Timer pause(threads.front()->context);
  for (std::size_t next = 0; !draining.load(); next = (next + 1) % threads.size()) {
    IoThread& io = *threads[next];
    error_code code;
    Socket socket = co_await acceptor->async_accept(io.context, asio::redirect_error(kAwait, code));
    if (code == asio::error::operation_aborted) co_return;
    if (code) {
      // Out of descriptors, mostly: without a pause the loop would spin, without another try it would be
      // deaf.
      metrics.ConnectionRefused(options.listener);
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(kAwait, code));
      continue;
    }
    if (open.load() >= options.max_connections) {
      Refuse(std::move(socket));
      continue;
    }
    socket.set_option(tcp::no_delay(true), code);
    open.fetch_add(1);
    metrics.ConnectionOpened(options.listener);
    auto session = std::make_shared<Session>(*this, io, std::move(socket));
    // The frame of the lambda owns the session.
    asio::co_spawn(
        io.context, [session]() -> Awaitable<void> { co_await session->Run(); }, asio::detached);
  }
}

void HttpServer::Impl::Refuse(Socket socket) {
  metrics.ConnectionRefused(options.listener);
  const std::string text = ConnectionLimitAnswer();
  (void)!::send(socket.native_handle(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  error_code ignored;
  socket.shutdown(Socket::shutdown_send, ignored);
  socket.close(ignored);
}

// One timer per thread looks at the deadlines of all its connections: a timer per request costs two system
// calls.
Awaitable<void> HttpServer::Impl::Tick(IoThread& io) {
  const auto shortest = std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
  const auto tick = std::clamp(shortest / 4, std::chrono::milliseconds{2}, kLongestTick);
  for (;;) {
    io.date.Refresh();
    error_code code;
    io.tick.expires_after(tick);
    co_await io.tick.async_wait(asio::redirect_error(kAwait, code));
    if (code) co_return;
    const auto now = Clock::now();
    for (Session* session : io.sessions) session->CheckDeadline(now);
  }
}

void HttpServer::Impl::Closed() {
  metrics.ConnectionClosed(options.listener);
  if (open.fetch_sub(1) != 1) return;
  std::scoped_lock guard(closed_mutex);
  all_closed.notify_all();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  Stop(std::chrono::milliseconds{0});
}

base::Result<std::unique_ptr<HttpServer>> HttpServer::Bind(const HttpOptions& options, Metrics& metrics,
                                                           Log& log) {
  auto impl = std::make_unique<Impl>(options, metrics, log);
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.threads); ++i) {
    impl->threads.push_back(std::make_unique<IoThread>());
  }
  impl->acceptor.emplace(impl->threads.front()->context);
  OSTEON_RETURN_IF_ERROR(impl->Bind());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

void HttpServer::Run(const Router& router, WorkerPool* workers) {
  impl_->router = &router;
  impl_->workers = workers;
  impl_->Run();
}

std::uint16_t HttpServer::port() const {
  return impl_->port;
}

void HttpServer::Stop(std::chrono::milliseconds grace) {
  if (impl_->draining.exchange(true)) return;
  asio::post(impl_->threads.front()->context, [impl = impl_.get()] {
    error_code ignored;
    impl->acceptor->close(ignored);
  });
  for (auto& io : impl_->threads) {
    asio::post(io->context, [io = io.get()] {
      for (Session* session : io->sessions) session->CloseIfIdle();
    });
  }
  {
    std::unique_lock guard(impl_->closed_mutex);
    impl_->all_closed.wait_for(guard, grace, [&] { return impl_->open.load() == 0; });
  }
  for (auto& io : impl_->threads) io->context.stop();
  for (auto& io : impl_->threads) {
    if (io->thread.joinable()) io->thread.join();
    for (Session* session : io->sessions) session->CloseSocket();
  }
}

}  // namespace osteon::server
