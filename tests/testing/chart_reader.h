// How the rules that tests write by hand look at a chart: what was read and did not answer makes "no row" not
// evaluated.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/chart.h"
#include "cards/rule.h"

namespace osteon::testing {

class ChartReader {
 public:
  explicit ChartReader(const cards::Chart& chart) : chart_(chart) {}

  // Resources of `type`, for which the prefetch key `key` answers.
  std::span<const model::Resource> Read(std::string_view key, std::string_view type) {
    Need(key);
    return chart_.OfType(type);
  }
  void Need(std::string_view key) {
    if (!cards::Answers(chart_.StateOf(key))) Doubt(key);
  }
  void Doubt(std::string_view what) {
    if (std::find(gaps_.begin(), gaps_.end(), what) == gaps_.end()) gaps_.push_back(what);
  }
  std::span<const std::string_view> gaps() const { return gaps_; }

 private:
  const cards::Chart& chart_;
  std::vector<std::string_view> gaps_;
};

inline cards::RuleOutcome NoRow(std::string_view rule, const ChartReader& reader) {
  cards::RuleOutcome outcome;
  outcome.rule = rule;
  outcome.status = reader.gaps().empty() ? cards::RuleStatus::kNotFired : cards::RuleStatus::kNotEvaluated;
  for (const std::string_view gap : reader.gaps()) {
    outcome.reason += (outcome.reason.empty() ? "missing:" : ",") + std::string(gap);
  }
  return outcome;
}

// What an entry's fullUrl leads to; absent when nothing does.
inline model::Resource FindByUrl(const cards::Chart& chart, std::string_view full_url) {
  model::Resource found;
  chart.ForEachUrl([&](std::string_view url, const model::Resource& resource) {
    if (!found && url == full_url) found = resource;
  });
  return found;
}

}  // namespace osteon::testing
