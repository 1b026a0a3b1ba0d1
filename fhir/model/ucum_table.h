// The rows of ucum-essence, as generate_ucum.py writes them, and look-ups in them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace osteon::model::ucum::internal {

struct PrefixRow {
  std::string_view code;
  std::string_view name;
  std::string_view value;  // "1e-3", "1024"
};

struct UnitRow {
  std::string_view code;
  std::string_view name;
  bool metric;                // takes prefixes
  bool arbitrary;             // a dimension of its own
  std::string_view function;  // of a special unit; empty otherwise
  std::string_view value;     // of `unit`; empty for the base units
  std::string_view unit;
};

std::span<const PrefixRow> Prefixes();
std::span<const UnitRow> Units();

// A unit symbol with its prefix: rows of the tables; prefix -1 for none.
struct Symbol {
  std::int16_t prefix = -1;
  std::uint16_t unit = 0;
  friend bool operator==(const Symbol&, const Symbol&) = default;
};
// A symbol that is a unit as it stands is one ("cd" is the candela, no centiday).
std::optional<Symbol> FindSymbol(std::string_view code);

// Position among the base units m, s, g, rad, K, C, cd; -1 for derived units.
int BaseUnitIndex(const UnitRow& row);

}  // namespace osteon::model::ucum::internal
