// A pack over a population: what it would have said, before anybody sees it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cds_hooks/catalog.h"
#include "fhir/base/instant.h"
#include "fhir/base/result.h"

namespace osteon::server {

// When each patient is looked at.
enum class BacktestMoment : std::uint8_t {
  kNow,             // the chart as it is, at the clock
  kLastEncounter,   // at the last encounter up to the clock, with the chart as it was that day
  kEveryEncounter,  // at each of them
};

std::string_view BacktestMomentName(BacktestMoment moment);  // "now", "last-encounter", "every-encounter"

struct BacktestCard {
  std::string rule;
  std::string row;
  std::string draft;
  std::string indicator;
  std::string summary;
  // What makes a card the same card under two packs.
  std::string Key() const { return row + (draft.empty() ? "" : " " + draft) + " " + indicator; }
};

// One call.
struct BacktestResult {
  std::string source;  // "a.json", "b.ndjson:3"
  std::string patient;
  std::string day;      // of a look-back moment; empty: now
  std::string failure;  // why there was no answer, or empty
  std::map<std::string, std::string>
      statuses;  // rule -> "not_fired", "fired A.2", "not_evaluated (missing:x)"
  std::vector<BacktestCard> cards;
  std::vector<BacktestCard> other_cards;  // under --against
  std::int64_t microseconds = 0;          // of Prepare and Decide, wall time
};

struct BacktestPlan {
  std::shared_ptr<const cds_hooks::Catalog> catalog;
  std::shared_ptr<const cds_hooks::Catalog> against;  // null: none
  std::string hook;
  BacktestMoment moment = BacktestMoment::kNow;
  base::Instant now;
  const base::TimeZone* zone = nullptr;
  std::vector<std::string> drafts;  // JSON texts of the orders of an order hook
  std::vector<std::string> files;
  unsigned jobs = 1;
  std::string journal;  // file that results are appended to; what it holds already is not run again
  bool shows_progress = false;
};

// Results in the order of files and days, whatever the number of jobs. Errors: kInvalidConfig when no service
// of the pack answers the hook, or the journal is of another plan or cannot be written.
base::Result<std::vector<BacktestResult>> RunBacktest(const BacktestPlan& plan);

}  // namespace osteon::server
