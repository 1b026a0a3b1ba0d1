// Heparin exposure: covered days per class, daily dose, projection of a draft order.
// Source: rules.md section 3 with clarifications 31c, 31e, 60.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cards/chart.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"
#include "fhir/base/decimal.h"

namespace osteon::cards::perinatal {

enum class HeparinClass : std::uint8_t {
  kNone,
  kUfhSystemic,
  kLmwh,
  kFlush,
  kNotCounted
};  // fondaparinux, danaparoid
HeparinClass ClassifyHeparin(const model::MedicationResource& medication, const Chart& chart);

struct DayInterval {
  base::Day first;
  base::Day last;  // inclusive
};

struct ClassExposure {
  std::int32_t covered_days = 0;          // union within the look-back
  std::int32_t therapeutic_days = 0;      // LMWH only
  std::optional<base::Decimal> daily_iu;  // day-weighted mean over covered days with a known dose, IU/d
  std::vector<DayInterval> episodes;      // gaps up to hep.gapDays merged; gap days are not covered days
  bool duration_unknown = false;          // an ended order without supply data: one day
  bool current = false;                   // covers today
};

struct HeparinExposure {
  ClassExposure ufh;
  ClassExposure lmwh;
  base::Day lookback_start;
  bool current_undated = false;              // active, without any start date: counts no days
  bool other_anticoagulant_current = false;  // fondaparinux or danaparoid active
  bool flush_only = false;                   // the only heparin seen is flush or lock
};

// Exposure up to today.
HeparinExposure ComputeExposure(const RuleInput& input, ChartReader& reader, const State& state);

// Exposure if the systemic heparin drafts are signed (3.5): covered days to come are added to what is
// covered.
HeparinExposure ProjectExposure(const RuleInput& input, ChartReader& reader, const State& state,
                                std::span<const model::MedicationRequest> drafts);

}  // namespace osteon::cards::perinatal
