#include "server/observe/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>

namespace osteon::server {
namespace {

constexpr std::size_t kLongestBacklogBytes = 4 << 20;
constexpr std::chrono::milliseconds kFlushEvery{100};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

// Collects lines and writes them from a thread of its own: one system call for many lines, and a stuck stderr
// (a full pipe) holds up no request; beyond the backlog lines are dropped and counted.
class BufferedStderr : public spdlog::sinks::base_sink<std::mutex> {
 public:
  BufferedStderr() : writer_([this] { Run(); }) {}
  ~BufferedStderr() override {
    {
      std::scoped_lock guard(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    writer_.join();
  }
  std::uint64_t dropped() const { return dropped_.load(); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (pending_.size() > kLongestBacklogBytes) {
      dropped_.fetch_add(1);
      return;
    }
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    pending_.append(line.data(), line.size());
  }
  void flush_() override { wake_.notify_one(); }

 private:
  void Run() {
    std::string writing;
    bool last = false;
    while (!last) {
      {
        std::unique_lock guard(mutex_);
        wake_.wait_for(guard, kFlushEvery);
        last = stopping_;
        writing.swap(pending_);
      }
      for (std::size_t at = 0; at < writing.size();) {
        const ssize_t written = ::write(STDERR_FILENO, writing.data() + at, writing.size() - at);
        if (written <= 0) break;
        at += static_cast<std::size_t>(written);
      }
      writing.clear();
    }
  }

  std::condition_variable wake_;
  std::string pending_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> dropped_{0};
  std::thread writer_;
};

void AppendEscaped(spdlog::memory_buf_t& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte >= 0x7f) {
      // Non-ASCII too: a log line stays one line of valid JSON whatever bytes a caller sent.
      for (const char e : {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]}) out.push_back(e);
    } else {
      out.push_back(c);
    }
  }
}

void AppendField(spdlog::memory_buf_t& out, std::string_view name, std::string_view value) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":\"", name);
  AppendEscaped(out, value);
  out.push_back('"');
}

std::string_view View(const spdlog::memory_buf_t& buffer) {
  return {buffer.data(), buffer.size()};
}

}  // namespace

struct Log::Impl {
  std::shared_ptr<BufferedStderr> sink = std::make_shared<BufferedStderr>();
  spdlog::logger logger{"osteon", sink};
};

Log::Log(LogLevel level) : impl_(std::make_unique<Impl>()) {
  // The message is the rest of the object, written by us.
  impl_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
  impl_->logger.set_level(ToSpdlog(level));
  impl_->logger.flush_on(spdlog::level::warn);
}
Log::~Log() = default;

void Log::Request(const RequestLine& line) {
  const auto level = line.status >= 500 ? spdlog::level::warn : spdlog::level::info;
  if (!impl_->logger.should_log(level)) return;
  spdlog::memory_buf_t out;
  fmt::format_to(std::back_inserter(out), R"("message":"request","status":{},"ms":{}.{:03},"cards":{})",
                 line.status, line.took.count() / 1000, line.took.count() % 1000, line.cards);
  AppendField(out, "request", line.request_id);
  AppendField(out, "transport", line.transport);
  if (!line.service.empty()) AppendField(out, "service", line.service);
  if (!line.decision.empty()) AppendField(out, "decision", line.decision);
  if (!line.error.empty()) AppendField(out, "error", line.error);
  if (!line.detail.empty()) AppendField(out, "detail", line.detail);
  impl_->logger.log(level, View(out));
}

void Log::Write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!impl_->logger.should_log(ToSpdlog(level))) return;
  spdlog::memory_buf_t out;
  fmt::format_to(std::back_inserter(out), "\"message\":\"");
  AppendEscaped(out, message);
  out.push_back('"');
  for (const LogField& field : fields) AppendField(out, field.name, field.value);
  impl_->logger.log(ToSpdlog(level), View(out));
}

std::uint64_t Log::dropped() const {
  return impl_->sink->dropped();
}

}  // namespace osteon::server
