#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "bench/load.h"
#include "server/grpc/cds_hooks.grpc.pb.h"

namespace osteon::bench {
namespace {

namespace v1 = osteon::cds::v1;

constexpr int kMostChannels = 4;
constexpr std::chrono::seconds kConnectTimeout{5};

struct PendingCall {
  grpc::ClientContext context;
  v1::CallResponse response;
  Clock::time_point due;
  v1::CdsHooks::Stub* stub = nullptr;
};

// The library ends by a thread of its own when the last of its objects goes, and the program must not end
// before that: holding the library open until the others are gone makes the last step wait.
struct Library {
  Library() { grpc_init(); }
  ~Library() { grpc_shutdown_blocking(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

class GrpcLoad : public Load {
 public:
  explicit GrpcLoad(const Target& target) : most_in_flight_(static_cast<std::uint64_t>(target.connections)) {
    request_.set_service_id(target.service_id);
    request_.set_request_json(target.body);
    grpc::ChannelArguments arguments;
    // Without it every channel to one address shares one connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const std::string address = "127.0.0.1:" + std::to_string(target.port);
    for (int i = 0; i < std::min(target.connections, kMostChannels); ++i) {
      channels_.push_back(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
      stubs_.push_back(v1::CdsHooks::NewStub(channels_.back()));
    }
  }

  bool ConnectAll() const {
    return std::all_of(channels_.begin(), channels_.end(), [](const auto& channel) {
      return channel->WaitForConnected(std::chrono::system_clock::now() + kConnectTimeout);
    });
  }

  Measured Run(const Limits& limits) override {
    std::unique_lock lock(mutex_);
    measured_ = {};
    Schedule schedule(limits);
    schedule_ = &schedule;
    while (!schedule.Exhausted(Clock::now()) && !schedule.Overdue(Clock::now())) {
      if (in_flight_ >= most_in_flight_) {
        changed_.wait_for(lock, std::chrono::milliseconds(100));
      } else if (!schedule.Due(Clock::now())) {
        changed_.wait_until(lock, schedule.NextDue());
      } else {
        Start(TakeDue(), *stubs_[next_stub_++ % stubs_.size()], lock);
      }
    }
    // Every call has a deadline, so each of them ends.
    changed_.wait(lock, [this] { return in_flight_ == 0; });
    schedule_ = nullptr;
    measured_.seconds = schedule.Elapsed(Clock::now());
    measured_.unanswered = schedule.left();
    return std::move(measured_);
  }

 private:
  // With the lock held.
  Clock::time_point TakeDue() {
    ++in_flight_;
    return schedule_->Take(Clock::now());
  }

  void Start(Clock::time_point due, v1::CdsHooks::Stub& stub, std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    auto* const call = new PendingCall;
    call->due = due;
    call->stub = &stub;
    call->context.set_deadline(std::chrono::system_clock::now() + kGiveUp);
    stub.async()->Call(&call->context, &request_, &call->response,
                       [this, call](const grpc::Status& status) { Finish(call, status); });
    lock.lock();
  }

  void Finish(PendingCall* call, const grpc::Status& status) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point due = call->due;
    v1::CdsHooks::Stub& stub = *call->stub;
    // Before it is counted as ended: it holds a channel, and the last to let go of one waits for this thread.
    delete call;
    std::unique_lock lock(mutex_);
    if (status.ok()) {
      measured_.latencies_us.push_back(Microseconds(now - due));
    } else {
      ++measured_.errors;
    }
    --in_flight_;
    // A closed loop goes on from here: waking the main thread for each request would cost the generator more
    // than the request does.
    if (!schedule_->open_loop() && schedule_->Due(now)) {
      Start(TakeDue(), stub, lock);
    } else {
      changed_.notify_one();
    }
  }

  const Library library_;  // outlives all that follows
  v1::CallRequest request_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<v1::CdsHooks::Stub>> stubs_;
  std::size_t next_stub_ = 0;
  const std::uint64_t most_in_flight_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Schedule* schedule_ = nullptr;
  std::uint64_t in_flight_ = 0;
  Measured measured_;
};

}  // namespace

std::unique_ptr<Load> ConnectGrpc(const Target& target) {
  auto load = std::make_unique<GrpcLoad>(target);
  if (!load->ConnectAll()) return nullptr;
  return load;
}

}  // namespace osteon::bench
