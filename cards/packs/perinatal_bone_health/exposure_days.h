// Days of one drug or drug class laid out one by one, so that renewals, duplicates and overlaps count once.
// Source: rules.md 3.3, 3.4; clarification 31c (the higher dose where orders overlap).
#pragma once

#include <optional>
#include <vector>

#include "cards/packs/perinatal_bone_health/heparin.h"

namespace osteon::cards::perinatal {

class ExposureDays {
 public:
  // Days first..last, both inclusive; what lies outside is not counted.
  ExposureDays(base::Day first, base::Day last);

  void Cover(DayInterval days);
  // Covers, and records the dose taken on those days where it is the highest so far.
  void CoverWithDose(DayInterval days, const std::optional<base::Decimal>& iu);
  void MarkTherapeutic(DayInterval days);
  // Covers, and adds to what was given on those days (single administrations).
  void AddGiven(DayInterval days, const std::optional<base::Decimal>& iu);

  // Sums up. `today`: for ClassExposure::current.
  ClassExposure Sum(std::int32_t gap_days, base::Day today) const;

 private:
  struct Cell {
    bool covered = false;
    bool therapeutic = false;
    std::optional<base::Decimal> iu;     // ordered, the highest
    std::optional<base::Decimal> given;  // administered, the sum
  };
  template <typename Change>
  void ForEachDay(DayInterval days, const Change& change);

  base::Day first_;
  std::vector<Cell> cells_;
};

}  // namespace osteon::cards::perinatal
