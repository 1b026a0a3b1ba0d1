// The load generator's parts: what to send (Target), how (Limits), what came of it (Measured), and one Load
// for each transport. 127.0.0.1 only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace osteon::bench {

using Clock = std::chrono::steady_clock;

struct Target {
  std::uint16_t port = 0;  // on 127.0.0.1
  std::string service_id;
  std::string body;  // a CDS Hooks request
  int connections =
      1;  // HTTP: keep-alive connections; gRPC: most calls in flight, over four channels or fewer
};

struct Limits {
  double rate_per_s =
      0;  // open loop at this rate; 0 = closed loop, each connection sends again once answered
  double seconds = 2;
  std::uint64_t requests = std::numeric_limits<std::uint64_t>::max();
};

// Requests answered with success are those with a latency; `errors` were refused, cut off or answered
// otherwise; `unanswered` were due, and not sent or not answered before the run was given up.
struct Measured {
  std::vector<std::uint32_t>
      latencies_us;  // open loop: counted from when the request was due, not from the sending
  std::uint64_t errors = 0;
  std::uint64_t unanswered = 0;
  double seconds = 0;
};

class Load {
 public:
  virtual ~Load() = default;
  // Blocks until the limits are reached and what was sent is answered, or kGiveUp after that.
  virtual Measured Run(const Limits& limits) = 0;
};

inline constexpr std::chrono::seconds kGiveUp{10};

// Null when nothing answers on the port.
std::unique_ptr<Load> ConnectHttp(const Target& target);
std::unique_ptr<Load> ConnectGrpc(const Target& target);

// When requests are due. Not thread-safe.
class Schedule {
 public:
  explicit Schedule(const Limits& limits)
      : start_(Clock::now()), rate_(limits.rate_per_s), left_(limits.requests) {
    end_ = start_ + Duration(limits.seconds);
    if (rate_ > 0) left_ = std::min(left_, static_cast<std::uint64_t>(rate_ * limits.seconds));
  }

  // Nothing is left to send. An open loop sends what is due however late it is; Overdue() bounds it.
  bool Exhausted(Clock::time_point now) const { return left_ == 0 || (rate_ == 0 && now >= end_); }
  bool Overdue(Clock::time_point now) const { return now >= end_ + kGiveUp; }
  bool Due(Clock::time_point now) const { return !Exhausted(now) && (rate_ == 0 || NextDue() <= now); }
  // Open loop only.
  Clock::time_point NextDue() const { return start_ + Duration(static_cast<double>(taken_) / rate_); }
  std::uint64_t left() const { return rate_ > 0 ? left_ : 0; }
  bool open_loop() const { return rate_ > 0; }
  double Elapsed(Clock::time_point now) const { return std::chrono::duration<double>(now - start_).count(); }

  // The next request is being sent; returns the time its latency counts from.
  Clock::time_point Take(Clock::time_point now) {
    const Clock::time_point due = rate_ > 0 ? NextDue() : now;
    ++taken_;
    --left_;
    return due;
  }

 private:
  static Clock::duration Duration(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  Clock::time_point start_;
  Clock::time_point end_;
  double rate_;
  std::uint64_t left_;
  std::uint64_t taken_ = 0;
};

inline std::uint32_t Microseconds(Clock::duration latency) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(latency).count());
}

}  // namespace osteon::bench
