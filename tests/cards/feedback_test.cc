// B-03 to B-11: what a client may report.
#include "cards/feedback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/document.h"

namespace osteon::testing {
namespace {

using base::ErrorCode;
using cards::FeedbackOutcome;
using cards::ParseFeedback;
using ::testing::ElementsAre;

constexpr std::string_view kCard = R"("card":"4E0A3A1E-3283-4575-ab82-028d55fe2719")";
constexpr std::string_view kTime = R"("outcomeTimestamp":"2020-12-11T00:00:00Z")";

std::string Item(std::string_view members) {
  return R"({"feedback":[{)" + std::string(kCard) + "," + std::string(kTime) + "," + std::string(members) +
         "}]}";
}

TEST(Feedback, AnAcceptedSuggestionB04B06B07B10) {
  const auto items = ParseFeedback(Document(
      Item(R"("outcome":"accepted","acceptedSuggestions":[{"id":"E56E1945-20b3-4393-8503-a1a20fd73152"}])")));
  ASSERT_TRUE(items.ok()) << items.error().public_text;
  ASSERT_EQ(items->size(), 1u);
  EXPECT_EQ((*items)[0].card, "4e0a3a1e-3283-4575-ab82-028d55fe2719");
  EXPECT_EQ((*items)[0].outcome, FeedbackOutcome::kAccepted);
  EXPECT_THAT((*items)[0].accepted_suggestions, ElementsAre("e56e1945-20b3-4393-8503-a1a20fd73152"));
  EXPECT_EQ((*items)[0].outcome_timestamp, *base::ParseInstant("2020-12-11T00:00:00Z"));
}

TEST(Feedback, OverriddenWithAndWithoutAReasonB08B09) {
  const auto bare = ParseFeedback(Document(Item(R"("outcome":"overridden")")));
  ASSERT_TRUE(bare.ok());
  EXPECT_FALSE((*bare)[0].override_reason.has_value());
  const auto full = ParseFeedback(Document(Item(
      R"("outcome":"overridden","overrideReason":{"reason":{"code":"c","system":"s"},"userComment":"text"})")));
  ASSERT_TRUE(full.ok());
  EXPECT_EQ((*full)[0].override_reason->code, "c");
  EXPECT_EQ((*full)[0].override_reason->system, "s");
  EXPECT_EQ((*full)[0].user_comment, "text");
  // cds-fb-3 wants one of the two; that there is none says no less than no overrideReason at all.
  EXPECT_TRUE(ParseFeedback(Document(Item(R"("outcome":"overridden","overrideReason":{})"))).ok());
}

TEST(Feedback, ManyItemsAndRepeatsOfOneCardAreFineB11) {
  const std::string item = R"({"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden",)"
                           R"("outcomeTimestamp":"2020-12-11T01:00:00.5+01:00","zzz":1})";
  const auto items =
      ParseFeedback(Document(R"({"feedback":[)" + item + "," + item + R"(],"extension":{"a":1}})"));
  ASSERT_TRUE(items.ok());
  EXPECT_EQ(items->size(), 2u);
  const auto none = ParseFeedback(Document(R"({"feedback":[]})"));
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
}

struct Refusal {
  std::string json;
  ErrorCode code;
  std::string_view path;
};

TEST(Feedback, NamesTheFirstThingThatIsWrong) {
  const Refusal rows[] = {
      {"[]", ErrorCode::kInvalidRequest, ""},  // B-03
      {"{}", ErrorCode::kMissingField, "feedback"},
      {R"({"feedback":{}})", ErrorCode::kInvalidRequest, "feedback"},
      {R"({"feedback":[1]})", ErrorCode::kInvalidRequest, "feedback[0]"},
      {R"({"feedback":[{}]})", ErrorCode::kMissingField, "feedback[0].card"},  // B-04
      {R"({"feedback":[{"card":"abc"}]})", ErrorCode::kInvalidRequest, "feedback[0].card"},
      {R"({"feedback":[{"card":1}]})", ErrorCode::kInvalidRequest, "feedback[0].card"},
      {Item(R"("x":1)"), ErrorCode::kMissingField, "feedback[0].outcome"},                  // B-05
      {Item(R"("outcome":"ignored")"), ErrorCode::kInvalidRequest, "feedback[0].outcome"},  // M-10, B-13
      {Item(R"("outcome":"accepted")"), ErrorCode::kMissingField,
       "feedback[0].acceptedSuggestions"},  // B-06, M-11
      {Item(R"("outcome":"accepted","acceptedSuggestions":[])"), ErrorCode::kMissingField,
       "feedback[0].acceptedSuggestions"},
      {Item(R"("outcome":"accepted","acceptedSuggestions":{})"), ErrorCode::kInvalidRequest,
       "feedback[0].acceptedSuggestions"},
      {Item(R"("outcome":"accepted","acceptedSuggestions":["x"])"), ErrorCode::kInvalidRequest,
       "feedback[0].acceptedSuggestions[0]"},
      {Item(R"("outcome":"accepted","acceptedSuggestions":[{}])"), ErrorCode::kMissingField,
       "feedback[0].acceptedSuggestions[0].id"},  // B-07
      {Item(R"("outcome":"overridden","overrideReason":"x")"), ErrorCode::kInvalidRequest,
       "feedback[0].overrideReason"},
      {Item(R"("outcome":"overridden","overrideReason":{"userComment":1})"), ErrorCode::kInvalidRequest,
       "feedback[0].overrideReason.userComment"},
      {Item(R"("outcome":"overridden","overrideReason":{"reason":{"system":"s"}})"), ErrorCode::kMissingField,
       "feedback[0].overrideReason.reason.code"},
      {Item(R"("outcome":"overridden","overrideReason":{"reason":{"code":"c"}})"), ErrorCode::kMissingField,
       "feedback[0].overrideReason.reason.system"},
      {R"({"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden"}]})",
       ErrorCode::kMissingField, "feedback[0].outcomeTimestamp"},  // B-10
      {R"({"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden","outcomeTimestamp":"2020-12-11"}]})",
       ErrorCode::kInvalidRequest, "feedback[0].outcomeTimestamp"},
  };
  for (const Refusal& row : rows) {
    const auto items = ParseFeedback(Document(row.json));
    ASSERT_FALSE(items.ok()) << row.json;
    EXPECT_EQ(items.error().code, row.code) << row.json;
    EXPECT_EQ(items.error().path, row.path) << row.json;
  }
}

TEST(Feedback, OutcomesHaveTheirWireNames) {
  EXPECT_EQ(cards::FeedbackOutcomeName(FeedbackOutcome::kAccepted), "accepted");
  EXPECT_EQ(cards::FeedbackOutcomeName(FeedbackOutcome::kOverridden), "overridden");
}

}  // namespace
}  // namespace osteon::testing
