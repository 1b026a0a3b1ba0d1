// Which resources count, and on which day. Every rule asks here. Source: rules.md 0.1 and 0.2, clarifications
// 13, 36, 51, 57.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal {

// --- days
// The day a fact is taken to have happened: a partial date's latest possible day for safety rules (never
// after today unless all of it is), its earliest for nudge rules. Source: clarification 13.
base::Day DayBy(Reading reading, const model::DateSpan& span, base::Day today);
// The same of a date that may be absent.
std::optional<base::Day> DayBy(Reading reading, const std::optional<model::DateSpan>& span, base::Day today);
// Later than tomorrow for certain: such observations and conditions are ignored.
bool IsFuture(const model::DateSpan& span, base::Day today);

// --- observations
// final, amended or corrected, with a value and without dataAbsentReason; preliminary only for a pregnancy
// status or a pregnancy test. The date is not looked at.
bool CountsObservation(const model::Observation& observation, const GroupSet& groups);

// --- conditions
enum class Verification : std::uint8_t {
  kConfirmed,  // confirmed or absent
  kPossible,   // unconfirmed, provisional, differential, or a code we do not know
  kNever,      // refuted, entered-in-error
};
Verification VerificationOf(const model::Condition& condition);

// What the questions below come down to, for who asks several of one condition.
struct Standing {
  std::optional<model::DateSpan> date;  // DateOf
  Verification verification = Verification::kConfirmed;
  bool is_future = false;
  bool is_active = false;  // IsActive

  bool CountsToday() const { return verification == Verification::kConfirmed && is_active; }
  bool CountsEver() const { return verification == Verification::kConfirmed && !is_future; }
};
Standing StandingOf(const model::Condition& condition, const RuleInput& input);

// A diagnosis that holds today: confirmed; active, recurrence or relapse, or without clinicalStatus an
// encounter diagnosis of at most cond.encounterDxDays; not abated; not in the future.
bool CountsCondition(const model::Condition& condition, const RuleInput& input);
// The same without the question of verification (possible pregnancies).
bool IsActive(const model::Condition& condition, const RuleInput& input);
// A diagnosis of any time ("history of" factors; T1 to T4): confirmed, whatever the clinical status; not in
// the future.
bool CountsEver(const model::Condition& condition, const RuleInput& input);

// onset, else the start of the context encounter when the condition belongs to it, else recordedDate.
std::optional<model::DateSpan> DateOf(const model::Condition& condition, const RuleInput& input);

// --- procedures, encounters
bool CountsProcedure(const model::Procedure& procedure, base::Day today,
                     const base::TimeZone& zone);         // completed
bool CountsEncounter(const model::Encounter& encounter);  // not cancelled, not entered-in-error

// --- orders
// order, original-order, reflex-order, filler-order, instance-order. A missing intent is taken for an order:
// the element is mandatory, and to skip the order would be silence.
bool IsOrderIntent(std::string_view intent);
// Stored: active, completed, stopped or on-hold, order intent, not doNotPerform.
bool CountsMedicationRequest(const model::MedicationRequest& request);
// From the request's context: draft, active, on-hold or without status, order intent, not doNotPerform. A
// draft that stops or cancels an order starts nothing.
bool CountsDraft(const model::MedicationRequest& draft);
bool CountsDraft(const model::ServiceRequest& draft);
bool CountsStatement(const model::MedicationStatement& statement);                 // active, completed
bool CountsAdministration(const model::MedicationAdministration& administration);  // completed, in-progress
bool CountsDispense(const model::MedicationDispense& dispense);                    // completed, in-progress
// Stored ServiceRequest: ordered (active) or done (completed), order intent, not doNotPerform.
bool CountsOrdered(const model::ServiceRequest& request);
bool CountsDone(const model::ServiceRequest& request);
// FamilyMemberHistory: completed or partial.
bool CountsFamilyHistory(const model::FamilyMemberHistory& history);

}  // namespace osteon::cards::perinatal
