// Which of the names that exist is meant by one that does not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fhir/base/text.h"

namespace osteon::path {

// Offers candidates and keeps the nearest within a third of the name's length.
class NearestName {
 public:
  explicit NearestName(std::string_view wanted)
      : wanted_(wanted), distance_(wanted.size() < 3 ? 2 : wanted.size() / 3 + 2) {}

  void Offer(std::string_view candidate) {
    // Comparing costs the product of the lengths; nobody misspells so much.
    constexpr std::size_t kLongest = 128;
    if (wanted_.size() > kLongest || candidate.size() > kLongest) return;
    const std::size_t distance = base::EditDistance(wanted_, candidate);
    if (distance >= distance_) return;
    distance_ = distance;
    nearest_ = candidate;
  }
  std::string_view nearest() const { return nearest_; }
  // "did you mean 'x'?", or empty.
  std::string Hint() const {
    return nearest_.empty() ? std::string() : "did you mean '" + std::string(nearest_) + "'?";
  }

 private:
  std::string_view wanted_;
  std::size_t distance_;  // what comes next must be nearer
  std::string_view nearest_;
};

}  // namespace osteon::path
