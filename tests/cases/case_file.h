// Reads a pack's case files (cards/packs/*/cases/README.md says how they look) into CDS Hooks requests and
// the cards they must raise.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cards/pack.h"

namespace osteon::testing {

struct WantedCard {
  std::string row;
  std::string indicator;
  std::string deletes;                    // resourceId of a delete action, or empty
  std::string begins;                     // text that the summary or detail begins with, or empty
  std::vector<std::string> says;          // texts that summary or detail hold
  std::vector<std::string> says_none;     // texts that neither holds
  bool deletes_none = false;              // whether no action may delete
  std::vector<std::string> creates;       // codes that some created resource holds
  std::vector<std::string> creates_none;  // codes that no created resource holds
};

struct Case {
  std::string id;
  std::string tests;
  std::string hook;
  std::string now;
  std::string request_json;  // complete CDS Hooks request
  std::vector<WantedCard> want;
  std::vector<std::string> doubts;  // rules that must answer not_evaluated
};

// Throws std::runtime_error with the place of what is wrong: a case file is test data, and a bad one must
// stop the run. `pack` gives the prefetch keys of each service, among which the chart is dealt out.
std::vector<Case> LoadCases(const std::string& path, const cards::Pack& pack);

}  // namespace osteon::testing
