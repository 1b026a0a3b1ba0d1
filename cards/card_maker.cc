#include "cards/card_maker.h"

#include "fhir/base/text.h"
#include "fhir/model/value_node.h"

namespace osteon::cards {
namespace {

constexpr std::size_t kLongestSummary = 139;  // CDS Hooks 2.0.1 "Card Attributes": fewer than 140 characters
constexpr std::string_view kGapsPlaceholder = "{{gaps}}";

}  // namespace

std::optional<Card> CardMaker::Begin(const CardPlan& plan, const CardSubject& subject, Indicator indicator,
                                     const Scope& scope) const {
  std::string summary;
  if (!AppendFilled(plan.summary, expressions_, scope, Markup::kPlain, summary)) return std::nullopt;
  Card card;
  card.summary = std::string(base::TakeCodePoints(summary, kLongestSummary));
  card.indicator = indicator;
  card.source.label = program_.source_label;
  if (!program_.topic_system.empty()) {
    card.source.topic = Coding{std::string(program_.topic_system), std::string(subject.rule.id),
                               std::string(subject.rule.title)};
  }
  card.selection_behavior = plan.selection;
  card.override_reasons = plan.override_reasons;
  card.links = plan.links;
  return card;
}

std::string CardMaker::DetailPart(const DetailPlan& plan, const Scope& scope) const {
  std::string text;
  if (plan.kind == DetailPlan::Kind::kGaps || !expressions_.Allows(plan.when, scope)) return text;
  if (!plan.each) {
    (void)AppendFilled(plan.text, expressions_, scope, Markup::kMarkdown, text);
    return text;
  }
  const model::Val list = expressions_.Value(plan.each, scope);
  for (const model::Val& item : model::Items(list)) {
    const std::size_t before = text.size();
    if (before != 0) text += '\n';
    const Scope inner{scope.draft, item};
    if (!AppendFilled(plan.text, expressions_, inner, Markup::kMarkdown, text)) text.resize(before);
  }
  return text;
}

std::vector<std::string> CardMaker::DetailParts(const CardPlan& plan, const Scope& scope) const {
  std::vector<std::string> parts;
  parts.reserve(plan.detail.size());
  for (const DetailPlan& part : plan.detail) parts.push_back(DetailPart(part, scope));
  return parts;
}

std::string CardMaker::Joined(const CardPlan& plan, std::vector<std::string> parts,
                              const std::string& gap_texts) {
  std::string detail;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (plan.detail[i].kind == DetailPlan::Kind::kGaps && !gap_texts.empty()) {
      parts[i] = plan.detail[i].text.literal();
      for (std::size_t at = 0; (at = parts[i].find(kGapsPlaceholder, at)) != std::string::npos;
           at += gap_texts.size()) {
        parts[i].replace(at, kGapsPlaceholder.size(), gap_texts);
      }
    }
    if (parts[i].empty()) continue;
    if (!detail.empty()) detail += "\n\n";
    detail += parts[i];
  }
  return detail;
}

void CardMaker::AddSuggestions(const CardPlan& plan, const CardSubject& subject, const Scope& scope,
                               Card& card) const {
  std::string about(subject.rule.id);
  about.append("|").append(subject.row.id).append("|").append(subject.draft);
  if (subject.draft.empty() && subject.item != 0) about += std::to_string(subject.item);
  for (std::size_t i = 0; i < plan.suggestions.size(); ++i) {
    const SuggestionPlan& suggestion = plan.suggestions[i];
    const std::string place = about + "|" + std::to_string(i);
    if (!suggestion.each) {
      AddSuggestion(suggestion, scope, place, card);
      continue;
    }
    const model::Val list = expressions_.Value(suggestion.each, scope);
    std::size_t number = 0;
    for (const model::Val& item : model::Items(list)) {
      AddSuggestion(suggestion, Scope{scope.draft, item}, place + "." + std::to_string(number++), card);
    }
  }
}

// A suggestion that cannot be written in full is not made, nor one whose every action is left out.
void CardMaker::AddSuggestion(const SuggestionPlan& plan, const Scope& scope, const std::string& place,
                              Card& card) const {
  if (!expressions_.Allows(plan.when, scope)) return;
  Suggestion suggestion;
  suggestion.is_recommended = plan.is_recommended;
  if (!AppendFilled(plan.label, expressions_, scope, Markup::kPlain, suggestion.label)) return;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    if (!expressions_.Allows(plan.actions[i].when, scope)) continue;
    Action action;
    if (!MakeAction(plan.actions[i], scope, place + "|" + std::to_string(i), action)) return;
    suggestion.actions.push_back(std::move(action));
  }
  if (suggestion.actions.empty() && !plan.actions.empty()) return;
  card.suggestions.push_back(std::move(suggestion));
}

bool CardMaker::MakeAction(const ActionPlan& plan, const Scope& scope, const std::string& place,
                           Action& action) const {
  action.type = plan.type;
  if (!AppendFilled(plan.description, expressions_, scope, Markup::kPlain, action.description)) return false;
  if (!plan.resource_id.empty() &&
      !AppendFilled(plan.resource_id, expressions_, scope, Markup::kPlain, action.resource_id)) {
    return false;
  }
  if (!plan.resource) return true;
  const std::string id = base::Uuid::FromName(input_.decision_id, place).ToString();
  AppendResource(*plan.resource, expressions_, scope, {id, input_.patient_id, run_.authored_on()},
                 action.resource);
  return true;
}

}  // namespace osteon::cards
