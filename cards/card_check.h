// The specification's rules for a card, one row each; the engine emits no card that breaks one.
// Source: CDS Hooks 2.0.1 sections "Card Attributes" to "Link"; HL7 invariants cds-resp-1 to cds-resp-6.
#pragma once

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

// The same rules over a whole response as JSON, ours or anybody's ("cards", "systemActions", emptiness,
// nulls).
std::vector<CardFinding> CheckResponse(json::Value response);

}  // namespace osteon::cards
