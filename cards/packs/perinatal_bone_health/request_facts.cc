#include "cards/packs/perinatal_bone_health/request_facts.h"

#include <algorithm>

#include "fhir/json/writer.h"

namespace osteon::cards::perinatal {

namespace {

// The resources of a type with the groups of their codes.
template <typename T>
std::span<const Coded<T>> CodedOf(std::optional<std::vector<Coded<T>>>& facts, const RuleInput& input,
                                  std::string_view type) {
  if (facts) return *facts;
  facts.emplace();
  for (const model::Resource& resource : input.chart->OfType(type)) {
    const T typed{resource};
    facts->push_back({typed, GroupsOf(typed.code())});
  }
  return *facts;
}

bool IsFinal(std::string_view status) {
  return status == "final" || status == "amended" || status == "corrected";
}

}  // namespace

std::span<const KnownCondition> AllConditions(const RuleInput& input) {
  RequestFacts& facts = FactsOf(input);
  if (facts.conditions) return *facts.conditions;
  facts.conditions.emplace();
  const auto resources = input.chart->OfType("Condition");
  facts.conditions->reserve(resources.size());
  for (const model::Resource& resource : resources) {
    const model::Condition condition{resource};
    facts.conditions->push_back({condition, GroupsOf(condition.code()), StandingOf(condition, input)});
  }
  return *facts.conditions;
}

std::span<const CodedObservation> AllObservations(const RuleInput& input) {
  RequestFacts& facts = FactsOf(input);
  if (facts.observations) return *facts.observations;
  facts.observations.emplace();
  const auto resources = input.chart->OfType("Observation");
  facts.observations->reserve(resources.size());
  for (const model::Resource& resource : resources) {
    const model::Observation observation{resource};
    const GroupSet groups = GroupsOf(observation.code());
    facts.observations->push_back(
        {observation, groups, observation.effective(*input.zone), CountsObservation(observation, groups)});
  }
  return *facts.observations;
}

std::span<const Coded<model::DiagnosticReport>> AllReports(const RuleInput& input) {
  return CodedOf(FactsOf(input).reports, input, "DiagnosticReport");
}

std::span<const Coded<model::ServiceRequest>> AllServiceRequests(const RuleInput& input) {
  return CodedOf(FactsOf(input).service_requests, input, "ServiceRequest");
}

std::span<const KnownCondition> KnownConditions(const RuleInput& input, ChartReader& reader) {
  reader.Need("conditions");
  RequestFacts& facts = FactsOf(input);
  if (facts.known_conditions) return *facts.known_conditions;
  facts.known_conditions.emplace();
  for (const KnownCondition& each : AllConditions(input)) {
    if (each.standing.CountsEver()) facts.known_conditions->push_back(each);
  }
  return *facts.known_conditions;
}

std::span<const KnownObservation> KnownObservations(const RuleInput& input, ChartReader& reader) {
  reader.Need("bonObs");
  RequestFacts& facts = FactsOf(input);
  if (facts.known_observations) return *facts.known_observations;
  std::vector<KnownObservation>& known = facts.known_observations.emplace();
  for (const CodedObservation& each : AllObservations(input)) {
    if (!each.date || IsFuture(*each.date, input.today)) continue;
    const bool has_parts = !each.observation.components().empty() && !each.observation.has_value();
    const bool usable = has_parts ? IsFinal(each.observation.status()) : each.counts;
    if (usable) known.push_back({each.observation, each.groups, *each.date});
  }
  std::stable_sort(known.begin(), known.end(), [](const KnownObservation& a, const KnownObservation& b) {
    if (a.date.first != b.date.first) return b.date.first < a.date.first;
    return a.date.instant && b.date.instant && *b.date.instant < *a.date.instant;
  });
  return known;
}

std::string_view SubjectAndDate(const RuleInput& input) {
  std::string& text = FactsOf(input).subject_and_date;
  if (!text.empty()) return text;
  json::Writer writer;
  writer.String("Patient/" + std::string(input.patient_id));
  text = R"(,"subject":{"reference":)";
  text += writer.text();
  text += R"(},"authoredOn":")";
  text += base::FormatInstant(input.now);
  text += '"';
  return text;
}

}  // namespace osteon::cards::perinatal
