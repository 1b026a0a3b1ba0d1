// Exit 0 when the server of this container answers GET /health/ready with 200, else 1.
// A program of its own because the image holds no shell and no HTTP client.
// usage: osteon-ready [PORT]    (8080)
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 8080;
  if (port <= 0 || port > 65535) return 1;
  const int socket_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0) return 1;
  // A server that does not answer within two seconds is not ready.
  const timeval limit{2, 0};
  ::setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);

  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 1;

  constexpr char kRequest[] = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (::send(socket_fd, kRequest, sizeof kRequest - 1, MSG_NOSIGNAL) !=
      static_cast<ssize_t>(sizeof kRequest - 1)) {
    return 1;
  }
  // "HTTP/1.1 200": the status line may come in pieces.
  char status[12];
  std::size_t have = 0;
  while (have < sizeof status) {
    const ssize_t count = ::recv(socket_fd, status + have, sizeof status - have, 0);
    if (count <= 0) return 1;
    have += static_cast<std::size_t>(count);
  }
  ::close(socket_fd);
  return std::memcmp(status, "HTTP/1.", 7) == 0 && std::memcmp(status + 8, " 200", 4) == 0 ? 0 : 1;
}
