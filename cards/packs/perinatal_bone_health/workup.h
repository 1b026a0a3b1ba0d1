// Tests that are ordered, done or being ordered in this request. Source: rules.md 0.2 (ServiceRequest row),
// the "Suppression" lines of rules A and B, clarifications 22, 31d, 52, 56.
#pragma once

#include <optional>
#include <string>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

// groups: those of `code`.
using CodeTest = bool (*)(const GroupSet& groups, json::Value code);

struct WorkupItem {
  std::string text;  // "ordered 2026-06-11", "resulted 2026-06-05", "being ordered now"
  base::Day day;
};

// The newest result on or after `from`: an Observation, a DiagnosticReport or a completed ServiceRequest.
std::optional<WorkupItem> FindResulted(const RuleInput& input, ChartReader& reader, CodeTest test,
                                       base::Day from);
// A result, or else an active order or a draft of this request, on or after `from`.
std::optional<WorkupItem> FindOrderedOrResulted(const RuleInput& input, ChartReader& reader, CodeTest test,
                                                base::Day from);

// Which test a CodeableConcept is.
bool IsSpineImage(const GroupSet& groups,
                  json::Value code);  // MRI or X-ray, with or without contrast; CT and hip do not count
bool IsVitaminDTest(const GroupSet& groups, json::Value code);
bool IsCalciumTest(const GroupSet& groups, json::Value code);
bool IsDxa(const GroupSet& groups, json::Value code);  // the study, or a score it gives
// One LOINC-coded group each, for "skip any resulted" of the laboratory suggestions.
bool IsPhosphateTest(const GroupSet& groups, json::Value code);
bool IsAlkalinePhosphataseTest(const GroupSet& groups, json::Value code);
bool IsPthTest(const GroupSet& groups, json::Value code);
bool IsTshTest(const GroupSet& groups, json::Value code);
bool IsElectrophoresis(const GroupSet& groups, json::Value code);

}  // namespace osteon::cards::perinatal
