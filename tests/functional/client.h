// An HTTP client that does what it is told, well-formed or not. Its deadline is the socket's own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace osteon::functional {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

class Connection {
 public:
  // "127.0.0.1:8080". Every wait ends after ten seconds.
  explicit Connection(const std::string& address);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return fd_ >= 0; }
  // False when the peer is gone.
  bool Send(std::string_view bytes);
  // One answer; nullopt at the end of the stream, or when nothing comes.
  //   head_only: the answer to HEAD has no body.
  std::optional<Answer> Read(std::string_view method = "GET");
  // True when the peer has closed and nothing more came.
  bool AtEnd();
  void ShutdownWrite();

  std::optional<Answer> Ask(std::string_view request, std::string_view method = "GET") {
    Send(request);
    return Read(method);
  }

 private:
  bool Fill();

  int fd_ = -1;
  std::string buffer_;
};

std::string GetRequest(std::string_view path, std::string_view headers = "");
std::string PostRequest(std::string_view path, std::string_view body, std::string_view headers = "");
// One request on a connection of its own.
std::optional<Answer> Get(const std::string& address, std::string_view path, std::string_view headers = "");
std::optional<Answer> Post(const std::string& address, std::string_view path, std::string_view body);

}  // namespace osteon::functional
