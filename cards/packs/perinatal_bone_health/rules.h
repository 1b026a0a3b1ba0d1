// The rules of the pack and what assembles them.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cards/pack.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

std::unique_ptr<const Rule> MakeBackPainRule();        // A
std::unique_ptr<const Rule> MakeHeparinRule();         // B
std::unique_ptr<const Rule> MakeBisphosphonateRule();  // C

// The shipped pack. `parameter_overrides` by key; errors as Parameters::Create.
base::Result<Pack> MakePack(const std::map<std::string, std::string>& parameter_overrides);

}  // namespace osteon::cards::perinatal
