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

std::size_t ExposureDays::SplitAt(Day day) {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), day,
                                      [](Day each, const Run& run) { return each < run.first; });
  const std::size_t at = static_cast<std::size_t>(after - runs_.begin());
  if (runs_[at - 1].first == day) return at - 1;
  Run rest = runs_[at - 1];
  rest.first = day;
  runs_.insert(after, rest);
  return at;
}

template <typename Change>
void ExposureDays::ForEachRun(DayInterval days, const Change& change) {
  const Day from = std::max(first_, days.first);
  const Day to = std::min(last_, days.last);
  if (to < from) return;
  if (runs_.empty()) runs_.push_back({first_, false, false, {}, {}});
  const std::size_t begin = SplitAt(from);
  const std::size_t end = to == last_ ? runs_.size() : SplitAt(to + 1);
  for (std::size_t i = begin; i < end; ++i) change(runs_[i]);
}

void ExposureDays::Cover(DayInterval days) {
  ForEachRun(days, [](Run& run) { run.covered = true; });
}

void ExposureDays::CoverWithDose(DayInterval days, const std::optional<Decimal>& iu) {
  ForEachRun(days, [&iu](Run& run) {
    run.covered = true;
    run.iu = Higher(run.iu, iu);
  });
}

void ExposureDays::MarkTherapeutic(DayInterval days) {
  ForEachRun(days, [](Run& run) { run.therapeutic = true; });
}

void ExposureDays::AddGiven(DayInterval days, const std::optional<Decimal>& iu) {
  ForEachRun(days, [&iu](Run& run) {
    run.covered = true;
    if (iu) run.given = run.given ? run.given->Plus(*iu) : iu;
  });
}

ClassExposure ExposureDays::Sum(std::int32_t gap_days, Day today) const {
  ClassExposure sum;
  Decimal total(0);
  std::int64_t known_days = 0;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const Run& run = runs_[i];
    if (!run.covered) continue;
    const Day last = i + 1 < runs_.size() ? runs_[i + 1].first - 1 : last_;
    const std::int32_t length = last - run.first + 1;
    sum.covered_days += length;
    if (run.therapeutic) sum.therapeutic_days += length;
    if (run.first <= today && today <= last) sum.current = true;
    // A gap of n days lies between days n + 1 apart.
    if (!sum.episodes.empty() && run.first - sum.episodes.back().last <= gap_days + 1) {
      sum.episodes.back().last = last;
    } else {
      sum.episodes.push_back({run.first, last});
    }
    const auto dose = Higher(run.iu, run.given);
    const auto of_run = dose ? dose->Times(length) : std::nullopt;
    const auto next = of_run ? total.Plus(*of_run) : std::nullopt;
    if (!next) continue;
    total = *next;
    known_days += length;
  }
  if (known_days > 0) sum.daily_iu = total.DividedBy(known_days, kMeanScale);
  return sum;
}

}  // namespace osteon::cards::perinatal
