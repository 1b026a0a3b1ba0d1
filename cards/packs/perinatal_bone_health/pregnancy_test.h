// Results of pregnancy tests as EHRs write them.
#pragma once

#include <cstdint>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "fhir/base/decimal.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal::internal {

enum class TestResult : std::uint8_t { kPositive, kNegative, kUnclear };

// Qualitative: a coded or written positive / negative, detected / not detected, or the interpretation.
// Quantitative: against `cutoff` in IU/L (= mIU/mL); a comparator decides only where its bound does.
TestResult ResultOfTest(const model::Observation& observation, const GroupSet& groups, std::int32_t cutoff);

}  // namespace osteon::cards::perinatal::internal
