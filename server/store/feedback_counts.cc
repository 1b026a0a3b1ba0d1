#include "server/store/feedback_counts.h"

#include <map>
#include <tuple>

namespace osteon::server {
namespace {

constexpr char kShown[] =
    "SELECT d.service, c.rule, c.row, d.pack_version, count(*) FROM card AS c JOIN decision AS d ON d.seq = "
    "c.decision"
    " GROUP BY 1, 2, 3, 4";
// Feedback sent to another service than the card's is feedback about a card nobody knows.
constexpr char kOutcomes[] =
    "WITH newest AS (SELECT *, row_number() OVER (PARTITION BY service, card ORDER BY outcome_time_ms DESC, "
    "seq DESC)"
    " AS age FROM feedback)"
    " SELECT f.service, coalesce(k.rule, ''), coalesce(k.row, ''), coalesce(k.pack_version, ''), f.outcome,"
    " f.reason_code, count(*)"
    " FROM newest AS f LEFT JOIN (SELECT c.uuid, c.rule, c.row, d.pack_version, d.service FROM card AS c"
    " JOIN decision AS d ON d.seq = c.decision) AS k ON k.uuid = f.card_uuid AND k.service = f.service"
    " WHERE f.age = 1 GROUP BY 1, 2, 3, 4, 5, 6";

using Group = std::tuple<std::string, std::string, std::string, std::string>;

FeedbackCount& CountOf(std::map<Group, FeedbackCount>& counts, const Statement& row) {
  Group group{row.Text(0), row.Text(1), row.Text(2), row.Text(3)};
  FeedbackCount& count = counts[group];
  std::tie(count.service, count.rule, count.row, count.pack_version) = group;
  return count;
}

}  // namespace

base::Result<std::vector<FeedbackCount>> ReadFeedbackCounts(Database& reader) {
  std::map<Group, FeedbackCount> counts;
  OSTEON_ASSIGN_OR_RETURN(Statement shown, reader.Prepare(kShown));
  while (shown.Next()) CountOf(counts, shown).shown = shown.Integer(4);
  OSTEON_ASSIGN_OR_RETURN(Statement outcomes, reader.Prepare(kOutcomes));
  while (outcomes.Next()) {
    FeedbackCount& count = CountOf(counts, outcomes);
    const std::int64_t cards = outcomes.Integer(6);
    if (outcomes.Text(4) == "accepted") {
      count.accepted += cards;
      continue;
    }
    count.overridden += cards;
    if (std::string reason = outcomes.Text(5); !reason.empty()) {
      count.override_reasons.emplace_back(std::move(reason), cards);
    }
  }
  std::vector<FeedbackCount> result;
  result.reserve(counts.size());
  for (auto& [group, count] : counts) result.push_back(std::move(count));
  return result;
}

}  // namespace osteon::server
