// Units as rules meet them in orders and results, converted exactly: all of UCUM (ucum_unit.h), and before it
// a table of what EHRs send as unit text instead ("IU", "mcg", "days"), with the meanings that rules.md gives
// them where UCUM's differ ("U" is a dose unit here, not the enzyme unit). Source: UCUM 2.2
// (https://ucum.org/ucum); case-sensitive. Valid codes that are likelier a slip of the shift key ("Mg", "Ml")
// are unknown here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/base/decimal.h"

namespace osteon::model {

// `value` in `from` expressed in `to`, when both are known and of one dimension: exact, or rounded at 12
// digits where the factor does not divide evenly; without trailing zeros unless the units are of one size.
// nullopt: unknown unit, different dimensions, or too many digits. Empty units are unknown. Arbitrary units
// ([iU], U, [USP'U], "unit(s)", "units") are equal to each other here, as rules.md 3.4 asks. Months and years
// are UCUM's Julian ones (mo = 30.4375 d, a = 365.25 d); supply durations count with DurationInDays instead.
std::optional<base::Decimal> Convert(const base::Decimal& value, std::string_view from, std::string_view to);

bool IsKnownUnit(std::string_view unit);

// A duration in whole days, a part of a day counting as one: d, wk = 7, mo = 30, a = 365, h / 24; words such
// as "day" or "days" too. nullopt for an unknown unit, a negative value, or more than 3 660 000 days. Source:
// rules.md 3.2 "Units of supply duration".
std::optional<std::int32_t> DurationInDays(const base::Decimal& value, std::string_view unit);

}  // namespace osteon::model
