// HTTP/1 framing: what is one request, what comes after it, and what is refused because two readers might
// differ.
#include <gtest/gtest.h>

#include "tests/functional/client.h"
#include "tests/functional/running_app.h"

namespace osteon::functional {
namespace {

class Framing : public ::testing::Test {
 protected:
  RunningApp app_;
};

std::string Chunked(std::string_view body, std::size_t chunk_bytes) {
  std::string request =
      "POST " + std::string(kCallPath) +
      " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += chunk_bytes) {
    const auto chunk = body.substr(at, chunk_bytes);
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    request.append(size).append(chunk).append("\r\n");
  }
  return request + "0\r\n\r\n";
}

TEST_F(Framing, AConnectionServesManyRequests) {
  Connection connection(app_.http());
  for (int i = 0; i < 5; ++i) {
    const auto call = connection.Ask(PostRequest(kCallPath, OrderSign(i)));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->status, 200);
    const auto refused = connection.Ask(GetRequest("/nope"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 404);
  }
}

TEST_F(Framing, ConnectionCloseAndHttp10Close) {
  Connection asked(app_.http());
  EXPECT_EQ(asked.Ask(GetRequest("/health/live", "Connection: close\r\n"))->Header("connection"), "close");
  EXPECT_TRUE(asked.AtEnd());
  Connection old(app_.http());
  EXPECT_EQ(old.Ask("GET /health/live HTTP/1.0\r\n\r\n")->status, 200);
  EXPECT_TRUE(old.AtEnd());
  Connection kept(app_.http());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(kept.Ask("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->Header("connection"),
              "keep-alive");
  }
}

TEST_F(Framing, ChunkedBodiesAreReadWhateverTheChunks) {
  const std::string body = OrderSign(3);
  const auto plain = Post(app_.http(), kCallPath, body);
  for (const std::size_t size : {7UL, 1'000UL, 100'000UL}) {
    Connection connection(app_.http());
    const auto answer = connection.Ask(Chunked(body, size));
    ASSERT_TRUE(answer) << size;
    EXPECT_EQ(answer->status, 200) << size;
    EXPECT_EQ(answer->body, plain->body);
    EXPECT_EQ(connection.Ask(GetRequest("/health/live"))->status, 200);
  }
}

TEST_F(Framing, ARequestMayComeInPieces) {
  const std::string request = PostRequest(kCallPath, OrderSign(4));
  Connection connection(app_.http());
  for (std::size_t at = 0; at < request.size(); at += 97) connection.Send(request.substr(at, 97));
  ASSERT_EQ(connection.Read()->status, 200);
}

TEST_F(Framing, PipelinedRequestsAreAnsweredInOrder) {
  Connection connection(app_.http());
  connection.Send(GetRequest("/health/live") + PostRequest(kCallPath, OrderSign(5)) + "\r\n" +
                  GetRequest("/nope") + Chunked(OrderSign(6), 50) + GetRequest("/cds-services"));
  for (const int status : {200, 200, 404, 200, 200}) {
    const auto answer = connection.Read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
  }
}

TEST_F(Framing, GarbageAfterARequestEndsTheConnection) {
  Connection connection(app_.http());
  connection.Send(GetRequest("/health/live") + "\x01\x02garbage\r\n\r\n");
  EXPECT_EQ(connection.Read()->status, 200);
  const auto refused = connection.Read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 400);
  EXPECT_EQ(refused->Header("connection"), "close");
  EXPECT_TRUE(connection.AtEnd());
}

TEST_F(Framing, AHalfClosedClientStillGetsItsAnswer) {
  Connection connection(app_.http());
  connection.Send(PostRequest(kCallPath, OrderSign(7)));
  connection.ShutdownWrite();
  const auto answer = connection.Read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(connection.AtEnd());
}

TEST_F(Framing, AClientThatLeavesMidwayHurtsNobody) {
  for (const char* part : {"GET /heal",
                           "POST /cds-services/x HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                           "Content-Length: 100\r\n\r\nabc"}) {
    Connection connection(app_.http());
    connection.Send(part);
  }
  EXPECT_EQ(Get(app_.http(), "/health/live")->status, 200);
}

TEST_F(Framing, ExpectContinueIsAnsweredBeforeTheBody) {
  Connection connection(app_.http());
  const std::string body = OrderSign(8);
  const std::string request = PostRequest(kCallPath, body, "Expect: 100-continue\r\n");
  connection.Send(request.substr(0, request.size() - body.size()));
  EXPECT_EQ(connection.Read()->status, 100);
  connection.Send(body);
  EXPECT_EQ(connection.Read()->status, 200);
  // A refusal comes instead of the invitation.
  const std::string refused = PostRequest("/nope", body, "Expect: 100-continue\r\n");
  EXPECT_EQ(connection.Ask(refused.substr(0, refused.size() - body.size()))->status, 404);
}

TEST_F(Framing, WhatTwoReadersMightReadDifferentlyIsRefused) {
  const std::string post =
      "POST " + std::string(kCallPath) + " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n";
  for (const std::string& request : {
           post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
           post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
           post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
           post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
           post + "Transfer-Encoding: xchunked\r\n\r\n{}",
           post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           post + "Content-Length: -2\r\n\r\n{}",
           post + "Content-Length: 2x\r\n\r\n{}",
           post + "Content-Length : 2\r\n\r\n{}",
           post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
           std::string("GET /health/live HTTP/1.1\r\n\r\n"),
           std::string("GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
           std::string("GET /health/live HTTP/1.1\nHost: a\n\n") + "\r\n\r\n",
           std::string("GET /health/live HTTP/9.9\r\nHost: a\r\n\r\n"),
           std::string("GET /health/live\r\n\r\n"),
           std::string("GET  /health/live HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10),
       }) {
    SCOPED_TRACE(request);
    Connection connection(app_.http());
    const auto answer = connection.Ask(request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_EQ(answer->Header("connection"), "close");
    EXPECT_TRUE(connection.AtEnd());
  }
}

}  // namespace
}  // namespace osteon::functional
