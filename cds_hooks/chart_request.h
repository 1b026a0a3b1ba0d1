// A hook call as a client would make it for a patient whose whole chart is at hand, with every prefetch key
// of the service answered: for backtests and for tests over public patients.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack.h"
#include "fhir/base/result.h"
#include "fhir/json/tree.h"
#include "fhir/model/resources.h"

namespace osteon::cds_hooks {

// What a call is about beside the chart.
struct ChartMoment {
  // ISO date. Resources of later days are left out, and what ends later has not ended yet. Empty: the chart
  // as it is.
  std::string_view day;
  std::span<const std::string_view> drafts;  // JSON texts of the orders of an order hook
};

class ChartRequestMaker {
 public:
  // `service` outlives the maker.
  explicit ChartRequestMaker(const cards::ServiceSpec& service);

  struct Request {
    std::string patient_id;
    std::string body;
  };
  // chart: a Bundle with one Patient. Errors (kInvalidRequest): no Patient or several, a hook that needs an
  // encounter when there is none, a hook whose context cannot be made from a chart.
  base::Result<Request> Make(json::Value chart, const ChartMoment& moment) const;

 private:
  struct Key {
    const cards::PrefetchTemplate* row;
    bool is_read = false;                       // "Type/{{...}}": one resource
    bool is_filtered = false;                   // by codes
    std::set<std::string, std::less<>> tokens;  // "system|code"
    bool Matches(const model::Resource& resource) const;
  };
  const cards::ServiceSpec* service_;
  std::vector<Key> keys_;
};

// The day a resource is about (when it was, began, was recorded or ordered), "" when it has none.
std::string_view DayOfResource(const model::Resource& resource);
// The days of the chart's encounters up to `until` (ISO), ascending, each once.
std::vector<std::string> EncounterDays(json::Value chart, std::string_view until);

}  // namespace osteon::cds_hooks
