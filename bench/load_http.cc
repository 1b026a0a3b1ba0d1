#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "bench/load.h"

namespace osteon::bench {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;

struct Connection {
  int fd = -1;
  bool busy = false;
  bool wants_to_write = false;
  std::size_t sent = 0;
  std::string received;
  Clock::time_point due;
};

enum class Outcome { kPending, kAnswered, kRefused, kBroken };

int Connect(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    if (fd >= 0) close(fd);
    return -1;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// The bytes of the answer, head and body, once its head is there; nothing when its length is not said.
std::optional<std::size_t> AnswerBytes(std::string_view received, std::size_t head_bytes) {
  constexpr std::string_view kName = "\r\ncontent-length:";
  for (std::size_t at = received.find("\r\n"); at + kName.size() < head_bytes;
       at = received.find("\r\n", at + 2)) {
    if (strncasecmp(received.data() + at, kName.data(), kName.size()) != 0) continue;
    const char* text = received.data() + at + kName.size();
    while (*text == ' ') ++text;
    std::size_t length = 0;
    const auto parsed = std::from_chars(text, received.data() + head_bytes, length);
    if (parsed.ec == std::errc()) return head_bytes + length;
  }
  return std::nullopt;
}

Outcome Examine(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return Outcome::kPending;
  const std::optional<std::size_t> bytes = AnswerBytes(received, end + 4);
  if (!bytes || received.size() > *bytes) return Outcome::kBroken;
  if (received.size() < *bytes) return Outcome::kPending;
  return received.starts_with("HTTP/1.1 200 ") ? Outcome::kAnswered : Outcome::kRefused;
}

class HttpLoad : public Load {
 public:
  explicit HttpLoad(const Target& target)
      : port_(target.port), connections_(static_cast<std::size_t>(target.connections)) {
    request_ = "POST /cds-services/" + target.service_id +
               " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(target.port) +
               "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(target.body.size()) +
               "\r\n\r\n" + target.body;
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
  }
  ~HttpLoad() override {
    for (const Connection& connection : connections_) {
      if (connection.fd >= 0) close(connection.fd);
    }
    close(epoll_);
  }
  HttpLoad(const HttpLoad&) = delete;
  HttpLoad& operator=(const HttpLoad&) = delete;

  bool ConnectAll() {
    for (Connection& connection : connections_) {
      if (!Open(connection)) return false;
    }
    return true;
  }

  Measured Run(const Limits& limits) override {
    measured_ = {};
    in_flight_ = 0;
    idle_.clear();
    for (Connection& connection : connections_) {
      if (connection.fd >= 0 || Open(connection)) idle_.push_back(&connection);
    }
    Schedule schedule(limits);
    Clock::time_point now = Clock::now();
    while (!schedule.Overdue(now) && (in_flight_ > 0 || !schedule.Exhausted(now))) {
      while (!idle_.empty() && schedule.Due(now)) {
        Connection* const connection = idle_.back();
        idle_.pop_back();
        Start(*connection, schedule.Take(now));
      }
      if (connections_.size() == dead_) break;
      Wait(schedule, now);
      now = Clock::now();
    }
    measured_.seconds = schedule.Elapsed(now);
    measured_.unanswered = in_flight_ + schedule.left();
    AbandonBusy();
    return std::move(measured_);
  }

 private:
  bool Open(Connection& connection) {
    connection.fd = Connect(port_);
    if (connection.fd < 0) return false;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    return epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) == 0;
  }

  void Wait(const Schedule& schedule, Clock::time_point now) {
    Clock::duration patience = std::chrono::milliseconds(100);
    if (schedule.open_loop() && !idle_.empty() && !schedule.Exhausted(now)) {
      patience = std::clamp(schedule.NextDue() - now, Clock::duration::zero(), patience);
    }
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(patience).count();
    const timespec timeout{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    epoll_event events[64];
    const int count = epoll_pwait2(epoll_, events, 64, &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      Connection& connection = *static_cast<Connection*>(events[i].data.ptr);
      if ((events[i].events & EPOLLOUT) != 0) Send(connection);
      if ((events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) Receive(connection);
    }
  }

  void Start(Connection& connection, Clock::time_point due) {
    connection.busy = true;
    connection.due = due;
    connection.sent = 0;
    connection.received.clear();
    ++in_flight_;
    Send(connection);
  }

  void Send(Connection& connection) {
    if (!connection.busy || connection.sent == request_.size()) return;
    const ssize_t sent = send(connection.fd, request_.data() + connection.sent,
                              request_.size() - connection.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      Finish(connection, Outcome::kBroken);
      return;
    }
    if (sent > 0) connection.sent += static_cast<std::size_t>(sent);
    const bool incomplete = connection.sent < request_.size();
    if (incomplete == connection.wants_to_write) return;
    connection.wants_to_write = incomplete;
    epoll_event event{};
    event.events = incomplete ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = &connection;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
  }

  void Receive(Connection& connection) {
    if (connection.fd < 0) return;
    char buffer[kReadBytes];
    const ssize_t got = recv(connection.fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0 || !connection.busy) {
      Finish(connection, Outcome::kBroken);
      return;
    }
    connection.received.append(buffer, static_cast<std::size_t>(got));
    const Outcome outcome = Examine(connection.received);
    if (outcome != Outcome::kPending) Finish(connection, outcome);
  }

  void Finish(Connection& connection, Outcome outcome) {
    const bool was_busy = std::exchange(connection.busy, false);
    if (was_busy) --in_flight_;
    if (outcome == Outcome::kAnswered) {
      measured_.latencies_us.push_back(Microseconds(Clock::now() - connection.due));
    } else if (was_busy) {
      ++measured_.errors;
    }
    if (outcome == Outcome::kBroken) {
      Reopen(connection);
      if (!was_busy) return;  // it is on the idle list already
    }
    if (connection.fd >= 0) idle_.push_back(&connection);
  }

  void Reopen(Connection& connection) {
    close(connection.fd);
    connection.wants_to_write = false;
    if (!Open(connection)) {
      connection.fd = -1;
      ++dead_;
    }
  }

  // What was given up must not answer into the next run.
  void AbandonBusy() {
    for (Connection& connection : connections_) {
      if (std::exchange(connection.busy, false)) Reopen(connection);
    }
  }

  std::uint16_t port_;
  int epoll_ = -1;
  std::string request_;
  std::vector<Connection> connections_;
  std::vector<Connection*> idle_;
  std::size_t dead_ = 0;  // connections that could not be opened again
  std::uint64_t in_flight_ = 0;
  Measured measured_;
};

}  // namespace

std::unique_ptr<Load> ConnectHttp(const Target& target) {
  auto load = std::make_unique<HttpLoad>(target);
  if (!load->ConnectAll()) return nullptr;
  return load;
}

}  // namespace osteon::bench
