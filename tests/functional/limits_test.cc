// Clients that are too slow, too large or too many.
#include <gtest/gtest.h>

#include "tests/functional/client.h"
#include "tests/functional/running_app.h"

namespace osteon::functional {
namespace {

TEST(Limits, ASlowHeaderIsTimedOut) {
  RunningApp app(Flags{{"--limits-header-timeout-ms", "50"}});
  Connection connection(app.http());
  connection.Send("GET /health/live HT");
  const auto answer = connection.Read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_TRUE(connection.AtEnd());
}

TEST(Limits, ASlowBodyIsTimedOutChunkedOrNot) {
  RunningApp app(Flags{{"--limits-body-timeout-ms", "50"}});
  for (const char* framing :
       {"Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n64\r\nabc"}) {
    Connection connection(app.http());
    connection.Send("POST " + std::string(kCallPath) +
                    " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n" + framing);
    const auto answer = connection.Read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408);
    EXPECT_TRUE(connection.AtEnd());
  }
}

TEST(Limits, AnIdleConnectionIsClosedWithoutAWord) {
  RunningApp app(Flags{{"--limits-idle-timeout-ms", "50"}});
  Connection silent(app.http());
  EXPECT_TRUE(silent.AtEnd());
  Connection used(app.http());
  EXPECT_EQ(used.Ask(GetRequest("/health/live"))->status, 200);
  EXPECT_TRUE(used.AtEnd());
}

TEST(Limits, AClientThatTakesNoAnswersIsCut) {
  RunningApp app(Flags{{"--limits-body-timeout-ms", "50"}});
  Connection connection(app.http());
  // Requests without reading: the answers fill the socket, then the server stops waiting.
  const std::string request = GetRequest("/cds-services");
  bool sent = true;
  for (int i = 0; i < 100'000 && sent; ++i) sent = connection.Send(request);
  EXPECT_FALSE(sent);
  EXPECT_EQ(Get(app.http(), "/health/live")->status, 200);
}

TEST(Limits, ALargeBodyIsRefused) {
  RunningApp app(Flags{{"--limits-max-body-bytes", "10000"}});
  const std::string body(20'000, ' ');
  EXPECT_EQ(Post(app.http(), kCallPath, body)->status, 413);
  Connection announced(app.http());
  EXPECT_EQ(announced
                .Ask("POST " + std::string(kCallPath) +
                     " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: "
                     "99999999999999\r\n\r\n")
                ->status,
            413);
  Connection chunked(app.http());
  EXPECT_EQ(
      chunked
          .Ask("POST " + std::string(kCallPath) +
               " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
               "4e20\r\n" +
               body)
          ->status,
      413);
  EXPECT_TRUE(chunked.AtEnd());
}

TEST(Limits, AMillionBytesToAnUnknownPathAreRefusedAndTheAnswerArrives) {
  RunningApp app;
  const auto answer = Post(app.http(), "/nope", std::string(1'000'000, 'x'));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
}

TEST(Limits, LargeHeadersAreRefused) {
  RunningApp app(Flags{{"--limits-max-header-bytes", "2048"}});
  EXPECT_EQ(Get(app.http(), "/health/live", "X-A: " + std::string(4'000, 'a') + "\r\n")->status, 431);
  EXPECT_EQ(Get(app.http(), "/health/live", "X-A: " + std::string(1'000, 'a') + "\r\n")->status, 200);
}

TEST(Limits, DepthAndNodesAreLimited) {
  RunningApp app(Flags{{"--limits-max-nodes", "1000"}});
  std::string deep(100, '[');
  EXPECT_EQ(Post(app.http(), kCallPath, deep)->status, 413);
  std::string wide = "[0";
  for (int i = 0; i < 2'000; ++i) wide += ",0";
  EXPECT_EQ(Post(app.http(), kCallPath, wide + "]")->status, 413);
}

TEST(Limits, ConnectionsOverTheLimitAreToldAndLaterOnesServed) {
  RunningApp app(Flags{{"--limits-max-connections", "2"}});
  {
    Connection first(app.http());
    Connection second(app.http());
    ASSERT_EQ(first.Ask(GetRequest("/health/live"))->status, 200);
    ASSERT_EQ(second.Ask(GetRequest("/health/live"))->status, 200);
    Connection third(app.http());
    const auto refused = third.Read();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503);
    EXPECT_TRUE(third.AtEnd());
    EXPECT_EQ(first.Ask(GetRequest("/health/live", "Connection: close\r\n"))->status, 200);
    EXPECT_TRUE(first.AtEnd());
  }
  // The server notices closed connections in its own time; the third attempt or so is served.
  int status = 0;
  for (int i = 0; i < 1'000 && status != 200; ++i) {
    const auto answer = Get(app.http(), "/health/live");
    status = answer ? answer->status : 0;
  }
  EXPECT_EQ(status, 200);
}

TEST(Limits, AStoppedServerClosesIdleConnections) {
  RunningApp app;
  Connection idle(app.http());
  ASSERT_EQ(idle.Ask(GetRequest("/health/live"))->status, 200);
  app.Stop();
  EXPECT_TRUE(idle.AtEnd());
}

}  // namespace
}  // namespace osteon::functional
