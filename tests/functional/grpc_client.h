// The gRPC client of the functional tests.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "server/grpc/cds_hooks.grpc.pb.h"

namespace osteon::functional {

struct GrpcAnswer {
  grpc::Status status;
  std::string json;     // of the response
  std::string outcome;  // trailing metadata osteon-operation-outcome-bin
};

class GrpcClient {
 public:
  explicit GrpcClient(const std::string& address) {
    grpc::ChannelArguments arguments;
    // Each client a connection of its own.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
    stub_ = cds::v1::CdsHooks::NewStub(channel_);
  }

  GrpcAnswer Discover() {
    grpc::ClientContext context;
    Prepare(context);
    cds::v1::DiscoverResponse response;
    const auto status = stub_->Discover(&context, {}, &response);
    return {status, response.discovery_json(), Outcome(context)};
  }
  GrpcAnswer Call(const std::string& service, const std::string& body) {
    grpc::ClientContext context;
    Prepare(context);
    cds::v1::CallRequest request;
    request.set_service_id(service);
    request.set_request_json(body);
    cds::v1::CallResponse response;
    const auto status = stub_->Call(&context, request, &response);
    return {status, response.response_json(), Outcome(context)};
  }
  GrpcAnswer Feedback(const std::string& service, const std::string& body) {
    grpc::ClientContext context;
    Prepare(context);
    cds::v1::FeedbackRequest request;
    request.set_service_id(service);
    request.set_feedback_json(body);
    cds::v1::FeedbackResponse response;
    const auto status = stub_->Feedback(&context, request, &response);
    return {status, "", Outcome(context)};
  }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  static void Prepare(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    context.set_wait_for_ready(true);
  }
  static std::string Outcome(const grpc::ClientContext& context) {
    const auto& trailers = context.GetServerTrailingMetadata();
    const auto found = trailers.find("osteon-operation-outcome-bin");
    return found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<cds::v1::CdsHooks::Stub> stub_;
};

}  // namespace osteon::functional
