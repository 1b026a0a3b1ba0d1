#include "tests/functional/running_app.h"

#include <unistd.h>

#include <atomic>
#include <stdexcept>

#include "tests/testing/evidence.h"

namespace osteon::functional {
namespace {

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::filesystem::path FreshFolder() {
  static std::atomic<int> next{0};
  const auto folder =
      std::filesystem::temp_directory_path() /
      ("osteon-functional-" + std::to_string(::getpid()) + "-" + std::to_string(next.fetch_add(1)));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

RunningApp::RunningApp(const Flags& flags) : data_(FreshFolder()) {
  server::ConfigInput input;
  input.flags = {{"--http", "127.0.0.1:0"},
                 {"--grpc", "127.0.0.1:0"},
                 {"--admin", "127.0.0.1:0"},
                 {"--data", data_.string()},
                 {"--clock", "2026-06-15T10:00:00Z"},
                 {"--ids", "test"},
                 {"--threads", "2"},
                 {"--log-level", "off"}};
  for (const auto& [flag, value] : flags) input.flags[flag] = value;
  auto config = server::LoadConfig(input);
  if (!config.ok()) throw std::runtime_error(config.error().public_text);
  config->admin_tokens = {{"test", "viewer", kTokenHash}, {"root", "admin", kAdminTokenHash}};
  auto app = server::App::Start(*config);
  if (!app.ok()) throw std::runtime_error(app.error().public_text + " " + app.error().log_detail);
  app_ = std::move(app).value();
}

RunningApp::~RunningApp() {
  app_.reset();
  std::filesystem::remove_all(data_);
}

std::string OrderSign(int variant) {
  static const std::string example =
      testing::ReadFile(std::filesystem::path(OSTEON_SOURCE_DIR) / "docs/examples/order-sign-pregnant.json");
  std::string request = example;
  ReplaceAll(request, "\"p1\"", "\"p" + std::to_string(variant) + "\"");
  ReplaceAll(request, "Patient/p1", "Patient/p" + std::to_string(variant));
  ReplaceAll(request, "\"1994-03-10\"", "\"19" + std::to_string(60 + variant % 40) + "-03-10\"");
  return request;
}

}  // namespace osteon::functional
