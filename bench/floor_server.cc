// The floor a CDS Hooks server is measured against: the least work that answers a POST over HTTP/1.1.
//   --mode read    reads the body off the socket and answers; looks at nothing in it
//   --mode parse   also parses it with RapidJSON, in situ, iterative, numbers kept as text, values in a
//   reused pool
// Both answer the same constant JSON of --answer-bytes bytes. One thread, one epoll loop, keep-alive, bodies
// with Content-Length only, 127.0.0.1 only. Prints "listening 127.0.0.1:PORT" and ends on SIGTERM or SIGINT.
//
// It is a yardstick, not a server: no time limits, no overload protection, and an answer that does not fit
// the socket's buffer closes the connection.

#if defined(__SSE4_2__)
#define RAPIDJSON_SSE42
#elif defined(__SSE2__)
#define RAPIDJSON_SSE2
#endif
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <rapidjson/document.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace osteon::bench {
namespace {

constexpr std::size_t kFirstBufferBytes = 16u << 10;
constexpr std::size_t kMaxHeadBytes = 64u << 10;
constexpr std::size_t kMaxBodyBytes = 16u << 20;
// Values of the largest measured body (500 KB) take about 2 MB; a bigger one makes the pool fetch more.
constexpr std::size_t kPoolBytes = 8u << 20;

enum class Mode { kRead, kParse };

struct Options {
  Mode mode = Mode::kParse;
  std::uint16_t port = 0;
  std::size_t answer_bytes = 1863;
};

volatile std::sig_atomic_t stop_requested = 0;
extern "C" void RequestStop(int) {
  stop_requested = 1;
}

class Parser {
 public:
  Parser() : buffer_(kPoolBytes), pool_(buffer_.data(), buffer_.size()) {}

  // `text` ends with NUL and is changed by the parse.
  bool Accepts(char* text) {
    pool_.Clear();
    rapidjson::Document document(&pool_);
    document.ParseInsitu<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(text);
    return !document.HasParseError();
  }

 private:
  std::vector<char> buffer_;
  rapidjson::MemoryPoolAllocator<> pool_;
};

struct Connection {
  std::vector<char> buffer = std::vector<char>(kFirstBufferBytes);
  std::size_t filled = 0;
  std::size_t head_bytes = 0;  // 0 until the head of the request at the front is complete
  std::size_t body_bytes = 0;
};

enum class Progress { kContinue, kClose };

// The value of Content-Length, or nothing when it is absent or no number.
std::optional<std::size_t> ContentLength(std::string_view head) {
  constexpr std::string_view kName = "content-length:";
  for (std::size_t end = head.find("\r\n"); end != std::string_view::npos; end = head.find("\r\n")) {
    std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.size() <= kName.size() || strncasecmp(line.data(), kName.data(), kName.size()) != 0) continue;
    line.remove_prefix(std::min(line.find_first_not_of(' ', kName.size()), line.size()));
    std::size_t value = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc()) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

class FloorServer {
 public:
  explicit FloorServer(const Options& options) : mode_(options.mode) {
    const std::string body = "{\"cards\":[],\"extension\":\"" + std::string(options.answer_bytes, 'x');
    const std::size_t size = std::max<std::size_t>(options.answer_bytes, 28);
    const std::string fitted = body.substr(0, size - 2) + "\"}";
    answer_ = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(fitted.size()) + "\r\n\r\n" + fitted;
  }

  // False when the port cannot be had.
  bool Listen(std::uint16_t port) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, raw, length) != 0 || listen(listener_, 1024) != 0) return false;
    if (getsockname(listener_, raw, &length) != 0 || !Watch(listener_)) return false;
    std::printf("listening 127.0.0.1:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return true;
  }

  void Run() {
    sigset_t unblocked;
    sigemptyset(&unblocked);
    epoll_event events[64];
    while (stop_requested == 0) {
      const int count = epoll_pwait(epoll_, events, 64, -1, &unblocked);
      for (int i = 0; i < count; ++i) {
        const int fd = events[i].data.fd;
        if (fd == listener_) {
          Accept();
        } else if (OnReadable(fd, connections_.at(fd)) == Progress::kClose) {
          connections_.erase(fd);
          close(fd);
        }
      }
    }
  }

 private:
  bool Watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
  }

  void Accept() {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (Watch(fd)) {
      connections_.try_emplace(fd);
    } else {
      close(fd);
    }
  }

  Progress OnReadable(int fd, Connection& connection) {
    std::vector<char>& buffer = connection.buffer;
    // One byte stays free for the NUL that the in-situ parse needs.
    const ssize_t got = recv(fd, buffer.data() + connection.filled, buffer.size() - 1 - connection.filled, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Progress::kContinue;
    if (got <= 0) return Progress::kClose;
    connection.filled += static_cast<std::size_t>(got);
    if (connection.head_bytes == 0 && ReadHead(connection) == Progress::kClose) return Progress::kClose;
    const std::size_t request_bytes = connection.head_bytes + connection.body_bytes;
    if (connection.head_bytes == 0 || connection.filled < request_bytes) return Progress::kContinue;
    // A client that sends its next request before the answer is not one of ours.
    if (connection.filled != request_bytes) return Progress::kClose;
    return Answer(fd, connection);
  }

  static Progress ReadHead(Connection& connection) {
    const std::string_view received(connection.buffer.data(), connection.filled);
    const std::size_t end = received.find("\r\n\r\n");
    if (end == std::string_view::npos) {
      if (connection.filled >= kMaxHeadBytes) return Progress::kClose;
      if (connection.filled + 1 == connection.buffer.size()) connection.buffer.resize(2 * connection.filled);
      return Progress::kContinue;
    }
    const std::optional<std::size_t> length = ContentLength(received.substr(0, end + 2));
    if (!length || *length > kMaxBodyBytes) return Progress::kClose;
    connection.head_bytes = end + 4;
    connection.body_bytes = *length;
    const std::size_t needed = connection.head_bytes + connection.body_bytes + 1;
    if (connection.buffer.size() < needed) connection.buffer.resize(needed);
    return Progress::kContinue;
  }

  Progress Answer(int fd, Connection& connection) {
    char* const body = connection.buffer.data() + connection.head_bytes;
    body[connection.body_bytes] = '\0';
    connection.filled = 0;
    connection.head_bytes = 0;
    if (mode_ == Mode::kParse && !parser_.Accepts(body)) return Progress::kClose;
    const ssize_t sent = send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(answer_.size()) ? Progress::kContinue : Progress::kClose;
  }

  Mode mode_;
  int listener_ = -1;
  int epoll_ = -1;
  std::string answer_;
  Parser parser_;
  std::unordered_map<int, Connection> connections_;
};

template <typename Number>
bool ReadNumber(std::string_view text, Number* value) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && rest == end;
}

std::optional<Options> ReadOptions(int argc, char** argv) {
  const option table[] = {{"mode", required_argument, nullptr, 'm'},
                          {"port", required_argument, nullptr, 'p'},
                          {"answer-bytes", required_argument, nullptr, 'a'},
                          {nullptr, 0, nullptr, 0}};
  Options options;
  for (int c = getopt_long(argc, argv, "", table, nullptr); c != -1;
       c = getopt_long(argc, argv, "", table, nullptr)) {
    const std::string_view value = optarg != nullptr ? optarg : "";
    bool understood = false;
    if (c == 'm') {
      understood = value == "read" || value == "parse";
      options.mode = value == "read" ? Mode::kRead : Mode::kParse;
    } else if (c == 'p') {
      understood = ReadNumber(value, &options.port);
    } else if (c == 'a') {
      understood = ReadNumber(value, &options.answer_bytes) && options.answer_bytes <= kMaxBodyBytes;
    }
    if (!understood) return std::nullopt;
  }
  return options;
}

void StopOnSignals() {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_BLOCK, &blocked, nullptr);
  struct sigaction action {};
  action.sa_handler = RequestStop;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

int Main(int argc, char** argv) {
  const std::optional<Options> options = ReadOptions(argc, argv);
  if (!options) {
    std::fputs("usage: floor_server --mode read|parse [--port PORT] [--answer-bytes N]\n", stderr);
    return 64;
  }
  StopOnSignals();
  FloorServer server(*options);
  if (!server.Listen(options->port)) {
    std::fprintf(stderr, "floor_server: cannot listen on 127.0.0.1:%d\n", options->port);
    return 1;
  }
  server.Run();
  return 0;
}

}  // namespace
}  // namespace osteon::bench

int main(int argc, char** argv) {
  return osteon::bench::Main(argc, argv);
}
