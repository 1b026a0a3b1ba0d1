// Requests nobody means well with: each is answered, none with a status of 500 or above, and the server
// serves on.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <functional>
#include <vector>

#include "tests/functional/client.h"
#include "tests/functional/running_app.h"

namespace osteon::functional {
namespace {

using Json = rapidjson::Document;

Json Parsed(std::string_view text) {
  Json json;
  json.Parse(text.data(), text.size());
  return json;
}

std::string Text(const Json& json) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  json.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// The request with what is at `path` replaced.
std::string With(std::string_view request, const std::string& path, std::string_view value) {
  Json json = Parsed(request);
  const Json replacement = Parsed(value);
  rapidjson::Value copy(replacement, json.GetAllocator());
  rapidjson::Pointer(path.c_str()).Set(json, copy);
  return Text(json);
}

// Pointers to every value below `json`, itself included.
void ListPaths(const rapidjson::Value& json, const std::string& at, std::vector<std::string>& paths) {
  paths.push_back(at);
  if (json.IsObject()) {
    for (const auto& member : json.GetObject())
      ListPaths(member.value, at + "/" + member.name.GetString(), paths);
  } else if (json.IsArray()) {
    for (rapidjson::SizeType i = 0; i < json.Size(); ++i)
      ListPaths(json[i], at + "/" + std::to_string(i), paths);
  }
}

class Hostile : public ::testing::Test {
 protected:
  // The status of an answer; keeps the connection while the server does.
  int Ask(const std::string& request) {
    if (connection_ == nullptr) connection_ = std::make_unique<Connection>(app_.http());
    const auto answer = connection_->Ask(request);
    if (!answer || answer->Header("connection") == "close") connection_.reset();
    return answer ? answer->status : 0;
  }
  int Call(const std::string& body) { return Ask(PostRequest(kCallPath, body)); }
  void ExpectAnswered(int status, const std::string& what) {
    EXPECT_GE(status, 200) << what;
    EXPECT_LT(status, 500) << what;
  }
  void TearDown() override { EXPECT_EQ(Call(OrderSign(1)), 200); }

  RunningApp app_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(Hostile, EveryPrefetchKeyMayHoldAnything) {
  const std::string request = OrderSign(1);
  const Json json = Parsed(request);
  for (const auto& member : json["prefetch"].GetObject()) {
    for (const char* value :
         {"true", "0", "-1.5e308", "\"\"", "\"x\"", "\"\\u0000\"", "[]", "[[]]", "{}",
          R"({"resourceType":"Nope"})", R"({"resourceType":1})", R"({"resourceType":"Bundle"})",
          R"({"resourceType":"Bundle","entry":{}})",
          R"({"resourceType":"Bundle","entry":[null,1,"x",[],{},{"resource":null},{"resource":[]}]})",
          R"({"resourceType":"OperationOutcome","issue":[]})", R"([{"resourceType":"Patient"}])"}) {
      const std::string path = std::string("/prefetch/") + member.name.GetString();
      ExpectAnswered(Call(With(request, path, value)), path + " " + value);
    }
  }
}

TEST_F(Hostile, EveryMemberMayBeOfAnotherType) {
  const std::string request = OrderSign(1);
  std::vector<std::string> paths;
  ListPaths(Parsed(request), "", paths);
  ASSERT_GT(paths.size(), 50U);
  for (const std::string& path : paths) {
    for (const char* value : {"null", "true", "-1", "1e300", "\"\"", "\"x\"", "[]", "{}", "[null]",
                              R"({"a":[{}]})", "\"0000-01-01\"", "\"9999-12-31T23:59:59.999999999+14:00\""}) {
      ExpectAnswered(Call(With(request, path, value)), path + " " + value);
    }
  }
}

TEST_F(Hostile, IdsMayHoldAnyCharacter) {
  const std::string request = OrderSign(1);
  for (const char* path : {"/context/patientId", "/context/userId", "/hookInstance", "/prefetch/patient/id",
                           "/context/draftOrders/entry/0/resource/id",
                           "/context/draftOrders/entry/0/resource/subject/reference"}) {
    for (const char* id : {R"("p1\u0000")", R"("../..")", R"("p 1")", R"("\"><script>")", R"("\u2028")",
                           R"("\udbff\udfff")", R"("Patient/p1/_history/1")", R"("#p1")", R"("urn:uuid:x")",
                           R"("{{context.patientId}}")", R"("////")"}) {
      ExpectAnswered(Call(With(request, path, id)), std::string(path) + " " + id);
    }
    ExpectAnswered(Call(With(request, path, "\"" + std::string(100'000, 'x') + "\"")), path);
  }
  for (const char* path :
       {"/cds-services/%00", "/cds-services/%zz", "/cds-services/%", "/cds-services/%2e%2e%2f",
        "/cds-services//feedback", "/cds-services/\xff\xfe", "//", "*", "http://x/cds-services"}) {
    ExpectAnswered(Ask(PostRequest(path, request)), path);
  }
}

TEST_F(Hostile, TextThatIsNoJsonIsRefused) {
  const std::string request = OrderSign(1);
  EXPECT_EQ(Call(std::string(1'000'000, '[')), 413);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Call(objects), 413);
  for (const std::string& body :
       {std::string(), std::string(1'000, '\0'), request + "x", "\xef\xbb\xbf" + request.substr(1),
        std::string("{\"hook\":\"\xc0\xaf\"}"), std::string("{\"hook\":\"\xed\xa0\x80\"}"),
        std::string("{\"hook\":\"\\ud800\"}"), "{\"hook\":" + std::string(100'000, '9') + "}",
        "{\"" + std::string(1'000'000, 'k') + "\":1}"}) {
    EXPECT_EQ(Call(body), 400) << body.substr(0, 40);
  }
}

TEST_F(Hostile, ManyDraftsAreRefusedAndALargeChartIsAnswered) {
  const std::string request = OrderSign(1);
  std::string drafts = R"({"resourceType":"Bundle","entry":[)";
  std::string chart = drafts;
  for (int i = 0; i < 10'000; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    drafts += comma + R"({"resource":{"resourceType":"MedicationRequest","id":"same"}})";
    chart += comma + R"({"fullUrl":"urn:uuid:)" + std::to_string(i) +
             R"(","resource":{"resourceType":"MedicationRequest","status":"active","id":")" +
             std::to_string(i) + R"(","medicationReference":{"reference":"urn:uuid:)" + std::to_string(i) +
             R"("},"subject":{"reference":"Patient/p1"}}})";
  }
  EXPECT_EQ(Call(With(request, "/context/draftOrders", drafts + "]}")), 413);
  EXPECT_EQ(Call(With(request, "/prefetch/meds", chart + "]}")), 200);
  // Just below the limit of a body.
  EXPECT_EQ(Call(request + std::string(7'900'000 - request.size(), ' ')), 200);
}

TEST_F(Hostile, OddHeadersAreAnswered) {
  const std::string get = "GET /health/live HTTP/1.1\r\nHost: t\r\n";
  const std::string post =
      "POST " + std::string(kCallPath) + " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n";
  std::string many = get;
  for (int i = 0; i < 10'000; ++i) many += "X: a\r\n";
  const std::pair<std::string, int> cases[] = {
      {many + "\r\n", 431},
      {get + std::string(20'000, 'a') + ": x\r\n\r\n", 431},
      {"GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: t\r\n\r\n", 431},
      {std::string(100'000, 'A') + " / HTTP/1.1\r\nHost: t\r\n\r\n", 431},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding:\x0b chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Content-Length: 2, 2\r\n\r\n{}", 400},
      {post + "Content-Length: +2\r\n\r\n{}", 400},
      {post + "Content-Length: 0x2\r\n\r\n{}", 400},
      {post + "Content-Length: 18446744073709551616\r\n\r\n{}", 400},
      {post + "Content-Length: \r\n\r\n{}", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", 413},
      {post + "Transfer-Encoding: chunked\r\n\r\n1ffffffffffffffff\r\n{}", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n2;" + std::string(50'000, 'x') + "\r\n{}\r\n0\r\n\r\n", 400},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"G\x01T / HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {get + "X: a\rb\r\n\r\n", 400},
      {get + std::string("X: a\0b\r\n\r\n", 10), 400},
  };
  for (const auto& [request, status] : cases) EXPECT_EQ(Ask(request), status) << request.substr(0, 200);
}

TEST(HostileClients, SlowOnesAreCutAndHoldUpNobody) {
  RunningApp app(Flags{{"--limits-header-timeout-ms", "200"}});
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Connection>(app.http()));
    slow.back()->Send("GET /health/live HT");
  }
  EXPECT_EQ(Post(app.http(), kCallPath, OrderSign(1))->status, 200);
  for (const auto& connection : slow) {
    connection->Send("T");  // a byte now and then buys no time
    const auto answer = connection->Read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408);
  }
}

}  // namespace
}  // namespace osteon::functional
