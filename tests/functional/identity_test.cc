// One decision, the same bytes over both transports.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/functional/client.h"
#include "tests/functional/grpc_client.h"
#include "tests/functional/running_app.h"
#include "tests/testing/document.h"
#include "tests/testing/evidence.h"

namespace osteon::functional {
namespace {

class Identity : public ::testing::Test {
 protected:
  // The answer over HTTP, after comparing it with the one over gRPC.
  Answer AskBoth(const std::string& service, const std::string& body) {
    const auto http = connection_.Ask(PostRequest("/cds-services/" + service, body));
    EXPECT_TRUE(http);
    if (!http) return {};
    const auto grpc = client_.Call(service, body);
    EXPECT_EQ(http->status == 200, grpc.status.ok()) << http->status << " " << grpc.status.error_message();
    EXPECT_EQ(http->body, http->status == 200 ? grpc.json : grpc.outcome);
    return *http;
  }

  RunningApp app_;
  Connection connection_{app_.http()};
  GrpcClient client_{app_.grpc()};
};

TEST_F(Identity, FiveHundredVariationsGiveTheSameBytes) {
  int with_cards = 0;
  int refused = 0;
  for (int i = 0; i < 500; ++i) {
    std::string body = OrderSign(i);
    // Every fourth is spoilt somewhere.
    if (i % 4 == 3) body[(static_cast<std::size_t>(i) * 7919) % body.size()] ^= static_cast<char>(1 + i % 31);
    const Answer answer = AskBoth(kService, body);
    with_cards += answer.status == 200 && answer.body.find("\"summary\"") != std::string::npos ? 1 : 0;
    refused += answer.status != 200 ? 1 : 0;
    if (HasFailure()) break;
  }
  EXPECT_GT(with_cards, 300);
  EXPECT_GT(refused, 10);
}

TEST_F(Identity, TheSameRequestTwiceGivesTheSameBytes) {
  const std::string body = OrderSign(1);
  EXPECT_EQ(AskBoth(kService, body).body, AskBoth(kService, body).body);
}

TEST_F(Identity, TheFixturesGiveTheSameBytes) {
  const auto evidence = testing::EvidenceFolder();
  if (!evidence) GTEST_SKIP() << "no evidence folder (OSTEON_SHARED)";
  std::map<std::string, std::string> services;
  const auto discovery = Get(app_.http(), "/cds-services");
  ASSERT_TRUE(discovery);
  const testing::Document catalog(discovery->body);
  for (const json::Value service : catalog.root().Find("services")) {
    services[std::string(service.Find("hook").string())] = std::string(service.Find("id").string());
  }
  int asked = 0;
  for (const char* folder : {"requests", "requests-derived", "invalid"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(*evidence / "spec/fixtures" / folder)) {
      if (entry.path().extension() != ".json") continue;
      const std::string body = testing::ReadFile(entry.path());
      std::string service = kService;
      for (const auto& [hook, id] : services) {
        if (body.find("\"" + hook + "\"") != std::string::npos) service = id;
      }
      AskBoth(service, body);
      ++asked;
      if (HasFailure()) FAIL() << entry.path();
    }
  }
  EXPECT_GT(asked, 200);
}

}  // namespace
}  // namespace osteon::functional
