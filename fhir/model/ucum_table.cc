#include "fhir/model/ucum_table.h"

#include <algorithm>
#include <iterator>

namespace osteon::model::ucum::internal {
namespace {

constexpr PrefixRow kPrefixes[] = {
#define OSTEON_UCUM_PREFIX(code, name, value) {code, name, value},
#define OSTEON_UCUM_UNIT(code, name, metric, arbitrary, function, value, unit)
#include "fhir/model/ucum_table.inc"
#undef OSTEON_UCUM_PREFIX
#undef OSTEON_UCUM_UNIT
};

constexpr UnitRow kUnits[] = {
#define OSTEON_UCUM_PREFIX(code, name, value)
#define OSTEON_UCUM_UNIT(code, name, metric, arbitrary, function, value, unit) \
  {code, name, metric, arbitrary, function, value, unit},
#include "fhir/model/ucum_table.inc"
#undef OSTEON_UCUM_PREFIX
#undef OSTEON_UCUM_UNIT
};

// Row of `code`, or -1.
template <typename Row>
int FindRow(std::span<const Row> rows, std::string_view code) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), code,
                                      [](const Row& row, std::string_view text) { return row.code < text; });
  return found != rows.end() && found->code == code ? static_cast<int>(found - rows.begin()) : -1;
}

constexpr std::string_view kBaseUnits[] = {"m", "s", "g", "rad", "K", "C", "cd"};
constexpr std::size_t kLongestPrefix = 2;

}  // namespace

std::span<const PrefixRow> Prefixes() {
  return kPrefixes;
}
std::span<const UnitRow> Units() {
  return kUnits;
}

std::optional<Symbol> FindSymbol(std::string_view code) {
  if (const int unit = FindRow(Units(), code); unit >= 0) return Symbol{-1, static_cast<std::uint16_t>(unit)};
  for (std::size_t length = 1; length <= kLongestPrefix && length < code.size(); ++length) {
    const int prefix = FindRow(Prefixes(), code.substr(0, length));
    const int unit = prefix >= 0 ? FindRow(Units(), code.substr(length)) : -1;
    if (unit >= 0 && kUnits[unit].metric) {
      return Symbol{static_cast<std::int16_t>(prefix), static_cast<std::uint16_t>(unit)};
    }
  }
  return std::nullopt;
}

int BaseUnitIndex(const UnitRow& row) {
  if (!row.value.empty()) return -1;
  const auto found = std::find(std::begin(kBaseUnits), std::end(kBaseUnits), row.code);
  return found == std::end(kBaseUnits) ? -1 : static_cast<int>(found - std::begin(kBaseUnits));
}

}  // namespace osteon::model::ucum::internal
