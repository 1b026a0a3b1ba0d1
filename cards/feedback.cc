#include "cards/feedback.h"

#include <utility>

#include "fhir/base/text.h"
#include "fhir/base/uuid.h"

namespace osteon::cards {

using json::operator""_key;

std::string_view FeedbackOutcomeName(FeedbackOutcome outcome) {
  return outcome == FeedbackOutcome::kAccepted ? "accepted" : "overridden";
}

namespace {

base::Error Missing(std::string path) {
  std::string text = path + " is required";
  return base::Error{base::ErrorCode::kMissingField, std::move(text), {}, std::move(path)};
}

base::Error Invalid(std::string path, std::string_view what) {
  std::string text = path + " " + std::string(what);
  return base::Error{base::ErrorCode::kInvalidRequest, std::move(text), {}, std::move(path)};
}

base::Result<std::string_view> RequiredText(json::Value object, json::Key key, const std::string& at) {
  const auto path = [&] { return at + "." + std::string(json::KeyName(key)); };
  const json::Value value = object[key];
  if (!value || value.is_null()) return Missing(path());
  if (!value.is_string()) return Invalid(path(), "is not a string");
  if (base::IsBlank(value.string())) return Missing(path());
  return value.string();
}

// Cards and suggestions of ours carry UUIDs; feedback about anything else has no card to belong to.
base::Result<std::string> RequiredUuid(json::Value object, json::Key key, const std::string& at) {
  OSTEON_ASSIGN_OR_RETURN(const std::string_view text, RequiredText(object, key, at));
  const auto uuid = base::Uuid::Parse(text);
  if (!uuid) return Invalid(at + "." + std::string(json::KeyName(key)), "is not a UUID");
  return uuid->ToString();
}

base::Result<std::vector<std::string>> AcceptedSuggestions(json::Value item, const std::string& at) {
  const std::string path = at + ".acceptedSuggestions";
  const json::Value list = item["acceptedSuggestions"_key];
  if (!list || list.is_null()) return Missing(path);
  if (!list.is_array()) return Invalid(path, "is not an array");
  if (list.empty()) return Missing(path);
  std::vector<std::string> ids;
  ids.reserve(list.size());
  for (const json::Value suggestion : list) {
    const std::string element = path + "[" + std::to_string(ids.size()) + "]";
    if (!suggestion.is_object()) return Invalid(element, "is not an object");
    OSTEON_ASSIGN_OR_RETURN(std::string id, RequiredUuid(suggestion, "id"_key, element));
    ids.push_back(std::move(id));
  }
  return ids;
}

base::Status ReadOverrideReason(json::Value override_reason, const std::string& at, FeedbackItem& item) {
  if (!override_reason || override_reason.is_null()) return base::Ok{};
  if (!override_reason.is_object()) return Invalid(at, "is not an object");
  if (const json::Value comment = override_reason["userComment"_key]; comment && !comment.is_null()) {
    if (!comment.is_string()) return Invalid(at + ".userComment", "is not a string");
    item.user_comment = comment.string();
  }
  const json::Value reason = override_reason["reason"_key];
  if (!reason || reason.is_null()) return base::Ok{};
  const std::string path = at + ".reason";
  if (!reason.is_object()) return Invalid(path, "is not an object");
  OSTEON_ASSIGN_OR_RETURN(const std::string_view code, RequiredText(reason, "code"_key, path));
  OSTEON_ASSIGN_OR_RETURN(const std::string_view system, RequiredText(reason, "system"_key, path));
  item.override_reason =
      Coding{std::string(system), std::string(code), std::string(reason["display"_key].string())};
  return base::Ok{};
}

base::Result<FeedbackItem> ReadItem(json::Value value, const std::string& at) {
  if (!value.is_object()) return Invalid(at, "is not an object");
  FeedbackItem item;
  OSTEON_ASSIGN_OR_RETURN(item.card, RequiredUuid(value, "card"_key, at));
  OSTEON_ASSIGN_OR_RETURN(const std::string_view outcome, RequiredText(value, "outcome"_key, at));
  if (outcome == "accepted") {
    item.outcome = FeedbackOutcome::kAccepted;
    OSTEON_ASSIGN_OR_RETURN(item.accepted_suggestions, AcceptedSuggestions(value, at));
  } else if (outcome != "overridden") {
    return Invalid(at + ".outcome", "is neither accepted nor overridden");
  }
  OSTEON_RETURN_IF_ERROR(ReadOverrideReason(value["overrideReason"_key], at + ".overrideReason", item));
  OSTEON_ASSIGN_OR_RETURN(const std::string_view timestamp, RequiredText(value, "outcomeTimestamp"_key, at));
  const auto instant = base::ParseInstant(timestamp);
  if (!instant) return Invalid(at + ".outcomeTimestamp", "is not an RFC 3339 date-time");
  item.outcome_timestamp = *instant;
  return item;
}

}  // namespace

base::Result<std::vector<FeedbackItem>> ParseFeedback(json::Value body) {
  if (!body.is_object()) {
    return base::Error{
        base::ErrorCode::kInvalidRequest, "the body is not an object with a feedback array", {}, {}};
  }
  const json::Value feedback = body["feedback"_key];
  if (!feedback || feedback.is_null()) return Missing("feedback");
  if (!feedback.is_array()) return Invalid("feedback", "is not an array");
  std::vector<FeedbackItem> items;
  items.reserve(feedback.size());
  for (const json::Value value : feedback) {
    OSTEON_ASSIGN_OR_RETURN(FeedbackItem item,
                            ReadItem(value, "feedback[" + std::to_string(items.size()) + "]"));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace osteon::cards
