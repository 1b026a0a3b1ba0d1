// What a client reports about a card. Source: CDS Hooks 2.0.1 "Feedback".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cards/card.h"
#include "fhir/base/instant.h"
#include "fhir/base/result.h"
#include "fhir/json/tree.h"

namespace osteon::cards {

enum class FeedbackOutcome : std::uint8_t { kAccepted, kOverridden };
std::string_view FeedbackOutcomeName(FeedbackOutcome outcome);

struct FeedbackItem {
  std::string card;  // card.uuid, lower-cased
  FeedbackOutcome outcome = FeedbackOutcome::kOverridden;
  std::vector<std::string> accepted_suggestions;  // suggestion.uuid
  std::optional<Coding> override_reason;          // reason picked from the card's list
  std::string user_comment;                       // free text: may hold patient data, stored, never logged
  base::Instant outcome_timestamp;
};

// The whole body ({"feedback": [...]}), or the first thing wrong with it: kMissingField or kInvalidRequest
// with a path such as "feedback[2].outcome". Overridden without a reason is allowed (B-08); an empty array is
// allowed.
base::Result<std::vector<FeedbackItem>> ParseFeedback(json::Value body);

}  // namespace osteon::cards
