// What a medication resource is with respect to heparin, doubts included. Source: rules.md 3.1.
#pragma once

#include <cstdint>
#include <string_view>

#include "cards/packs/perinatal_bone_health/heparin.h"

namespace osteon::cards::perinatal {

enum class HeparinKind : std::uint8_t {
  kNone,
  kUfhSystemic,
  kLmwh,
  kFlush,
  kNotCounted,         // fondaparinux, danaparoid
  kUnknownHeparin,     // coded as "heparin group" only
  kNamedByText,        // a heparin's name without a code
  kUnknownMedication,  // the medication reference leads nowhere
};

HeparinKind KindOf(const model::MedicationResource& resource, const Chart& chart);
// Short code for ChartReader::Doubt; empty when the kind leaves none.
std::string_view DoubtOf(HeparinKind kind);

}  // namespace osteon::cards::perinatal
