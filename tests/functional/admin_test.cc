// The admin listener, and feedback from the card to the count.
#include <gtest/gtest.h>

#include "tests/functional/client.h"
#include "tests/functional/grpc_client.h"
#include "tests/functional/running_app.h"
#include "tests/testing/document.h"

namespace osteon::functional {
namespace {

class Admin : public ::testing::Test {
 protected:
  RunningApp app_;
};

TEST_F(Admin, TheApiNeedsATokenAndMetricsAndHealthDoNot) {
  for (const char* path : {"/admin/v1/feedback", "/admin/v1/pack"}) {
    const auto refused = Get(app_.admin(), path);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 401);
    EXPECT_EQ(refused->Header("www-authenticate"), "Bearer");
    EXPECT_EQ(Get(app_.admin(), path, "Authorization: Bearer wrong\r\n")->body, refused->body);
    EXPECT_EQ(Get(app_.admin(), path, kTokenHeader)->status, 200);
    EXPECT_EQ(Get(app_.admin(), path, kTokenHeader)->Header("access-control-allow-origin"), "");
  }
  EXPECT_EQ(Get(app_.admin(), "/metrics")->status, 200);
  EXPECT_EQ(Get(app_.admin(), "/health/ready")->status, 200);
  EXPECT_EQ(Get(app_.admin(), "/cds-services")->status, 404);
}

TEST_F(Admin, MetricsFollowWhatHappens) {
  ASSERT_EQ(Post(app_.http(), kCallPath, OrderSign(1))->status, 200);
  ASSERT_EQ(Post(app_.http(), kCallPath, "{")->status, 400);
  ASSERT_EQ(Get(app_.http(), "/nope")->status, 404);
  const auto metrics = Get(app_.admin(), "/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->Header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const std::string& line : std::vector<std::string>{
           "osteon_requests_total{service=\"" + std::string(kService) +
               "\",status=\"ok\",transport=\"http\"} 1",
           "osteon_requests_total{service=\"" + std::string(kService) +
               "\",status=\"malformed_json\",transport=\"http\"} 1",
           std::string("osteon_refused_total{error=\"route_not_found\",transport=\"http\"} 1"),
           std::string("osteon_store_healthy 1"),
           std::string("osteon_rule_outcomes_total{rule=\"C\",status=\"fired\"}")}) {
    EXPECT_NE(metrics->body.find(line), std::string::npos) << line << "\n" << metrics->body;
  }
}

TEST_F(Admin, ThePackIsDescribed) {
  const auto answer = Get(app_.admin(), "/admin/v1/pack", kTokenHeader);
  const testing::Document document(answer->body);
  EXPECT_EQ(document.root().Find("id").string(), "perinatal_bone_health");
  EXPECT_FALSE(document.root().Find("version").string().empty());
  EXPECT_GT(document.root().Find("parameters").size(), 0U);
  EXPECT_GT(document.root().Find("services").size(), 0U);
  EXPECT_EQ(document.root().Find("rules").size(), 7U);
}

// uuid and suggestion uuid of the first card.
struct CardIds {
  std::string card, suggestion, rule, row;
};
CardIds FirstCard(const std::string& body) {
  const testing::Document document(body);
  const json::Value card = document.root().Find("cards").At(0);
  const json::Value decision = card.Find("extension").Find("org.osteon.decision");
  return {std::string(card.Find("uuid").string()),
          std::string(card.Find("suggestions").At(0).Find("uuid").string()),
          std::string(decision.Find("rule").string()), std::string(decision.Find("row").string())};
}

TEST_F(Admin, FeedbackIsCountedByRuleAndRow) {
  const std::string path = std::string(kCallPath) + "/feedback";
  const CardIds accepted = FirstCard(Post(app_.http(), kCallPath, OrderSign(1))->body);
  const CardIds overridden = FirstCard(Post(app_.http(), kCallPath, OrderSign(2))->body);
  ASSERT_NE(accepted.card, "");
  ASSERT_NE(accepted.card, overridden.card);
  ASSERT_EQ(Post(app_.http(), kCallPath, OrderSign(3))->status, 200);

  const std::string accept = R"({"feedback":[{"card":")" + accepted.card +
                             R"(","outcome":"accepted","acceptedSuggestions":[{"id":")" +
                             accepted.suggestion + R"("}],"outcomeTimestamp":"2026-06-15T10:01:00Z"}]})";
  const auto answer = Post(app_.http(), path, accept);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(Post(app_.http(), path, accept)->status, 200);  // the same again counts once
  const std::string override_json =
      R"({"feedback":[{"card":")" + overridden.card +
      R"(","outcome":"overridden","overrideReason":{"reason":{"code":"not-relevant",)"
      R"("system":"urn:test"},"userComment":"free text"},)"
      R"("outcomeTimestamp":"2026-06-15T10:02:00Z"}]})";
  GrpcClient client(app_.grpc());
  EXPECT_TRUE(client.Feedback(kService, override_json).status.ok());

  const auto counts = Get(app_.admin(), "/admin/v1/feedback", kTokenHeader);
  const testing::Document document(counts->body);
  bool found = false;
  for (const json::Value count : document.root().Find("feedback")) {
    if (count.Find("rule").string() != accepted.rule || count.Find("row").string() != accepted.row) continue;
    found = true;
    EXPECT_EQ(count.Find("service").string(), kService);
    EXPECT_EQ(count.Find("shown").number(), "3");
    EXPECT_EQ(count.Find("answered").number(), "2");
    EXPECT_EQ(count.Find("accepted").number(), "1");
    EXPECT_EQ(count.Find("overridden").number(), "1");
    EXPECT_EQ(count.Find("rates").Find("accepted_of_answered").number(), "0.5");
    EXPECT_EQ(count.Find("rates").Find("answered_of_shown").number(), "0.6667");
    EXPECT_EQ(count.Find("override_reasons").At(0).Find("code").string(), "not-relevant");
  }
  EXPECT_TRUE(found) << counts->body;
}

}  // namespace
}  // namespace osteon::functional
