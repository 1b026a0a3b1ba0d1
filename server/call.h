// One hook call for both transports: the clock, the snapshot and the decision id are taken here, once;
// Prepare and Decide run between them; the decision is recorded before the answer leaves.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cds_hooks/catalog.h"
#include "fhir/base/instant.h"
#include "fhir/base/result.h"
#include "fhir/base/uuid.h"
#include "fhir/json/tree.h"
#include "server/store/store.h"

namespace osteon::server {

class Metrics;      // server/observe/metrics.h
class Log;          // server/observe/log.h
class LateAnswers;  // server/late_answers.h

// Where `now` and ids come from: the system, or fixed by --clock and --ids for comparison runs.
class Source {
 public:
  virtual ~Source() = default;
  virtual base::Instant Now() = 0;
  // `body`: with --ids SEED the id is derived from seed, service and body, so that the same request gets the
  // same id over every transport; otherwise random.
  virtual base::Uuid DecisionId(std::string_view service_id, std::string_view body) = 0;
};
std::unique_ptr<Source> MakeSystemSource();
std::unique_ptr<Source> MakeFixedSource(base::Instant now, std::string seed);
// Either alone: absent ones come from the system.
std::unique_ptr<Source> MakeSource(std::optional<base::Instant> now, std::optional<std::string> seed);

struct Call {
  std::string service_id;
  std::string body;  // capacity() >= size() + json::kReadPadding
  std::string client = "anonymous";
  std::string_view transport;  // "http" or "grpc", for metrics and the log
  std::string request_id;      // named in the log and the answer's headers, never in its body
};

// The whole body of the answer, or the error to be mapped.
using CallDone = std::function<void(base::Result<std::string>)>;

class CallHandler {
 public:
  struct Options {
    json::ReadLimits read_limits;
    std::string source_url;  // "https://host/rules/"
    const base::TimeZone* zone = nullptr;
    // Longest wait for the store before the answer leaves without it (counted as late); 0 = never wait.
    std::chrono::milliseconds store_wait{100};
  };
  CallHandler(std::shared_ptr<const cds_hooks::Catalog> catalog, Store& store, Source& source,
              Metrics& metrics, Log& log, Options options);
  ~CallHandler();

  // Decides on the calling thread, then calls `done` exactly once: on the store's writer thread when the
  // decision is durable, on the calling thread for errors or when the store is not healthy.
  void Handle(Call call, CallDone done);
  // Checks and stores feedback; `done` gets an empty body once it is durable.
  void HandleFeedback(Call call, CallDone done);

  std::shared_ptr<const cds_hooks::Catalog> catalog() const { return catalog_.load(); }
  // Atomically activates another catalog; running calls finish with the one they took.
  void Activate(std::shared_ptr<const cds_hooks::Catalog> catalog) { catalog_.store(std::move(catalog)); }

 private:
  struct Timed;  // a call and when it began
  base::Result<std::shared_ptr<cds_hooks::Decision>> Decide(const Call& call);
  base::Result<FeedbackBatch> ReadFeedback(const Call& call);
  void Report(const Timed& timed, const base::Error* error, std::size_t cards);

  std::atomic<std::shared_ptr<const cds_hooks::Catalog>> catalog_;
  Store& store_;
  Source& source_;
  Metrics& metrics_;
  Log& log_;
  Options options_;
  std::unique_ptr<LateAnswers> late_;
};

}  // namespace osteon::server
