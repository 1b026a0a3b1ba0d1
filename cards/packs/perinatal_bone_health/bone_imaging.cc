#include "cards/packs/perinatal_bone_health/bone_imaging.h"

namespace osteon::cards::perinatal {

namespace {

constexpr std::int32_t kDxaAfterEddDays = 14;

struct ImageRow {
  std::string_view name;
  PlainText loinc;
  PlainText text;
  PlainText note;
};
constexpr PlainText kMriNote = "Without contrast; include STIR to date the fracture.";
constexpr ImageRow kImages[] = {
    {"mri-lumbar", "30679-5", "MRI of lumbar spine without contrast", kMriNote},
    {"mri-thoracic", "36532-0", "MRI of thoracic spine without contrast", kMriNote},
    {"xray-lumbar", "24972-2", "X-ray of lumbar spine", ""},
    {"xray-thoracic", "24983-9", "X-ray of thoracic spine", ""},
    {"dxa-lumbar", "24966-4", "DXA of lumbar spine", "Use the Z-score."},
    {"dxa-hip", "38261-4", "DXA of hip", "Use the Z-score."},
};

Suggestion Both(const RuleInput& input, std::string_view about, std::string_view label, const NewOrder& first,
                const NewOrder& second) {
  Suggestion suggestion;
  suggestion.label = label;
  suggestion.actions.reserve(2);
  suggestion.actions.push_back(CreateServiceRequest(input, about, first));
  suggestion.actions.push_back(CreateServiceRequest(input, about, second));
  return suggestion;
}

}  // namespace

NewOrder ImageOrder(Image image, PlainText reason) {
  const ImageRow& row = kImages[static_cast<std::size_t>(image)];
  return {row.name, OrderCode{"http://loinc.org", row.loinc, row.text}, row.text, reason, row.note};
}

Suggestion SpineMri(const RuleInput& input, std::string_view about, PlainText reason) {
  return Both(input, about, "Order MRI of lumbar and thoracic spine (STIR, no contrast)",
              ImageOrder(Image::kMriLumbar, reason), ImageOrder(Image::kMriThoracic, reason));
}

Suggestion SpineXray(const RuleInput& input, std::string_view about, PlainText reason) {
  return Both(input, about, "Order X-ray of lumbar and thoracic spine",
              ImageOrder(Image::kXrayLumbar, reason), ImageOrder(Image::kXrayThoracic, reason));
}

std::optional<Suggestion> Dxa(const RuleInput& input, std::string_view about, const State& state,
                              PlainText reason) {
  const bool pregnant = state.pregnancy == Pregnancy::kPregnant;
  if (!pregnant && state.pregnancy != Pregnancy::kPostpartum) return std::nullopt;
  NewOrder lumbar = ImageOrder(Image::kDxaLumbar, reason);
  NewOrder hip = ImageOrder(Image::kDxaHip, reason);
  for (NewOrder* order : {&lumbar, &hip}) {
    if (!pregnant) continue;
    order->intent = "proposal";
    if (state.edd) order->occurrence_start = *state.edd + kDxaAfterEddDays;
  }
  return Both(input, about, pregnant ? "Plan DXA after delivery" : "Order DXA of lumbar spine and hip",
              lumbar, hip);
}

}  // namespace osteon::cards::perinatal
