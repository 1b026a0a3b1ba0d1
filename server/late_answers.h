// Answers that wait for the store, but not for ever: whoever is first, the store or the deadline, sends the
// answer.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace osteon::server {

// One answer; `send` runs exactly once.
class PendingAnswer {
 public:
  enum class Reason : std::uint8_t { kDurable, kLate };
  explicit PendingAnswer(std::function<void(Reason)> send) : send_(std::move(send)) {}

  void Send(Reason reason) {
    if (sent_.exchange(true)) return;
    auto send = std::move(send_);
    send(reason);
  }
  bool sent() const { return sent_.load(); }

 private:
  std::atomic<bool> sent_{false};
  std::function<void(Reason)> send_;
};

// Sends what is still pending `wait` after it was added. The wait is the same for all, so the oldest is
// always first.
class LateAnswers {
 public:
  explicit LateAnswers(std::chrono::milliseconds wait);
  ~LateAnswers();  // sends what is left

  void Add(std::shared_ptr<PendingAnswer> answer);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Clock::time_point deadline;
    std::shared_ptr<PendingAnswer> answer;
  };
  void Run();

  const std::chrono::milliseconds wait_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Entry> entries_;
  bool idle_ = false;  // the thread sleeps until somebody adds; otherwise it looks at the clock by itself
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace osteon::server
