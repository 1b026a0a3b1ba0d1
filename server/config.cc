#include "server/config.h"

#include <arpa/inet.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

#include "server/config_file.h"

namespace osteon::server {
namespace {

base::Error Invalid(std::string place, std::string text) {
  return base::Error{base::ErrorCode::kInvalidConfig, std::move(text), "", std::move(place)};
}

bool IsAddress(std::string_view host) {
  const std::string text(host);
  unsigned char bytes[16];
  return host == "localhost" || ::inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// What is wrong with `value` for this row; empty when nothing is.
std::string Complaint(const OptionRow& row, const std::string& value) {
  switch (row.kind) {
    case OptionKind::kText:
      return "";
    case OptionKind::kInteger:
      return "a whole number, " + RangeText(row) + " " + std::string(row.unit);
    case OptionKind::kAddress:
      return ParseHostPort(value) ? "" : "an IP address and a port, such as " + std::string(row.example);
    case OptionKind::kHost:
      return value.empty() || IsAddress(value) ? "" : "an IP address, such as " + std::string(row.example);
    case OptionKind::kUrl:
      return value.empty() || value.starts_with("http://") || value.starts_with("https://")
                 ? ""
                 : "a URL, such as " + std::string(row.example);
    case OptionKind::kInstant:
      return value.empty() || base::ParseInstant(value) ? "" : "a time, such as " + std::string(row.example);
    case OptionKind::kChoice:
      return ("|" + std::string(row.choices) + "|").find("|" + value + "|") != std::string::npos &&
                     !value.empty()
                 ? ""
                 : "one of " + std::string(row.choices);
  }
  return "";
}

base::Status Set(Config& config, const OptionRow& row, const std::string& value, const std::string& place) {
  const std::string complaint = Complaint(row, value);
  if (const auto* integer = std::get_if<std::int64_t Config::*>(&row.field)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < row.low || number > row.high) {
      return Invalid(place, "\"" + value + "\" is not " + complaint);
    }
    config.*(*integer) = number;
    return base::Ok{};
  }
  if (!complaint.empty()) return Invalid(place, "\"" + value + "\" is not " + complaint);
  config.*std::get<std::string Config::*>(row.field) = value;
  return base::Ok{};
}

// Where a value came from, and the keys that were set at all.
struct Merge {
  Config config;
  std::set<std::string_view> set;  // flags of rows that were set

  base::Status Apply(const OptionRow& row, const std::string& value, const std::string& place) {
    set.insert(row.flag);
    return Set(config, row, value, place);
  }
};

const OptionRow* FindRow(std::string_view key) {
  for (const OptionRow& row : OptionTable()) {
    if (row.key == key) return &row;
  }
  return nullptr;
}

std::string FromEnvironment(const ConfigInput& input, const OptionRow& row, bool& is_set) {
  const char* value = input.environment(EnvironmentName(row).c_str());
  is_set = value != nullptr;
  return is_set ? value : "";
}

base::Status ApplyFile(const std::string& path, Merge& merge) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Invalid(path, "the configuration file cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  OSTEON_ASSIGN_OR_RETURN(FileContent content, ReadConfigFile(text, path));
  for (const FileValue& value : content.options) {
    OSTEON_RETURN_IF_ERROR(merge.Apply(*FindRow(value.key), value.value, value.place));
  }
  for (FileValue& value : content.parameters) merge.config.parameters[value.key] = std::move(value.value);
  merge.config.admin_tokens = std::move(content.admin_tokens);
  return base::Ok{};
}

base::Status ApplyParameters(const ConfigInput& input, Config& config) {
  for (const std::string& text : input.parameters) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return Invalid("--parameter", "\"" + text + "\" is not KEY=VALUE");
    config.parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return base::Ok{};
}

struct Listener {
  std::string_view flag;
  std::string Config::*field;
};
constexpr Listener kListeners[] = {
    {"--http", &Config::http}, {"--grpc", &Config::grpc}, {"--admin", &Config::admin}};

base::Status CheckListeners(Merge& merge) {
  Config& config = merge.config;
  bool beyond_loopback = false;
  for (const Listener& listener : kListeners) {
    HostPort address = *ParseHostPort(config.*listener.field);
    if (!config.insecure_bind.empty() && !merge.set.contains(listener.flag)) {
      address.host = config.insecure_bind;
      const bool v6 = address.host.find(':') != std::string::npos;
      config.*listener.field =
          (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
    }
    if (IsLoopback(address.host)) continue;
    beyond_loopback = true;
    if (address.host == config.insecure_bind) continue;
    return Invalid(std::string(listener.flag),
                   "\"" + address.host +
                       "\" is beyond loopback, and no client is known by a key: anybody could ask; "
                       "--insecure-bind " +
                       address.host + " allows it");
  }
  if (!beyond_loopback) return base::Ok{};
  for (const std::string_view flag : {"--clock", "--ids"}) {
    if (merge.set.contains(flag)) {
      return Invalid(std::string(flag), "is for comparison runs on loopback, not beyond it");
    }
  }
  config.warnings.push_back(
      "listening on " + config.insecure_bind +
      " without client trust (--insecure-bind): anybody who reaches it can ask and send feedback");
  return base::Ok{};
}

}  // namespace

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  HostPort result;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (error != std::errc() || end != port.data() + port.size()) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == host.npos) return std::nullopt;
  } else if (host.find(':') != host.npos) {
    return std::nullopt;
  }
  if (!IsAddress(host)) return std::nullopt;
  result.host = host;
  return result;
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

base::Result<Config> LoadConfig(const ConfigInput& input) {
  Merge merge;
  for (const OptionRow& row : OptionTable()) {
    OSTEON_RETURN_IF_ERROR(Set(merge.config, row, std::string(row.default_value), std::string(row.flag)));
  }
  // The file first: the weakest of the three. Its own name comes from the flag or the environment.
  for (const OptionRow& row : OptionTable()) {
    if (!row.key.empty()) continue;
    bool is_set = false;
    std::string path = FromEnvironment(input, row, is_set);
    if (const auto flag = input.flags.find(std::string(row.flag)); flag != input.flags.end())
      path = flag->second;
    merge.config.config_file = path;
    if (!path.empty()) OSTEON_RETURN_IF_ERROR(ApplyFile(path, merge));
  }
  for (const OptionRow& row : OptionTable()) {
    if (row.key.empty()) continue;
    bool is_set = false;
    const std::string value = FromEnvironment(input, row, is_set);
    if (is_set) OSTEON_RETURN_IF_ERROR(merge.Apply(row, value, EnvironmentName(row)));
    if (const auto flag = input.flags.find(std::string(row.flag)); flag != input.flags.end()) {
      OSTEON_RETURN_IF_ERROR(merge.Apply(row, flag->second, flag->first));
    }
  }
  OSTEON_RETURN_IF_ERROR(ApplyParameters(input, merge.config));
  OSTEON_RETURN_IF_ERROR(CheckListeners(merge));
  return std::move(merge.config);
}

}  // namespace osteon::server
