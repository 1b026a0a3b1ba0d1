// Cards as CDS Hooks 2.0.1 JSON: no null, no empty string, array or object, optional members left out.
#pragma once

#include <span>

#include "cards/card.h"
#include "fhir/json/writer.h"

namespace osteon::cards {

void WriteCard(const Card& card, json::Writer& writer);

}  // namespace osteon::cards
