// Gestational ages as EHRs write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/model/quantity.h"

namespace osteon::cards::perinatal::internal {

// Days of "31w2d", "31 weeks 2 days", "31+2", "31 2/7" or "31w"; nullopt for anything else and beyond 45
// weeks.
std::optional<std::int32_t> ParseGestation(std::string_view text);
// Whole days of a quantity in weeks or days. `weeks_without_unit`: LOINC 49051-6 counts weeks by its name.
enum class WithoutUnit : std::uint8_t { kRefused, kWeeks };
std::optional<std::int32_t> GestationOf(const model::Quantity& quantity, WithoutUnit without_unit);

}  // namespace osteon::cards::perinatal::internal
