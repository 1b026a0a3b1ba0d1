#include "server/grpc/grpc_server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "server/error_outcome.h"
#include "server/grpc/cds_hooks.grpc.pb.h"
#include "server/grpc/connection_acceptor.h"

namespace osteon::server {
namespace {

using cds::v1::CallRequest;
using cds::v1::CallResponse;
using cds::v1::DiscoverRequest;
using cds::v1::DiscoverResponse;
using cds::v1::FeedbackRequest;
using cds::v1::FeedbackResponse;

// Room for the service id and the message's own framing beside the body. What is longer the library refuses
// by itself, without an OperationOutcome and where nobody can count it: therefore twice the body's limit.
constexpr std::size_t kEnvelopeBytes = 64 * 1024;
// After the last call: for its answer to leave. Idle clients may take seconds to let go of a connection.
constexpr std::chrono::milliseconds kFarewell{250};
constexpr char kOutcomeKey[] = "osteon-operation-outcome-bin";
constexpr char kRequestIdKey[] = "x-request-id";

grpc::Status ToStatus(grpc::CallbackServerContext& context, const base::Error& error) {
  const base::ErrorRow& row = base::Describe(error.code);
  context.AddTrailingMetadata(kOutcomeKey, OperationOutcomeJson(error));
  return grpc::Status(static_cast<grpc::StatusCode>(row.grpc_status),
                      std::string(row.name) + ": " + error.public_text);
}

std::string RequestId(const grpc::CallbackServerContext& context) {
  static std::atomic<std::uint64_t> next{0};
  const auto given = context.client_metadata().find(kRequestIdKey);
  if (given != context.client_metadata().end() && given->second.size() <= 64) {
    return std::string(given->second.data(), given->second.size());
  }
  return "grpc-" + std::to_string(next.fetch_add(1) + 1);
}

// A method of the service, as the log names it, and what answers it.
struct Method {
  std::string_view name;
  void (CallHandler::*handle)(server::Call, CallDone);
};
constexpr Method kCall{"CdsHooks/Call", &CallHandler::Handle};
constexpr Method kFeedback{"CdsHooks/Feedback", &CallHandler::HandleFeedback};

class Service final : public cds::v1::CdsHooks::CallbackService {
 public:
  Service(const GrpcOptions& options, CallHandler& calls, WorkerPool& workers, Metrics& metrics, Log& log)
      : options_(options), calls_(calls), workers_(workers), metrics_(metrics), log_(log) {}

  // Calls are refused before. The store of this flag also orders what was built for the calls before them;
  // the library does so too, unseen by a thread sanitizer.
  void Open() { draining_.store(false); }
  // Refuses new calls; returns when none is left, or after `grace`.
  void Drain(std::chrono::milliseconds grace) {
    draining_.store(true);
    std::unique_lock guard(mutex_);
    none_left_.wait_for(guard, grace, [&] { return in_flight_.load() == 0; });
  }

  grpc::ServerUnaryReactor* Discover(grpc::CallbackServerContext* context, const DiscoverRequest*,
                                     DiscoverResponse* response) override {
    auto* reactor = context->DefaultReactor();
    response->set_discovery_json(calls_.catalog()->discovery_json());
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerUnaryReactor* Call(grpc::CallbackServerContext* context, const CallRequest* request,
                                 CallResponse* response) override {
    auto* reactor = context->DefaultReactor();
    auto done = [context, reactor, response](base::Result<std::string> result) {
      if (result.ok()) {
        response->set_response_json(*std::move(result));
        reactor->Finish(grpc::Status::OK);
      } else {
        reactor->Finish(ToStatus(*context, result.error()));
      }
    };
    Dispatch(*context, request->service_id(), request->request_json(), std::move(done), kCall);
    return reactor;
  }

  grpc::ServerUnaryReactor* Feedback(grpc::CallbackServerContext* context, const FeedbackRequest* request,
                                     FeedbackResponse*) override {
    auto* reactor = context->DefaultReactor();
    auto done = [context, reactor](const base::Result<std::string>& result) {
      reactor->Finish(result.ok() ? grpc::Status::OK : ToStatus(*context, result.error()));
    };
    Dispatch(*context, request->service_id(), request->feedback_json(), std::move(done), kFeedback);
    return reactor;
  }

 private:
  struct InFlight {
    explicit InFlight(Service& owner) : service(owner) { service.in_flight_.fetch_add(1); }
    ~InFlight() {
      if (service.in_flight_.fetch_sub(1) != 1) return;
      std::scoped_lock guard(service.mutex_);
      service.none_left_.notify_all();
    }
    Service& service;
    std::atomic<bool> answered{false};
  };

  // Never blocks gRPC's threads: small bodies are decided at once, large ones by the workers, and the answer
  // is finished by the store's writer.
  void Dispatch(const grpc::CallbackServerContext& context, const std::string& service_id,
                const std::string& body, CallDone answer, const Method& method) {
    // Counted until the answer is handed over. A handler that failed after it had promised an answer answers
    // once all the same.
    CallDone done = [answer = std::move(answer), counted = std::make_shared<InFlight>(*this)](auto result) {
      if (!counted->answered.exchange(true)) answer(std::move(result));
    };
    server::Call call;
    call.request_id = RequestId(context);
    if (draining_.load()) {
      Refuse({base::ErrorCode::kUnavailable, "stopping; ask another server", "draining", ""}, call.request_id,
             method, done);
      return;
    }
    if (body.size() > options_.max_body_bytes) {
      Refuse({base::ErrorCode::kBodyTooLarge,
              "the body is larger than " + std::to_string(options_.max_body_bytes) + " bytes", "", ""},
             call.request_id, method, done);
      return;
    }
    call.service_id = service_id;
    call.body.reserve(body.size() + json::kReadPadding);
    call.body = body;
    call.transport = "grpc";
    if (body.size() <= options_.inline_body_bytes) {
      Start(std::move(call), done, method);
      return;
    }
    auto job = std::make_shared<server::Call>(std::move(call));
    if (!workers_.Post([this, job, done, &method] { Start(std::move(*job), done, method); })) {
      Refuse({base::ErrorCode::kUnavailable, "overloaded; try again later", "workers busy", ""},
             job->request_id, method, done);
    }
  }

  void Start(server::Call call, const CallDone& done, const Method& method) {
    const std::string request_id = call.request_id;
    try {
      (calls_.*method.handle)(std::move(call), done);
    } catch (...) {
      Refuse({base::ErrorCode::kInternal, "internal error", "exception in a call", ""}, request_id, method,
             done);
    }
  }

  // Counted and logged here: what is refused before the call handler sees it, the handler cannot report.
  void Refuse(const base::Error& error, std::string_view request_id, const Method& method,
              const CallDone& done) {
    const base::ErrorRow& row = base::Describe(error.code);
    metrics_.CountRefused("grpc", error.code);
    RequestLine line;
    line.request_id = request_id;
    line.transport = "grpc";
    line.service = method.name;
    line.status = row.http_status;
    line.error = row.name;
    line.detail = error.log_detail;
    log_.Request(line);
    done(error);
  }

  const GrpcOptions options_;
  CallHandler& calls_;
  WorkerPool& workers_;
  Metrics& metrics_;
  Log& log_;
  std::atomic<bool> draining_{true};
  std::atomic<int> in_flight_{0};
  std::mutex mutex_;
  std::condition_variable none_left_;
};

// The library ends by a thread of its own when the last of its objects goes, and the program must not end
// before that: holding the library open until the others are gone makes the last step wait.
struct Library {
  Library() { grpc_init(); }
  ~Library() { grpc_shutdown_blocking(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

}  // namespace

struct GrpcServer::Impl {
  Impl(const GrpcOptions& options, CallHandler& calls, WorkerPool& workers, Metrics& metrics, Log& log)
      : service(options, calls, workers, metrics, log) {}

  const Library library;  // outlives all that follows
  Service service;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> target;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<ConnectionAcceptor> acceptor;  // stops before what it hands connections to
};

GrpcServer::GrpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

GrpcServer::~GrpcServer() {
  Stop(std::chrono::milliseconds{0});
}

base::Result<std::unique_ptr<GrpcServer>> GrpcServer::Start(const GrpcOptions& options, CallHandler& calls,
                                                            WorkerPool& workers, Metrics& metrics, Log& log) {
  auto impl = std::make_unique<Impl>(options, calls, workers, metrics, log);
  OSTEON_ASSIGN_OR_RETURN(impl->acceptor, ConnectionAcceptor::Listen(options.address, metrics));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.RegisterService(&impl->service);
  builder.SetMaxReceiveMessageSize(static_cast<int>(
      std::min<std::size_t>(2 * options.max_body_bytes + kEnvelopeBytes, std::numeric_limits<int>::max())));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(options.max_header_bytes));
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             static_cast<int>(options.handshake_timeout.count()));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, static_cast<int>(options.idle_timeout.count()));
  impl->target = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  impl->server = builder.BuildAndStart();
  if (impl->server == nullptr) {
    return base::Error{base::ErrorCode::kInternal, "the gRPC server did not start", "BuildAndStart",
                       "--grpc"};
  }
  impl->service.Open();
  impl->acceptor->Run(impl->target.get());
  auto server = std::unique_ptr<GrpcServer>(new GrpcServer(std::move(impl)));
  server->SetHealth(Health::kServing);
  return server;
}

std::uint16_t GrpcServer::port() const {
  return impl_->acceptor->port();
}

void GrpcServer::SetHealth(Health health) {
  auto* service = impl_->server->GetHealthCheckService();
  if (service == nullptr) return;
  const bool serving = health == Health::kServing;
  service->SetServingStatus(serving);
  service->SetServingStatus(cds::v1::CdsHooks::service_full_name(), serving);
}

void GrpcServer::Stop(std::chrono::milliseconds grace) {
  impl_->acceptor->Stop();
  impl_->service.Drain(grace);
  impl_->server->Shutdown(std::chrono::system_clock::now() + kFarewell);
}

}  // namespace osteon::server
