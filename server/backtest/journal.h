// The results of a backtest on disk while it runs, so that one that was stopped can go on: a first line that
// names the plan, then one JSON object a line and call.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "server/backtest/backtest.h"

namespace osteon::server {

class Journal {
 public:
  // Without a journal in the plan nothing is read or written. Errors (kInvalidConfig): the file is of another
  // plan, or cannot be written.
  base::Status Open(const BacktestPlan& plan);
  // What an earlier run left. A last line that was cut off is dropped, and so is every result of its source,
  // which is run again.
  std::vector<BacktestResult> TakeEarlier() { return std::move(earlier_); }
  void Append(const BacktestResult& result);
  void Flush();
  base::Status Close();

 private:
  std::ofstream file_;
  std::string path_;
  std::vector<BacktestResult> earlier_;
};

}  // namespace osteon::server
