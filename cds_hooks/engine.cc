#include "cds_hooks/engine.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <string>
#include <utility>

#include "cards/card_check.h"
#include "cds_hooks/hook_table.h"
#include "cds_hooks/prefetch_template.h"
#include "cds_hooks/request.h"
#include "cds_hooks/selection.h"
#include "cds_hooks/site_settings.h"

namespace osteon::cds_hooks {

using json::operator""_key;

namespace {

// Hook names are short and plain; anything else is not repeated to the caller.
std::string NameOfHook(std::string_view hook) {
  const bool is_plain = hook.size() <= 64 && std::all_of(hook.begin(), hook.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                 c == '-' || c == '.';
                        });
  return is_plain ? "the hook \"" + std::string(hook) + "\"" : "this hook";
}

// True when the template asks for something that this request's context does not have.
bool IsNotApplicable(const cards::PrefetchTemplate& row, const Prepared& prepared) {
  bool unresolved = false;
  ForEachToken(row.query, [&](std::string_view token) {
    unresolved = unresolved || (token == "context.encounterId" && prepared.encounter_id.empty());
  });
  return unresolved;
}

void ListMissing(Prepared& prepared) {
  for (const cards::PrefetchTemplate& row : prepared.service->spec->prefetch) {
    if (!prepared.prefetch.Find(row.key) && !IsNotApplicable(row, prepared))
      prepared.missing.push_back(row.key);
  }
}

json::Value FetchedValue(const std::vector<Fetched>& fetched, std::string_view key) {
  for (const Fetched& entry : fetched) {
    if (entry.key == key) return entry.value;
  }
  return {};
}

cards::Chart BuildChart(const Prepared& prepared, const std::vector<Fetched>& fetched) {
  cards::Chart chart;
  for (const json::Value entry : prepared.draft_entries) {
    chart.AddSupporting(model::Resource{entry["resource"_key]}, entry["fullUrl"_key].string());
  }
  for (const model::Resource fact : prepared.facts) chart.AddFact(fact);
  for (const cards::PrefetchTemplate& row : prepared.service->spec->prefetch) {
    json::Value value = prepared.prefetch.Find(row.key);
    if (!value) value = FetchedValue(fetched, row.key);
    if (!value && IsNotApplicable(row, prepared)) {
      chart.AddWithout(row.key, cards::DataState::kNotApplicable);
    } else {
      chart.Add(row.key, value, row.types, prepared.patient_id);
    }
  }
  for (const cards::Draft& draft : prepared.drafts) {
    chart.Remove(draft.resource.type(), draft.resource.id());
  }
  return chart;
}

bool IsDeceased(const cards::Chart& chart) {
  const auto patients = chart.OfType("Patient");
  return std::any_of(patients.begin(), patients.end(),
                     [](const model::Resource& resource) { return model::Patient{resource}.deceased(); });
}

void Fail(cards::RuleOutcome& outcome, std::string reason) {
  outcome.status = cards::RuleStatus::kError;
  outcome.reason = std::move(reason);
  outcome.card.reset();
}

// One call's way from the chart to the answer.
class Decider {
 public:
  Decider(const Prepared& prepared, const cards::Chart& chart) : prepared_(prepared), chart_(chart) {}

  void Evaluate() {
    const bool deceased = IsDeceased(chart_);
    const cards::RuleInput input = Input();
    candidates_.reserve(prepared_.service->rules.size());
    std::size_t rule_order = 0;
    for (const cards::Rule* rule : prepared_.service->rules) {
      if (deceased) {
        Add(*rule, rule_order, Plain(*rule, cards::RuleStatus::kSuppressed, "deceased"));
      } else {
        EvaluateOne(*rule, rule_order, input);
      }
      ++rule_order;
    }
  }

  // True when no rule could be evaluated because prefetch keys were left unanswered.
  bool NothingEvaluated() const {
    const auto not_evaluated = [](const Candidate& candidate) {
      return candidate.outcome.status == cards::RuleStatus::kNotEvaluated && !candidate.outcome.card;
    };
    const auto unanswered = [](const cards::ChartKey& key) { return !cards::Answers(key.state); };
    const auto keys = chart_.keys();
    return !candidates_.empty() && std::all_of(candidates_.begin(), candidates_.end(), not_evaluated) &&
           std::any_of(keys.begin(), keys.end(), unanswered);
  }

  base::Error MissingData() const {
    std::string names;
    std::string path;
    for (const cards::ChartKey& key : chart_.keys()) {
      if (cards::Answers(key.state)) continue;
      names += (names.empty() ? "" : ", ") + std::string(key.name);
      path += (path.empty() ? "prefetch." : ",prefetch.") + std::string(key.name);
    }
    return base::Error{base::ErrorCode::kMissingData,
                       "no rule could be evaluated; these prefetch keys were not answered: " + names,
                       {},
                       std::move(path)};
  }

  Decision Finish() && {
    std::vector<Candidate*> shown = FoldAndOrder(candidates_);
    Identify(shown);
    Decision decision;
    cards::CardResponse response = Encode(shown);
    assert(!response.is_sound || IsSoundToRead(response.json));
    // Before the cap: a card that cannot be sent takes no other card's place.
    if (!response.is_sound) DropBroken(shown);
    if (!response.is_sound || shown.size() > prepared_.pack->max_cards) {
      Cap(shown, prepared_.pack->max_cards);
      response = Encode(shown);
    }
    decision.response_json = std::move(response.json);
    Record(shown, decision);
    return decision;
  }

 private:
  cards::RuleInput Input() const {
    static const base::TimeZone utc;
    const CallInput& call = prepared_.input;
    cards::RuleInput input;
    input.hook = prepared_.service->spec->hook;
    input.decision_id = call.decision_id;
    input.now = call.now;
    input.zone = call.zone != nullptr ? call.zone : &utc;
    input.today = base::DayOf(call.now, *input.zone);
    input.patient_id = prepared_.patient_id;
    input.user_id = prepared_.user_id;
    input.encounter_id = prepared_.encounter_id;
    input.drafts = prepared_.drafts;
    input.chart = &chart_;
    input.observer = call.observer;
    return input;
  }

  static cards::RuleOutcome Plain(const cards::Rule& rule, cards::RuleStatus status, std::string reason) {
    cards::RuleOutcome outcome;
    outcome.rule = rule.id();
    outcome.status = status;
    outcome.reason = std::move(reason);
    return outcome;
  }

  void EvaluateOne(const cards::Rule& rule, std::size_t rule_order, const cards::RuleInput& input) {
    const RuleStanding standing = StandingOf(rule.id(), prepared_, chart_);
    if (!standing.is_evaluated) {
      return Add(rule, rule_order, Plain(rule, cards::RuleStatus::kSuppressed, std::string(standing.reason)));
    }
    std::vector<cards::RuleOutcome> outcomes = rule.Evaluate(input);
    if (outcomes.empty()) outcomes.push_back(Plain(rule, cards::RuleStatus::kError, "no_outcome"));
    for (cards::RuleOutcome& outcome : outcomes) {
      outcome.rule = rule.id();
      if (outcome.status == cards::RuleStatus::kFired && !outcome.card) Fail(outcome, "no_card");
      ApplySettings(prepared_.pack->settings, standing, outcome);
      Add(rule, rule_order, std::move(outcome));
    }
  }

  void Add(const cards::Rule& rule, std::size_t rule_order, cards::RuleOutcome outcome) {
    const auto draft =
        std::find_if(prepared_.drafts.begin(), prepared_.drafts.end(), [&](const cards::Draft& known) {
          return !outcome.draft.empty() && known.reference == outcome.draft;
        });
    // Fired without a card: a rule that is not shown.
    if (outcome.status == cards::RuleStatus::kFired && outcome.card) {
      if (draft != prepared_.drafts.end() && !draft->may_raise_cards) {
        outcome.status = cards::RuleStatus::kSuppressed;
        outcome.reason = "not_selected";
        outcome.card.reset();
      } else {
        Complete(rule, outcome);
      }
    } else if (outcome.status == cards::RuleStatus::kNotEvaluated && outcome.card) {
      Complete(rule, outcome);
    }
    const auto draft_order = static_cast<std::size_t>(draft - prepared_.drafts.begin());
    candidates_.push_back(Candidate{rule_order, draft_order, std::move(outcome)});
  }

  void Complete(const cards::Rule& rule, cards::RuleOutcome& outcome) const {
    cards::Card& card = *outcome.card;
    card.decision =
        cards::DecisionExtension{prepared_.input.decision_id.ToString(), std::string(rule.id()), outcome.row,
                                 std::string(prepared_.pack->id), std::string(prepared_.pack->version)};
    if (card.source.url.empty() && !prepared_.input.source_url.empty()) {
      card.source.url = std::string(prepared_.input.source_url) + std::string(rule.id());
    }
  }

  // Names are repeated only when two drafts came without ids, or with the same one; then they are counted.
  void Identify(const std::vector<Candidate*>& shown) const {
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const cards::RuleOutcome& outcome = shown[i]->outcome;
      const auto same = [&](const Candidate* other) {
        return other->outcome.rule == outcome.rule && other->outcome.row == outcome.row &&
               other->outcome.draft == outcome.draft;
      };
      const auto before = std::count_if(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(i), same);
      std::string name = std::string(outcome.rule) + "|" + outcome.row + "|" + outcome.draft;
      if (before > 0) name += "|" + std::to_string(before + 1);
      const base::Uuid uuid = base::Uuid::FromName(prepared_.input.decision_id, name);
      cards::Card& card = *shown[i]->outcome.card;
      card.uuid = uuid.ToString();
      for (std::size_t s = 0; s < card.suggestions.size(); ++s) {
        card.suggestions[s].uuid = base::Uuid::FromName(uuid, "suggestion|" + std::to_string(s)).ToString();
      }
    }
  }

#ifndef NDEBUG
  // Reads the answer back as a client would.
  static bool IsSoundToRead(std::string response) {
    const std::size_t length = response.size();
    response.append(json::kReadPadding, '\0');
    base::Arena arena;
    const auto tree = json::Tree::Read(std::string_view(response).substr(0, length), arena);
    return tree.ok() && cards::CheckResponse((*tree)->root()).empty();
  }
#endif

  // A card that breaks the specification is not sent. When only suggestions do (an order without an id cannot
  // be updated, say), the card goes without those: the warning matters more than the shortcut.
  static void DropBroken(std::vector<Candidate*>& shown) {
    std::erase_if(shown, [](Candidate* candidate) {
      cards::RuleOutcome& outcome = candidate->outcome;
      std::vector<cards::CardFinding> findings = cards::CheckCard(*outcome.card);
      if (findings.empty()) return false;
      const std::string rule(findings.front().rule);
      // Again, because text that is no JSON hides what else is wrong.
      while (!findings.empty() && DropSuggestions(*outcome.card, findings))
        findings = cards::CheckCard(*outcome.card);
      if (!findings.empty()) {
        Fail(outcome, "card_check:" + std::string(findings.front().rule));
        return true;
      }
      if (!outcome.reason.empty()) outcome.reason += ';';
      outcome.reason += "suggestion_check:" + rule;
      return false;
    });
  }

  // Takes out the suggestions that the findings are about; false when one of them is about something else.
  static bool DropSuggestions(cards::Card& card, const std::vector<cards::CardFinding>& findings) {
    constexpr std::string_view kSuggestion = "suggestions[";
    std::vector<bool> is_broken(card.suggestions.size());
    for (const cards::CardFinding& finding : findings) {
      std::size_t index = 0;
      const char* const end = finding.path.data() + finding.path.size();
      if (!finding.path.starts_with(kSuggestion) ||
          std::from_chars(finding.path.data() + kSuggestion.size(), end, index).ec != std::errc() ||
          index >= is_broken.size()) {
        return false;
      }
      is_broken[index] = true;
    }
    for (std::size_t i = is_broken.size(); i > 0; --i) {
      if (is_broken[i - 1])
        card.suggestions.erase(card.suggestions.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
    return true;
  }

  static cards::CardResponse Encode(const std::vector<Candidate*>& shown) {
    std::vector<const cards::Card*> cards;
    cards.reserve(shown.size());
    for (const Candidate* candidate : shown) cards.push_back(&*candidate->outcome.card);
    return cards::WriteResponse(cards);
  }

  void Record(const std::vector<Candidate*>& shown, Decision& decision) {
    decision.id = prepared_.input.decision_id;
    decision.now = prepared_.input.now;
    decision.service = prepared_.service->spec->id;
    decision.hook = prepared_.service->spec->hook;
    decision.hook_instance = prepared_.hook_instance;
    decision.pack = prepared_.pack->id;
    decision.pack_version = prepared_.pack->version;
    decision.pack_hash = prepared_.pack->content_hash;
    decision.warnings = prepared_.warnings;
    decision.dropped_other_patient = chart_.drops().other_patient;
    for (const cards::ChartKey& key : chart_.keys()) decision.keys.push_back(KeyRecord{key.name, key.state});
    for (const Candidate* candidate : shown) {
      const cards::Card& card = *candidate->outcome.card;
      CardRecord record{
          card.uuid, std::string(candidate->outcome.rule), candidate->outcome.row, card.indicator, {}};
      for (const cards::Suggestion& suggestion : card.suggestions)
        record.suggestion_uuids.push_back(suggestion.uuid);
      decision.cards.push_back(std::move(record));
    }
    decision.rules.reserve(candidates_.size());
    for (Candidate& candidate : candidates_) {
      cards::RuleOutcome& outcome = candidate.outcome;
      decision.rules.push_back(RuleRecord{std::string(outcome.rule), std::move(outcome.row),
                                          std::move(outcome.draft), outcome.status,
                                          std::move(outcome.reason)});
    }
  }

  const Prepared& prepared_;
  const cards::Chart& chart_;
  std::vector<Candidate> candidates_;
};

}  // namespace

base::Result<Prepared> Prepare(const Catalog& catalog, const CallInput& input, base::Arena& arena,
                               const json::ReadLimits& limits) {
  if (!catalog.HasService(input.service_id)) {
    return base::Error{base::ErrorCode::kServiceNotFound, "there is no service of this id", {}, {}};
  }
  OSTEON_ASSIGN_OR_RETURN(const json::Tree* tree, json::Tree::Read(input.body, arena, limits));
  const json::Value body = tree->root();
  OSTEON_ASSIGN_OR_RETURN(const std::string_view hook, ReadHook(body));
  Prepared prepared;
  prepared.service = catalog.Find(input.service_id, hook);
  const HookRow* row = FindHook(hook);
  if (prepared.service == nullptr || row == nullptr) {
    return base::Error{
        base::ErrorCode::kHookMismatch, "this service does not serve " + NameOfHook(hook), {}, "hook"};
  }
  prepared.pack = &catalog.pack();
  prepared.input = input;
  prepared.hook = hook;
  OSTEON_RETURN_IF_ERROR(ReadRequest(body, *row, arena, prepared));
  ListMissing(prepared);
  return prepared;
}

base::Result<Decision> Decide(const Prepared& prepared, const std::vector<Fetched>& fetched) {
  const cards::Chart chart = BuildChart(prepared, fetched);
  Decider decider(prepared, chart);
  decider.Evaluate();
  if (decider.NothingEvaluated()) return decider.MissingData();
  return std::move(decider).Finish();
}

}  // namespace osteon::cds_hooks
