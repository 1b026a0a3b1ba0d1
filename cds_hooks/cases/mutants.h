// Small mistakes put into a rule pack on purpose, one at a time: its cases should notice each of them.
#pragma once

#include <string>
#include <vector>

#include "cards/pack_source.h"

namespace osteon::cds_hooks {

// One change of one file. Not every mutant is a pack that compiles.
struct Mutant {
  std::string file;
  std::size_t offset = 0;  // bytes
  std::string was;
  std::string is;
};

// In the order of files and places: comparisons that include their bound or not, "and" for "or", numbers of
// parameters one step up and down. Comments and texts of CQL are left alone.
std::vector<Mutant> MutantsOf(const cards::PackFiles& files);

// The files with the change made.
cards::PackFiles Mutated(const cards::PackFiles& files, const Mutant& mutant);

// "logic/State.cql:12:8".
std::string PlaceText(const cards::PackFiles& files, const Mutant& mutant);

}  // namespace osteon::cds_hooks
