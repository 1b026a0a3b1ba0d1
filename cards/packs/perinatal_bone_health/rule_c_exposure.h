// Bisphosphonates in orders, statements, administrations, dispenses and infusion procedures: in use now, and
// the last day of past use. Source: rules.md section 5 rule C, with clarifications 31e, 32 to 36 and 58.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cards/packs/perinatal_bone_health/drug_identity.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

enum class Route : std::uint8_t { kOral, kIntravenous };

bool IsBisphosphonate(const GroupSet& groups);
// Intravenous when the code or the agent (zoledronate, pamidronate) says so, or the dosage's route; else
// oral.
//   dosages: dosageInstruction, or dosage of a statement or administration.
Route RouteOf(const DrugIdentity& identity, json::Value medication_code, json::Value dosages);

// A bisphosphonate that a draft orders.
struct DraftDrug {
  Route route = Route::kOral;
  std::string label;
};
// nullopt: the draft orders none, or does not count (rules.md 0.2). Sets `unknown` when nobody can say what
// it orders.
std::optional<DraftDrug> BisphosphonateOf(const Draft& draft, const RuleInput& input, bool& unknown);

struct BisphosphonateUse {
  bool active = false;                 // an order or statement in use
  bool long_term_code = false;         // Z79.83, "active" for C.7 only
  std::optional<base::Day> last_oral;  // newest day of use, active or past
  std::optional<base::Day> last_intravenous;
  std::vector<Evidence> active_items;  // "alendronic acid 70 MG Oral Tablet, oral (medication order)"
  std::vector<Evidence> past_items;    // newest first
};

// Reads meds, medStmts, medAdmins, conditions and procedures; dispenses only when they decide whether an old
// order still runs.
BisphosphonateUse FindBisphosphonateUse(const RuleInput& input, ChartReader& reader);

}  // namespace osteon::cards::perinatal
