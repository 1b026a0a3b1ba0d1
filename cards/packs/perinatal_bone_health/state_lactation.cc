#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/state_evidence.h"

namespace osteon::cards::perinatal::internal {

using base::Day;

namespace {

constexpr std::int32_t kPossibleDays = 180;  // rules.md 2.4, POSSIBLE

struct LactationFacts {
  std::optional<Day> yes;  // newest dated YES
  bool undated_yes = false;
  bool recent_yes = false;     // a YES within lact.validDays
  std::vector<Day> yes_days;   // any age
  std::vector<Day> no_days;    // LA29253-4 or false, any age
  std::optional<Day> stopped;  // newest "lactation stopped" diagnosis, any age
};

void KeepNewest(std::optional<Day>& newest, Day day) {
  newest = newest ? std::max(*newest, day) : day;
}

class LactationReader {
 public:
  LactationReader(StateContext& context, const std::optional<Day>& last_delivery)
      : context_(context), last_delivery_(last_delivery) {}

  LactationFacts Read() {
    for (const CodedObservation* known : context_.observations) {
      if (known->groups.Has(Group::kLactationStatus)) ReadStatus(*known);
    }
    for (const KnownCondition* known : context_.conditions) ReadCondition(*known);
    return facts_;
  }

 private:
  std::int32_t ValidDays() const { return IntegerOf(*context_.input.parameters, Param::kLactValidDays); }
  bool IsValid(Day day) const { return context_.today() - day <= ValidDays(); }

  void ReadStatus(const CodedObservation& known) {
    const model::Observation& observation = known.observation;
    if (!known.date) return;
    const Day day = DayBy(context_.reading, *known.date, context_.today());
    const GroupSet value = GroupsOf(observation.value_concept());
    const json::Value flag = observation.value_boolean();
    if (value.HasAny(Group::kAnswerCurrentlyBreastfeeding, Group::kLactating) || flag.is_true()) {
      facts_.yes_days.push_back(day);
      if (!IsValid(day)) return;
      KeepNewest(facts_.yes, day);
      facts_.recent_yes = true;
    } else if (value.HasAny(Group::kAnswerNotCurrentlyBreastfeeding, Group::kLactationStopped) ||
               flag.is_bool()) {
      // Clarification 14: what was said before the last delivery says nothing about this child.
      if (!last_delivery_ || day >= *last_delivery_) facts_.no_days.push_back(day);
    }
  }

  void ReadCondition(const KnownCondition& known) {
    if (known.groups.Has(Group::kLactating) && known.active()) ReadLactating(known);
    if (!known.groups.Has(Group::kLactationStopped) || !known.standing.CountsEver()) return;
    const auto& date = known.date();
    if (!date) return;
    const Day day = DayBy(context_.reading, *date, context_.today());
    if (!last_delivery_ || day >= *last_delivery_) KeepNewest(facts_.stopped, day);
  }

  void ReadLactating(const KnownCondition& known) {
    const std::optional<Day> day = DayBy(context_.reading, known.date(), context_.today());
    // Clarification 15: an active diagnosis holds at any age, the encounter code Z39.1 does not.
    const bool is_encounter_code = !model::CodeIn(known.condition.code(), kIcd10System).empty();
    if (is_encounter_code && (!day || !IsValid(*day))) return;
    if (!day) {
      facts_.undated_yes = true;
      return;
    }
    facts_.yes_days.push_back(*day);
    KeepNewest(facts_.yes, *day);
    facts_.recent_yes = facts_.recent_yes || IsValid(*day);
  }

  StateContext& context_;
  std::optional<Day> last_delivery_;
  LactationFacts facts_;
};

// The first NO after the last YES; a NO without an earlier YES is no weaning. A "stopped" diagnosis is one by
// itself.
std::optional<Day> WeaningDay(const LactationFacts& facts) {
  std::optional<Day> last_yes;
  for (const Day day : facts.yes_days) KeepNewest(last_yes, day);
  std::optional<Day> first_no;
  for (const Day day : facts.no_days) {
    if (last_yes && day > *last_yes && (!first_no || day < *first_no)) first_no = day;
  }
  std::optional<Day> stopped = facts.stopped;
  if (stopped && last_yes && *stopped < *last_yes) stopped.reset();
  if (!first_no || !stopped) return first_no ? first_no : stopped;
  return std::min(*first_no, *stopped);
}

std::optional<Day> LastDelivery(const PregnancyEvidence& evidence, const State& state) {
  std::optional<Day> last = state.delivery;
  for (const Terminator& each : evidence.terminators) {
    if (each.kind == TerminatorKind::kDelivery || each.kind == TerminatorKind::kStillbirth)
      KeepNewest(last, each.day);
  }
  return last;
}

bool WasStillborn(const PregnancyEvidence& evidence, Day delivery) {
  const auto on_that_day = [&](TerminatorKind kind) {
    return std::ranges::any_of(evidence.terminators, [&](const Terminator& each) {
      return each.kind == kind && each.day == delivery;
    });
  };
  return on_that_day(TerminatorKind::kStillbirth) && !on_that_day(TerminatorKind::kDelivery);
}

Lactation WithoutRecord(const PregnancyEvidence& evidence, const State& state) {
  if (state.pregnancy == Pregnancy::kPregnant) return Lactation::kNo;
  if (state.pregnancy != Pregnancy::kPostpartum) return Lactation::kUnknown;
  if (state.delivery && WasStillborn(evidence, *state.delivery)) return Lactation::kNo;
  if (!state.days_postpartum || *state.days_postpartum <= kPossibleDays) return Lactation::kPossible;
  return Lactation::kUnknown;
}

}  // namespace

void ResolveLactation(StateContext& context, const PregnancyEvidence& evidence, State& state) {
  const std::optional<Day> last_delivery = LastDelivery(evidence, state);
  const LactationFacts facts = LactationReader(context, last_delivery).Read();
  const std::int32_t valid_days = IntegerOf(*context.input.parameters, Param::kLactValidDays);
  std::optional<Day> no = facts.stopped;
  for (const Day day : facts.no_days) KeepNewest(no, day);
  if (no && context.today() - *no > valid_days) no.reset();

  const bool has_yes = facts.yes || facts.undated_yes;
  const bool yes_wins =
      has_yes && (!no || (facts.yes && (*facts.yes > *no || (context.safety() && *facts.yes == *no))));
  const std::int32_t window = IntegerOf(*context.input.parameters, Param::kPpWindowDays);
  const bool long_over = last_delivery && context.today() - *last_delivery > window && !facts.recent_yes;
  if (state.male_recorded) {
    state.lactation = Lactation::kNo;
  } else if (yes_wins) {
    state.lactation = long_over ? Lactation::kNo : Lactation::kYes;
  } else {
    state.lactation = no ? Lactation::kNo : WithoutRecord(evidence, state);
  }
  if (state.lactation != Lactation::kYes) state.weaned = WeaningDay(facts);
}

}  // namespace osteon::cards::perinatal::internal
