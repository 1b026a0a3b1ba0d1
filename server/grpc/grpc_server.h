// CDS Hooks over gRPC (cds_hooks.proto): the same calls, the same bytes and the same errors as over HTTP.
// Serves the standard health service and reflection too.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "fhir/base/result.h"
#include "server/call.h"
#include "server/config.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "server/worker_pool.h"

namespace osteon::server {

struct GrpcOptions {
  HostPort address;
  std::size_t max_body_bytes = 8 << 20;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t inline_body_bytes = 64 * 1024;            // larger bodies are handled by the workers
  std::chrono::milliseconds handshake_timeout{10'000};  // for a connection to speak HTTP/2 at all
  std::chrono::milliseconds idle_timeout{300'000};      // a connection without calls is closed
};

class GrpcServer {
 public:
  // Binds and serves; kInvalidConfig when the address cannot be bound. What is referred to outlives the
  // server.
  static base::Result<std::unique_ptr<GrpcServer>> Start(const GrpcOptions& options, CallHandler& calls,
                                                         WorkerPool& workers, Metrics& metrics, Log& log);
  ~GrpcServer();

  std::uint16_t port() const;
  // What the health service says, of the server as a whole and of osteon.cds.v1.CdsHooks.
  enum class Health : std::uint8_t { kServing, kNotServing };
  void SetHealth(Health health);
  // Stops accepting, finishes calls in flight for at most `grace`, then cancels.
  void Stop(std::chrono::milliseconds grace);

  struct Impl;  // grpc_server.cc

 private:
  explicit GrpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::server
