// osteon backtest PACK: the pack over a population, before anybody sees its cards.
#pragma once

#include <string>
#include <vector>

namespace osteon::server {

struct BacktestCommand {
  std::string pack;      // folder
  std::string patients;  // folder with Bundles
  std::string hook = "patient-view";
  std::string against;     // folder of another pack or version, or empty
  std::string at = "now";  // now, last-encounter, every-encounter
  std::string clock;       // RFC 3339, or empty = the system's
  std::string time_zone = "UTC";
  std::vector<std::string> drafts;  // files with an order, or a Bundle of orders
  std::string out = "backtest";     // folder of the reports and the journal
  int jobs = 0;                     // 0 = one per core
  bool starts_anew = false;         // forget the journal
};

// Writes OUT/report.md, report.json and report.html, prints the Markdown. Exit status 2 on errors.
int Backtest(const BacktestCommand& command);

}  // namespace osteon::server
