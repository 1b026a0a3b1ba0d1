#include "cards/pack_findings.h"

#include <algorithm>
#include <tuple>

namespace osteon::cards {

void PackFindings::Add(const Place& place, std::string message, std::string hint) {
  const auto same = [&](const PackFinding& known) {
    const bool is_readers = &known < found_.data() + read_ && known.line != 0;
    return known.file == place.file && known.line == place.line && known.column == place.column &&
           (is_readers || known.message == message);
  };
  if (std::any_of(found_.begin(), found_.end(), same)) return;
  found_.push_back(FindingAt(place, std::move(message), std::move(hint)));
}

std::vector<PackFinding> PackFindings::Take() && {
  std::stable_sort(found_.begin(), found_.end(), [](const PackFinding& a, const PackFinding& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return std::move(found_);
}

}  // namespace osteon::cards
