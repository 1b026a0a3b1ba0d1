// What became of the cards, by rule and row. Private to server/store.
#pragma once

#include <vector>

#include "server/store/database.h"
#include "server/store/store.h"

namespace osteon::server {

// Sorted by service, rule, row, pack version. A card counts once, by its newest feedback (the client's time,
// then ours).
base::Result<std::vector<FeedbackCount>> ReadFeedbackCounts(Database& reader);

}  // namespace osteon::server
