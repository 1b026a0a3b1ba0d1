// The page stands alone: no script, no font, no picture from elsewhere; it prints.
#include <algorithm>

#include "server/backtest/report.h"
#include "server/html.h"

namespace osteon::server {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #8884; --info: #3b78c4; --warning: #c77a12; --critical: #bd2f35; --quiet: #7d8794; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.lead { color: var(--quiet); } .figures { display: flex; flex-wrap: wrap; gap: 1rem; }
.figures div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; }
.figures b { display: block; font-size: 1.4rem; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.info { fill: var(--info); } .warning { fill: var(--warning); } .critical { fill: var(--critical); } .quiet { fill: var(--quiet); }
svg text { fill: currentColor; font-size: 13px; } td.sources { font-size: .85em; word-break: break-all; }
@media print { body { margin: 0; max-width: none; } }
)";

std::string JoinedHtml(const std::vector<std::string>& items) {
  return EscapedHtml(Joined(items));
}

struct Bar {
  std::string label;
  std::string colour;
  double value;
};

// Horizontal bars with their figures, the longest as wide as the plot.
std::string Bars(const std::vector<Bar>& bars, std::string_view title) {
  constexpr int kRow = 26;
  constexpr int kLabel = 150;
  constexpr int kWidth = 640;
  constexpr int kFigure = 70;
  double most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.value);
  const int height = static_cast<int>(bars.size()) * kRow;
  std::string out = "<svg role=\"img\" viewBox=\"0 0 " + std::to_string(kLabel + kWidth + kFigure) + " " +
                    std::to_string(height) + "\" width=\"100%\"><title>" + EscapedHtml(title) + "</title>";
  int y = 0;
  for (const Bar& bar : bars) {
    const int width = most > 0 ? std::max(1, static_cast<int>(bar.value / most * kWidth)) : 0;
    out += "<text x=\"0\" y=\"" + std::to_string(y + 17) + "\">" + EscapedHtml(bar.label) + "</text>";
    out += "<rect class=\"" + bar.colour + "\" rx=\"3\" x=\"" + std::to_string(kLabel) + "\" y=\"" +
           std::to_string(y + 4) + "\" width=\"" + std::to_string(width) + "\" height=\"18\"/>";
    out += "<text x=\"" + std::to_string(kLabel + width + 8) + "\" y=\"" + std::to_string(y + 17) + "\">" +
           OneDecimal(bar.value) + "</text>";
    y += kRow;
  }
  return out + "</svg>";
}

std::string Figure(std::string_view value, std::string_view what) {
  return "<div><b>" + EscapedHtml(value) + "</b>" + EscapedHtml(what) + "</div>";
}

void AddRows(const BacktestSummary& s, std::string& out) {
  if (s.rows.empty()) {
    out += "<p>No card.</p>";
    return;
  }
  std::vector<Bar> bars;
  for (const auto& row : s.rows)
    bars.push_back({row.row + " " + row.indicator, row.indicator, s.PerHundred(row.cards)});
  out += Bars(bars, "cards per 100 patients, by row");
  out +=
      "<table><tr><th>row</th><th>indicator</th><th class=n>cards</th><th class=n>patients</th>"
      "<th>for chart review</th></tr>";
  for (const auto& row : s.rows) {
    out += "<tr><td>" + EscapedHtml(row.row) + "</td><td>" + EscapedHtml(row.indicator) +
           "</td><td class=n>" + std::to_string(row.cards) + "</td><td class=n>" +
           std::to_string(row.patients) + "</td><td class=sources>" + JoinedHtml(row.examples) + "</td></tr>";
  }
  out += "</table>";
}

void AddStatuses(const BacktestSummary& s, std::string& out) {
  for (const auto& [rule, statuses] : s.statuses) {
    std::vector<Bar> bars;
    for (const auto& [status, calls] : statuses) {
      const bool fired = status.starts_with("fired");
      const bool bad = status.starts_with("error") || status.starts_with("not_evaluated");
      const std::string colour = fired ? "info" : bad ? "critical" : "quiet";
      const double share =
          s.calls == 0 ? 0 : 100.0 * static_cast<double>(calls) / static_cast<double>(s.calls);
      bars.push_back({status.substr(0, 40), colour, share});
    }
    out += "<h3>Rule " + EscapedHtml(rule) + "</h3>" + Bars(bars, "share of calls in percent, by status");
  }
}

void AddChanges(const BacktestSummary& s, std::string& out) {
  constexpr std::size_t kMost = 200;
  if (s.against.empty()) return;
  out += "<h2>Against " + EscapedHtml(s.against) + "</h2><p>" + std::to_string(s.unchanged) +
         " calls give the same cards, " + std::to_string(s.changes.size()) + " do not.</p>";
  if (s.changes.empty()) return;
  out += "<table><tr><th>patient</th><th>day</th><th>appear</th><th>vanish</th></tr>";
  for (std::size_t i = 0; i < std::min(kMost, s.changes.size()); ++i) {
    const auto& change = s.changes[i];
    out += "<tr><td class=sources>" + EscapedHtml(change.source) + "</td><td>" +
           (change.day.empty() ? "now" : EscapedHtml(change.day)) + "</td><td>" + JoinedHtml(change.appear) +
           "</td><td>" + JoinedHtml(change.vanish) + "</td></tr>";
  }
  out += "</table>";
}

}  // namespace

std::string BacktestHtml(const BacktestSummary& s) {
  std::string out = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Backtest of " +
                    EscapedHtml(s.pack) +
                    "</title><meta name=\"viewport\" content=\"width=device-width\"><style>";
  out += kStyle;
  out += "</style><h1>Backtest of " + EscapedHtml(s.pack) + "</h1><p class=lead>Hook " + EscapedHtml(s.hook) +
         "; " + EscapedHtml(s.moment) + ".</p><div class=figures>";
  out += Figure(std::to_string(s.patients), "patients") + Figure(std::to_string(s.calls), "calls");
  out += Figure(std::to_string(s.cards), "cards");
  out += Figure(OneDecimal(s.PerHundred(s.cards)), "cards per 100 patients");
  out += Figure(std::to_string(s.median_us) + " us", "median per call");
  out += "</div><h2>Cards per 100 patients</h2>";
  AddRows(s, out);
  out += "<h2>Cards shown most often</h2><table><tr><th class=n>times</th><th>summary</th></tr>";
  for (const auto& [text, count] : s.repeated) {
    out += "<tr><td class=n>" + std::to_string(count) + "</td><td>" + EscapedHtml(text) + "</td></tr>";
  }
  out += "</table>";
  AddChanges(s, out);
  out += "<h2>What became of each rule</h2><p class=lead>Percent of calls.</p>";
  AddStatuses(s, out);
  if (!s.failures.empty()) {
    out += "<h2>Not answered</h2><table><tr><th>why</th><th class=n>calls</th><th>patients</th></tr>";
    for (const auto& [why, sources] : s.failures) {
      std::vector<std::string> some(
          sources.begin(),
          sources.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(10, sources.size())));
      out += "<tr><td>" + EscapedHtml(why) + "</td><td class=n>" + std::to_string(sources.size()) +
             "</td><td class=sources>" + JoinedHtml(some) + "</td></tr>";
    }
    out += "</table>";
  }
  return out + "</html>\n";
}

}  // namespace osteon::server
