// Accepts gRPC's connections. The packaged libgrpc 1.51 listener stops for good once idle connections have
// used up the descriptors; this one pauses, refuses what is over the reserve, and goes on. Private to
// server/grpc.
#pragma once

#include <grpcpp/server_builder.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "fhir/base/result.h"
#include "server/config.h"
#include "server/observe/metrics.h"

namespace osteon::server {

class ConnectionAcceptor {
 public:
  // Binds and listens; kInvalidConfig when that fails.
  static base::Result<std::unique_ptr<ConnectionAcceptor>> Listen(const HostPort& address, Metrics& metrics);
  ~ConnectionAcceptor();  // stops

  std::uint16_t port() const { return port_; }
  // Hands connections to `target`, which outlives this, until Stop.
  void Run(grpc::experimental::ExternalConnectionAcceptor* target);
  void Stop();

 private:
  ConnectionAcceptor(int listener, int wake, std::uint16_t port, Metrics& metrics);
  void AcceptAll(grpc::experimental::ExternalConnectionAcceptor* target);
  void AcceptOne(grpc::experimental::ExternalConnectionAcceptor* target);

  const int listener_;
  const int wake_;  // eventfd
  const std::uint16_t port_;
  Metrics& metrics_;
  std::thread thread_;
};

}  // namespace osteon::server
