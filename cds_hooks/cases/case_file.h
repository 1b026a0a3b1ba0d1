// A rule pack's cases (docs/rule-packs.md "cases/*.yaml"): a patient, a hook, and every card that must come
// out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cards/pack.h"
#include "cards/pack_source.h"

namespace osteon::cds_hooks {

struct WantedCard {
  cards::Place place;
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
  cards::Place place;
  std::string id;
  std::string tests;  // why the case is there
  std::string hook;
  std::string service;
  std::string now;           // RFC 3339
  std::string request_json;  // complete CDS Hooks request
  std::vector<WantedCard> want;
  std::vector<std::string> doubts;  // rules that must answer not_evaluated; no other may
};

struct CaseReading {
  std::vector<Case> cases;
  std::vector<cards::PackFinding> findings;
};

// `file` outlives the result: places point to it. `pack` gives the prefetch keys of each service, among which
// the chart is dealt out; what no key asks for is not sent.
CaseReading ReadCases(std::string_view file, std::string_view text, const cards::Pack& pack);

}  // namespace osteon::cds_hooks
