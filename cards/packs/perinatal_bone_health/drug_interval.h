// The days that one medication order, statement, dispense or administration covers.
// Source: rules.md 3.2 with clarifications 31e and 36; partial dates by the nudge reading (rules.md 0.1): a
// start at its latest day, an end at its earliest.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cards/packs/perinatal_bone_health/heparin.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal {

// Resources of a type whose key is used when prefetched (rules.md 0.2: statements, administrations,
// dispenses): the key is marked as read only when the service asks for it.
std::span<const model::Resource> ReadWhenAsked(ChartReader& reader, std::string_view key,
                                               std::string_view type);

enum class RefillAssumption : std::uint8_t { kNone, kHalf, kAll };

struct IntervalOptions {
  base::Day today;
  const base::TimeZone* zone = nullptr;
  RefillAssumption refills = RefillAssumption::kAll;  // of active orders; ended ones never count refills
  bool use_last_updated = false;                      // an ended order ends by meta.lastUpdated
  // Amounts of this drug in one unit, for quantity / daily dose; absent: only equal units are compared.
  std::function<std::optional<base::Decimal>(const model::Quantity&)> amount;
};

// Options by the pack's parameters, without `amount`.
IntervalOptions IntervalOptionsOf(const RuleInput& input);

// A dosage and the days for which it holds.
struct DosageSpan {
  json::Value dosage;
  DayInterval days;
  bool alternative = false;  // numbered after another one: taken instead of it, not on top of it
};

// The scheduled dosages of an order and the days of `days` on which each holds.
std::vector<DosageSpan> DosageSpansOf(const model::MedicationRequest& request, DayInterval days,
                                      const base::TimeZone& zone);

struct CoveredDays {
  std::optional<DayInterval> days;  // up to today; absent: undated, as needed only, or not begun
  bool undated = false;             // no start of any kind
  bool duration_unknown = false;    // an ended order without any duration: one day
  bool explicit_end_past = false;   // ended before today by its own bounds or count, whatever the supply
  std::vector<DosageSpan> dosages;  // what is taken on those days
};

// dispenses: those of this order.
CoveredDays DaysOfRequest(const model::MedicationRequest& request,
                          std::span<const model::MedicationDispense> dispenses,
                          const IntervalOptions& options);
CoveredDays DaysOfStatement(const model::MedicationStatement& statement, const IntervalOptions& options);
// A dispense without its order in the chart.
CoveredDays DaysOfDispense(const model::MedicationDispense& dispense, const IntervalOptions& options);
CoveredDays DaysOfAdministration(const model::MedicationAdministration& administration,
                                 const IntervalOptions& options);

// How long a draft runs by what it states itself: bounds, count, or expectedSupplyDuration with all refills;
// as days from `start`, its first day at or after today. nullopt days: it does not say.
struct DraftDays {
  base::Day start;
  std::optional<std::int32_t> days;
  bool as_needed = false;  // counts no days
};
DraftDays DaysOfDraft(const model::MedicationRequest& draft, const IntervalOptions& options);

// "Type/id" of the orders that a dispense fills are compared with this.
bool IsDispenseOf(const model::MedicationDispense& dispense, const model::MedicationRequest& request);

}  // namespace osteon::cards::perinatal
