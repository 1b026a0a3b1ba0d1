// The whole server, wired: the only place where parts meet. Also runs inside tests, on port 0.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cds_hooks/catalog.h"
#include "fhir/base/result.h"
#include "server/config.h"

namespace osteon::server {

class App {
 public:
  // Opens the store, loads the pack, binds and serves. Errors: kInvalidConfig (path names flag or parameter),
  // kStore.
  static base::Result<std::unique_ptr<App>> Start(const Config& config);
  ~App();  // Stop

  struct Addresses {
    std::string http, grpc, admin;  // "127.0.0.1:8080", with the ports that were picked
  };
  const Addresses& addresses() const;

  // Loads pack and overlay again, on a thread of its own; the log and the history say what became of it.
  //   why: for the history.
  void Reload(std::string why);

  // Stops accepting, answers what is in flight within limits.stop_timeout_ms, commits what is queued.
  void Stop();

 private:
  struct Impl;
  explicit App(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The configured rule pack with overlay and parameters, as services.
base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadCatalog(const Config& config);

}  // namespace osteon::server
