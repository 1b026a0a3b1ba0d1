// Puts versions of the rules into service while requests run: read, compiled and kept on disk by one thread
// of its own, then swapped in one step. What is broken, or cannot be kept or recorded, changes nothing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/activation/kept_packs.h"
#include "server/call.h"
#include "server/pack_bundle.h"
#include "server/store/activation_log.h"

namespace osteon::server {

// Why these rules are served. The last two: an earlier version stands in for the configured one.
enum class RulesOrigin : std::uint8_t { kConfigured, kLastGood, kRolledBack };
std::string_view RulesOriginName(RulesOrigin origin);  // "configured", "last_good", "rolled_back"

struct StartRules {
  PackBundle bundle;
  std::shared_ptr<const cds_hooks::Catalog> catalog;
  RulesOrigin origin = RulesOrigin::kConfigured;
  std::string wanted;  // hash of the configured version; empty when it could not be read
  std::string detail;  // what is wrong with it, when it is not served
};
// The configured version; when it is broken, or was rolled back, the one that was served last. Errors
// (kInvalidConfig): it is broken, and none was served before.
base::Result<StartRules> LoadStartRules(const BundleSource& source, const KeptPacks& kept);

// What somebody asked for.
struct ActivationOrder {
  ActivationAction action = ActivationAction::kReload;
  std::string who;
  std::string why;
  std::string to;  // rollback: hash of a kept version
};

struct ActivationOutcome {
  Activation record;
  std::vector<cards::PackFinding> findings;  // of a version that was refused
  std::optional<base::Error> error;          // another reason why nothing was changed
};

class Activator {
 public:
  // All outlive the activator.
  struct Parts {
    BundleSource source;
    KeptPacks kept;
    CallHandler& calls;
    ActivationLog& history;
    Source& clock;
    Metrics& metrics;
    Log& log;
  };
  using Done = std::function<void(const ActivationOutcome&)>;

  // Keeps and records what the start loaded.
  Activator(Parts parts, const StartRules& start);
  ~Activator();  // Stop

  // Never blocks. `done` (may be empty) is called once, on the activator's thread; with kUnavailable at once
  // when it is stopped or too many wait.
  void Submit(ActivationOrder order, Done done);
  // A timer calls this every two seconds or so: files that changed, and stayed so from one call to the next,
  // are loaded. Never blocks.
  void Watch();
  // Finishes what is running; what waits is refused.
  void Stop();

  RulesOrigin origin() const { return origin_.load(); }

 private:
  struct Task {
    std::optional<ActivationOrder> order;  // none: look at the files
    Done done;
  };
  void Run();
  void LookAtFiles();
  ActivationOutcome Carry(const ActivationOrder& order);
  bool Load(const ActivationOrder& order, PackBundle& bundle, ActivationOutcome& outcome);
  base::Status Commit(const ActivationOrder& order, const PackBundle& bundle, const Activation& record);
  base::Status Record(const Activation& record);
  void Tell(const ActivationOutcome& outcome);

  Parts parts_;
  std::atomic<RulesOrigin> origin_;
  // The activator's thread only.
  std::string served_;   // hash
  std::string seen_;     // hash of the configured files that were tried last
  std::string changed_;  // hash seen by the last look, when it is another
  std::shared_ptr<const cds_hooks::Catalog> loaded_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace osteon::server
