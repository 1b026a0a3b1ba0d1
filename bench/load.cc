// Load generator for CDS Hooks over HTTP/1.1 or gRPC: open loop at a fixed rate, or closed loop. Sends one
// request again and again and prints one line of JSON: requests, errors, latencies and, when told the
// server's process, the CPU time it used per request (all its threads, user and system). Bounded by --seconds
// and --requests; 127.0.0.1 only.

#include <getopt.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "bench/load.h"

namespace osteon::bench {
namespace {

constexpr char kUsage[] =
    "usage: load --transport http|grpc --address 127.0.0.1:PORT --service ID --body FILE\n"
    "            [--connections N] [--rate PER_SECOND] [--seconds S] [--requests N]\n"
    "            [--warm-up-seconds S] [--pid SERVER]\n"
    "  --rate 0 (the default) is the closed loop: each connection sends again as soon as it is answered\n";
constexpr double kMostSeconds = 600;
constexpr int kMostConnections = 1000;

struct Options {
  bool grpc = false;
  Target target;
  Limits limits;
  double warm_up_seconds = 0;
  pid_t pid = 0;
};

template <typename Number>
bool ReadNumber(std::string_view text, Number least, Number most, Number* value) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && rest == end && *value >= least && *value <= most;
}

bool ReadFile(const std::string& path, std::string* content) {
  std::ifstream file(path, std::ios::binary);
  content->assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return file.good() || file.eof();
}

bool ReadOption(int name, std::string_view value, Options* options) {
  constexpr std::string_view kLoopback = "127.0.0.1:";
  constexpr std::uint64_t kMostRequests = 1'000'000'000;
  switch (name) {
    case 't':
      options->grpc = value == "grpc";
      return options->grpc || value == "http";
    case 'a':
      if (!value.starts_with(kLoopback)) return false;
      value.remove_prefix(kLoopback.size());
      return ReadNumber<std::uint16_t>(value, 1, 65535, &options->target.port);
    case 's':
      options->target.service_id = value;
      return !value.empty();
    case 'b':
      return ReadFile(std::string(value), &options->target.body);
    case 'c':
      return ReadNumber(value, 1, kMostConnections, &options->target.connections);
    case 'r':
      return ReadNumber(value, 0.0, 1e7, &options->limits.rate_per_s);
    case 'd':
      return ReadNumber(value, 0.0, kMostSeconds, &options->limits.seconds);
    case 'n':
      return ReadNumber<std::uint64_t>(value, 1, kMostRequests, &options->limits.requests);
    case 'w':
      return ReadNumber(value, 0.0, kMostSeconds, &options->warm_up_seconds);
    case 'p':
      return ReadNumber<pid_t>(value, 1, std::numeric_limits<pid_t>::max(), &options->pid);
    default:
      return false;
  }
}

std::optional<Options> ReadOptions(int argc, char** argv) {
  const option table[] = {{"transport", required_argument, nullptr, 't'},
                          {"address", required_argument, nullptr, 'a'},
                          {"service", required_argument, nullptr, 's'},
                          {"body", required_argument, nullptr, 'b'},
                          {"connections", required_argument, nullptr, 'c'},
                          {"rate", required_argument, nullptr, 'r'},
                          {"seconds", required_argument, nullptr, 'd'},
                          {"requests", required_argument, nullptr, 'n'},
                          {"warm-up-seconds", required_argument, nullptr, 'w'},
                          {"pid", required_argument, nullptr, 'p'},
                          {nullptr, 0, nullptr, 0}};
  Options options;
  for (int name = getopt_long(argc, argv, "", table, nullptr); name != -1;
       name = getopt_long(argc, argv, "", table, nullptr)) {
    if (!ReadOption(name, optarg != nullptr ? optarg : "", &options)) return std::nullopt;
  }
  if (options.target.port == 0 || options.target.service_id.empty() || options.target.body.empty()) {
    return std::nullopt;
  }
  return options;
}

// Seconds of CPU of the process so far, ended threads included; nothing when there is no such process.
std::optional<double> CpuSeconds(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return std::nullopt;
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

std::uint32_t Percentile(const std::vector<std::uint32_t>& sorted, double percent) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<std::size_t>(percent / 100 * static_cast<double>(sorted.size()));
  return sorted[std::min(rank, sorted.size() - 1)];
}

void Print(Measured& measured, std::optional<double> cpu_s) {
  std::vector<std::uint32_t>& latencies = measured.latencies_us;
  std::sort(latencies.begin(), latencies.end());
  std::printf("{\"requests\":%zu,\"errors\":%llu,\"unanswered\":%llu,\"seconds\":%.3f,\"per_second\":%.1f",
              latencies.size(), static_cast<unsigned long long>(measured.errors),
              static_cast<unsigned long long>(measured.unanswered), measured.seconds,
              static_cast<double>(latencies.size()) / measured.seconds);
  std::printf(",\"p50_us\":%u,\"p90_us\":%u,\"p99_us\":%u,\"max_us\":%u", Percentile(latencies, 50),
              Percentile(latencies, 90), Percentile(latencies, 99), Percentile(latencies, 100));
  const std::uint64_t all = latencies.size() + measured.errors;
  if (cpu_s && all > 0) std::printf(",\"server_cpu_us\":%.2f", 1e6 * *cpu_s / static_cast<double>(all));
  std::printf("}\n");
}

int Main(int argc, char** argv) {
  const std::optional<Options> options = ReadOptions(argc, argv);
  if (!options) {
    std::fputs(kUsage, stderr);
    return 64;
  }
  // The kernel's 50 us of timer slack would be taken for the server's latency.
  prctl(PR_SET_TIMERSLACK, 1UL);
  const std::unique_ptr<Load> load =
      options->grpc ? ConnectGrpc(options->target) : ConnectHttp(options->target);
  if (load == nullptr) {
    std::fprintf(stderr, "load: nothing answers on 127.0.0.1:%d\n", options->target.port);
    return 1;
  }
  if (options->warm_up_seconds > 0) {
    Limits warm_up = options->limits;
    warm_up.seconds = options->warm_up_seconds;
    load->Run(warm_up);
  }
  const std::optional<double> before = options->pid != 0 ? CpuSeconds(options->pid) : std::nullopt;
  Measured measured = load->Run(options->limits);
  const std::optional<double> after = options->pid != 0 ? CpuSeconds(options->pid) : std::nullopt;
  Print(measured, before && after ? std::optional(*after - *before) : std::nullopt);
  return measured.latencies_us.empty() ? 1 : 0;
}

}  // namespace
}  // namespace osteon::bench

int main(int argc, char** argv) {
  return osteon::bench::Main(argc, argv);
}
