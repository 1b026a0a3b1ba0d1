// What the rules of one request share: its resources with the groups of their codes, looked up once, and the
// states. All of it follows from the input alone; which keys were read stays with each rule's reader.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

template <typename T>
struct Coded {
  T resource;
  GroupSet groups;  // of its code
};

struct KnownCondition {
  model::Condition condition;
  GroupSet groups;
  Standing standing;
  // Counts as a diagnosis of today (CountsCondition), of any time (CountsEver).
  bool active() const { return standing.CountsToday(); }
  const std::optional<model::DateSpan>& date() const { return standing.date; }
};

struct CodedObservation {
  model::Observation observation;
  GroupSet groups;
  std::optional<model::DateSpan> date;
  bool counts = false;  // CountsObservation
};

struct KnownObservation {
  model::Observation observation;
  GroupSet groups;
  model::DateSpan date;
};

// All of the chart, in its order; they mark no key as read.
std::span<const KnownCondition> AllConditions(const RuleInput& input);
std::span<const CodedObservation> AllObservations(const RuleInput& input);
std::span<const Coded<model::DiagnosticReport>> AllReports(const RuleInput& input);
std::span<const Coded<model::ServiceRequest>> AllServiceRequests(const RuleInput& input);

// Conditions that count at any time (CountsEver), read with the key `conditions`.
std::span<const KnownCondition> KnownConditions(const RuleInput& input, ChartReader& reader);
// Observations that count, or whose components may, dated and not in the future, newest first; read with the
// key `bonObs`.
std::span<const KnownObservation> KnownObservations(const RuleInput& input, ChartReader& reader);

// `,"subject":{...},"authoredOn":"..."` of every resource that is created for this request.
std::string_view SubjectAndDate(const RuleInput& input);

// A state and the gaps of its reading.
struct ResolvedState {
  State state;
  std::vector<std::string_view> gaps;
};

// Members are absent until somebody asks.
struct RequestFacts final : SharedFacts {
  std::optional<std::vector<KnownCondition>> conditions;
  std::optional<std::vector<KnownCondition>> known_conditions;
  std::optional<std::vector<CodedObservation>> observations;
  std::optional<std::vector<KnownObservation>> known_observations;
  std::optional<std::vector<Coded<model::DiagnosticReport>>> reports;
  std::optional<std::vector<Coded<model::ServiceRequest>>> service_requests;
  std::optional<ResolvedState> safety;
  std::optional<ResolvedState> nudge;
  std::string subject_and_date;
};
inline RequestFacts& FactsOf(const RuleInput& input) {
  return input.facts.Get<RequestFacts>();
}

}  // namespace osteon::cards::perinatal
