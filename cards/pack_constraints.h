// What a pack says about its parameters together: "e.vdSevere < e.vdLow". Private to cards/pack_compiler.
#pragma once

#include "cards/pack_findings.h"
#include "cards/pack_source.h"
#include "cards/parameters.h"

namespace osteon::cards {

// A constraint names numeric parameters of the pack with < or <= between them ("a <= b <= c"). Findings: one
// that cannot be read, an unknown name, and one that the values break.
void CheckConstraints(const PackSource& source, const Parameters& parameters, PackFindings& findings);

}  // namespace osteon::cards
