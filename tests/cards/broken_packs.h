// Mistakes that somebody who edits a rule pack may make, each with what must be told about it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_source.h"

namespace osteon::testing {

struct Mistake {
  std::string_view name;
  std::string_view file;
  std::string_view from;  // stands once in the file; empty: the file becomes `to`, or goes away without one
  std::string_view to;
  std::string_view told;  // as Told writes it
};

std::vector<Mistake> AllMistakes();
const Mistake* FindMistake(std::string_view name);
// False when `from` does not stand once in the file.
bool Apply(const Mistake& mistake, cards::PackFiles& files);

}  // namespace osteon::testing
