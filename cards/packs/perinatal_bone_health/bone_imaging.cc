#include "cards/packs/perinatal_bone_health/bone_imaging.h"

#include "cards/packs/perinatal_bone_health/concepts.h"

namespace osteon::cards::perinatal {

namespace {

constexpr std::int32_t kDxaAfterEddDays = 14;

struct ImageRow {
  std::string_view name;
  std::string_view loinc;
  std::string_view text;
  std::string_view note;
};
constexpr std::string_view kMriNote = "Without contrast; include STIR to date the fracture.";
constexpr ImageRow kImages[] = {
    {"mri-lumbar", "30679-5", "MRI of lumbar spine without contrast", kMriNote},
    {"mri-thoracic", "36532-0", "MRI of thoracic spine without contrast", kMriNote},
    {"xray-lumbar", "24972-2", "X-ray of lumbar spine", ""},
    {"xray-thoracic", "24983-9", "X-ray of thoracic spine", ""},
    {"dxa-lumbar", "24966-4", "DXA of lumbar spine", "Use the Z-score."},
    {"dxa-hip", "38261-4", "DXA of hip", "Use the Z-score."},
};

Suggestion Both(const RuleInput& input, std::string_view about, std::string label, const NewOrder& first,
                const NewOrder& second) {
  Suggestion suggestion;
  suggestion.label = std::move(label);
  suggestion.actions.push_back(CreateServiceRequest(input, about, first));
  suggestion.actions.push_back(CreateServiceRequest(input, about, second));
  return suggestion;
}

}  // namespace

NewOrder ImageOrder(Image image, std::string reason) {
  const ImageRow& row = kImages[static_cast<std::size_t>(image)];
  NewOrder order;
  order.name = row.name;
  order.codes = {{std::string(kLoincSystem), std::string(row.loinc), std::string(row.text)}};
  order.text = row.text;
  order.reason = std::move(reason);
  order.note = row.note;
  return order;
}

Suggestion SpineMri(const RuleInput& input, std::string_view about, const std::string& reason) {
  return Both(input, about, "Order MRI of lumbar and thoracic spine (STIR, no contrast)",
              ImageOrder(Image::kMriLumbar, reason), ImageOrder(Image::kMriThoracic, reason));
}

Suggestion SpineXray(const RuleInput& input, std::string_view about, const std::string& reason) {
  return Both(input, about, "Order X-ray of lumbar and thoracic spine",
              ImageOrder(Image::kXrayLumbar, reason), ImageOrder(Image::kXrayThoracic, reason));
}

std::optional<Suggestion> Dxa(const RuleInput& input, std::string_view about, const State& state,
                              const std::string& reason) {
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
