#include "server/grpc/grpc_server.h"

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

// Room for the service id and the message's own framing beside the body.
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

class Service final : public cds::v1::CdsHooks::CallbackService {
 public:
  Service(const GrpcOptions& options, CallHandler& calls, WorkerPool& workers)
      : options_(options), calls_(calls), workers_(workers) {}

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
    Dispatch(*context, request->service_id(), request->request_json(), std::move(done), &CallHandler::Handle);
    return reactor;
  }

  grpc::ServerUnaryReactor* Feedback(grpc::CallbackServerContext* context, const FeedbackRequest* request,
                                     FeedbackResponse*) override {
    auto* reactor = context->DefaultReactor();
    auto done = [context, reactor](const base::Result<std::string>& result) {
      reactor->Finish(result.ok() ? grpc::Status::OK : ToStatus(*context, result.error()));
    };
    Dispatch(*context, request->service_id(), request->feedback_json(), std::move(done),
             &CallHandler::HandleFeedback);
    return reactor;
  }

 private:
  using Method = void (CallHandler::*)(server::Call, CallDone);

  struct InFlight {
    explicit InFlight(Service& owner) : service(owner) { service.in_flight_.fetch_add(1); }
    ~InFlight() {
      if (service.in_flight_.fetch_sub(1) != 1) return;
      std::scoped_lock guard(service.mutex_);
      service.none_left_.notify_all();
    }
    Service& service;
  };

  // Never blocks gRPC's threads: small bodies are decided at once, large ones by the workers, and the answer
  // is finished by the store's writer.
  void Dispatch(const grpc::CallbackServerContext& context, const std::string& service_id,
                const std::string& body, CallDone answer, Method method) {
    // Counted until the answer is handed over.
    CallDone done = [answer = std::move(answer), counted = std::make_shared<InFlight>(*this)](auto result) {
      answer(std::move(result));
    };
    if (draining_.load()) {
      done(base::Error{base::ErrorCode::kUnavailable, "stopping; ask another server", "draining", ""});
      return;
    }
    if (body.size() > options_.max_body_bytes) {
      done(base::Error{base::ErrorCode::kBodyTooLarge,
                       "the body is larger than " + std::to_string(options_.max_body_bytes) + " bytes", "",
                       ""});
      return;
    }
    server::Call call;
    call.service_id = service_id;
    call.body.reserve(body.size() + json::kReadPadding);
    call.body = body;
    call.transport = "grpc";
    call.request_id = RequestId(context);
    if (body.size() <= options_.inline_body_bytes) {
      Start(std::move(call), done, method);
      return;
    }
    auto job = std::make_shared<server::Call>(std::move(call));
    if (!workers_.Post([this, job, done, method] { Start(std::move(*job), done, method); })) {
      done(base::Error{base::ErrorCode::kUnavailable, "overloaded; try again later", "workers busy", ""});
    }
  }

  void Start(server::Call call, const CallDone& done, Method method) {
    try {
      (calls_.*method)(std::move(call), done);
    } catch (...) {
      done(base::Error{base::ErrorCode::kInternal, "internal error", "exception in a call", ""});
    }
  }

  const GrpcOptions options_;
  CallHandler& calls_;
  WorkerPool& workers_;
  std::atomic<bool> draining_{false};
  std::atomic<int> in_flight_{0};
  std::mutex mutex_;
  std::condition_variable none_left_;
};

}  // namespace

struct GrpcServer::Impl {
  Impl(const GrpcOptions& options, CallHandler& calls, WorkerPool& workers)
      : service(options, calls, workers) {}

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
                                                            WorkerPool& workers, Metrics& metrics) {
  auto impl = std::make_unique<Impl>(options, calls, workers);
  OSTEON_ASSIGN_OR_RETURN(impl->acceptor, ConnectionAcceptor::Listen(options.address, metrics));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.RegisterService(&impl->service);
  builder.SetMaxReceiveMessageSize(static_cast<int>(
      std::min<std::size_t>(options.max_body_bytes + kEnvelopeBytes, std::numeric_limits<int>::max())));
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
