#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/functional/client.h"
#include "tests/functional/grpc_client.h"
#include "tests/functional/running_app.h"

namespace osteon::functional {
namespace {

class Grpc : public ::testing::Test {
 protected:
  RunningApp app_;
  GrpcClient client_{app_.grpc()};
};

TEST_F(Grpc, DiscoveryIsTheSameAsOverHttp) {
  const auto answer = client_.Discover();
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.json, Get(app_.http(), "/cds-services")->body);
}

TEST_F(Grpc, ErrorsAreStatusesOfTheTableWithAnOperationOutcome) {
  struct Case {
    const char* service;
    std::string body;
    grpc::StatusCode code;
  };
  const Case cases[] = {{kService, "{", grpc::StatusCode::INVALID_ARGUMENT},
                        {kService, "{}", grpc::StatusCode::INVALID_ARGUMENT},
                        {"nope", OrderSign(1), grpc::StatusCode::NOT_FOUND},
                        {kService, std::string(100, '['), grpc::StatusCode::RESOURCE_EXHAUSTED}};
  for (const Case& test : cases) {
    const auto answer = client_.Call(test.service, test.body);
    EXPECT_EQ(answer.status.error_code(), test.code) << answer.status.error_message();
    EXPECT_NE(answer.outcome.find("\"OperationOutcome\""), std::string::npos);
    EXPECT_EQ(answer.outcome,
              Post(app_.http(), "/cds-services/" + std::string(test.service), test.body)->body);
  }
  EXPECT_EQ(client_.Feedback("nope", "{\"feedback\":[]}").status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(Grpc, LargeBodiesAreAnsweredAndTooLargeOnesRefused) {
  RunningApp small(Flags{{"--limits-max-body-bytes", "200000"}});
  GrpcClient client(small.grpc());
  const std::string body = OrderSign(1);
  EXPECT_TRUE(client.Call(kService, body + std::string(150'000, ' ')).status.ok());
  const auto refused = client.Call(kService, body + std::string(200'000, ' '));
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_NE(refused.outcome.find("body_too_large"), std::string::npos);
  // Beyond the message limit the library refuses by itself; the connection stays.
  EXPECT_EQ(client.Call(kService, std::string(2'000'000, ' ')).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(client.Call(kService, body).status.ok());
}

// Before the handler sees them, so that it cannot count them.
TEST_F(Grpc, RefusalsBeforeTheCallAreCounted) {
  RunningApp small(Flags{{"--limits-max-body-bytes", "200000"}});
  GrpcClient client(small.grpc());
  const std::string body = OrderSign(1);
  ASSERT_TRUE(client.Call(kService, body).status.ok());
  const auto metrics = [&] { return Get(small.admin(), "/metrics")->body; };
  EXPECT_EQ(metrics().find("osteon_refused_total{"), std::string::npos);
  EXPECT_FALSE(client.Call(kService, body + std::string(200'000, ' ')).status.ok());
  EXPECT_FALSE(client.Feedback(kService, body + std::string(200'000, ' ')).status.ok());
  EXPECT_NE(metrics().find("osteon_refused_total{error=\"body_too_large\",transport=\"grpc\"} 2"),
            std::string::npos)
      << metrics();
}

TEST_F(Grpc, ManyClientsAtOnceAreAllAnswered) {
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      GrpcClient client(app_.grpc());
      for (int call = 0; call < 20; ++call) {
        if (client.Call(kService, OrderSign(i * 20 + call)).status.ok()) answered.fetch_add(1);
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(answered, 160);
}

// The standard health service, spoken without its generated code: the package does not ship it.
grpc::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel, std::string& reply) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::CompletionQueue queue;
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  const auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  (void)response.Dump(&slices).ok();
  for (const auto& slice : slices) reply.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return status;
}

TEST_F(Grpc, TheHealthServiceSaysServing) {
  std::string reply;
  ASSERT_TRUE(CheckHealth(client_.channel(), reply).ok());
  EXPECT_EQ(reply, std::string("\x08\x01"));  // status: SERVING
}

}  // namespace
}  // namespace osteon::functional
