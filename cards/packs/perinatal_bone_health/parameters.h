// The pack's options. Source: rules.md section 6 and every "key default (low-high)" of the other sections.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cards/parameters.h"

namespace osteon::cards::perinatal {

// The index of each option in the table; both are made from parameters.inc.
enum class Param : std::uint16_t {
#define OSTEON_PARAMETER(enumerator, key, kind, default_value, low, high, unit, meaning) enumerator,
#include "cards/packs/perinatal_bone_health/parameters.inc"
#undef OSTEON_PARAMETER
  kCount_,
};

std::span<const ParameterRow> ParameterTable();

// The table with `overrides` by key. Errors: as Parameters::Create, and the consistency checks of rules.md
// section 6 (e.vdSevere < e.vdLow, ufh.minDays <= ufh.moderateDays <= ufh.longDays, cbp.minAge < cbp.maxAge).
base::Result<Parameters> MakeParameters(const std::map<std::string, std::string>& overrides);

inline std::int32_t IntegerOf(const Parameters& parameters, Param param) {
  return static_cast<std::int32_t>(parameters.Integer(static_cast<std::size_t>(param)));
}
inline const base::Decimal& NumberOf(const Parameters& parameters, Param param) {
  return parameters.Number(static_cast<std::size_t>(param));
}
inline bool FlagOf(const Parameters& parameters, Param param) {
  return parameters.Flag(static_cast<std::size_t>(param));
}
inline std::string_view ChoiceOf(const Parameters& parameters, Param param) {
  return parameters.Choice(static_cast<std::size_t>(param));
}

}  // namespace osteon::cards::perinatal
