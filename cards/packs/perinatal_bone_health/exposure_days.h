// Days of one drug or drug class as runs of like days, so that renewals, duplicates and overlaps count once.
// Source: rules.md 3.3, 3.4; clarification 31c (the higher dose where orders overlap).
#pragma once

#include <optional>
#include <vector>

#include "cards/packs/perinatal_bone_health/heparin.h"

namespace osteon::cards::perinatal {

class ExposureDays {
 public:
  // Days first..last, both inclusive; what lies outside is not counted.
  ExposureDays(base::Day first, base::Day last) : first_(first), last_(last) {}

  void Cover(DayInterval days);
  // Covers, and records the dose taken on those days where it is the highest so far.
  void CoverWithDose(DayInterval days, const std::optional<base::Decimal>& iu);
  void MarkTherapeutic(DayInterval days);
  // Covers, and adds to what was given on those days (single administrations).
  void AddGiven(DayInterval days, const std::optional<base::Decimal>& iu);

  // Sums up. `today`: for ClassExposure::current.
  ClassExposure Sum(std::int32_t gap_days, base::Day today) const;

 private:
  // Days that are all alike, up to the next run.
  struct Run {
    base::Day first;
    bool covered = false;
    bool therapeutic = false;
    std::optional<base::Decimal> iu;     // ordered, the highest
    std::optional<base::Decimal> given;  // administered, the sum
  };
  template <typename Change>
  void ForEachRun(DayInterval days, const Change& change);
  // The index of the run that begins on `day`, made when none does. REQUIRES: runs, and a day among theirs.
  std::size_t SplitAt(base::Day day);

  base::Day first_;
  base::Day last_;
  std::vector<Run> runs_;  // ascending; empty until a day counts
};

}  // namespace osteon::cards::perinatal
