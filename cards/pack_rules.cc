#include "cards/pack_rules.h"

#include <algorithm>

#include "cards/pack_resources.h"
#include "fhir/base/text.h"

namespace osteon::cards {
namespace {

bool Holds(const std::vector<Text>& texts, std::string_view text) {
  return std::any_of(texts.begin(), texts.end(), [&](const Text& each) { return each.text == text; });
}

std::string_view WithoutEnd(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

template <typename Row>
const Row* FindById(const std::vector<Row>& rows, std::string_view id) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id.text == id; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

void RulePlanner::Plan() {
  AddLists();
  for (const RuleSource& rule : source_.rules) PlanRule(rule);
  expressions_.Analyze();
}

// The types of Draft and It are those of the lists, so lists are analysed first.
void RulePlanner::AddLists() {
  for (const RuleSource& rule : source_.rules) {
    for (const TableSource& table : rule.tables) {
      (void)expressions_.Add(rule.logic.text, table.for_each, {}, Want::kList);
    }
  }
  expressions_.Analyze();
  for (const RuleSource& rule : source_.rules) {
    for (const TableSource& table : rule.tables) {
      const ItemTypes types = TypesOf(rule, table);
      for (const RowSource& row : table.rows) {
        for (const Text* const id : {&row.card, &row.could_not_check}) {
          if (const CardSource* const card = FindCard(rule, id->text)) AddListsOf(rule, *card, types);
        }
      }
    }
  }
  expressions_.Analyze();
}

void RulePlanner::AddListsOf(const RuleSource& rule, const CardSource& card, const ItemTypes& types) {
  for (const DetailPart& part : card.detail)
    (void)expressions_.Add(rule.logic.text, part.each, types, Want::kList);
  for (const SuggestionSource& suggestion : card.suggestions)
    (void)expressions_.Add(rule.logic.text, suggestion.each, types, Want::kList);
}

// Of a list that is not understood, items may be anything: the finding about the list is enough. Where a
// table has no list, Draft is null, of the type that another table of the rule gives it: they may share
// cards.
ItemTypes RulePlanner::TypesOf(const RuleSource& rule, const TableSource& table) {
  const TableSource* with_list = &table;
  if (table.for_each.empty()) {
    const auto found = std::find_if(rule.tables.begin(), rule.tables.end(),
                                    [](const TableSource& each) { return !each.for_each.empty(); });
    if (found == rule.tables.end()) return {};
    with_list = &*found;
  }
  const Expression list = expressions_.Add(rule.logic.text, with_list->for_each, {}, Want::kList);
  return {expressions_.ItemType(list).value_or("System.Any"), ""};
}

ItemTypes RulePlanner::WithIt(const ItemTypes& types, Expression each) const {
  return {types.draft, expressions_.ItemType(each).value_or("System.Any")};
}

const CardSource* RulePlanner::FindCard(const RuleSource& rule, std::string_view id) const {
  return id.empty() ? nullptr : FindById(rule.cards, id);
}

void RulePlanner::PlanRule(const RuleSource& rule) {
  rule_ = &rule;
  RulePlan& plan = program_.rules.emplace_back();
  plan.id = program_.Keep(rule.id.text);
  plan.title = program_.Keep(rule.title.text);
  for (const Text& hook : rule.hooks) plan.hooks.push_back(program_.Keep(hook.text));
  for (const TableSource& table : rule.tables) PlanTable(rule, table, plan);
}

void RulePlanner::PlanTable(const RuleSource& rule, const TableSource& table, RulePlan& plan) {
  TablePlan& out = plan.tables.emplace_back();
  uses_ = &out.uses;
  types_ = TypesOf(rule, table);
  out.for_each = Use(table.for_each, {}, Want::kList);
  out.match = table.match.text == "all" ? Match::kAll : Match::kFirst;
  for (const Text& hook : table.hooks.empty() ? rule.hooks : table.hooks)
    out.hooks.push_back(program_.Keep(hook.text));
  for (const RowSource& row : table.rows) PlanRow(row, out);
  PlanSuppress(out);
  PlanDoubts(out);
}

Indicator RulePlanner::IndicatorOf(const Text& text, Indicator absent) {
  if (text.empty()) return absent;
  for (const Indicator indicator : {Indicator::kInfo, Indicator::kWarning, Indicator::kCritical}) {
    if (IndicatorCode(indicator) == text.text) return indicator;
  }
  findings_.Add(text, "\"" + text.text + "\" is none of info, warning, critical");
  return absent;
}

void RulePlanner::PlanRow(const RowSource& row, TablePlan& table) {
  RowPlan out;
  out.id = program_.Keep(row.id.text);
  out.title = program_.Keep(row.title.text);
  out.when = Use(row.when, types_, Want::kCondition);
  out.indicator = IndicatorOf(row.indicator, Indicator::kInfo);
  out.card = PlanCard(row.card.text, table);
  for (const LowerSource& lower : row.lower) {
    out.lower.push_back({Use(lower.when, types_, Want::kCondition), IndicatorOf(lower.to, Indicator::kInfo)});
  }
  for (const Text& fold : row.folds) out.folds.push_back(program_.Keep(fold.text));
  out.folds_at = IndicatorOf(row.folds_at, Indicator::kWarning);
  out.could_not_check = PlanCard(row.could_not_check.text, table);
  table.rows.push_back(std::move(out));
}

void RulePlanner::PlanSuppress(TablePlan& table) {
  for (const SuppressSource& entry : rule_->suppress) {
    std::vector<RowPlan*> rows;
    for (RowPlan& row : table.rows) {
      if (entry.rows.empty() || Holds(entry.rows, row.id)) rows.push_back(&row);
    }
    if (rows.empty()) continue;
    SuppressPlan& out = table.suppress.emplace_back();
    out.id = program_.Keep(entry.id.text);
    out.when = Use(entry.when, types_, Want::kCondition);
    out.holds_with_gaps = entry.with_gaps.text == "suppress";
    for (RowPlan* const row : rows) row->suppress.push_back(&out);
  }
}

// A doubt about drafts is none where there are no drafts.
void RulePlanner::PlanDoubts(TablePlan& table) {
  for (const DoubtSource& doubt : rule_->doubts) {
    const std::string& text = doubt.each.empty() ? doubt.when.text : doubt.each.text;
    if (types_.draft.empty() && base::ContainsWord(text, "Draft")) continue;
    DoubtPlan out;
    out.id = program_.Keep(doubt.id.text);
    out.when = Use(doubt.when, types_, Want::kCondition);
    out.each = Use(doubt.each, types_, Want::kTexts);
    out.says = program_.Keep(doubt.says.text);
    table.doubts.push_back(out);
  }
}

const CardPlan* RulePlanner::PlanCard(std::string_view id, TablePlan& table) {
  const CardSource* const card = FindCard(*rule_, id);
  if (card == nullptr) return nullptr;
  for (const CardPlan& known : table.cards) {
    if (known.id == id) return &known;
  }
  CardPlan& out = table.cards.emplace_back();
  out.id = program_.Keep(id);
  out.summary = MakeTemplate(card->summary, types_, Want::kText);
  for (const DetailPart& part : card->detail) PlanDetail(part, out);
  if (card->selection.text == "at-most-one") out.selection = SelectionBehavior::kAtMostOne;
  for (const Text& code : card->override_reasons) {
    for (const OverrideReasonSource& reason : source_.override_reasons) {
      if (reason.code.text == code.text)
        out.override_reasons.push_back({source_.override_system.text, code.text, reason.display.text});
    }
  }
  for (const Text& link : card->links) {
    const LinkSource* const found = FindById(source_.links, link.text);
    if (found != nullptr) out.links.push_back({found->label.text, found->url.text, LinkType::kAbsolute, {}});
  }
  for (const SuggestionSource& suggestion : card->suggestions) PlanSuggestion(suggestion, out);
  return &out;
}

void RulePlanner::PlanDetail(const DetailPart& part, CardPlan& card) {
  DetailPlan out;
  if (part.kind == DetailPart::Kind::kGaps) {
    out.kind = DetailPlan::Kind::kGaps;
    out.text = GapsTemplate(part.text);
  } else {
    out.when = Use(part.when, types_, Want::kCondition);
    ItemTypes types = types_;
    if (!part.each.empty()) {
      out.kind = DetailPlan::Kind::kEach;
      out.each = Use(part.each, types_, Want::kList);
      types = WithIt(types_, out.each);
    }
    out.text = MakeTemplate(part.text, types, Want::kText);
  }
  card.detail.push_back(std::move(out));
}

void RulePlanner::PlanSuggestion(const SuggestionSource& suggestion, CardPlan& card) {
  SuggestionPlan out;
  ItemTypes types = types_;
  if (!suggestion.each.empty()) {
    out.each = Use(suggestion.each, types_, Want::kList);
    types = WithIt(types_, out.each);
  }
  out.label = MakeTemplate(suggestion.label, types, Want::kText);
  out.when = Use(suggestion.when, types, Want::kCondition);
  out.is_recommended = suggestion.recommended.text == "true";
  for (const ActionSource& action : suggestion.actions) out.actions.push_back(PlanAction(action, types));
  card.suggestions.push_back(std::move(out));
}

ActionPlan RulePlanner::PlanAction(const ActionSource& action, const ItemTypes& types) {
  ActionPlan out;
  if (action.type.text == "update") out.type = ActionType::kUpdate;
  if (action.type.text == "delete") out.type = ActionType::kDelete;
  out.when = Use(action.when, types, Want::kCondition);
  out.description = MakeTemplate(action.description, types, Want::kText);
  out.resource_id = MakeTemplate(action.resource_id, types, Want::kText);
  const ResourceNode* resource = action.resource ? &*action.resource : nullptr;
  if (!action.include.empty()) {
    const auto found = source_.resources.find(action.include.text);
    if (found != source_.resources.end()) resource = &found->second;
  }
  if (resource == nullptr) return out;
  const TemplateMaker make = [&](const Text& text, ScalarJson json) {
    const Want want = json == ScalarJson::kString    ? Want::kText
                      : json == ScalarJson::kBoolean ? Want::kBoolean
                                                     : Want::kNumber;
    return MakeTemplate(text, types, want);
  };
  const Additions additions = out.type == ActionType::kCreate ? Additions::kNewResource : Additions::kNone;
  out.resource = CompileResource(*resource, additions, make, findings_);
  return out;
}

Expression RulePlanner::Use(const Text& text, const ItemTypes& types, Want want) {
  const Expression expression = expressions_.Add(rule_->logic.text, text, types, want);
  if (expression) uses_->push_back(expression.number);
  return expression;
}

Template RulePlanner::MakeTemplate(const Text& text, const ItemTypes& types, Want want) {
  Template out;
  const TemplateSplit split = SplitTemplate(WithoutEnd(text.text));
  if (!split.is_closed) {
    findings_.AddWithin(text, split.pieces.back().offset, "no \"}}\" ends this placeholder");
    return out;
  }
  for (const TemplatePiece& piece : split.pieces) {
    Template::Part part;
    if (piece.is_expression) {
      part.value = expressions_.Add(rule_->logic.text, text, piece.offset, piece.text, types, want);
      if (part.value) uses_->push_back(part.value.number);
      if (base::IsBlank(piece.text)) findings_.AddWithin(text, piece.offset, "the placeholder is empty");
    } else {
      part.text = piece.text;
    }
    out.parts.push_back(std::move(part));
  }
  return out;
}

// Filled in by the host, not by the logic.
Template RulePlanner::GapsTemplate(const Text& text) {
  for (const TemplatePiece& piece : SplitTemplate(text.text).pieces) {
    if (piece.is_expression && piece.text != "gaps")
      findings_.AddWithin(text, piece.offset, "only {{gaps}} may stand here");
  }
  Template out;
  out.parts.push_back({std::string(WithoutEnd(text.text)), {}});
  return out;
}

}  // namespace osteon::cards
