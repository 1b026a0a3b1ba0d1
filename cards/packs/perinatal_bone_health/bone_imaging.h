// Imaging orders that rules A and B suggest. Source: rules.md section 5 rule A "Suggestions".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cards/packs/perinatal_bone_health/suggestions.h"

namespace osteon::cards::perinatal {

enum class Image : std::uint8_t {
  kMriLumbar,     // LOINC 30679-5, without contrast
  kMriThoracic,   // 36532-0, without contrast
  kXrayLumbar,    // 24972-2
  kXrayThoracic,  // 24983-9
  kDxaLumbar,     // 24966-4
  kDxaHip,        // 38261-4
};
NewOrder ImageOrder(Image image, PlainText reason);

// MRI of lumbar and thoracic spine; X-ray of both.
Suggestion SpineMri(const RuleInput& input, std::string_view about, PlainText reason);
Suggestion SpineXray(const RuleInput& input, std::string_view about, PlainText reason);
// DXA of lumbar spine and hip: an order; in pregnancy a proposal from EDD + 14 d, when the EDD is known.
// Absent outside pregnancy and the postpartum window: rules A and B name no DXA there.
std::optional<Suggestion> Dxa(const RuleInput& input, std::string_view about, const State& state,
                              PlainText reason);

}  // namespace osteon::cards::perinatal
