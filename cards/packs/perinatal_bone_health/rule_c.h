// Between the two halves of rule C: which row (rule_c.cc), and what its card says (rule_c_text.cc).
#pragma once

#include <optional>
#include <string_view>

#include "cards/packs/perinatal_bone_health/rule_c_exposure.h"

namespace osteon::cards::perinatal {

enum class RowC : std::uint8_t { kC1, kC2, kC2b, kC3, kC4, kC5, kC6a, kC6b, kC6c, kC7a, kC7b, kC8 };
std::string_view RowName(RowC row);  // "C.2b"

struct BisphosphonateFinding {
  RowC row;
  Indicator indicator;
  // A draft row has the draft and its drug, a chart row the use.
  const Draft* draft = nullptr;
  DraftDrug drug;
  BisphosphonateUse use;
  bool malignancy_indication = false;  // hypercalcaemia or metastatic disease is the draft's reason
};

inline constexpr std::string_view kRuleC = "C";
inline constexpr std::string_view kRuleCTitle =
    "Bisphosphonate and pregnancy, planning, lactation or childbearing potential";

Card BisphosphonateCard(const RuleInput& input, const State& state, const BisphosphonateFinding& finding,
                        const ChartReader& reader);

}  // namespace osteon::cards::perinatal
