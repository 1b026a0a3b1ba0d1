#include "server/observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <initializer_list>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace osteon::server {
namespace {

constexpr const char* kListenerNames[] = {"http", "grpc", "admin"};

// Latency buckets in seconds: the target is well under a millisecond, the specification's limit 500 ms.
const prometheus::Histogram::BucketBoundaries kBuckets = {0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                          0.05,    0.1,    0.25,  0.5,    1,     2.5};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// One metric family with its label values looked up once: the library's own look-up costs ten times the
// counting.
template <typename Metric>
class Labelled {
 public:
  using Make = Metric& (*)(prometheus::Family<Metric>&, const prometheus::Labels&);

  Labelled(prometheus::Family<Metric>& family, std::initializer_list<const char*> names, Make make)
      : family_(family), names_(names), make_(make) {}

  Metric& Get(std::initializer_list<std::string_view> values) {
    thread_local std::string key;
    key.clear();
    for (const std::string_view value : values) key.append(value).append(1, '\x1f');
    {
      std::shared_lock guard(mutex_);
      if (const auto found = known_.find(std::string_view(key)); found != known_.end()) return *found->second;
    }
    prometheus::Labels labels;
    auto name = names_.begin();
    for (const std::string_view value : values) labels.emplace(*name++, std::string(value));
    std::unique_lock guard(mutex_);
    Metric& metric = make_(family_, labels);
    known_.emplace(key, &metric);
    return metric;
  }

 private:
  prometheus::Family<Metric>& family_;
  std::vector<const char*> names_;
  Make make_;
  std::shared_mutex mutex_;
  std::unordered_map<std::string, Metric*, TextHash, std::equal_to<>> known_;
};

prometheus::Counter& AddCounter(prometheus::Family<prometheus::Counter>& family,
                                const prometheus::Labels& labels) {
  return family.Add(labels);
}
prometheus::Gauge& AddGauge(prometheus::Family<prometheus::Gauge>& family, const prometheus::Labels& labels) {
  return family.Add(labels);
}
prometheus::Histogram& AddHistogram(prometheus::Family<prometheus::Histogram>& family,
                                    const prometheus::Labels& labels) {
  return family.Add(labels, kBuckets);
}

}  // namespace

struct Metrics::Impl {
  using Counters = Labelled<prometheus::Counter>;
  using Gauges = Labelled<prometheus::Gauge>;

  Counters Counter(const char* name, const char* help, std::initializer_list<const char*> labels) {
    return {prometheus::BuildCounter().Name(name).Help(help).Register(registry), labels, AddCounter};
  }
  Gauges Gauge(const char* name, const char* help, std::initializer_list<const char*> labels) {
    return {prometheus::BuildGauge().Name(name).Help(help).Register(registry), labels, AddGauge};
  }
  Labelled<prometheus::Histogram> Histogram(const char* name, const char* help,
                                            std::initializer_list<const char*> labels) {
    return {prometheus::BuildHistogram().Name(name).Help(help).Register(registry), labels, AddHistogram};
  }

  prometheus::Registry registry;
  std::mutex store_mutex;
  Counters requests = Counter("osteon_requests_total", "Hook and feedback calls answered.",
                              {"service", "transport", "status"});
  Labelled<prometheus::Histogram> latency =
      Histogram("osteon_request_seconds", "From the request read to the answer handed over.", {"service"});
  Counters rules = Counter("osteon_rule_outcomes_total", "How rules ended.", {"rule", "status"});
  Counters cards = Counter("osteon_cards_total", "Cards sent.", {"rule", "row"});
  Counters feedback =
      Counter("osteon_feedback_total", "Feedback received, by outcome.", {"service", "outcome"});
  Counters refused = Counter("osteon_refused_total", "Requests refused before any service was asked.",
                             {"transport", "error"});
  Counters late = Counter("osteon_late_answers_total", "Answers sent before their decision was durable.", {});
  Gauges connections = Gauge("osteon_connections", "Open connections.", {"listener"});
  Counters accepted = Counter("osteon_connections_accepted_total", "Connections accepted.", {"listener"});
  Counters turned_away = Counter("osteon_connections_refused_total",
                                 "Connections closed at once, over the limit.", {"listener"});
  Gauges store_healthy = Gauge("osteon_store_healthy", "1 while commits succeed.", {});
  Gauges store_queued = Gauge("osteon_store_queued", "Rows waiting for the writer.", {});
  Counters store_commits = Counter("osteon_store_commits_total", "Commits, each of many rows.", {});
  Counters store_failed = Counter("osteon_store_failed_commits_total", "Commits that failed.", {});
  Counters store_refused =
      Counter("osteon_store_refused_total", "Rows refused because the queue was full.", {});
  Counters store_lost =
      Counter("osteon_store_lost_total", "Decisions given up while the disk could not be written.", {});
  Gauges insecure =
      Gauge("osteon_insecure_bind", "1 when listening beyond loopback without client trust.", {"address"});
  prometheus::Family<prometheus::Gauge>& pack =
      prometheus::BuildGauge().Name("osteon_pack_info").Help("The active rule pack.").Register(registry);
  std::mutex pack_mutex;
  prometheus::Gauge* active_pack = nullptr;
  Counters activations =
      Counter("osteon_pack_activations_total", "Starts, reloads and rollbacks, by what became of them.",
              {"trigger", "result"});
  Gauges configured =
      Gauge("osteon_pack_is_configured",
            "1 when the rules served are those that are configured, 0 when an earlier version "
            "stands in for them.",
            {});
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
  // Present from the start: an absent series looks like a dead scrape.
  impl_->late.Get({});
  SetStore(StoreState{});
}
Metrics::~Metrics() = default;

void Metrics::CountRequest(std::string_view service, std::string_view transport, std::string_view status,
                           std::chrono::nanoseconds took) {
  impl_->requests.Get({service, transport, status}).Increment();
  impl_->latency.Get({service}).Observe(std::chrono::duration<double>(took).count());
}

void Metrics::CountRule(std::string_view rule, std::string_view status) {
  impl_->rules.Get({rule, status}).Increment();
}

void Metrics::CountCard(std::string_view rule, std::string_view row) {
  impl_->cards.Get({rule, row}).Increment();
}

void Metrics::CountFeedback(std::string_view service, std::string_view outcome, std::size_t items) {
  impl_->feedback.Get({service, outcome}).Increment(static_cast<double>(items));
}

void Metrics::CountRefused(std::string_view transport, base::ErrorCode code) {
  impl_->refused.Get({transport, base::Describe(code).name}).Increment();
}

void Metrics::CountLateAnswer() {
  impl_->late.Get({}).Increment();
}

void Metrics::ConnectionOpened(Listener listener) {
  const char* name = kListenerNames[static_cast<std::size_t>(listener)];
  impl_->accepted.Get({name}).Increment();
  if (listener != Listener::kGrpc) impl_->connections.Get({name}).Increment();
}

void Metrics::ConnectionClosed(Listener listener) {
  impl_->connections.Get({kListenerNames[static_cast<std::size_t>(listener)]}).Decrement();
}

void Metrics::ConnectionRefused(Listener listener) {
  impl_->turned_away.Get({kListenerNames[static_cast<std::size_t>(listener)]}).Increment();
}

void Metrics::SetStore(const StoreState& state) {
  impl_->store_healthy.Get({}).Set(state.healthy ? 1 : 0);
  impl_->store_queued.Get({}).Set(static_cast<double>(state.queued));
  // The store counts by itself; the counters here follow.
  const auto follow = [](prometheus::Counter& counter, std::uint64_t value) {
    const double ahead = static_cast<double>(value) - counter.Value();
    if (ahead > 0) counter.Increment(ahead);
  };
  std::scoped_lock guard(impl_->store_mutex);
  follow(impl_->store_commits.Get({}), state.commits);
  follow(impl_->store_failed.Get({}), state.failed_commits);
  follow(impl_->store_refused.Get({}), state.refused);
  follow(impl_->store_lost.Get({}), state.lost);
}

void Metrics::SetInsecureBind(std::string_view address) {
  impl_->insecure.Get({address}).Set(1);
}

void Metrics::SetPack(std::string_view id, std::string_view version, std::string_view hash) {
  std::scoped_lock guard(impl_->pack_mutex);
  prometheus::Gauge& gauge = impl_->pack.Add(
      {{"pack", std::string(id)}, {"version", std::string(version)}, {"hash", std::string(hash)}});
  gauge.Set(1);
  if (impl_->active_pack != nullptr && impl_->active_pack != &gauge) impl_->pack.Remove(impl_->active_pack);
  impl_->active_pack = &gauge;
}

void Metrics::CountActivation(std::string_view trigger, std::string_view result) {
  impl_->activations.Get({trigger, result}).Increment();
}

void Metrics::SetServesConfigured(bool is_configured) {
  impl_->configured.Get({}).Set(is_configured ? 1 : 0);
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace osteon::server
