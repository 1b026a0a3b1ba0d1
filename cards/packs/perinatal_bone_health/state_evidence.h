// The evidence items of the state resolver, each with the days it stands for. Private to state*.cc.
// Source: rules.md 2.1 with clarifications 1, 2, 8, 10, 12, 13, 57.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal::internal {

struct StateContext {
  const RuleInput& input;
  ChartReader& reader;
  Reading reading;
  // What CollectPregnancyEvidence read and the pack has a group for; observations and procedures that count.
  std::vector<const CodedObservation*> observations = {};
  std::vector<const KnownCondition*> conditions = {};
  std::vector<Coded<model::Procedure>> procedures = {};

  bool safety() const { return reading == Reading::kSafety; }
  base::Day today() const { return input.today; }
  const base::TimeZone& zone() const { return *input.zone; }
};

enum class StarterKind : std::uint8_t {
  kStatus,
  kEdd,
  kGestationalAge,
  kCondition,
  kPossible,
  kTest
};  // P1 P3 P4 P6 P1p P7
enum class Strength : std::uint8_t { kConfirmed, kStale, kPossible };

// Something that says that she is, or may be, pregnant. Expired items are never made.
struct Starter {
  StarterKind kind;
  Strength strength;
  std::optional<base::Day> start;     // own date; EDD - 280; effective - GA. Absent: undated
  std::optional<base::Day> recorded;  // own or effective date
  Evidence evidence;
  std::optional<base::Day> edd;           // kEdd
  int edd_rank = 0;                       // kEdd: 1 is best
  std::optional<std::int32_t> gestation;  // kGestationalAge: days, today
};
// The later of start and recorded (clarification 2, "dated").
std::optional<base::Day> DatedOn(const Starter& starter);

enum class TerminatorKind : std::uint8_t { kDelivery, kStillbirth, kLoss, kPostpartumState };  // T1 T4 T3 T2
struct Terminator {
  TerminatorKind kind;
  base::Day day;
  Evidence evidence;
};

struct Negative {  // P1n, P7n, while valid
  base::Day day;
  Evidence evidence;
};

struct PassedEdd {  // T5 candidate
  base::Day edd;
  Evidence evidence;
};

struct PregnancyEvidence {
  std::vector<Starter> starters;
  std::vector<Terminator> terminators;
  std::vector<Negative> negatives;
  std::vector<PassedEdd> passed_edds;
  std::vector<base::Day> lmps;
  std::optional<base::Day> newest_negative_hcg;
};

PregnancyEvidence CollectPregnancyEvidence(StateContext& context);

// state_lactation.cc: rules.md 2.4. `state` has its pregnancy part.
void ResolveLactation(StateContext& context, const PregnancyEvidence& evidence, State& state);
// state_fertility.cc: rules.md 2.5 and 2.6.
void ResolveIntention(StateContext& context, State& state);
void ResolveChildbearing(StateContext& context, State& state);
void ResolveContraception(StateContext& context, State& state);

}  // namespace osteon::cards::perinatal::internal
