// What the server counts; one method per event, one row per metric in metrics.cc. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fhir/base/error.h"

namespace osteon::server {

class Metrics {
 public:
  enum class Listener : std::uint8_t { kHttp, kGrpc, kAdmin };

  Metrics();
  ~Metrics();

  // `service`: an id of the catalog, or "unknown": callers cannot make label values up. `status`: "ok" or the
  // error's name.
  void CountRequest(std::string_view service, std::string_view transport, std::string_view status,
                    std::chrono::nanoseconds took);
  void CountRule(std::string_view rule, std::string_view status);
  void CountCard(std::string_view rule, std::string_view row);
  void CountFeedback(std::string_view service, std::string_view outcome, std::size_t items);
  // Refused before any service was asked.
  void CountRefused(std::string_view transport, base::ErrorCode code);
  // The answer left before its decision was durable.
  void CountLateAnswer();

  void ConnectionOpened(Listener listener);
  void ConnectionClosed(Listener listener);
  // Open connections are not known for gRPC, whose library owns them: only what was accepted and refused.
  void ConnectionRefused(Listener listener);

  struct StoreState {
    bool healthy = true;
    std::size_t queued = 0;
    std::uint64_t commits = 0;
    std::uint64_t failed_commits = 0;
    std::uint64_t refused = 0;
    std::uint64_t lost = 0;
  };
  void SetStore(const StoreState& state);
  void SetInsecureBind(std::string_view address);
  // The one pack that is served; the series of the one before goes.
  void SetPack(std::string_view id, std::string_view version, std::string_view hash);
  //   trigger: "signal", "reload" and so on; result: "activated", "refused" and so on.
  void CountActivation(std::string_view trigger, std::string_view result);
  // Whether the rules served are those that are configured.
  void SetServesConfigured(bool is_configured);

  // Prometheus text exposition format 0.0.4.
  std::string Text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::server
