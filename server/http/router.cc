#include "server/http/router.h"

#include <utility>

namespace osteon::server {
namespace {

constexpr std::string_view kParameter = "{id}";

std::string_view PathOf(std::string_view target) {
  if (!target.starts_with('/')) {
    // Absolute form, as sent to proxies; RFC 9112 section 3.2.2 has every server accept it.
    const auto scheme = target.find("://");
    if (scheme == target.npos) return target;
    const auto slash = target.find('/', scheme + 3);
    target = slash == target.npos ? std::string_view("/") : target.substr(slash);
  }
  return target.substr(0, target.find_first_of("?#"));
}

std::string_view NextSegment(std::string_view& rest) {
  rest.remove_prefix(1);
  const auto end = rest.find('/');
  const auto segment = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view() : rest.substr(end);
  return segment;
}

// The raw text of {id}, or nullopt when the path is not of this pattern.
std::optional<std::string_view> MatchPattern(std::string_view pattern, std::string_view path) {
  std::string_view id;
  while (!pattern.empty() && pattern.front() == '/' && !path.empty() && path.front() == '/') {
    const auto wanted = NextSegment(pattern);
    const auto segment = NextSegment(path);
    if (wanted == kParameter) {
      if (segment.empty()) return std::nullopt;
      id = segment;
    } else if (wanted != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return id;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> DecodePercent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

RouteMatch Router::Find(std::string_view method, std::string_view target) const {
  RouteMatch match;
  if (method == "OPTIONS" && target == "*") {
    match.allow = "GET, HEAD, POST, OPTIONS";
    return match;
  }
  const std::string_view path = PathOf(target);
  std::string_view raw_id;
  for (const Route& route : routes_) {
    const auto id = MatchPattern(route.pattern, path);
    if (!id) continue;
    match.allow += route.method == "GET" ? "GET, HEAD, " : "POST, ";
    if (route.method != method && !(route.method == "GET" && method == "HEAD")) continue;
    match.route = &route;
    raw_id = *id;
  }
  if (match.allow.empty()) {
    match.error = base::Error{base::ErrorCode::kRouteNotFound, "there is no such endpoint", "", ""};
    return match;
  }
  match.allow += "OPTIONS";
  if (method == "OPTIONS") return match;
  if (match.route == nullptr) {
    match.error =
        base::Error{base::ErrorCode::kMethodNotAllowed, "this endpoint answers " + match.allow, "", ""};
    return match;
  }
  if (auto decoded = DecodePercent(raw_id)) {
    match.id = *std::move(decoded);
  } else {
    match.route = nullptr;
    match.error =
        base::Error{base::ErrorCode::kInvalidRequest, "the path holds a broken percent escape", "", ""};
  }
  return match;
}

}  // namespace osteon::server
