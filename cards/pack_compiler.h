// From what a pack says to what the protocol runs: names looked up, CQL analysed and compiled, placeholders
// and resources checked against R4, prefetch derived from the retrieves. The only judge of a pack: what
// passes here is what the server loads. Format: docs/rule-packs.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cards/pack.h"
#include "cards/pack_reader.h"
#include "cards/pack_source.h"

namespace osteon::cards {

struct PackCompilation {
  std::optional<Pack> pack;           // absent when there are findings
  std::vector<PackFinding> findings;  // all of them, in the order of files and places
};

// Reads and compiles. `files` need not outlive the pack.
//   parameter_overrides: by exact key; a value outside its range is a finding that names the range.
PackCompilation CompilePack(const PackFiles& files,
                            const std::map<std::string, std::string>& parameter_overrides = {});

// The same for a pack that did not come as YAML: places of `reading` without a file in `files` stay as they
// are.
PackCompilation CompileReading(const PackFiles& files, PackReading reading,
                               const std::map<std::string, std::string>& parameter_overrides = {});

// "rules/c.yaml:12:9: message", the line, a caret under the place, and the hint if there is one.
std::string RenderFinding(const PackFinding& finding, const PackFiles& files);

}  // namespace osteon::cards
