// Decision tables as rules. One request's rules share one evaluation of the pack's logic.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "cards/pack_program.h"
#include "cards/rule.h"

namespace osteon::cards {

class TableRule final : public Rule {
 public:
  // `plan` is one of the program's rules.
  TableRule(std::shared_ptr<const PackProgram> program, const RulePlan& plan)
      : program_(std::move(program)), plan_(plan) {}

  std::string_view id() const override { return plan_.id; }
  std::string_view title() const override { return plan_.title; }
  std::span<const std::string_view> hooks() const override { return plan_.hooks; }
  std::vector<RowInfo> rows() const override;
  std::vector<RuleOutcome> Evaluate(const RuleInput& input) const override;

  const RulePlan& plan() const { return plan_; }

 private:
  const std::shared_ptr<const PackProgram> program_;
  const RulePlan& plan_;
};

}  // namespace osteon::cards
