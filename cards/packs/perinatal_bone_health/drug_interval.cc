#include "cards/packs/perinatal_bone_health/drug_interval.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/heparin_dose.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "fhir/model/reference.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int32_t kMaxDays = 36500;  // a century: beyond it a duration is a slip of the pen

std::optional<Day> Earlier(const std::optional<Day>& a, const std::optional<Day>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::optional<Day> DayIn(json::Value text, const base::TimeZone& zone, bool latest) {
  const auto span = model::ParseDate(text.string(), zone);
  if (!span) return std::nullopt;
  return latest ? span->last : span->first;
}

// Whole days, a begun day counting whole; nullopt when none or absurd.
std::optional<std::int32_t> WholeDays(const std::optional<Decimal>& days) {
  const auto whole = days ? days->ToInteger() : std::nullopt;
  if (!whole || *whole < 0 || *whole > kMaxDays || days->is_zero() || days->negative()) return std::nullopt;
  const auto result = static_cast<std::int32_t>(*whole);
  return Decimal(*whole) == *days ? result : result + 1;
}

std::optional<std::int32_t> DurationOf(const std::optional<model::Quantity>& duration) {
  if (!duration) return std::nullopt;
  const auto days = model::DurationInDays(duration->value, duration->unit);
  return days && *days > 0 && *days <= kMaxDays ? days : std::nullopt;
}

bool AsNeeded(json::Value dosage) {
  return dosage["asNeededBoolean"_key].is_true() || dosage["asNeededCodeableConcept"_key].exists();
}

std::vector<json::Value> Scheduled(json::Value dosages) {
  std::vector<json::Value> scheduled;
  for (const json::Value dosage : dosages) {
    if (!AsNeeded(dosage)) scheduled.push_back(dosage);
  }
  return scheduled;
}

// --- starts
std::optional<Day> BoundsStart(json::Value dosage, const base::TimeZone& zone) {
  return DayIn(dosage["timing"_key]["repeat"_key]["boundsPeriod"_key]["start"_key], zone, true);
}

std::optional<Day> FirstEvent(json::Value dosage, const base::TimeZone& zone) {
  std::optional<Day> first;
  for (const json::Value event : dosage["timing"_key]["event"_key]) {
    first = Earlier(first, DayIn(event, zone, true));
  }
  return first;
}

// The first source that any dosage has.
std::optional<Day> StatedStart(const std::vector<json::Value>& dosages, const base::TimeZone& zone) {
  std::optional<Day> bounds;
  std::optional<Day> event;
  for (const json::Value dosage : dosages) {
    bounds = Earlier(bounds, BoundsStart(dosage, zone));
    event = Earlier(event, FirstEvent(dosage, zone));
  }
  return bounds ? bounds : event;
}

std::optional<Day> FirstHandedOver(std::span<const model::MedicationDispense> dispenses,
                                   const base::TimeZone& zone) {
  std::optional<Day> first;
  for (const model::MedicationDispense& dispense : dispenses) {
    const auto handed_over = dispense.handed_over(zone);
    if (handed_over) first = Earlier(first, handed_over->last);
  }
  return first;
}

// validityPeriod is the authorisation window: its start replaces authoredOn only when later.
std::optional<Day> AuthoredStart(const model::MedicationRequest& request, const base::TimeZone& zone) {
  const auto authored = request.authored_on(zone);
  if (!authored) return std::nullopt;
  const auto valid = DayIn(request.dispense_request()["validityPeriod"_key]["start"_key], zone, true);
  return valid ? std::max(authored->last, *valid) : authored->last;
}

// --- ends
// What the dosage itself says: bounds, or the number of doses.
std::optional<Day> StatedEnd(json::Value dosage, Day order_start, const base::TimeZone& zone) {
  const json::Value repeat = dosage["timing"_key]["repeat"_key];
  const Day start = BoundsStart(dosage, zone).value_or(order_start);
  if (const auto end = DayIn(repeat["boundsPeriod"_key]["end"_key], zone, false)) {
    // An end before the start is no statement about how long.
    if (*end >= start) return end;
  }
  auto days = DurationOf(model::QuantityOf(repeat["boundsDuration"_key]));
  if (!days) days = DurationOf(model::QuantityOf(repeat["boundsRange"_key]["low"_key]));
  if (!days && repeat["count"_key].is_number()) {
    const auto count = Decimal::Parse(repeat["count"_key].number());
    const auto per_day = AdministrationsPerDay(dosage["timing"_key]);
    if (count && per_day) days = WholeDays(count->DividedBy(*per_day));
  }
  if (!days) return std::nullopt;
  return start + (*days - 1);
}

// The latest end when every dosage states one; an open dosage leaves the end to the sources that follow.
std::optional<Day> StatedEnd(const std::vector<json::Value>& dosages, Day start, const base::TimeZone& zone) {
  std::optional<Day> latest;
  for (const json::Value dosage : dosages) {
    const auto end = StatedEnd(dosage, start, zone);
    if (!end) return std::nullopt;
    latest = latest ? std::max(*latest, *end) : *end;
  }
  return latest;
}

std::optional<std::int32_t> DaysSupplied(std::span<const model::MedicationDispense> dispenses) {
  std::int32_t sum = 0;
  for (const model::MedicationDispense& dispense : dispenses) {
    const auto supply = dispense.days_supply();
    if (!supply) continue;
    // daysSupply without a unit counts days, as its name says.
    const auto days = supply->unit.empty() ? WholeDays(supply->value) : DurationOf(supply);
    sum = std::min(kMaxDays, sum + days.value_or(0));
  }
  return sum > 0 ? std::optional(sum) : std::nullopt;
}

// 1 + refills, as far as they are assumed to be used.
Decimal Fills(json::Value dispense_request, RefillAssumption assumption) {
  const json::Value text = dispense_request["numberOfRepeatsAllowed"_key];
  const auto repeats = text.is_number() ? Decimal::Parse(text.number()) : std::nullopt;
  if (!repeats || repeats->negative() || assumption == RefillAssumption::kNone) return Decimal(1);
  const auto used =
      assumption == RefillAssumption::kHalf ? repeats->Times(Decimal::Of("0.5")) : std::optional(*repeats);
  return used ? used->Plus(Decimal(1)).value_or(Decimal(1)) : Decimal(1);
}

std::optional<std::int32_t> ExpectedSupply(json::Value dispense_request, const Decimal& fills) {
  const auto days = DurationOf(model::QuantityOf(dispense_request["expectedSupplyDuration"_key]));
  return days ? WholeDays(Decimal(*days).Times(fills)) : std::nullopt;
}

// What one day takes of `quantity`, in the quantity's own unit; nullopt when units do not meet.
std::optional<Decimal> PerDayInUnitOf(const model::Quantity& quantity, const json::Value dosage,
                                      const IntervalOptions& options, Decimal& quantity_value) {
  const auto per_day = AdministrationsPerDay(dosage["timing"_key]);
  if (!per_day) return std::nullopt;
  quantity_value = quantity.value;
  const auto dose = model::QuantityOf(dosage["doseAndRate"_key].At(0)["doseQuantity"_key]);
  if (dose) {
    if (dose->unit == quantity.unit) return dose->value.Times(*per_day);
    if (const auto same = model::Convert(dose->value, dose->unit, quantity.unit))
      return same->Times(*per_day);
    const auto dose_amount = options.amount ? options.amount(*dose) : std::nullopt;
    const auto whole_amount = options.amount ? options.amount(quantity) : std::nullopt;
    if (dose_amount && whole_amount) {
      quantity_value = *whole_amount;
      return dose_amount->Times(*per_day);
    }
  }
  return IsPiece(quantity.unit) ? per_day : std::nullopt;
}

std::optional<std::int32_t> ByQuantity(json::Value dispense_request, const std::vector<json::Value>& dosages,
                                       const Decimal& fills, const IntervalOptions& options) {
  const auto quantity = model::QuantityOf(dispense_request["quantity"_key]);
  if (!quantity || dosages.empty()) return std::nullopt;
  Decimal amount;
  Decimal daily(0);
  for (const json::Value dosage : dosages) {
    const auto each = PerDayInUnitOf(*quantity, dosage, options, amount);
    const auto sum = each ? daily.Plus(*each) : std::nullopt;
    if (!sum) return std::nullopt;
    daily = *sum;
  }
  const auto days = amount.DividedBy(daily);
  return days ? WholeDays(days->Times(fills)) : std::nullopt;
}

// --- one order
void Cap(Day& end, const std::optional<Day>& cap) {
  if (cap) end = std::min(end, *cap);
}

std::vector<DosageSpan> SpansOf(const std::vector<json::Value>& dosages, Day start, DayInterval days,
                                const base::TimeZone& zone) {
  std::vector<DosageSpan> spans;
  json::Value first_sequence;
  for (const json::Value dosage : dosages) {
    DayInterval span = days;
    span.first = std::max(span.first, BoundsStart(dosage, zone).value_or(start));
    if (const auto end = StatedEnd(dosage, start, zone)) span.last = std::min(span.last, *end);
    if (span.last < span.first) continue;
    const json::Value sequence = dosage["sequence"_key];
    if (!first_sequence) first_sequence = sequence;
    const bool alternative = sequence.number() != first_sequence.number();
    spans.push_back({dosage, span, alternative});
  }
  return spans;
}

struct OrderEnd {
  Day day;
  bool stated = false;
  bool unknown = false;
};

OrderEnd EndOfRequest(const model::MedicationRequest& request, const std::vector<json::Value>& dosages,
                      Day start, std::span<const model::MedicationDispense> dispenses,
                      const IntervalOptions& options) {
  if (!dosages.empty()) {
    if (const auto end = StatedEnd(dosages, start, *options.zone)) return {*end, true, false};
  }
  const bool active = request.status() == "active";
  const Decimal fills = Fills(request.dispense_request(), active ? options.refills : RefillAssumption::kNone);
  auto days = DaysSupplied(dispenses);
  if (!days) days = ExpectedSupply(request.dispense_request(), fills);
  if (!days) days = ByQuantity(request.dispense_request(), dosages, fills, options);
  if (days) return {start + (*days - 1), false, false};
  if (active) return {options.today, false, false};
  return {start, false, true};
}

}  // namespace

IntervalOptions IntervalOptionsOf(const RuleInput& input) {
  IntervalOptions options;
  options.today = input.today;
  options.zone = input.zone;
  const std::string_view refills = ChoiceOf(*input.parameters, Param::kHepRefillAssumption);
  options.refills = refills == "none"   ? RefillAssumption::kNone
                    : refills == "half" ? RefillAssumption::kHalf
                                        : RefillAssumption::kAll;
  options.use_last_updated = FlagOf(*input.parameters, Param::kHepUseLastUpdated);
  return options;
}

std::span<const model::Resource> ReadWhenAsked(ChartReader& reader, std::string_view key,
                                               std::string_view type) {
  const auto keys = reader.chart().keys();
  const bool asked =
      std::any_of(keys.begin(), keys.end(), [key](const ChartKey& each) { return each.name == key; });
  return asked ? reader.Read(key, type) : reader.chart().OfType(type);
}

std::vector<DosageSpan> DosageSpansOf(const model::MedicationRequest& request, DayInterval days,
                                      const base::TimeZone& zone) {
  return SpansOf(Scheduled(request.dosage_instructions()), days.first, days, zone);
}

bool IsDispenseOf(const model::MedicationDispense& dispense, const model::MedicationRequest& request) {
  for (const json::Value each : dispense.authorizing_prescriptions()) {
    const auto parts = model::SplitReference(each["reference"_key].string());
    if (!parts.id.empty() && parts.type == "MedicationRequest" && parts.id == request.id()) return true;
  }
  return false;
}

CoveredDays DaysOfRequest(const model::MedicationRequest& request,
                          std::span<const model::MedicationDispense> dispenses,
                          const IntervalOptions& options) {
  CoveredDays covered;
  const std::vector<json::Value> dosages = Scheduled(request.dosage_instructions());
  if (dosages.empty() && !request.dosage_instructions().empty()) return covered;  // as needed only
  auto start = StatedStart(dosages, *options.zone);
  if (!start) start = FirstHandedOver(dispenses, *options.zone);
  if (!start) start = AuthoredStart(request, *options.zone);
  if (!start) {
    covered.undated = true;
    return covered;
  }
  OrderEnd end = EndOfRequest(request, dosages, *start, dispenses, options);
  covered.explicit_end_past = end.stated && end.day < options.today;
  covered.duration_unknown = end.unknown;
  Cap(end.day, DayIn(request.dispense_request()["validityPeriod"_key]["end"_key], *options.zone, false));
  Cap(end.day, options.today);
  if (options.use_last_updated && request.status() != "active") {
    Cap(end.day, DayIn(request.json["meta"_key]["lastUpdated"_key], *options.zone, false));
  }
  if (end.day < *start) return covered;
  covered.days = DayInterval{*start, end.day};
  covered.dosages = SpansOf(dosages, *start, *covered.days, *options.zone);
  return covered;
}

CoveredDays DaysOfStatement(const model::MedicationStatement& statement, const IntervalOptions& options) {
  CoveredDays covered;
  const std::vector<json::Value> dosages = Scheduled(statement.dosages());
  if (dosages.empty() && !statement.dosages().empty()) return covered;  // as needed only
  auto start = StatedStart(dosages, *options.zone);
  const auto effective = statement.start(*options.zone);
  if (!start && effective) start = effective->last;
  if (!start) {
    covered.undated = true;
    return covered;
  }
  std::optional<Day> end;
  if (!dosages.empty()) end = StatedEnd(dosages, *start, *options.zone);
  const auto effective_end = statement.end(*options.zone);
  if (!end && effective_end) end = effective_end->first;
  covered.explicit_end_past = end && *end < options.today;
  if (!end) {
    const bool active = statement.status() == "active";
    end = active ? options.today : *start;
    covered.duration_unknown = !active;
  }
  Cap(*end, options.today);
  if (*end < *start) return covered;
  covered.days = DayInterval{*start, *end};
  covered.dosages = SpansOf(dosages, *start, *covered.days, *options.zone);
  return covered;
}

CoveredDays DaysOfDispense(const model::MedicationDispense& dispense, const IntervalOptions& options) {
  CoveredDays covered;
  const json::Value instructions = dispense.json["dosageInstruction"_key];
  const std::vector<json::Value> dosages = Scheduled(instructions);
  if (dosages.empty() && !instructions.empty()) return covered;  // as needed only
  const auto start = FirstHandedOver({&dispense, 1}, *options.zone);
  if (!start) {
    covered.undated = true;
    return covered;
  }
  auto days = DaysSupplied({&dispense, 1});
  if (!days) days = ByQuantity(dispense.json, dosages, Decimal(1), options);
  covered.duration_unknown = !days;
  Day end = *start + (days.value_or(1) - 1);
  Cap(end, options.today);
  if (end < *start) return covered;
  covered.days = DayInterval{*start, end};
  covered.dosages = SpansOf(dosages, *start, *covered.days, *options.zone);
  return covered;
}

CoveredDays DaysOfAdministration(const model::MedicationAdministration& administration,
                                 const IntervalOptions& options) {
  CoveredDays covered;
  const auto start = administration.start(*options.zone);
  if (!start) {
    covered.undated = true;
    return covered;
  }
  const auto stated_end = administration.end(*options.zone);
  Day end = stated_end ? stated_end->first : start->last;
  if (!stated_end && administration.status() == "in-progress") end = options.today;
  Cap(end, options.today);
  if (end < start->last) return covered;
  covered.days = DayInterval{start->last, end};
  return covered;
}

DraftDays DaysOfDraft(const model::MedicationRequest& draft, const IntervalOptions& options) {
  const std::vector<json::Value> dosages = Scheduled(draft.dosage_instructions());
  DraftDays result{options.today, std::nullopt, false};
  if (dosages.empty() && !draft.dosage_instructions().empty()) {
    result.as_needed = true;
    return result;
  }
  const Day own_start = StatedStart(dosages, *options.zone).value_or(options.today);
  result.start = std::max(own_start, options.today);
  const auto end = dosages.empty() ? std::nullopt : StatedEnd(dosages, own_start, *options.zone);
  if (end) {
    result.days = std::max(0, *end - result.start + 1);
    return result;
  }
  result.days =
      ExpectedSupply(draft.dispense_request(), Fills(draft.dispense_request(), RefillAssumption::kAll));
  return result;
}

}  // namespace osteon::cards::perinatal
