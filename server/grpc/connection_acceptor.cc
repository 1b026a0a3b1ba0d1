#include "server/grpc/connection_acceptor.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace osteon::server {
namespace {

constexpr int kPauseMs = 50;
// Descriptors gRPC's connections never take: the HTTP listener's, the store's and the log's.
constexpr rlim_t kLargestReserve = 256;

// The kernel gives the lowest free number, so a high one means that all below are taken: the count of open
// descriptors without counting them.
bool IsOverReserve(int descriptor) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  const rlim_t reserve = std::min(kLargestReserve, limit.rlim_cur / 4);
  return static_cast<rlim_t>(descriptor) >= limit.rlim_cur - reserve;
}

base::Error CannotListen(const HostPort& address, int error) {
  return base::Error{
      base::ErrorCode::kInvalidConfig,
      "cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " + std::strerror(error),
      "", "--grpc"};
}

// A listening socket, or -1 with errno.
int OpenListener(const HostPort& address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  const std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
  addrinfo* found = nullptr;
  errno = EINVAL;
  if (::getaddrinfo(host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, found->ai_addr, found->ai_addrlen) == 0 && ::listen(fd, SOMAXCONN) == 0) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

std::uint16_t PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  char port[8] = "";
  ::getnameinfo(reinterpret_cast<sockaddr*>(&address), length, nullptr, 0, port, sizeof port, NI_NUMERICSERV);
  return static_cast<std::uint16_t>(std::strtoul(port, nullptr, 10));
}

}  // namespace

base::Result<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(const HostPort& address,
                                                                             Metrics& metrics) {
  const int listener = OpenListener(address);
  if (listener < 0) return CannotListen(address, errno);
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) {
    const int error = errno;
    ::close(listener);
    return CannotListen(address, error);
  }
  return std::unique_ptr<ConnectionAcceptor>(
      new ConnectionAcceptor(listener, wake, PortOf(listener), metrics));
}

ConnectionAcceptor::ConnectionAcceptor(int listener, int wake, std::uint16_t port, Metrics& metrics)
    : listener_(listener), wake_(wake), port_(port), metrics_(metrics) {}

ConnectionAcceptor::~ConnectionAcceptor() {
  Stop();
  ::close(listener_);
  ::close(wake_);
}

void ConnectionAcceptor::Run(grpc::experimental::ExternalConnectionAcceptor* target) {
  thread_ = std::thread([this, target] { AcceptAll(target); });
}

void ConnectionAcceptor::Stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  thread_.join();
}

void ConnectionAcceptor::AcceptAll(grpc::experimental::ExternalConnectionAcceptor* target) {
  for (;;) {
    pollfd waiting[] = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[0].revents != 0) return;
    if (waiting[1].revents != 0) AcceptOne(target);
  }
}

void ConnectionAcceptor::AcceptOne(grpc::experimental::ExternalConnectionAcceptor* target) {
  const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) {
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
    metrics_.ConnectionRefused(Metrics::Listener::kGrpc);
    // The connection stays in the kernel's queue; pause instead of spinning, then try again.
    pollfd waiting{wake_, POLLIN, 0};
    ::poll(&waiting, 1, kPauseMs);
    return;
  }
  if (IsOverReserve(fd)) {
    metrics_.ConnectionRefused(Metrics::Listener::kGrpc);
    ::close(fd);
    return;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  metrics_.ConnectionOpened(Metrics::Listener::kGrpc);
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.listener_fd = listener_;
  parameters.fd = fd;
  target->HandleNewConnection(&parameters);
}

}  // namespace osteon::server
