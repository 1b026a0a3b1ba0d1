// An HTTP/1.1 listener: connections under limits, one loop per thread, requests handed to a router's
// handlers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "fhir/base/result.h"
#include "server/config.h"
#include "server/http/router.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "server/worker_pool.h"

namespace osteon::server {

struct HttpOptions {
  HostPort address;
  Metrics::Listener listener = Metrics::Listener::kHttp;
  std::size_t threads = 1;
  std::size_t max_connections = 4096;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 8 << 20;
  std::size_t inline_body_bytes = 64 * 1024;  // larger bodies are handled by the workers
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{60'000};
  std::string cors_origins;  // "*", or a comma-separated list; empty: no CORS headers
};

class HttpServer {
 public:
  // Binds and listens: the port is known, connections wait. kInvalidConfig when the address cannot be bound.
  static base::Result<std::unique_ptr<HttpServer>> Bind(const HttpOptions& options, Metrics& metrics,
                                                        Log& log);
  // Serves. Everything referred to outlives the server.
  //   workers: may be null: everything is handled on the connection's thread.
  void Run(const Router& router, WorkerPool* workers);
  ~HttpServer();

  std::uint16_t port() const;

  // Stops accepting, closes idle connections, finishes requests in flight for at most `grace`, then cuts the
  // rest and ends the threads. Answers that come later go nowhere, so the server must outlive its handlers'
  // callbacks.
  void Stop(std::chrono::milliseconds grace);

  struct Impl;  // http_server.cc

 private:
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::server
