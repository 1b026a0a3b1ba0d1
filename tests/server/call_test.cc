#include "server/call.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "server/late_answers.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "tests/testing/document.h"
#include "tests/testing/toy_pack.h"

namespace osteon::server {
namespace {

using namespace std::chrono_literals;

// Keeps what it is given; answers when told.
class FakeStore : public Store {
 public:
  void RecordDecision(std::shared_ptr<const cds_hooks::Decision> decision, std::string,
                      StoreDone done) override {
    decisions.push_back(std::move(decision));
    Answer(std::move(done));
  }
  void RecordFeedback(FeedbackBatch batch, StoreDone done) override {
    batches.push_back(std::move(batch));
    Answer(std::move(done));
  }
  base::Result<std::vector<FeedbackCount>> CountFeedback() override { return std::vector<FeedbackCount>{}; }
  base::Result<std::int64_t> CountDecisions() override { return static_cast<std::int64_t>(decisions.size()); }
  bool Healthy() const override { return healthy; }
  void Drain() override {}

  bool healthy = true;
  bool answers = true;
  std::optional<base::Error> error;
  std::vector<StoreDone> waiting;
  std::vector<std::shared_ptr<const cds_hooks::Decision>> decisions;
  std::vector<FeedbackBatch> batches;

 private:
  void Answer(StoreDone done) {
    if (!answers) {
      waiting.push_back(std::move(done));
    } else {
      done(error ? base::Status(*error) : base::Ok{});
    }
  }
};

base::ErrorCode ErrorOf(const base::Result<std::string>& result) {
  return result.ok() ? base::ErrorCode::kCount_ : result.error().code;
}

class CallTest : public ::testing::Test {
 protected:
  void Make(std::chrono::milliseconds wait) {
    CallHandler::Options options;
    options.source_url = "http://h/rules/";
    options.zone = &zone_;
    options.store_wait = wait;
    handler_ = std::make_unique<CallHandler>(*cds_hooks::Catalog::Create(testing::MakeToyPack()), store_,
                                             *source_, metrics_, log_, options);
  }
  static Call MakeCall(std::string_view body, std::string service = "toy-patient-view") {
    Call call;
    call.service_id = std::move(service);
    call.body.reserve(body.size() + json::kReadPadding);
    call.body = body;
    call.transport = "http";
    return call;
  }
  base::Result<std::string> Ask(Call call) {
    std::promise<base::Result<std::string>> answer;
    handler_->Handle(std::move(call),
                     [&](base::Result<std::string> result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  base::Result<std::string> Feedback(Call call) {
    std::promise<base::Result<std::string>> answer;
    handler_->HandleFeedback(std::move(call),
                             [&](base::Result<std::string> result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }

  base::TimeZone zone_;
  FakeStore store_;
  std::unique_ptr<Source> source_ = MakeFixedSource(*base::ParseInstant("2026-06-15T10:00:00Z"), "seed");
  Metrics metrics_;
  Log log_{LogLevel::kOff};
  std::unique_ptr<CallHandler> handler_;
};

constexpr std::string_view kRequest =
    R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
"context":{"userId":"Practitioner/1","patientId":"p1"},"prefetch":{"patient":{"resourceType":"Patient","id":"p1"},
"encounter":null,"conditions":{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Condition",
"id":"c","subject":{"reference":"Patient/p1"}}}]}}})";
constexpr std::string_view kFeedback =
    R"({"feedback":[{"card":"6f8a2e0b-0000-4000-8000-000000000001","outcome":"accepted",
"acceptedSuggestions":[{"id":"6f8a2e0b-0000-4000-8000-000000000002"}],"outcomeTimestamp":"2026-06-15T10:00:00Z"}]})";

TEST_F(CallTest, TheAnswerCarriesTheCardsAndTheDecisionIsRecorded) {
  Make(100ms);
  const auto answer = Ask(MakeCall(kRequest));
  ASSERT_TRUE(answer.ok()) << answer.error().public_text;
  const testing::Document document(answer.value());
  EXPECT_EQ(document.root().Find("cards").size(), 1U);
  ASSERT_EQ(store_.decisions.size(), 1U);
  EXPECT_EQ(store_.decisions[0]->service, "toy-patient-view");
  EXPECT_NE(metrics_.Text().find("osteon_cards_total{row=\"T.1\",rule=\"T\"} 1"), std::string::npos);
  EXPECT_NE(metrics_.Text().find("osteon_late_answers_total 0"), std::string::npos);
}

TEST_F(CallTest, AnAnswerWaitsForTheStoreAndNotForEver) {
  Make(30ms);
  store_.answers = false;
  EXPECT_TRUE(Ask(MakeCall(kRequest)).ok());  // sent by the deadline
  EXPECT_NE(metrics_.Text().find("osteon_late_answers_total 1"), std::string::npos);
  ASSERT_EQ(store_.waiting.size(), 1U);
  store_.waiting[0](base::Ok{});  // too late: nothing is sent twice
}

TEST_F(CallTest, AnUnhealthyStoreHoldsNothingUp) {
  Make(60'000ms);
  store_.healthy = false;
  store_.answers = false;
  EXPECT_TRUE(Ask(MakeCall(kRequest)).ok());
  EXPECT_EQ(store_.decisions.size(), 1U);
}

TEST_F(CallTest, AFailedCommitStillAnswersTheClinician) {
  Make(60'000ms);
  store_.error = base::Error{base::ErrorCode::kStore, "full", "", ""};
  EXPECT_TRUE(Ask(MakeCall(kRequest)).ok());
}

TEST_F(CallTest, ErrorsAreMappedAndNotRecorded) {
  Make(100ms);
  EXPECT_EQ(ErrorOf(Ask(MakeCall("{"))), base::ErrorCode::kMalformedJson);
  EXPECT_EQ(ErrorOf(Ask(MakeCall(kRequest, "nope"))), base::ErrorCode::kServiceNotFound);
  EXPECT_EQ(ErrorOf(Ask(MakeCall(kRequest, "toy-order-sign"))), base::ErrorCode::kHookMismatch);
  EXPECT_TRUE(store_.decisions.empty());
  // Callers cannot make label values up.
  EXPECT_EQ(metrics_.Text().find("nope"), std::string::npos);
  EXPECT_NE(metrics_.Text().find("service=\"unknown\",status=\"service_not_found\""), std::string::npos);
}

TEST_F(CallTest, FeedbackIsAcknowledgedOnlyWhenDurable) {
  Make(10ms);
  const auto stored = Feedback(MakeCall(kFeedback));
  ASSERT_TRUE(stored.ok()) << stored.error().public_text << stored.error().path;
  EXPECT_EQ(stored.value(), "");
  ASSERT_EQ(store_.batches.size(), 1U);
  EXPECT_EQ(store_.batches[0].items.size(), 1U);
  store_.error = base::Error{base::ErrorCode::kStore, "full", "", ""};
  EXPECT_EQ(ErrorOf(Feedback(MakeCall(kFeedback))), base::ErrorCode::kStore);
  EXPECT_EQ(ErrorOf(Feedback(MakeCall(kFeedback, "nope"))), base::ErrorCode::kServiceNotFound);
  EXPECT_EQ(ErrorOf(Feedback(MakeCall("[]"))), base::ErrorCode::kInvalidRequest);
}

TEST(LateAnswers, WhatIsLeftIsSentAtTheEnd) {
  std::atomic<int> sent{0};
  {
    LateAnswers late(60'000ms);
    for (int i = 0; i < 3; ++i) {
      late.Add(std::make_shared<PendingAnswer>([&](PendingAnswer::Reason reason) {
        EXPECT_EQ(reason, PendingAnswer::Reason::kLate);
        sent.fetch_add(1);
      }));
    }
  }
  EXPECT_EQ(sent, 3);
}

TEST(LateAnswers, AnAnswerIsSentOnce) {
  int sent = 0;
  PendingAnswer answer([&](PendingAnswer::Reason) { ++sent; });
  answer.Send(PendingAnswer::Reason::kDurable);
  answer.Send(PendingAnswer::Reason::kLate);
  EXPECT_EQ(sent, 1);
}

}  // namespace
}  // namespace osteon::server
