#include "cards/packs/perinatal_bone_health/state_evidence.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/gestation.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/pregnancy_test.h"

namespace osteon::cards::perinatal::internal {

using base::Day;
using json::operator""_key;

namespace {

// rules.md 2.1: validity of the items, whole days.
constexpr std::int32_t kPregnancyDays = 280;
constexpr std::int32_t kStatusStaleDays = 294;
constexpr std::int32_t kLongestGestationDays = 301;
constexpr std::int32_t kPossibleDays = 42;
constexpr std::int32_t kPostpartumStateDays = 180;

class Collector {
 public:
  explicit Collector(StateContext& context) : context_(context), parameters_(*context.input.parameters) {}

  PregnancyEvidence Collect() {
    context_.reader.Need("pregObs");
    for (const CodedObservation& known : AllObservations(context_.input)) ReadObservation(known);
    context_.reader.Need("conditions");
    for (const KnownCondition& known : AllConditions(context_.input)) ReadCondition(known);
    for (const model::Resource& resource : context_.reader.Read("procedures", "Procedure")) {
      ReadProcedure(model::Procedure{resource});
    }
    if (!context_.input.encounter_id.empty()) {
      for (const model::Resource& resource : context_.reader.Read("encounter", "Encounter")) {
        ReadEncounter(model::Encounter{resource});
      }
    }
    return std::move(evidence_);
  }

 private:
  std::int32_t Option(Param param) const { return IntegerOf(parameters_, param); }
  Day today() const { return context_.today(); }
  std::int32_t AgeOf(Day day) const { return today() - day; }

  void ReadObservation(const CodedObservation& known);
  void ReadStatus(const model::Observation& observation, Day day);
  void ReadEdd(const model::Observation& observation, const std::optional<Day>& effective);
  void ReadGestation(const model::Observation& observation, Day day);
  void ReadTest(const model::Observation& observation, const GroupSet& groups, Day day);

  void ReadCondition(const KnownCondition& known);
  void ReadPregnancyCondition(const KnownCondition& known);
  void ReadGestationCode(const KnownCondition& known);
  void ReadProcedure(const model::Procedure& procedure);
  void ReadEncounter(const model::Encounter& encounter);

  void AddTerminators(const GroupSet& groups, const std::optional<model::DateSpan>& date,
                      std::string_view source);
  void AddStarter(StarterKind kind, Strength strength, const std::optional<Day>& day, std::string text);

  StateContext& context_;
  const Parameters& parameters_;
  PregnancyEvidence evidence_;
};

void Collector::AddStarter(StarterKind kind, Strength strength, const std::optional<Day>& day,
                           std::string text) {
  Starter starter{kind, strength, day, day, {std::move(text), day}, {}, 0, {}};
  evidence_.starters.push_back(std::move(starter));
}

// --- observations
void Collector::ReadObservation(const CodedObservation& known) {
  const auto& [observation, groups, effective, counts] = known;
  if (groups.empty() || !counts) return;
  if (effective && IsFuture(*effective, today())) return;
  context_.observations.push_back(&known);
  const std::optional<Day> day = DayBy(context_.reading, effective, today());
  // A delivery date and a last period carry their own date; everything else is nothing without one.
  if (groups.Has(Group::kEdd)) ReadEdd(observation, day);
  if (groups.Has(Group::kLmp)) {
    const auto lmp = observation.value_date(context_.zone());
    if (lmp && lmp->first <= today())
      evidence_.lmps.push_back(context_.safety() ? lmp->first : std::min(lmp->last, today()));
  }
  if (!day) {
    // Not evidence of today, and not to be passed over in silence either.
    if (groups.HasAny(Group::kPregnancyStatus, Group::kGestationalAge, Group::kHcgQualitative,
                      Group::kHcgQuantitative)) {
      context_.reader.Doubt("pregnancy_observation_date");
    }
    return;
  }
  if (groups.Has(Group::kPregnancyStatus)) ReadStatus(observation, *day);
  if (groups.Has(Group::kGestationalAge)) ReadGestation(observation, *day);
  if (groups.HasAny(Group::kHcgQualitative, Group::kHcgQuantitative)) ReadTest(observation, groups, *day);
  if (groups.Has(Group::kPostpartumStatusObservable) && AgeOf(*day) <= kPostpartumStateDays) {
    evidence_.terminators.push_back(
        {TerminatorKind::kPostpartumState, *day, {"postpartum state (observation)", *day}});
  }
}

void Collector::ReadStatus(const model::Observation& observation, Day day) {
  if (AgeOf(day) > kStatusStaleDays) return;
  const GroupSet value = GroupsOf(observation.value_concept());
  if (value.HasAny(Group::kPregnancyCondition, Group::kAnswerPregnant)) {
    const bool fresh = AgeOf(day) <= Option(Param::kPregStatusFreshDays);
    AddStarter(StarterKind::kStatus, fresh ? Strength::kConfirmed : Strength::kStale, day,
               "pregnancy status: pregnant (observation)");
  } else if (value.HasAny(Group::kNotPregnant, Group::kAnswerNotPregnant)) {
    if (AgeOf(day) > Option(Param::kPregNotPregnantDays)) return;
    evidence_.negatives.push_back({day, {"pregnancy status: not pregnant (observation)", day}});
  } else if (value.Has(Group::kPossiblePregnancy)) {
    if (AgeOf(day) > kPossibleDays) return;
    AddStarter(StarterKind::kPossible, Strength::kPossible, day,
               "pregnancy status: possibly pregnant (observation)");
  } else if (!value.Has(Group::kAnswerUnknown)) {
    context_.reader.Doubt("pregnancy_status_value");
  }
}

int EddRank(json::Value code) {
  if (model::HasCode(code, kLoincSystem, "11778-8")) return 1;
  if (model::HasCode(code, kLoincSystem, "11780-4") || model::HasCode(code, kLoincSystem, "53692-0"))
    return 2;
  return 3;
}

void Collector::ReadEdd(const model::Observation& observation, const std::optional<Day>& effective) {
  const auto written = observation.value_date(context_.zone());
  if (!written) return;
  const std::int32_t grace = Option(Param::kPregPostEddGraceDays);
  // Of a partial date, safety takes the earliest day that leaves the pregnancy on, nudges the latest.
  const Day edd =
      context_.safety() ? std::min(std::max(written->first, today() - grace), written->last) : written->last;
  if (today() > edd + grace) {
    if (AgeOf(edd) <= Option(Param::kPpWindowDays)) {
      evidence_.passed_edds.push_back(
          {edd, {"estimated delivery date " + base::FormatDay(edd) + " passed", effective}});
    }
    return;
  }
  if (today() < edd - kPregnancyDays) return;
  Starter starter{StarterKind::kEdd,
                  Strength::kConfirmed,
                  edd - kPregnancyDays,
                  effective,
                  {},
                  edd,
                  EddRank(observation.code()),
                  {}};
  starter.evidence = {"estimated delivery date " + base::FormatDay(edd) + " (observation)", effective};
  evidence_.starters.push_back(std::move(starter));
}

void Collector::ReadGestation(const model::Observation& observation, Day day) {
  if (AgeOf(day) > kLongestGestationDays) return;
  std::optional<std::int32_t> age;
  if (const auto quantity = observation.value_quantity()) {
    const bool in_weeks = model::HasCode(observation.code(), kLoincSystem, "49051-6");
    age = GestationOf(*quantity, in_weeks ? WithoutUnit::kWeeks : WithoutUnit::kRefused);
  } else {
    age = ParseGestation(observation.value_string());
  }
  if (!age) {
    context_.reader.Doubt("gestational_age_value");
    return;
  }
  if (*age + AgeOf(day) > kLongestGestationDays) return;
  Starter starter{
      StarterKind::kGestationalAge, Strength::kConfirmed, day - *age, day, {}, {}, 0, *age + AgeOf(day)};
  starter.evidence = {"gestational age " + FormatGestation(*age) + " (observation)", day};
  evidence_.starters.push_back(std::move(starter));
}

void Collector::ReadTest(const model::Observation& observation, const GroupSet& groups, Day day) {
  if (AgeOf(day) > kPossibleDays) return;
  switch (ResultOfTest(observation, groups, Option(Param::kPregHcgCutoff))) {
    case TestResult::kPositive:
      AddStarter(StarterKind::kTest, Strength::kPossible, day, "positive pregnancy test (observation)");
      break;
    case TestResult::kNegative: {
      auto& newest = evidence_.newest_negative_hcg;
      newest = newest ? std::max(*newest, day) : day;
      if (AgeOf(day) > Option(Param::kPregNegTestDays)) break;
      evidence_.negatives.push_back({day, {"negative pregnancy test (observation)", day}});
      break;
    }
    case TestResult::kUnclear:
      context_.reader.Doubt("pregnancy_test_value");
      break;
  }
}

// --- conditions, procedures, encounter
void Collector::ReadCondition(const KnownCondition& known) {
  const GroupSet& groups = known.groups;
  if (groups.empty()) return;
  context_.conditions.push_back(&known);
  // T1 to T4 count with any clinical status (clarification 57).
  if (known.standing.CountsEver()) AddTerminators(groups, known.date(), "diagnosis");
  if (groups.Has(Group::kPregnancyCondition)) ReadPregnancyCondition(known);
  if (groups.Has(Group::kGestationalAgeCode)) ReadGestationCode(known);
  if (!known.date() || !known.standing.CountsEver()) return;
  const Day day = DayBy(context_.reading, *known.date(), today());
  if (AgeOf(day) > kPossibleDays) return;
  if (groups.Has(Group::kPositivePregnancyTestEncounter)) {
    AddStarter(StarterKind::kTest, Strength::kPossible, day, "positive pregnancy test (diagnosis)");
  }
  if (groups.Has(Group::kPossiblePregnancy) && known.active()) {
    AddStarter(StarterKind::kPossible, Strength::kPossible, day, "possible pregnancy (diagnosis)");
  }
}

void Collector::ReadPregnancyCondition(const KnownCondition& known) {
  const Verification verification = known.standing.verification;
  if (verification == Verification::kNever || !known.standing.is_active) return;
  const auto& date = known.date();
  const std::optional<Day> day = DayBy(context_.reading, date, today());
  if (day && AgeOf(*day) > Option(Param::kPregConditionExpireDays)) return;
  Strength strength = Strength::kPossible;
  if (verification == Verification::kConfirmed) {
    strength = day && AgeOf(*day) <= kStatusStaleDays ? Strength::kConfirmed : Strength::kStale;
  }
  AddStarter(StarterKind::kCondition, strength, day, "pregnancy diagnosis");
}

void Collector::ReadGestationCode(const KnownCondition& known) {
  const std::int32_t weeks = GestationWeeksOf(known.condition.code());
  const auto& date = known.date();
  if (weeks == 0 || !date) {
    ReadPregnancyCondition(known);
    return;
  }
  const Verification verification = known.standing.verification;
  if (verification == Verification::kNever || !known.standing.is_active) return;
  const Day day = DayBy(context_.reading, *date, today());
  const std::int32_t age = weeks * 7 + AgeOf(day);
  if (age > kLongestGestationDays) return;
  const Strength strength =
      verification == Verification::kConfirmed ? Strength::kConfirmed : Strength::kPossible;
  Starter starter{StarterKind::kGestationalAge, strength, day - weeks * 7, day, {}, {}, 0, age};
  starter.evidence = {"gestational age " + std::to_string(weeks) + " weeks (diagnosis Z3A)", day};
  evidence_.starters.push_back(std::move(starter));
}

void Collector::ReadProcedure(const model::Procedure& procedure) {
  const GroupSet groups = GroupsOf(procedure.code());
  if (groups.empty() || !CountsProcedure(procedure, today(), context_.zone())) return;
  context_.procedures.push_back({procedure, groups});
  AddTerminators(groups, procedure.performed(context_.zone()), "procedure");
}

void Collector::ReadEncounter(const model::Encounter& encounter) {
  if (!CountsEncounter(encounter)) return;
  GroupSet groups;
  for (const json::Value reason : encounter.reason_codes()) groups |= GroupsOf(reason);
  for (const json::Value type : encounter.types()) groups |= GroupsOf(type);
  if (!groups.empty()) AddTerminators(groups, encounter.start(context_.zone()), "encounter");
}

void Collector::AddTerminators(const GroupSet& groups, const std::optional<model::DateSpan>& date,
                               std::string_view source) {
  if (!date || IsFuture(*date, today())) return;
  const Day day = DayBy(context_.reading, *date, today());
  const auto add = [&](TerminatorKind kind, std::string_view what) {
    evidence_.terminators.push_back({kind, day, {std::string(what) + " (" + std::string(source) + ")", day}});
  };
  if (groups.Has(Group::kDeliveryOutcome)) add(TerminatorKind::kDelivery, "delivery");
  if (groups.Has(Group::kStillbirth)) add(TerminatorKind::kStillbirth, "stillbirth");
  if (groups.Has(Group::kPregnancyLoss)) add(TerminatorKind::kLoss, "pregnancy loss");
  if (groups.Has(Group::kPostpartumState) && AgeOf(day) <= kPostpartumStateDays) {
    add(TerminatorKind::kPostpartumState, "postpartum state");
  }
}

}  // namespace

std::optional<Day> DatedOn(const Starter& starter) {
  if (!starter.start || !starter.recorded) return starter.start ? starter.start : starter.recorded;
  return std::max(*starter.start, *starter.recorded);
}

PregnancyEvidence CollectPregnancyEvidence(StateContext& context) {
  return Collector(context).Collect();
}

}  // namespace osteon::cards::perinatal::internal
