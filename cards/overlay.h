// What a site changes of a rule pack without editing it: parameters inside their ranges, the state of each
// rule in its life cycle, rows lowered or switched off. Format: docs/rule-packs.md "Overlay".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cards/card.h"
#include "cards/pack_source.h"
#include "cards/rule_setting.h"

namespace osteon::cards {

struct Pack;

struct Overlay {
  std::string pack;                               // id of the pack it is for
  std::map<std::string, std::string> parameters;  // by exact key
  SiteSettings settings;
  std::map<std::string, Place, std::less<>> places;       // of the settings, "rule C" or "row C.1"
  std::map<std::string, Text, std::less<>> acknowledged;  // critical row -> why it is lowered or off
};

struct OverlayReading {
  Overlay overlay;
  std::vector<PackFinding> findings;
};
// Strict YAML as in a pack. `file` and `text` outlive the result.
OverlayReading ReadOverlay(std::string_view file, std::string_view text);

// What of the overlay does not fit the pack: another pack, unknown rules and rows, a row raised or lowered by
// more than one step, a critical row lowered or switched off without an acknowledgement. Parameters are
// judged where the pack is compiled.
std::vector<PackFinding> CheckOverlay(const Overlay& overlay, const Pack& pack);

}  // namespace osteon::cards
