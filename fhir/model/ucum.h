// Units that the shipped rules meet, converted exactly. The full UCUM table comes with the languages.
// Source: UCUM 2.2 (https://ucum.org/ucum); look-ups are case-sensitive for UCUM codes, with the spellings that
// EHRs send as unit text ("ng/mL", "IU", "kg", "cm") as further rows.
#pragma once

#include <optional>
#include <string_view>

#include "fhir/base/decimal.h"

namespace osteon::model {

// `value` in `from` expressed in `to`, when both are known and of one dimension: exact, or rounded at 12 digits where
// the factor does not divide evenly. nullopt: unknown unit, or different dimensions. Empty units are unknown.
// Arbitrary units ([iU], U, [USP'U], "unit(s)", "units") are equal to each other here, as rules.md 3.4 asks.
std::optional<base::Decimal> Convert(const base::Decimal& value, std::string_view from, std::string_view to);

bool IsKnownUnit(std::string_view unit);

// A duration in whole days: d, wk = 7, mo = 30, a = 365, h / 24 rounded up; words such as "day" or "days" too.
// nullopt for an unknown unit or a negative value. Source: rules.md 3.2 "Units of supply duration".
std::optional<std::int32_t> DurationInDays(const base::Decimal& value, std::string_view unit);

}  // namespace osteon::model
