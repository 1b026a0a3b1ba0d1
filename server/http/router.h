// Which route a method and a target lead to. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace osteon::server {

struct RouteMatch {
  const Route* route = nullptr;      // null: see error
  std::string id;                    // the path's {id}, percent-decoded
  std::optional<base::Error> error;  // kRouteNotFound, kMethodNotAllowed, kInvalidRequest
  std::string allow;  // methods of the path, "GET, HEAD, OPTIONS"; empty when the path leads nowhere
};

class Router {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  //   target: origin form ("/a/b?query") or absolute form ("http://host/a/b"); the query is ignored.
  // For OPTIONS `route` is null, and `error` absent when the path exists (also for "*").
  RouteMatch Find(std::string_view method, std::string_view target) const;

 private:
  std::vector<Route> routes_;
};

// "%41" -> "A"; nullopt for a broken escape or an encoded NUL.
std::optional<std::string> DecodePercent(std::string_view text);

}  // namespace osteon::server
