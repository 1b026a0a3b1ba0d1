// The log: JSON lines on stderr. Never patient data, never a token. Thread-safe; nobody who logs waits for
// stderr.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace osteon::server {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };

struct LogField {
  std::string_view name;
  std::string_view value;
};

// One line for each call.
struct RequestLine {
  std::string_view request_id;
  std::string_view transport;
  std::string_view service;
  std::string_view decision;  // id, or empty
  int status = 0;             // HTTP status, for gRPC too
  std::string_view error;     // name of the error, or empty
  std::string_view detail;    // Error::log_detail
  std::size_t cards = 0;
  std::chrono::microseconds took{0};
};

class Log {
 public:
  explicit Log(LogLevel level);
  ~Log();

  void Request(const RequestLine& line);
  void Write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
  // Lines dropped because stderr took nothing for too long.
  std::uint64_t dropped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::server
