#include "cards/packs/perinatal_bone_health/exposure_days.h"

#include <algorithm>

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;

namespace {

std::optional<Decimal> Higher(const std::optional<Decimal>& a, const std::optional<Decimal>& b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

// Dose per day is shown in whole units and compared with whole limits.
constexpr int kMeanScale = 6;

}  // namespace

ExposureDays::ExposureDays(Day first, Day last) : first_(first) {
  cells_.resize(static_cast<std::size_t>(std::max(0, last - first + 1)));
}

template <typename Change>
void ExposureDays::ForEachDay(DayInterval days, const Change& change) {
  const std::int32_t from = std::max(0, days.first - first_);
  const std::int32_t to = std::min(static_cast<std::int32_t>(cells_.size()) - 1, days.last - first_);
  for (std::int32_t i = from; i <= to; ++i) change(cells_[static_cast<std::size_t>(i)]);
}

void ExposureDays::Cover(DayInterval days) {
  ForEachDay(days, [](Cell& cell) { cell.covered = true; });
}

void ExposureDays::CoverWithDose(DayInterval days, const std::optional<Decimal>& iu) {
  ForEachDay(days, [&iu](Cell& cell) {
    cell.covered = true;
    cell.iu = Higher(cell.iu, iu);
  });
}

void ExposureDays::MarkTherapeutic(DayInterval days) {
  ForEachDay(days, [](Cell& cell) { cell.therapeutic = true; });
}

void ExposureDays::AddGiven(DayInterval days, const std::optional<Decimal>& iu) {
  ForEachDay(days, [&iu](Cell& cell) {
    cell.covered = true;
    if (iu) cell.given = cell.given ? cell.given->Plus(*iu) : iu;
  });
}

ClassExposure ExposureDays::Sum(std::int32_t gap_days, Day today) const {
  ClassExposure sum;
  Decimal total(0);
  std::int64_t known_days = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const Cell& cell = cells_[i];
    if (!cell.covered) continue;
    const Day day = first_ + static_cast<std::int32_t>(i);
    ++sum.covered_days;
    if (cell.therapeutic) ++sum.therapeutic_days;
    if (day == today) sum.current = true;
    // A gap of n days lies between days n + 1 apart.
    if (!sum.episodes.empty() && day - sum.episodes.back().last <= gap_days + 1) {
      sum.episodes.back().last = day;
    } else {
      sum.episodes.push_back({day, day});
    }
    const auto dose = Higher(cell.iu, cell.given);
    const auto next = dose ? total.Plus(*dose) : std::nullopt;
    if (!next) continue;
    total = *next;
    ++known_days;
  }
  if (known_days > 0) sum.daily_iu = total.DividedBy(known_days, kMeanScale);
  return sum;
}

}  // namespace osteon::cards::perinatal
