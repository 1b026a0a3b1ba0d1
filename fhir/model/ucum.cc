#include "fhir/model/ucum.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "fhir/model/ucum_unit.h"

namespace osteon::model {
namespace {

enum class Dimension : std::uint8_t {
  kLength,
  kMass,
  kMassConcentration,
  kSubstanceConcentration,
  kArbitrary,
  kArbitraryConcentration,
  kArbitraryRate,
  kArbitraryPerMass,
  kArbitraryRatePerMass,
  kMassPerMass,
  kVolumeRate,
  kTime,
  kVolume,
  kNumber,
  kMassPerArea,
};

struct UnitRow {
  std::string_view spelling;
  Dimension dimension;
  std::string_view factor;
};

constexpr UnitRow kUnitRows[] = {
#define OSTEON_UNIT(spelling, dimension, factor) {spelling, Dimension::dimension, factor},
#include "fhir/model/ucum_units.inc"
#undef OSTEON_UNIT
};

struct Unit {
  std::string_view spelling;
  Dimension dimension;
  base::Decimal factor;
};

bool SpelledBefore(const Unit& a, const Unit& b) {
  return a.spelling < b.spelling;
}

std::vector<Unit> BuildUnits() {
  std::vector<Unit> units;
  units.reserve(std::size(kUnitRows));
  for (const UnitRow& row : kUnitRows) {
    units.push_back({row.spelling, row.dimension, base::Decimal::Of(row.factor)});
  }
  std::sort(units.begin(), units.end(), SpelledBefore);
  return units;
}

const Unit* FindUnit(std::string_view spelling) {
  static const std::vector<Unit> units = BuildUnits();
  const auto found =
      std::lower_bound(units.begin(), units.end(), spelling,
                       [](const Unit& unit, std::string_view text) { return unit.spelling < text; });
  return found != units.end() && found->spelling == spelling ? &*found : nullptr;
}

// Spellings that are valid UCUM, but that EHRs write for something else: a dose of "75 Mg" is in milligrams,
// and never 75 tonnes. Neither reading is safe.
constexpr std::string_view kRefused[] = {"Mg", "Pg", "Ml", "Ug"};

// A UCUM code outside the table. The empty text is no unit here, whatever the languages take it for, and an
// annotation alone ("{tablet}", formally the number one) says what is counted, so it must not turn into
// something else.
const ucum::Unit* FindUcum(std::string_view code, base::Arena& overflow) {
  const bool refused = code.empty() || code.front() == '{' ||
                       std::find(std::begin(kRefused), std::end(kRefused), code) != std::end(kRefused);
  return refused ? nullptr : ucum::Find(code, overflow);
}

constexpr int kExactDigits = 28;
constexpr int kRoundedDigits = 12;
constexpr std::size_t kMaxUnitBytes = 256;
constexpr std::int64_t kMaxDurationDays = 3'660'000;

// The quotient, when it ends within 28 digits.
std::optional<base::Decimal> DivideExactly(const base::Decimal& dividend, const base::Decimal& divisor) {
  const auto quotient = dividend.DividedBy(divisor, kExactDigits);
  const auto back = quotient ? quotient->Times(divisor) : std::nullopt;
  return back && *back == dividend ? quotient : std::nullopt;
}

// At least one of the two is outside the table.
std::optional<base::Decimal> ConvertUcum(const base::Decimal& value, std::string_view from,
                                         std::string_view to) {
  base::Arena overflow(2 * sizeof(ucum::Unit) + 2 * kMaxUnitBytes);
  const ucum::Unit* source = FindUcum(from, overflow);
  const ucum::Unit* target = FindUcum(to, overflow);
  return source != nullptr && target != nullptr ? ucum::Convert(value, *source, *target) : std::nullopt;
}

}  // namespace

std::optional<base::Decimal> Convert(const base::Decimal& value, std::string_view from, std::string_view to) {
  const Unit* source = FindUnit(from);
  const Unit* target = FindUnit(to);
  if (source == nullptr || target == nullptr) return ConvertUcum(value, from, to);
  if (source->dimension != target->dimension) return std::nullopt;
  if (source->factor == target->factor) return value;
  // Through the ratio of the factors where it is exact: that needs the fewest digits in between.
  if (const auto ratio = DivideExactly(source->factor, target->factor)) {
    if (const auto converted = value.Times(*ratio)) return converted->Normalized();
  }
  const auto in_base_unit = value.Times(source->factor);
  if (!in_base_unit) return std::nullopt;
  if (const auto exact = DivideExactly(*in_base_unit, target->factor)) return exact;
  return in_base_unit->DividedBy(target->factor, kRoundedDigits);
}

bool IsKnownUnit(std::string_view unit) {
  if (FindUnit(unit) != nullptr) return true;
  base::Arena overflow(sizeof(ucum::Unit) + kMaxUnitBytes);
  return FindUcum(unit, overflow) != nullptr;
}

std::optional<std::int32_t> DurationInDays(const base::Decimal& value, std::string_view unit) {
  const Unit* found = FindUnit(unit);
  if (found == nullptr || found->dimension != Dimension::kTime || value.negative()) return std::nullopt;
  const base::Decimal seconds_per_day = 86'400;
  base::Decimal factor = found->factor;
  // Supply counts months of 30 and years of 365 days (rules.md 3.2), not UCUM's Julian ones.
  if (factor == base::Decimal(2'629'800)) factor = 30 * 86'400;
  if (factor == base::Decimal(31'557'600)) factor = 365 * 86'400;
  const auto seconds = value.Times(factor);
  if (!seconds || *seconds > base::Decimal(kMaxDurationDays * 86'400)) return std::nullopt;
  const auto days = seconds->DividedBy(seconds_per_day);
  const auto whole = days ? days->ToInteger() : std::nullopt;
  if (!whole) return std::nullopt;
  const bool has_part = base::Decimal(*whole * 86'400) < *seconds;
  return static_cast<std::int32_t>(*whole + (has_part ? 1 : 0));
}

}  // namespace osteon::model
