#include "cards/nearest_name.h"

#include <algorithm>

#include "fhir/base/text.h"

namespace osteon::cards {

std::string_view NearestName(std::string_view name, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 200;  // a whole text in the wrong place is like no name
  if (name.size() > kLongest) return {};
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = base::EditDistance(name, candidate);
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = candidate;
    }
  }
  if (!nearest.empty()) return nearest;
  // A name with something added: "selectionBehavior" for "selection".
  constexpr std::size_t kTelling = 4;
  for (const std::string_view candidate : known) {
    if (candidate.size() >= kTelling && candidate.size() > nearest.size() && name.starts_with(candidate))
      nearest = candidate;
  }
  return nearest;
}

std::string NearestNameHint(std::string_view name, std::span<const std::string_view> known) {
  if (const std::string_view nearest = NearestName(name, known); !nearest.empty())
    return "did you mean \"" + std::string(nearest) + "\"?";
  constexpr std::size_t kFew = 20;
  if (known.empty() || known.size() > kFew) return {};
  std::string hint = "known: ";
  for (std::size_t i = 0; i < known.size(); ++i) hint += (i == 0 ? "" : ", ") + std::string(known[i]);
  return hint;
}

}  // namespace osteon::cards
