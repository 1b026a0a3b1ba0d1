// Every option of the server, in one table: where it may be set, its default, range, unit and meaning. Help,
// the documentation, the file reader and the environment all read this table. Order of strength: file
// (--config) < environment (OSTEON_...) < flag.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fhir/base/instant.h"
#include "fhir/base/result.h"

namespace osteon::server {

// A caller of the admin API. Only the hash of the token is configured.
struct AdminToken {
  std::string name;    // for the log
  std::string role;    // "viewer" reads; "admin" writes, too
  std::string sha256;  // of the token's bytes, 64 lower-case hex digits
};

struct Config {
  // "ADDR:PORT", port 0 = any free one.
  std::string http, grpc, admin;
  std::string insecure_bind;  // the one address beyond loopback that may be bound, or empty
  std::string external_url;   // "https://host", or empty = the HTTP listener's own address
  std::string config_file;
  std::string data_dir;
  std::string pack;          // folder of the rule pack, or "shipped"
  std::string overlay;       // file, or empty: none
  std::string reload_watch;  // "on" or "off"
  std::string time_zone;
  std::string clock;     // RFC 3339, or empty = the system's
  std::string ids_seed;  // or empty = random ids
  std::string cors_origins;
  std::string log_level;
  std::int64_t threads = 0, workers = 0;
  std::int64_t max_body_bytes = 0, max_header_bytes = 0, max_connections = 0, max_depth = 0, max_nodes = 0;
  std::int64_t inline_body_bytes = 0;
  std::int64_t header_timeout_ms = 0, body_timeout_ms = 0, idle_timeout_ms = 0, stop_timeout_ms = 0;
  std::int64_t store_wait_ms = 0, store_queue_rows = 0;

  std::map<std::string, std::string> parameters;  // of the rule pack, by its own keys
  std::vector<AdminToken> admin_tokens;

  std::vector<std::string> warnings;  // for the log at start
};

enum class OptionKind : std::uint8_t { kText, kInteger, kAddress, kHost, kUrl, kInstant, kChoice };

struct OptionRow {
  std::string_view key;   // in the file, nested at the dots; empty: not in the file
  std::string_view flag;  // "--limits-max-body-bytes"; the variable is OSTEON_LIMITS_MAX_BODY_BYTES
  OptionKind kind;
  std::variant<std::string Config::*, std::int64_t Config::*> field;
  std::string_view default_value;
  std::int64_t low = 0, high = 0;  // integers
  std::string_view choices;        // "|"-separated
  std::string_view unit;
  std::string_view example;
  std::string_view help;
};

std::span<const OptionRow> OptionTable();
std::string EnvironmentName(const OptionRow& row);
// "1..256", "debug|info", or empty.
std::string RangeText(const OptionRow& row);
// The table as a Markdown page (`osteon config --markdown`), with the parts of the file that are not single
// values.
std::string ConfigMarkdown();

struct ConfigInput {
  std::map<std::string, std::string> flags;  // by "--flag"; "--config" names the file
  std::vector<std::string> parameters;       // "KEY=VALUE", from --parameter
  // The value of an environment variable, or nullptr.
  std::function<const char*(const char*)> environment = [](const char*) -> const char* { return nullptr; };
};

// Errors: kInvalidConfig, path "file:line:column", the flag or the variable; unknown keys name the nearest
// known one.
base::Result<Config> LoadConfig(const ConfigInput& input);

struct HostPort {
  std::string host;  // IP literal without brackets, or "localhost"
  std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", "localhost:0".
std::optional<HostPort> ParseHostPort(std::string_view text);
bool IsLoopback(std::string_view host);

}  // namespace osteon::server
