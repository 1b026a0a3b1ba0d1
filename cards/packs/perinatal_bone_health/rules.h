// The rules of the pack and what assembles them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cards/pack.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

std::unique_ptr<const Rule> MakeBackPainRule();        // A
std::unique_ptr<const Rule> MakeHeparinRule();         // B
std::unique_ptr<const Rule> MakeBisphosphonateRule();  // C

// The shipped pack. `parameter_overrides` by key; errors as Parameters::Create.
base::Result<Pack> MakePack(const std::map<std::string, std::string>& parameter_overrides);

// A list of this one; an initializer list would copy its card.
inline std::vector<RuleOutcome> Only(RuleOutcome outcome) {
  std::vector<RuleOutcome> outcomes;
  outcomes.push_back(std::move(outcome));
  return outcomes;
}

}  // namespace osteon::cards::perinatal
