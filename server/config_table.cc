#include <array>

#include "server/config.h"

namespace osteon::server {
namespace {

using Kind = OptionKind;

constexpr std::int64_t kHour = 3'600'000;

const OptionRow kTable[] = {
    {"listen.http", "--http", Kind::kAddress, &Config::http, "127.0.0.1:8080", 0, 0, "", "", "127.0.0.1:8080",
     "CDS Hooks over HTTP/JSON; port 0 picks a free one and prints it"},
    {"listen.grpc", "--grpc", Kind::kAddress, &Config::grpc, "127.0.0.1:50051", 0, 0, "", "",
     "127.0.0.1:50051", "CDS Hooks over gRPC"},
    {"listen.admin", "--admin", Kind::kAddress, &Config::admin, "127.0.0.1:8081", 0, 0, "", "",
     "127.0.0.1:8081", "admin API, metrics and health"},
    {"listen.insecure_bind", "--insecure-bind", Kind::kHost, &Config::insecure_bind, "", 0, 0, "", "",
     "0.0.0.0",
     "the one address beyond loopback that may be bound while no client is known by a key; listeners whose "
     "address is "
     "not set move to it. For containers and demonstrations: warns at every start"},
    {"listen.external_url", "--external-url", Kind::kUrl, &Config::external_url, "", 0, 0, "", "",
     "https://cds.example.org", "how clients reach the HTTP listener: used in the links of cards"},
    {"store.dir", "--data", Kind::kText, &Config::data_dir, "osteon-data", 0, 0, "", "", "/var/lib/osteon",
     "folder of the decision store, on a local disk; one process per folder"},
    {"store.wait_ms", "--store-wait-ms", Kind::kInteger, &Config::store_wait_ms, "100", 0, 60'000, "", "ms",
     "100",
     "longest wait for the decision to be durable before the answer leaves without (counted); 0 = do not "
     "wait"},
    {"store.queue_rows", "--store-queue-rows", Kind::kInteger, &Config::store_queue_rows, "10000", 1,
     10'000'000, "", "rows", "10000",
     "decisions and feedback waiting for the disk; beyond it feedback is refused with 503"},
    {"pack", "--pack", Kind::kText, &Config::pack, "shipped", 0, 0, "", "", "/etc/osteon/pack",
     "folder of the rule pack; shipped: the one that comes with the program"},
    {"overlay", "--overlay", Kind::kText, &Config::overlay, "", 0, 0, "", "", "/etc/osteon/overlay.yaml",
     "file with what this site changes of the pack: states of rules, rows, parameters"},
    {"reload.watch", "--reload-watch", Kind::kChoice, &Config::reload_watch, "off", 0, 0, "off|on", "", "on",
     "on: pack and overlay are loaded again when their files have changed; SIGHUP and the admin API do so in "
     "any "
     "case"},
    {"site.timezone", "--site-timezone", Kind::kText, &Config::time_zone, "UTC", 0, 0, "", "",
     "Europe/Berlin",
     "whole days (gestational weeks, ages, intervals) are counted in it; a zone of the system's zone files"},
    {"fixed.clock", "--clock", Kind::kInstant, &Config::clock, "", 0, 0, "", "", "2026-06-15T10:00:00Z",
     "stops the clock, for comparison runs; loopback only"},
    {"fixed.ids", "--ids", Kind::kText, &Config::ids_seed, "", 0, 0, "", "", "seed",
     "derives decision ids from this seed, the service and the body, for comparison runs; loopback only"},
    {"threads.io", "--threads", Kind::kInteger, &Config::threads, "0", 0, 256, "", "threads", "2",
     "threads that serve HTTP connections; 0 = one per core"},
    {"threads.workers", "--workers", Kind::kInteger, &Config::workers, "0", 0, 256, "", "threads", "2",
     "threads of lower priority for large bodies; 0 = one per core"},
    {"limits.max_body_bytes", "--limits-max-body-bytes", Kind::kInteger, &Config::max_body_bytes, "8388608",
     1'024, 1'073'741'824, "", "bytes", "8388608", "largest request body; beyond it 413"},
    {"limits.max_header_bytes", "--limits-max-header-bytes", Kind::kInteger, &Config::max_header_bytes,
     "16384", 1'024, 1'048'576, "", "bytes", "16384", "largest request header; beyond it 431"},
    {"limits.header_timeout_ms", "--limits-header-timeout-ms", Kind::kInteger, &Config::header_timeout_ms,
     "10000", 10, kHour, "", "ms", "10000",
     "from the first byte of a request to the end of its header; beyond it 408"},
    {"limits.body_timeout_ms", "--limits-body-timeout-ms", Kind::kInteger, &Config::body_timeout_ms, "30000",
     10, kHour, "", "ms", "30000",
     "from the end of the header to the end of the body, and for the client to take an "
     "answer; beyond it 408"},
    {"limits.idle_timeout_ms", "--limits-idle-timeout-ms", Kind::kInteger, &Config::idle_timeout_ms, "60000",
     10, kHour, "", "ms", "60000", "a connection without a request is closed after it"},
    {"limits.stop_timeout_ms", "--limits-stop-timeout-ms", Kind::kInteger, &Config::stop_timeout_ms, "10000",
     0, kHour, "", "ms", "10000", "at SIGTERM: longest wait for requests in flight"},
    {"limits.max_connections", "--limits-max-connections", Kind::kInteger, &Config::max_connections, "4096",
     1, 1'000'000, "", "connections", "4096",
     "open connections of the HTTP listener; more are answered 503 and closed. Lowered to what the limit of "
     "open files "
     "allows"},
    {"limits.max_depth", "--limits-max-depth", Kind::kInteger, &Config::max_depth, "64", 4, 1'000, "",
     "levels", "64", "nested arrays and objects of a body; beyond it 413"},
    {"limits.max_nodes", "--limits-max-nodes", Kind::kInteger, &Config::max_nodes, "1048576", 1'000,
     100'000'000, "", "values", "1048576", "values in a body; beyond it 413"},
    {"limits.inline_body_bytes", "--limits-inline-body-bytes", Kind::kInteger, &Config::inline_body_bytes,
     "65536", 0, 1'073'741'824, "", "bytes", "65536",
     "larger bodies go to the worker threads, so that small requests do not wait"},
    {"cors.origins", "--cors-origins", Kind::kText, &Config::cors_origins, "*", 0, 0, "", "",
     "https://ehr.example.org",
     "origins of browser clients, comma-separated, or *; credentials are never allowed"},
    {"log.level", "--log-level", Kind::kChoice, &Config::log_level, "info", 0, 0, "debug|info|warn|error|off",
     "", "info", "log lines of this level and above; JSON on stderr"},
    {"", "--config", Kind::kText, &Config::config_file, "", 0, 0, "", "", "/etc/osteon/osteon.yaml",
     "file with any of these options, nested at the dots"},
};

constexpr std::string_view kFileParts = R"(
## Parts of the file that are not single values

```yaml
parameters:            # of the rule pack, by its own keys; also --parameter KEY=VALUE
  a.lateGA: 24
admin:
  tokens:              # callers of the admin API; none = it answers 401 (metrics and health need none)
    - name: monitoring # for the log
      role: viewer     # viewer reads; admin also reloads and rolls back
      sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08   # printf %s TOKEN | sha256sum
```

A change of any option takes effect at the next start; pack and overlay are read again at SIGHUP (docs/rule-packs.md,
"Activation"). No option holds a secret: tokens are configured as hashes.
)";

}  // namespace

std::span<const OptionRow> OptionTable() {
  return kTable;
}

std::string EnvironmentName(const OptionRow& row) {
  std::string name = "OSTEON_";
  for (const char c : row.flag.substr(2)) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
  }
  return name;
}

std::string RangeText(const OptionRow& row) {
  if (row.kind == OptionKind::kInteger) return std::to_string(row.low) + ".." + std::to_string(row.high);
  return std::string(row.choices);
}

std::string ConfigMarkdown() {
  std::string page =
      "# Options of `osteon serve`\n\n"
      "Order of strength: file (`--config`) < environment < flag. Unknown keys, wrong types and values out "
      "of range "
      "stop the start with file, line and column.\n\n"
      "| key in the file | flag | environment | default | range | unit | example | meaning |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const OptionRow& row : kTable) {
    const auto code = [](std::string_view text) { return text.empty() ? "" : "`" + std::string(text) + "`"; };
    std::string range = RangeText(row);
    for (std::size_t at = 0; (at = range.find('|', at)) != std::string::npos; at += 2)
      range.replace(at, 1, ", ");
    page += "| " + code(row.key) + " | " + code(row.flag) + " | " + code(EnvironmentName(row)) + " | " +
            code(row.default_value) + " | " + range + " | " + std::string(row.unit) + " | " +
            code(row.example) + " | " + std::string(row.help) + " |\n";
  }
  return page + std::string(kFileParts);
}

}  // namespace osteon::server
