// What a backtest found, for three readers: Markdown for a committee, JSON for programs, one self-contained
// HTML page with plots.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/backtest/backtest.h"

namespace osteon::server {

struct BacktestSummary {
  struct Row {
    std::string rule;
    std::string row;
    std::string indicator;
    std::size_t cards = 0;
    std::size_t patients = 0;
    std::vector<std::string> examples;  // sources, for chart review; at most kMostExamples
  };
  struct Change {
    std::string source;
    std::string day;
    std::vector<std::string> appear;  // "A.2 warning"
    std::vector<std::string> vanish;
  };
  static constexpr std::size_t kMostExamples = 10;

  std::string pack;     // "perinatal_bone_health 1.0.0"
  std::string against;  // the same of the other pack, or empty
  std::string hook;
  std::string moment;  // "at 2026-06-15T10:00:00Z", ...
  std::size_t patients = 0;
  std::size_t calls = 0;
  std::size_t cards = 0;
  std::size_t calls_with_cards = 0;
  std::vector<Row> rows;                                               // most cards first
  std::map<std::string, std::map<std::string, std::size_t>> statuses;  // rule -> status -> calls
  std::vector<std::pair<std::string, std::size_t>> repeated;           // summaries shown most often
  std::map<std::string, std::vector<std::string>> failures;            // why -> sources
  std::vector<Change> changes;                                         // under --against
  std::size_t unchanged = 0;
  std::int64_t median_us = 0;
  std::int64_t p99_us = 0;

  double PerHundred(std::size_t count) const;  // patients
};

std::string OneDecimal(double value);                       // "12.3"
std::string Joined(const std::vector<std::string>& items);  // "a, b"; "-" when there are none

BacktestSummary Summarize(const BacktestPlan& plan, const std::vector<BacktestResult>& results);
std::string BacktestMarkdown(const BacktestSummary& summary);
std::string BacktestJson(const BacktestSummary& summary);
std::string BacktestHtml(const BacktestSummary& summary);

}  // namespace osteon::server
