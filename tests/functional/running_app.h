// A server inside the test, on free ports, and requests for it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "server/app.h"

namespace osteon::functional {

inline constexpr char kService[] = "perinatal-bone-health-order-sign";
inline constexpr char kCallPath[] = "/cds-services/perinatal-bone-health-order-sign";
// printf %s test-token | sha256sum
inline constexpr char kTokenHash[] = "4c5dc9b7708905f77f5e5d16316b5dfb425e68cb326dcd55a860e90a7707031e";
inline constexpr char kTokenHeader[] = "Authorization: Bearer test-token\r\n";  // a viewer
// printf %s admin-token | sha256sum
inline constexpr char kAdminTokenHash[] = "10a4c7c9fc5206d6f36dc6944a81bb6f4a3cb0e25014ae3b12e6c3e52712292a";
inline constexpr char kAdminTokenHeader[] = "Authorization: Bearer admin-token\r\n";

// A new, empty folder below the system's temporary one.
std::filesystem::path FreshFolder();

using Flags = std::map<std::string, std::string>;

class RunningApp {
 public:
  // `flags` beyond those for free ports, a fresh data folder, a fixed clock and ids, and no log.
  explicit RunningApp(const Flags& flags = {});
  ~RunningApp();

  const std::string& http() const { return app_->addresses().http; }
  const std::string& grpc() const { return app_->addresses().grpc; }
  const std::string& admin() const { return app_->addresses().admin; }
  void Stop() { app_->Stop(); }
  const std::filesystem::path& data() const { return data_; }

 private:
  std::filesystem::path data_;
  std::unique_ptr<server::App> app_;
};

// A valid order-sign request that raises a card; each `variant` is another patient.
std::string OrderSign(int variant);

}  // namespace osteon::functional
