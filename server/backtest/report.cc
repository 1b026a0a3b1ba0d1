#include "server/backtest/report.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "fhir/json/writer.h"

namespace osteon::server {
namespace {

constexpr std::size_t kMostRepeated = 10;
constexpr std::size_t kMostChanges = 50;

std::string NameOf(const cds_hooks::Catalog& catalog) {
  return std::string(catalog.pack().id) + " " + std::string(catalog.pack().version);
}

std::string MomentText(const BacktestPlan& plan) {
  const std::string clock = base::FormatInstant(plan.now);
  if (plan.moment == BacktestMoment::kNow) return "the chart as it is, at " + clock;
  const std::string which =
      plan.moment == BacktestMoment::kLastEncounter ? "the last encounter" : "every encounter";
  return which + " up to " + clock + ", with the chart as it was that day";
}

std::int64_t Quantile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

void CountRow(const BacktestCard& card, const BacktestResult& result,
              std::map<std::string, BacktestSummary::Row>& rows,
              std::map<std::string, std::set<std::string>>& patients) {
  BacktestSummary::Row& row = rows[card.row + " " + card.indicator];
  row.rule = card.rule;
  row.row = card.row;
  row.indicator = card.indicator;
  ++row.cards;
  auto& seen = patients[card.row + " " + card.indicator];
  if (!seen.insert(result.source).second) return;
  ++row.patients;
  if (row.examples.size() < BacktestSummary::kMostExamples) row.examples.push_back(result.source);
}

// Cards of `a` that `b` lacks, each as often as it is missing.
std::vector<std::string> Missing(const std::vector<BacktestCard>& a, const std::vector<BacktestCard>& b) {
  std::multiset<std::string> there;
  for (const BacktestCard& card : b) there.insert(card.Key());
  std::vector<std::string> missing;
  for (const BacktestCard& card : a) {
    const auto found = there.find(card.Key());
    if (found == there.end()) {
      missing.push_back(card.Key());
    } else {
      there.erase(found);
    }
  }
  return missing;
}

void Compare(const BacktestResult& result, BacktestSummary& summary) {
  BacktestSummary::Change change{result.source, result.day, Missing(result.cards, result.other_cards),
                                 Missing(result.other_cards, result.cards)};
  if (change.appear.empty() && change.vanish.empty()) {
    ++summary.unchanged;
  } else {
    summary.changes.push_back(std::move(change));
  }
}

template <typename Row>
void ByCount(std::vector<Row>& rows, std::size_t Row::*count) {
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return a.*count > b.*count; });
}

// A bar inside a table cell would break the table.
std::string Cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void MarkdownChanges(const BacktestSummary& s, std::string& out) {
  if (s.against.empty()) return;
  out += "\n## Against " + s.against + "\n\n" + std::to_string(s.unchanged) + " calls give the same cards, " +
         std::to_string(s.changes.size()) + " do not.\n\n";
  if (s.changes.empty()) return;
  out += "| patient | day | appear | vanish |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < std::min(s.changes.size(), kMostChanges); ++i) {
    const auto& change = s.changes[i];
    out += "| " + Cell(change.source) + " | " + (change.day.empty() ? "now" : change.day) + " | " +
           Joined(change.appear) + " | " + Joined(change.vanish) + " |\n";
  }
  if (s.changes.size() > kMostChanges) {
    out += "\n" + std::to_string(s.changes.size() - kMostChanges) + " more: in the JSON report.\n";
  }
}

}  // namespace

std::string OneDecimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string Joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text.empty() ? "-" : text;
}

double BacktestSummary::PerHundred(std::size_t count) const {
  return patients == 0 ? 0.0 : 100.0 * static_cast<double>(count) / static_cast<double>(patients);
}

BacktestSummary Summarize(const BacktestPlan& plan, const std::vector<BacktestResult>& results) {
  BacktestSummary s;
  s.pack = NameOf(*plan.catalog);
  if (plan.against != nullptr) s.against = NameOf(*plan.against);
  s.hook = plan.hook;
  s.moment = MomentText(plan);
  std::map<std::string, BacktestSummary::Row> rows;
  std::map<std::string, std::set<std::string>> row_patients;
  std::map<std::string, std::size_t> summaries;
  std::set<std::string> sources;
  std::vector<std::int64_t> times;
  for (const BacktestResult& result : results) {
    sources.insert(result.source);
    if (!result.failure.empty()) {
      s.failures[result.failure].push_back(result.source);
      continue;
    }
    ++s.calls;
    s.cards += result.cards.size();
    if (!result.cards.empty()) ++s.calls_with_cards;
    times.push_back(result.microseconds);
    for (const auto& [rule, status] : result.statuses) ++s.statuses[rule][status];
    for (const BacktestCard& card : result.cards) {
      CountRow(card, result, rows, row_patients);
      ++summaries[card.summary];
    }
    if (plan.against != nullptr) Compare(result, s);
  }
  s.patients = sources.size();
  for (auto& [key, row] : rows) s.rows.push_back(std::move(row));
  ByCount(s.rows, &BacktestSummary::Row::cards);
  s.repeated.assign(summaries.begin(), summaries.end());
  std::stable_sort(s.repeated.begin(), s.repeated.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (s.repeated.size() > kMostRepeated) s.repeated.resize(kMostRepeated);
  std::sort(times.begin(), times.end());
  s.median_us = Quantile(times, 50);
  s.p99_us = Quantile(times, 99);
  return s;
}

std::string BacktestMarkdown(const BacktestSummary& s) {
  std::string out = "# Backtest of " + s.pack + "\n\n";
  out += "Hook `" + s.hook + "`; " + s.moment + ".\n\n";
  out += std::to_string(s.patients) + " patients, " + std::to_string(s.calls) + " calls, " +
         std::to_string(s.cards) + " cards (" + OneDecimal(s.PerHundred(s.cards)) + " per 100 patients) in " +
         std::to_string(s.calls_with_cards) + " calls. Time per call: median " + std::to_string(s.median_us) +
         " us, 99 % within " + std::to_string(s.p99_us) + " us.\n";
  out += "\n## Cards\n\n| row | indicator | cards | patients | per 100 patients | for chart review |\n";
  out += "|---|---|--:|--:|--:|---|\n";
  for (const auto& row : s.rows) {
    out += "| " + row.row + " | " + row.indicator + " | " + std::to_string(row.cards) + " | " +
           std::to_string(row.patients) + " | " + OneDecimal(s.PerHundred(row.cards)) + " | " +
           Cell(Joined(row.examples)) + " |\n";
  }
  out += "\n## Cards shown most often\n\n| times | summary |\n|--:|---|\n";
  for (const auto& [text, count] : s.repeated)
    out += "| " + std::to_string(count) + " | " + Cell(text) + " |\n";
  out += "\n## What became of each rule\n\n| rule | status | calls |\n|---|---|--:|\n";
  for (const auto& [rule, statuses] : s.statuses) {
    for (const auto& [status, count] : statuses) {
      out += "| " + rule + " | " + Cell(status) + " | " + std::to_string(count) + " |\n";
    }
  }
  MarkdownChanges(s, out);
  if (!s.failures.empty()) {
    out += "\n## Not answered\n\n| why | calls | for example |\n|---|--:|---|\n";
    for (const auto& [why, sources] : s.failures) {
      out +=
          "| " + Cell(why) + " | " + std::to_string(sources.size()) + " | " + Cell(sources.front()) + " |\n";
    }
  }
  return out;
}

std::string BacktestJson(const BacktestSummary& s) {
  const auto count = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  const auto list = [](json::Writer& out, const std::vector<std::string>& items) {
    out.StartArray();
    for (const std::string& item : items) out.String(item);
    out.EndArray();
  };
  json::Writer out;
  out.StartObject().Member("pack", s.pack).Member("against", s.against).Member("hook", s.hook);
  out.Member("moment", s.moment).Key("patients").Integer(count(s.patients));
  out.Key("calls").Integer(count(s.calls)).Key("cards").Integer(count(s.cards));
  out.Key("calls_with_cards").Integer(count(s.calls_with_cards));
  out.Key("median_us").Integer(s.median_us).Key("p99_us").Integer(s.p99_us).Key("rows").StartArray();
  for (const auto& row : s.rows) {
    out.StartObject().Member("rule", row.rule).Member("row", row.row).Member("indicator", row.indicator);
    out.Key("cards").Integer(count(row.cards)).Key("patients").Integer(count(row.patients));
    out.Key("for_review");
    list(out, row.examples);
    out.EndObject();
  }
  out.EndArray().Key("statuses").StartObject();
  for (const auto& [rule, statuses] : s.statuses) {
    out.Key(rule).StartObject();
    for (const auto& [status, calls] : statuses) out.Key(status).Integer(count(calls));
    out.EndObject();
  }
  out.EndObject().Key("shown_most_often").StartArray();
  for (const auto& [text, times] : s.repeated) {
    out.StartObject().Member("summary", text).Key("times").Integer(count(times)).EndObject();
  }
  out.EndArray().Key("unchanged").Integer(count(s.unchanged)).Key("changes").StartArray();
  for (const auto& change : s.changes) {
    out.StartObject().Member("source", change.source).Member("day", change.day).Key("appear");
    list(out, change.appear);
    out.Key("vanish");
    list(out, change.vanish);
    out.EndObject();
  }
  out.EndArray().Key("failures").StartObject();
  for (const auto& [why, sources] : s.failures) {
    out.Key(why);
    list(out, sources);
  }
  out.EndObject().EndObject();
  return std::string(out.text());
}

}  // namespace osteon::server
