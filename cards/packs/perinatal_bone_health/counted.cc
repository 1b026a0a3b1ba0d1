#include "cards/packs/perinatal_bone_health/counted.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/parameters.h"
#include "fhir/base/text.h"
#include "fhir/model/reference.h"

namespace osteon::cards::perinatal {

using json::operator""_key;

namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> values) {
  return std::any_of(values.begin(), values.end(),
                     [&](std::string_view value) { return base::AsciiEqualsIgnoreCase(text, value); });
}

bool IsEncounterDiagnosis(json::Value categories) {
  // R4 has a list; a single concept is seen too.
  const auto says_so = [](json::Value category) {
    for (const json::Value coding : category["coding"_key]) {
      if (coding["code"_key].string() == "encounter-diagnosis") return true;
    }
    return false;
  };
  if (!categories.is_array()) return says_so(categories);
  for (const json::Value category : categories) {
    if (says_so(category)) return true;
  }
  return false;
}

bool AbatedBy(const model::Condition& condition, const RuleInput& input) {
  if (!condition.abated()) return false;
  const auto abatement = condition.abatement(*input.zone);
  return !abatement || abatement->last <= input.today;
}

bool IsRecentEncounterDiagnosis(const model::Condition& condition, const std::optional<model::DateSpan>& date,
                                const RuleInput& input) {
  if (!IsEncounterDiagnosis(condition.category())) return false;
  const std::int32_t days = IntegerOf(*input.parameters, Param::kCondEncounterDxDays);
  const auto recent = [&](const std::optional<model::DateSpan>& each) {
    return each && input.today - each->last <= days;
  };
  return recent(date) || recent(condition.recorded(*input.zone));
}

}  // namespace

base::Day DayBy(Reading reading, const model::DateSpan& span, base::Day today) {
  if (reading == Reading::kNudge) return span.first;
  return span.last <= today ? span.last : std::max(span.first, today);
}

std::optional<base::Day> DayBy(Reading reading, const std::optional<model::DateSpan>& span, base::Day today) {
  std::optional<base::Day> day;
  if (span) day = DayBy(reading, *span, today);
  return day;
}

bool IsFuture(const model::DateSpan& span, base::Day today) {
  return span.first > today + 1;
}

bool CountsObservation(const model::Observation& observation, const GroupSet& groups) {
  const std::string_view status = observation.status();
  const bool is_final = IsOneOf(status, {"final", "amended", "corrected"});
  const bool may_be_preliminary =
      groups.HasAny(Group::kPregnancyStatus, Group::kHcgQualitative, Group::kHcgQuantitative);
  if (!is_final && !(may_be_preliminary && status == "preliminary")) return false;
  return !observation.data_absent_reason() && observation.has_value();
}

Verification VerificationOf(const model::Condition& condition) {
  const std::string_view status = condition.verification_status();
  if (status.empty() || IsOneOf(status, {"confirmed"})) return Verification::kConfirmed;
  if (IsOneOf(status, {"refuted", "entered-in-error"})) return Verification::kNever;
  return Verification::kPossible;
}

Standing StandingOf(const model::Condition& condition, const RuleInput& input) {
  Standing standing;
  standing.date = DateOf(condition, input);
  standing.verification = VerificationOf(condition);
  standing.is_future = standing.date && IsFuture(*standing.date, input.today);
  if (standing.is_future || AbatedBy(condition, input)) return standing;
  const std::string_view status = condition.clinical_status();
  standing.is_active = status.empty() ? IsRecentEncounterDiagnosis(condition, standing.date, input)
                                      : IsOneOf(status, {"active", "recurrence", "relapse"});
  return standing;
}

bool IsActive(const model::Condition& condition, const RuleInput& input) {
  return StandingOf(condition, input).is_active;
}

bool CountsCondition(const model::Condition& condition, const RuleInput& input) {
  return StandingOf(condition, input).CountsToday();
}

bool CountsEver(const model::Condition& condition, const RuleInput& input) {
  return StandingOf(condition, input).CountsEver();
}

std::optional<model::DateSpan> DateOf(const model::Condition& condition, const RuleInput& input) {
  if (const auto onset = condition.onset(*input.zone)) return onset;
  if (!input.encounter_id.empty()) {
    const auto encounter = model::SplitReference(condition.encounter_reference());
    if (encounter.type == "Encounter" && encounter.id == input.encounter_id) {
      const model::Encounter context{input.chart->Find("Encounter", input.encounter_id)};
      if (const auto start = context.start(*input.zone)) return start;
      return model::DateSpan{input.today, input.today, model::DatePrecision::kDay, std::nullopt};
    }
  }
  return condition.recorded(*input.zone);
}

bool CountsProcedure(const model::Procedure& procedure, base::Day today, const base::TimeZone& zone) {
  if (procedure.status() != "completed") return false;
  const auto performed = procedure.performed(zone);
  return !performed || !IsFuture(*performed, today);
}

bool CountsEncounter(const model::Encounter& encounter) {
  return !IsOneOf(encounter.status(), {"cancelled", "entered-in-error"});
}

bool IsOrderIntent(std::string_view intent) {
  return intent.empty() ||
         IsOneOf(intent, {"order", "original-order", "reflex-order", "filler-order", "instance-order"});
}

bool CountsMedicationRequest(const model::MedicationRequest& request) {
  return IsOneOf(request.status(), {"active", "completed", "stopped", "on-hold"}) &&
         IsOrderIntent(request.intent()) && !request.do_not_perform();
}

bool CountsDraft(const model::MedicationRequest& draft) {
  return (draft.status().empty() || IsOneOf(draft.status(), {"draft", "active", "on-hold"})) &&
         IsOrderIntent(draft.intent()) && !draft.do_not_perform();
}

bool CountsDraft(const model::ServiceRequest& draft) {
  return (draft.status().empty() || IsOneOf(draft.status(), {"draft", "active", "on-hold"})) &&
         IsOrderIntent(draft.intent()) && !draft.do_not_perform();
}

bool CountsStatement(const model::MedicationStatement& statement) {
  return IsOneOf(statement.status(), {"active", "completed"});
}

bool CountsAdministration(const model::MedicationAdministration& administration) {
  return IsOneOf(administration.status(), {"completed", "in-progress"});
}

bool CountsDispense(const model::MedicationDispense& dispense) {
  return IsOneOf(dispense.status(), {"completed", "in-progress"});
}

bool CountsOrdered(const model::ServiceRequest& request) {
  return request.status() == "active" && IsOrderIntent(request.intent()) && !request.do_not_perform();
}

bool CountsDone(const model::ServiceRequest& request) {
  return request.status() == "completed" && IsOrderIntent(request.intent()) && !request.do_not_perform();
}

bool CountsFamilyHistory(const model::FamilyMemberHistory& history) {
  return IsOneOf(history.status(), {"completed", "partial"});
}

}  // namespace osteon::cards::perinatal
