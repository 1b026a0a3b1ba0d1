// osteon test PACK: runs the cases that come with a rule pack.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace osteon::server {

struct TestCommand {
  std::string pack;                     // folder
  std::vector<std::string> only;        // ids of cases; empty: all
  std::vector<std::string> parameters;  // KEY=VALUE
  bool shows_answers = false;
  bool mutates = false;
};

// mutates: puts one small mistake after another into the pack and names those that no case notices; takes
// about a second each. What failed, with its place; rows without a case; "N cases passed, N failed". The exit
// status is 0 when all passed, 1 when one failed, 2 when the pack or a case file is wrong.
int Test(const TestCommand& command);

}  // namespace osteon::server
