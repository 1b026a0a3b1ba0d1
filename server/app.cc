#include "server/app.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "server/activation/activator.h"
#include "server/call.h"
#include "server/grpc/grpc_server.h"
#include "server/http/http_server.h"
#include "server/http/routes.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "server/pack_bundle.h"
#include "server/pack_files.h"
#include "server/store/sqlite_store.h"
#include "server/time_zone.h"
#include "server/worker_pool.h"

namespace osteon::server {
namespace {

constexpr std::chrono::milliseconds kHousekeeping{100};
constexpr int kHousekeepingPerWatch = 20;
constexpr std::size_t kWorkerQueue = 256;
// Descriptors for everything but the HTTP listener's connections: store, log, loops, admin; gRPC keeps its
// own reserve.
constexpr rlim_t kReservedFiles = 64;

std::size_t ThreadCount(std::int64_t configured) {
  if (configured > 0) return static_cast<std::size_t>(configured);
  return std::max(1U, std::thread::hardware_concurrency());
}

std::chrono::milliseconds Ms(std::int64_t count) {
  return std::chrono::milliseconds(count);
}
std::size_t Size(std::int64_t count) {
  return static_cast<std::size_t>(count);
}

// Raises the limit of open files to what is allowed; returns it.
rlim_t RaiseFileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

LogLevel LevelOf(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warn") return LogLevel::kWarn;
  if (name == "error") return LogLevel::kError;
  return name == "off" ? LogLevel::kOff : LogLevel::kInfo;
}

std::unique_ptr<Source> SourceOf(const Config& config) {
  std::optional<base::Instant> now;
  if (!config.clock.empty()) now = base::ParseInstant(config.clock);
  std::optional<std::string> seed;
  if (!config.ids_seed.empty()) seed = config.ids_seed;
  return MakeSource(now, std::move(seed));
}

std::string WithPort(const HostPort& address, std::uint16_t port) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(port);
}

HttpOptions ListenerOptions(const Config& config, Metrics::Listener listener) {
  HttpOptions options;
  options.listener = listener;
  options.max_header_bytes = Size(config.max_header_bytes);
  options.max_body_bytes = Size(config.max_body_bytes);
  options.inline_body_bytes = Size(config.inline_body_bytes);
  options.header_timeout = Ms(config.header_timeout_ms);
  options.body_timeout = Ms(config.body_timeout_ms);
  options.idle_timeout = Ms(config.idle_timeout_ms);
  return options;
}

BundleSource BundleSourceOf(const Config& config) {
  const bool is_shipped = config.pack.empty() || config.pack == "shipped";
  return {is_shipped ? ShippedPackFolder() : std::filesystem::path(config.pack), config.overlay,
          config.parameters};
}

}  // namespace

base::Result<std::shared_ptr<const cds_hooks::Catalog>> LoadCatalog(const Config& config) {
  return LoadRules(BundleSourceOf(config));
}

struct App::Impl {
  explicit Impl(const Config& given)
      : config(given), log(LevelOf(given.log_level)), source(SourceOf(given)) {}

  base::Status OpenStore();
  base::Status StartHttp();
  base::Status StartGrpc();
  base::Status StartAdmin();
  std::string ExternalUrl() const;
  RouteContext Context() {
    return {
        *calls, *store, *store, *activator, metrics, draining, config.admin_tokens, [this] { ShowStore(); }};
  }
  void KeepHouse();
  void ShowStore();
  void Stop();

  const Config config;
  Log log;
  Metrics metrics;
  base::TimeZone zone;
  std::unique_ptr<Source> source;
  std::unique_ptr<SqliteStore> store;
  std::optional<WorkerPool> workers;
  std::unique_ptr<CallHandler> calls;
  std::unique_ptr<Activator> activator;
  std::atomic<bool> draining{false};
  std::optional<Router> public_router, admin_router;
  // Started but silent until everything else is there: its port is part of the cards' links.
  std::unique_ptr<HttpServer> http, admin;
  std::unique_ptr<GrpcServer> grpc;
  Addresses addresses;

  std::mutex house_mutex;
  std::condition_variable house_wake;
  bool house_stopping = false;
  std::thread house;
};

base::Status App::Impl::OpenStore() {
  SqliteStore::Options options;
  options.dir = config.data_dir;
  options.queue_capacity = Size(config.store_queue_rows);
  options.now_ms = MakeSystemSource()->Now().ms;
  OSTEON_ASSIGN_OR_RETURN(store, SqliteStore::Open(options));
  return base::Ok{};
}

std::string App::Impl::ExternalUrl() const {
  std::string url = config.external_url.empty() ? "http://" + addresses.http : config.external_url;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

base::Status App::Impl::StartHttp() {
  HttpOptions options = ListenerOptions(config, Metrics::Listener::kHttp);
  options.address = *ParseHostPort(config.http);
  options.threads = ThreadCount(config.threads);
  options.cors_origins = config.cors_origins;
  const rlim_t files = RaiseFileLimit();
  options.max_connections = Size(config.max_connections);
  if (files != RLIM_INFINITY && options.max_connections + kReservedFiles > files) {
    options.max_connections = std::max<std::size_t>(1, files > kReservedFiles ? files - kReservedFiles : 1);
    log.Write(LogLevel::kWarn, "fewer connections than configured: the limit of open files is too low",
              {{"max_connections", std::to_string(options.max_connections)}});
  }
  OSTEON_ASSIGN_OR_RETURN(http, HttpServer::Bind(options, metrics, log));
  addresses.http = WithPort(options.address, http->port());
  return base::Ok{};
}

base::Status App::Impl::StartGrpc() {
  GrpcOptions options;
  options.address = *ParseHostPort(config.grpc);
  options.max_body_bytes = Size(config.max_body_bytes);
  options.max_header_bytes = Size(config.max_header_bytes);
  options.inline_body_bytes = Size(config.inline_body_bytes);
  options.handshake_timeout = Ms(config.header_timeout_ms);
  OSTEON_ASSIGN_OR_RETURN(grpc, GrpcServer::Start(options, *calls, *workers, metrics, log));
  addresses.grpc = WithPort(options.address, grpc->port());
  return base::Ok{};
}

base::Status App::Impl::StartAdmin() {
  HttpOptions options = ListenerOptions(config, Metrics::Listener::kAdmin);
  options.address = *ParseHostPort(config.admin);
  options.max_connections = 64;
  OSTEON_ASSIGN_OR_RETURN(admin, HttpServer::Bind(options, metrics, log));
  addresses.admin = WithPort(options.address, admin->port());
  return base::Ok{};
}

void App::Impl::ShowStore() {
  const SqliteStore::Stats stats = store->stats();
  metrics.SetStore(
      {store->Healthy(), stats.queued, stats.commits, stats.failed_commits, stats.refused, stats.lost});
}

void App::Impl::KeepHouse() {
  bool was_healthy = true;
  int since_watch = 0;
  std::unique_lock guard(house_mutex);
  while (!house_wake.wait_for(guard, kHousekeeping, [&] { return house_stopping; })) {
    ShowStore();
    if (config.reload_watch == "on" && ++since_watch == kHousekeepingPerWatch) {
      since_watch = 0;
      activator->Watch();
    }
    const bool healthy = store->Healthy();
    if (healthy == was_healthy) continue;
    was_healthy = healthy;
    grpc->SetHealth(healthy ? GrpcServer::Health::kServing : GrpcServer::Health::kNotServing);
    log.Write(healthy ? LogLevel::kInfo : LogLevel::kError, healthy
                                                                ? "the decision store takes commits again"
                                                                : "the decision store does not take commits");
  }
}

// Front to back: no new work, answers to what is there, then the store, and last whatever answers still point
// to.
void App::Impl::Stop() {
  if (draining.exchange(true)) return;
  log.Write(LogLevel::kInfo, "stopping");
  {
    std::scoped_lock guard(house_mutex);
    house_stopping = true;
  }
  house_wake.notify_one();
  if (house.joinable()) house.join();
  if (activator != nullptr) activator->Stop();
  const auto grace = Ms(config.stop_timeout_ms);
  if (grpc != nullptr) grpc->SetHealth(GrpcServer::Health::kNotServing);
  std::thread stop_grpc([&] {
    if (grpc != nullptr) grpc->Stop(grace);
  });
  if (http != nullptr) http->Stop(grace);
  stop_grpc.join();
  if (admin != nullptr) admin->Stop(Ms(0));
  workers.reset();
  if (store != nullptr) store->Drain();
  activator.reset();
  calls.reset();
  grpc.reset();
  log.Write(LogLevel::kInfo, "stopped");
}

App::App(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

App::~App() {
  Stop();
}

base::Result<std::unique_ptr<App>> App::Start(const Config& config) {
  auto app = std::unique_ptr<App>(new App(std::make_unique<Impl>(config)));
  Impl& impl = *app->impl_;
  const BundleSource rules = BundleSourceOf(config);
  const KeptPacks kept(std::filesystem::path(config.data_dir) / "packs");
  OSTEON_ASSIGN_OR_RETURN(const StartRules start, LoadStartRules(rules, kept));
  OSTEON_ASSIGN_OR_RETURN(impl.zone, LoadTimeZone(config.time_zone));
  OSTEON_RETURN_IF_ERROR(impl.StartHttp());
  OSTEON_RETURN_IF_ERROR(impl.StartAdmin());
  OSTEON_RETURN_IF_ERROR(impl.OpenStore());
  impl.workers.emplace(ThreadCount(config.workers), kWorkerQueue);

  CallHandler::Options options;
  options.read_limits = {Size(config.max_depth), Size(config.max_nodes)};
  options.source_url = impl.ExternalUrl() + "/rules/";
  options.zone = &impl.zone;
  options.store_wait = Ms(config.store_wait_ms);
  impl.calls = std::make_unique<CallHandler>(start.catalog, *impl.store, *impl.source, impl.metrics, impl.log,
                                             options);
  impl.activator = std::make_unique<Activator>(
      Activator::Parts{rules, kept, *impl.calls, *impl.store, *impl.source, impl.metrics, impl.log}, start);
  impl.public_router.emplace(PublicRoutes(impl.Context()));
  impl.admin_router.emplace(AdminRoutes(impl.Context()));
  OSTEON_RETURN_IF_ERROR(impl.StartGrpc());
  impl.http->Run(*impl.public_router, &*impl.workers);
  impl.admin->Run(*impl.admin_router, nullptr);

  if (!config.insecure_bind.empty()) impl.metrics.SetInsecureBind(config.insecure_bind);
  for (const std::string& warning : config.warnings) impl.log.Write(LogLevel::kWarn, warning);
  impl.log.Write(LogLevel::kInfo, "serving",
                 {{"http", impl.addresses.http},
                  {"grpc", impl.addresses.grpc},
                  {"admin", impl.addresses.admin},
                  {"pack", start.catalog->pack().id},
                  {"version", start.catalog->pack().version},
                  {"hash", start.catalog->pack().content_hash},
                  {"rules", RulesOriginName(start.origin)}});
  impl.house = std::thread([&impl] { impl.KeepHouse(); });
  return app;
}

const App::Addresses& App::addresses() const {
  return impl_->addresses;
}

void App::Reload(std::string why) {
  impl_->activator->Submit({ActivationAction::kSignal, "signal", std::move(why), ""}, nullptr);
}

void App::Stop() {
  impl_->Stop();
}

}  // namespace osteon::server
