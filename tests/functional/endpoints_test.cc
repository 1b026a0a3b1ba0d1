// Every endpoint of the public listener, and every error it answers with.
#include <gtest/gtest.h>

#include <thread>

#include "tests/functional/client.h"
#include "tests/functional/running_app.h"
#include "tests/testing/document.h"

namespace osteon::functional {
namespace {

class Endpoints : public ::testing::Test {
 protected:
  // The error's name in the OperationOutcome.
  static std::string ErrorName(const std::optional<Answer>& answer) {
    if (!answer || answer->Header("content-type") != "application/fhir+json") return "no OperationOutcome";
    const testing::Document document(answer->body);
    const json::Value issue = document.root().Find("issue").At(0);
    return std::string(issue.Find("details").Find("coding").At(0).Find("code").string());
  }
  RunningApp app_;
};

TEST_F(Endpoints, DiscoveryListsServicesThatCanBeCalled) {
  const auto answer = Get(app_.http(), "/cds-services");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->Header("content-type"), "application/json");
  const testing::Document document(answer->body);
  const json::Value services = document.root().Find("services");
  ASSERT_GT(services.size(), 0U);
  for (const json::Value service : services) {
    const auto call = Post(app_.http(), "/cds-services/" + std::string(service.Find("id").string()), "{}");
    ASSERT_TRUE(call);
    EXPECT_EQ(call->status, 400);
  }
}

TEST_F(Endpoints, ACallAnswersWithCards) {
  const auto answer = Post(app_.http(), kCallPath, OrderSign(1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_EQ(answer->Header("content-type"), "application/json");
  EXPECT_EQ(answer->Header("cache-control"), "no-store");
  EXPECT_EQ(answer->Header("access-control-allow-origin"), "*");
  const testing::Document document(answer->body);
  ASSERT_GT(document.root().Find("cards").size(), 0U);
  const json::Value source = document.root().Find("cards").At(0).Find("source");
  const std::string url(source.Find("url").string());
  ASSERT_TRUE(url.starts_with("http://" + app_.http() + "/rules/")) << url;
  const auto page = Get(app_.http(), url.substr(("http://" + app_.http()).size()));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_NE(page->body.find("Pack version"), std::string::npos);
}

TEST_F(Endpoints, AShortAndALongBodyAreBothAnswered) {
  const std::string large = OrderSign(1) + std::string(300'000, ' ');
  const auto answer = Post(app_.http(), kCallPath, large);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
}

TEST_F(Endpoints, HealthIsLiveAndReady) {
  for (const std::string& address : {app_.http(), app_.admin()}) {
    EXPECT_EQ(Get(address, "/health/live")->status, 200);
    const auto ready = Get(address, "/health/ready");
    EXPECT_EQ(ready->status, 200);
    EXPECT_NE(ready->body.find("\"status\":\"ready\""), std::string::npos);
  }
}

TEST_F(Endpoints, HeadHasTheLengthAndNoBody) {
  Connection connection(app_.http());
  const auto head = connection.Ask("HEAD /cds-services HTTP/1.1\r\nHost: t\r\n\r\n", "HEAD");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  const auto get = connection.Ask(GetRequest("/cds-services"));
  ASSERT_TRUE(get);
  EXPECT_EQ(head->Header("content-length"), std::to_string(get->body.size()));
}

TEST_F(Endpoints, PreflightIsAnsweredForEveryPathWithoutAToken) {
  for (const char* path : {"/cds-services", kCallPath, "/cds-services/x/feedback", "/rules/C", "*"}) {
    Connection connection(app_.http());
    const auto answer = connection.Ask(
        "OPTIONS " + std::string(path) +
        " HTTP/1.1\r\nHost: t\r\nOrigin: https://ehr.example\r\nAccess-Control-Request-Method: POST\r\n"
        "Access-Control-Request-Headers: authorization, content-type\r\n\r\n");
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->status, 204);
    EXPECT_EQ(answer->Header("access-control-allow-origin"), "*");
    EXPECT_NE(answer->Header("access-control-allow-headers").find("authorization, content-type"),
              std::string::npos);
    EXPECT_EQ(answer->Header("access-control-allow-credentials"), "");
    EXPECT_FALSE(answer->Header("allow").empty());
  }
}

struct ErrorCase {
  const char* name;
  std::string request;
  int status;
  const char* error;
};

TEST_F(Endpoints, ErrorsHaveTheirStatusAndAnOperationOutcome) {
  const std::string call = OrderSign(1);
  std::string other_hook = call;
  other_hook.replace(other_hook.find("order-sign"), 10, "patient-view");
  std::string no_patient = call;
  no_patient.replace(no_patient.find("\"patientId\""), 11, "\"patientIx\"");
  const ErrorCase cases[] = {
      {"malformed", PostRequest(kCallPath, "{\"hook\": }"), 400, "malformed_json"},
      {"truncated", PostRequest(kCallPath, call.substr(0, call.size() / 2)), 400, "malformed_json"},
      {"empty body", PostRequest(kCallPath, ""), 400, "malformed_json"},
      {"an array", PostRequest(kCallPath, "[]"), 400, "invalid_request"},
      {"no hook", PostRequest(kCallPath, "{}"), 400, "missing_field"},
      {"no patientId", PostRequest(kCallPath, no_patient), 400, "missing_field"},
      {"another hook", PostRequest(kCallPath, other_hook), 400, "hook_mismatch"},
      {"unknown service", PostRequest("/cds-services/nope", call), 404, "service_not_found"},
      {"unknown service's feedback", PostRequest("/cds-services/nope/feedback", "{\"feedback\":[]}"), 404,
       "service_not_found"},
      {"unknown path", GetRequest("/nope"), 404, "route_not_found"},
      {"unknown rule", GetRequest("/rules/nope"), 404, "route_not_found"},
      {"broken escape", PostRequest("/cds-services/%zz", call), 400, "invalid_request"},
      {"GET of a service", GetRequest(kCallPath), 405, "method_not_allowed"},
      {"POST to discovery", PostRequest("/cds-services", "{}"), 405, "method_not_allowed"},
      {"DELETE", "DELETE /cds-services HTTP/1.1\r\nHost: t\r\n\r\n", 405, "method_not_allowed"},
      {"no content type",
       "POST " + std::string(kCallPath) + " HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}", 415,
       "unsupported_media_type"},
      {"XML",
       "POST " + std::string(kCallPath) +
           " HTTP/1.1\r\nHost: t\r\nContent-Type: application/xml\r\nContent-Length: 2\r\n\r\n{}",
       415, "unsupported_media_type"},
      {"malformed feedback", PostRequest(std::string(kCallPath) + "/feedback", "{}"), 400, "missing_field"},
      {"admin on the public port", GetRequest("/admin/v1/feedback"), 404, "route_not_found"},
      {"metrics on the public port", GetRequest("/metrics"), 404, "route_not_found"},
  };
  for (const ErrorCase& test : cases) {
    SCOPED_TRACE(test.name);
    Connection connection(app_.http());
    const auto answer = connection.Ask(test.request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, test.status) << answer->body;
    EXPECT_EQ(ErrorName(answer), test.error);
    EXPECT_EQ(answer->Header("access-control-allow-origin"), "*");
    EXPECT_FALSE(answer->Header("x-request-id").empty());
    EXPECT_EQ(test.status == 405, !answer->Header("allow").empty());
  }
}

TEST_F(Endpoints, MalformedJsonNamesTheByte) {
  const auto answer = Post(app_.http(), kCallPath, "{\"hook\": }");
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->body.find("at byte 9"), std::string::npos) << answer->body;
}

TEST_F(Endpoints, ContentTypeMayCarryACharset) {
  for (const char* type : {"application/json; charset=utf-8", "application/fhir+json"}) {
    Connection connection(app_.http());
    const std::string body = OrderSign(2);
    const auto answer =
        connection.Ask("POST " + std::string(kCallPath) + " HTTP/1.1\r\nHost: t\r\nContent-Type: " + type +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    ASSERT_TRUE(answer) << type;
    EXPECT_EQ(answer->status, 200) << type;
  }
}

TEST_F(Endpoints, ManyClientsAtOnceAreAllAnswered) {
  constexpr int kClients = 32;
  constexpr int kCalls = 10;
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      Connection connection(app_.http());
      for (int call = 0; call < kCalls; ++call) {
        const auto answer = connection.Ask(PostRequest(kCallPath, OrderSign(i * kCalls + call)));
        if (answer && answer->status == 200) answered.fetch_add(1);
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(answered, kClients * kCalls);
}

}  // namespace
}  // namespace osteon::functional
