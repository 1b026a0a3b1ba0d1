// The evidence folder's index of public CDS Hooks documents, with the verdicts of an independent checker.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::testing {

struct Fixture {
  std::string file;  // below spec/fixtures
  std::string hook;  // requests only
  std::string text;
  std::set<std::string> violations;  // checklist ids of level E and W
  std::set<std::string> errors;      // level E only
};

// All documents of a kind ("request", "response", "card", "feedback", "discovery"); empty without the
// evidence folder.
std::vector<Fixture> FixturesOfKind(std::string_view kind);

}  // namespace osteon::testing
