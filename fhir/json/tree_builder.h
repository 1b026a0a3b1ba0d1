// Stage 2 of reading: from the positions of the structural characters to the nodes of a Tree.
#pragma once

#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/base/result.h"
#include "fhir/json/structural_index.h"
#include "fhir/json/tree.h"

namespace osteon::json {

class TreeBuilder {
 public:
  // `index` is of `text`. The rest is as in Tree::Read.
  static base::Result<const Tree*> Build(std::string_view text, const internal::StructuralIndex& index,
                                         base::Arena& arena, const ReadLimits& limits);
};

}  // namespace osteon::json
