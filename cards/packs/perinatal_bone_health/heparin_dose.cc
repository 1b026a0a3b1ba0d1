#include "cards/packs/perinatal_bone_health/heparin_dose.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "fhir/base/text.h"
#include "fhir/model/resources.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int64_t kIuPerMilligramEnoxaparin = 100;
constexpr std::int64_t kHoursPerDay = 24;

enum class StrengthUnit : std::uint8_t { kNone, kUnit, kMilligram };

struct StrengthRow {
  std::string_view rxcui;
  HeparinAgent agent;
  StrengthUnit unit;
  std::string_view per_ml;
  std::string_view per_piece;
};

constexpr StrengthRow kStrengths[] = {
#define OSTEON_STRENGTH(rxcui, agent, unit, per_ml, per_piece) \
  {rxcui, HeparinAgent::agent, StrengthUnit::unit, per_ml, per_piece},
#include "cards/packs/perinatal_bone_health/drug_strengths.inc"
#undef OSTEON_STRENGTH
};

struct AgentCode {
  std::string_view code;
  HeparinAgent agent;
};
// WHO ATC and HCPCS codes name the agent, no product.
constexpr AgentCode kAgentCodes[] = {
    {"B01AB01", HeparinAgent::kHeparin},    {"B01AB51", HeparinAgent::kHeparin},
    {"B01AB04", HeparinAgent::kDalteparin}, {"B01AB05", HeparinAgent::kEnoxaparin},
    {"B01AB06", HeparinAgent::kNadroparin}, {"B01AB10", HeparinAgent::kTinzaparin},
    {"J1644", HeparinAgent::kHeparin},      {"J1645", HeparinAgent::kDalteparin},
    {"J1650", HeparinAgent::kEnoxaparin},   {"J1655", HeparinAgent::kTinzaparin},
};

// Timing abbreviations: administrations = numerator / denominator days.
// Source: http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation; rules.md 3.4 names QD to Q12H.
struct TimingCode {
  std::string_view code;
  std::int64_t times;
  std::int64_t days;
};
constexpr TimingCode kTimingCodes[] = {
    {"QD", 1, 1},  {"BID", 2, 1}, {"TID", 3, 1}, {"QID", 4, 1}, {"Q1H", 24, 1}, {"Q2H", 12, 1},
    {"Q3H", 8, 1}, {"Q4H", 6, 1}, {"Q6H", 4, 1}, {"Q8H", 3, 1}, {"Q12H", 2, 1}, {"Q24H", 1, 1},
    {"AM", 1, 1},  {"PM", 1, 1},  {"BED", 1, 1}, {"QOD", 1, 2}, {"WK", 1, 7},   {"DAILY", 1, 1},
};

std::optional<Decimal> InIu(std::string_view number, const StrengthRow& row) {
  if (number.empty()) return std::nullopt;
  const Decimal amount = Decimal::Of(number);
  return row.unit == StrengthUnit::kMilligram ? amount.Times(kIuPerMilligramEnoxaparin) : amount;
}

const StrengthRow* FindStrength(std::string_view rxcui) {
  const auto* found =
      std::lower_bound(std::begin(kStrengths), std::end(kStrengths), rxcui,
                       [](const StrengthRow& row, std::string_view code) { return row.rxcui < code; });
  return found != std::end(kStrengths) && found->rxcui == rxcui ? found : nullptr;
}

HeparinAgent AgentByCode(std::string_view code) {
  for (const AgentCode& row : kAgentCodes) {
    if (row.code == code) return row.agent;
  }
  return HeparinAgent::kOther;
}

std::optional<Decimal> NumberOf(json::Value value) {
  return value.is_number() ? Decimal::Parse(value.number()) : std::nullopt;
}

std::optional<Decimal> PerDayByCode(std::string_view text) {
  for (const TimingCode& row : kTimingCodes) {
    if (base::AsciiEqualsIgnoreCase(row.code, text)) return Decimal(row.times).DividedBy(row.days);
  }
  return std::nullopt;
}

std::optional<Decimal> PerDayByCode(json::Value code) {
  for (const json::Value coding : code["coding"_key]) {
    if (const auto per_day = PerDayByCode(coding["code"_key].string())) return per_day;
  }
  return PerDayByCode(base::Trim(code["text"_key].string()));
}

// Periods of one day in the unit, as a fraction of two whole numbers.
struct UnitRatio {
  std::int64_t per_day;
  std::int64_t days;
};
std::optional<UnitRatio> PeriodsPerDay(std::string_view unit) {
  if (unit == "h") return UnitRatio{kHoursPerDay, 1};
  if (unit == "d") return UnitRatio{1, 1};
  if (unit == "wk") return UnitRatio{1, 7};
  if (unit == "mo") return UnitRatio{1, 30};
  if (unit == "min") return UnitRatio{kHoursPerDay * 60, 1};
  return std::nullopt;
}

std::optional<Decimal> PerDayByPeriod(json::Value repeat) {
  const auto period = NumberOf(repeat["period"_key]);
  const auto ratio = PeriodsPerDay(repeat["periodUnit"_key].string());
  if (!period || !ratio || period->is_zero() || period->negative()) return std::nullopt;
  const Decimal frequency = NumberOf(repeat["frequency"_key]).value_or(Decimal(1));
  const auto in_periods = frequency.Times(ratio->per_day);
  const auto days = period->Times(ratio->days);
  return in_periods && days ? in_periods->DividedBy(*days) : std::nullopt;
}

// Every listed weekday instead of every day.
std::optional<Decimal> OnWeekdays(const std::optional<Decimal>& per_day, json::Value repeat) {
  const auto weekdays = static_cast<std::int64_t>(repeat["dayOfWeek"_key].size());
  if (!per_day || weekdays == 0) return per_day;
  const auto times = per_day->Times(weekdays);
  return times ? times->DividedBy(7) : std::nullopt;
}

std::optional<model::Quantity> LowOf(json::Value dose_or_rate, json::Key quantity, json::Key range) {
  if (const auto exact = model::QuantityOf(dose_or_rate[quantity])) return exact;
  return model::QuantityOf(dose_or_rate[range]["low"_key]);
}

std::optional<Decimal> PerKg(const model::Quantity& amount, HeparinAgent agent) {
  if (const auto iu = model::Convert(amount.value, amount.unit, "[iU]/kg")) return iu;
  if (agent != HeparinAgent::kEnoxaparin) return std::nullopt;
  const auto milligrams = model::Convert(amount.value, amount.unit, "mg/kg");
  return milligrams ? milligrams->Times(kIuPerMilligramEnoxaparin) : std::nullopt;
}

std::optional<Decimal> Multiply(const std::optional<Decimal>& a, const std::optional<Decimal>& b) {
  return a && b ? a->Times(*b) : std::nullopt;
}

DailyDose ByDose(const model::Quantity& dose, const std::optional<Decimal>& per_day,
                 const HeparinProduct& product) {
  return {Multiply(AmountInIu(dose, product), per_day), Multiply(PerKg(dose, product.agent), per_day)};
}

DailyDose ByRate(const model::Quantity& rate, const HeparinProduct& product) {
  DailyDose daily;
  if (const auto hourly = model::Convert(rate.value, rate.unit, "[iU]/h"))
    daily.iu = hourly->Times(kHoursPerDay);
  if (const auto hourly = model::Convert(rate.value, rate.unit, "mL/h")) {
    daily.iu = Multiply(hourly->Times(kHoursPerDay), product.iu_per_ml);
  }
  if (const auto hourly = model::Convert(rate.value, rate.unit, "[iU]/kg/h")) {
    daily.iu_per_kg = hourly->Times(kHoursPerDay);
  }
  return daily;
}

// Rate as a ratio, "1000 U / 1 h".
DailyDose ByRatio(json::Value ratio, const HeparinProduct& product) {
  const auto amount = model::QuantityOf(ratio["numerator"_key]);
  const auto time = model::QuantityOf(ratio["denominator"_key]);
  if (!amount || !time) return {};
  const auto hours = model::Convert(time->value, time->unit, "h");
  if (!hours || hours->is_zero()) return {};
  return ByDose(*amount, Decimal(kHoursPerDay).DividedBy(*hours), product);
}

DailyDose Unscaled(json::Value dosage, const HeparinProduct& product) {
  const json::Value dose_and_rate = dosage["doseAndRate"_key].At(0);
  if (const auto rate = LowOf(dose_and_rate, "rateQuantity"_key, "rateRange"_key))
    return ByRate(*rate, product);
  if (dose_and_rate["rateRatio"_key]) return ByRatio(dose_and_rate["rateRatio"_key], product);
  const auto dose = LowOf(dose_and_rate, "doseQuantity"_key, "doseRange"_key);
  return dose ? ByDose(*dose, AdministrationsPerDay(dosage["timing"_key]), product) : DailyDose{};
}

}  // namespace

HeparinProduct ProductOf(json::Value medication_concept) {
  HeparinProduct product;
  for (const json::Value each : medication_concept["coding"_key]) {
    const model::Coding coding = model::CodingOf(each);
    // The group table has judged the system: ATC, HCPCS and RxNorm codes of heparins never look alike.
    if (!GroupsOf(coding.system, coding.code).HasAny(Group::kUfhSystemic, Group::kLmwh)) continue;
    const StrengthRow* row = FindStrength(coding.code);
    const HeparinAgent agent = row != nullptr ? row->agent : AgentByCode(coding.code);
    if (product.agent == HeparinAgent::kOther) product.agent = agent;
    if (row == nullptr) continue;
    if (!product.iu_per_ml) product.iu_per_ml = InIu(row->per_ml, *row);
    if (!product.iu_per_piece) product.iu_per_piece = InIu(row->per_piece, *row);
  }
  return product;
}

bool IsPiece(std::string_view unit) {
  return base::ContainsIgnoreCase(unit, "syringe") || base::ContainsIgnoreCase(unit, "cartridge");
}

std::optional<Decimal> AmountInIu(const model::Quantity& amount, const HeparinProduct& product) {
  if (const auto iu = model::Convert(amount.value, amount.unit, "[iU]")) return iu;
  if (product.agent == HeparinAgent::kEnoxaparin) {
    if (const auto milligrams = model::Convert(amount.value, amount.unit, "mg")) {
      return milligrams->Times(kIuPerMilligramEnoxaparin);
    }
  }
  if (const auto millilitres = model::Convert(amount.value, amount.unit, "mL")) {
    return Multiply(millilitres, product.iu_per_ml);
  }
  return IsPiece(amount.unit) ? Multiply(amount.value, product.iu_per_piece) : std::nullopt;
}

std::optional<Decimal> AdministrationsPerDay(json::Value timing) {
  const json::Value repeat = timing["repeat"_key];
  if (const auto per_day = PerDayByPeriod(repeat)) return OnWeekdays(per_day, repeat);
  const std::size_t listed = std::max(repeat["timeOfDay"_key].size(), repeat["when"_key].size());
  if (listed > 0) return OnWeekdays(Decimal(static_cast<std::int64_t>(listed)), repeat);
  return PerDayByCode(timing["code"_key]);
}

DailyDose DailyDoseOf(json::Value dosage, const HeparinProduct& product,
                      const std::optional<Decimal>& weight_kg) {
  DailyDose daily = Unscaled(dosage, product);
  if (!daily.iu) daily.iu = Multiply(daily.iu_per_kg, weight_kg);
  return daily;
}

bool IsTherapeuticLmwh(const DailyDose& dose, HeparinAgent agent, const std::optional<Decimal>& weight_kg) {
  constexpr std::int64_t kTherapeuticIuPerKg = 150;
  const bool by_weight = agent == HeparinAgent::kEnoxaparin || agent == HeparinAgent::kDalteparin ||
                         agent == HeparinAgent::kTinzaparin || agent == HeparinAgent::kNadroparin;
  if (!by_weight) return false;
  if (dose.iu_per_kg) return *dose.iu_per_kg >= kTherapeuticIuPerKg;
  if (!dose.iu) return false;
  if (weight_kg) {
    const auto limit = weight_kg->Times(kTherapeuticIuPerKg);
    return limit && *dose.iu >= *limit;
  }
  switch (agent) {
    case HeparinAgent::kEnoxaparin:
    case HeparinAgent::kTinzaparin:
      return *dose.iu >= 10000;
    case HeparinAgent::kDalteparin:
      return *dose.iu >= 12500;
    default:
      return false;
  }
}

}  // namespace osteon::cards::perinatal
