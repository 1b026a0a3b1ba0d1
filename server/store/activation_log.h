// Who put which version of the rules into service, when and why: kept as long as the decisions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base/instant.h"
#include "server/store/store.h"

namespace osteon::server {

enum class ActivationAction : std::uint8_t { kStart, kSignal, kWatch, kReload, kRollback };
std::string_view ActivationActionName(ActivationAction action);  // "start", ...

// kLastGood: at a start the configured version was not to be served, and the one served before was.
enum class ActivationResult : std::uint8_t { kActivated, kUnchanged, kRefused, kLastGood };
std::string_view ActivationResultName(ActivationResult result);  // "activated", "last_good", ...

struct Activation {
  base::Instant when;
  std::string action;
  std::string who;  // name of the token, or the action
  std::string why;
  std::string before;  // hash of what was served until then; empty: nothing
  std::string after;   // and from then on
  std::string wanted;  // what was to be served; empty when it could not be read
  std::string result;
  std::string detail;  // why it was refused
};

class ActivationLog {
 public:
  virtual ~ActivationLog() = default;
  // As Store::RecordFeedback: on disk when `done` gets Ok, not kept otherwise.
  virtual void RecordActivation(Activation activation, StoreDone done) = 0;
  // Newest first, at most `limit`.
  virtual base::Result<std::vector<Activation>> ListActivations(std::size_t limit) = 0;
};

}  // namespace osteon::server
