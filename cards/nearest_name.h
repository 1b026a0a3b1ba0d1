// "Did you mean": the known name nearest to one that is not known, for the hints of findings.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace osteon::cards {

// Empty when none is near enough to be meant.
std::string_view NearestName(std::string_view name, std::span<const std::string_view> known);
// "did you mean \"x\"?"; without a near one the known names, as far as they are few; empty when there are
// none.
std::string NearestNameHint(std::string_view name, std::span<const std::string_view> known);

}  // namespace osteon::cards
