// From the tables of a pack's rules to what runs. Private to cards/pack_compiler.
#pragma once

#include <string_view>

#include "cards/pack_expressions.h"
#include "cards/pack_program.h"
#include "cards/pack_source.h"

namespace osteon::cards {

class RulePlanner {
 public:
  RulePlanner(const PackSource& source, PackFindings& findings, PackExpressions& expressions,
              PackProgram& program)
      : source_(source), findings_(findings), expressions_(expressions), program_(program) {}

  // Adds every expression of the rules to `expressions` and leaves them analysed; fills program.rules, in the
  // order of the source.
  void Plan();

 private:
  void AddLists();
  void AddListsOf(const RuleSource& rule, const CardSource& card, const ItemTypes& types);
  ItemTypes TypesOf(const RuleSource& rule, const TableSource& table);
  ItemTypes WithIt(const ItemTypes& types, Expression each) const;
  const CardSource* FindCard(const RuleSource& rule, std::string_view id) const;

  void PlanRule(const RuleSource& rule);
  void PlanTable(const RuleSource& rule, const TableSource& table, RulePlan& plan);
  void PlanRow(const RowSource& row, TablePlan& table);
  const CardPlan* PlanCard(std::string_view id, TablePlan& table);
  void PlanDetail(const DetailPart& part, CardPlan& card);
  void PlanSuggestion(const SuggestionSource& suggestion, CardPlan& card);
  ActionPlan PlanAction(const ActionSource& action, const ItemTypes& types);
  void PlanSuppress(TablePlan& table);
  void PlanDoubts(TablePlan& table);

  Expression Use(const Text& text, const ItemTypes& types, Want want);
  Template MakeTemplate(const Text& text, const ItemTypes& types, Want want);
  Template GapsTemplate(const Text& text);
  Indicator IndicatorOf(const Text& text, Indicator absent);

  const PackSource& source_;
  PackFindings& findings_;
  PackExpressions& expressions_;
  PackProgram& program_;
  // Of the table being planned.
  const RuleSource* rule_ = nullptr;
  std::vector<std::uint32_t>* uses_ = nullptr;
  ItemTypes types_;
};

}  // namespace osteon::cards
