// The specification's rules for a card, one row each; the engine emits no card that breaks one.
// Source: CDS Hooks 2.0.1 sections "Card Attributes" to "Link"; HL7 invariants cds-resp-1 to cds-resp-6.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/card.h"
#include "fhir/json/tree.h"

namespace osteon::cards {

struct CardFinding {
  std::string_view rule;  // requirement id, e.g. "K-02"
  std::string path;       // "suggestions[0].actions[1].description"
};

// All findings; empty means the card may be sent.
std::vector<CardFinding> CheckCard(const Card& card);

// {"cards":[...]}, and whether CheckResponse would find nothing in it. That is known from the cards
// themselves, by the same table and at a fraction of the cost of reading the text back; in doubt `is_sound`
// is false, and CheckCard tells.
struct CardResponse {
  std::string json;
  bool is_sound = false;
};
CardResponse WriteResponse(std::span<const Card* const> cards);

// The same rules over a whole response as JSON, ours or anybody's ("cards", "systemActions", emptiness,
// nulls).
std::vector<CardFinding> CheckResponse(json::Value response);

}  // namespace osteon::cards
