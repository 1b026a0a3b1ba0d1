// Lists as sets, and intervals gathered and spread.
#pragma once

#include "fhir/cql/run.h"

namespace osteon::cql {

// The container may be null: it holds nothing then.
Val ListContains(Run& run, const Node& node, const Val& list, const Val& item);
Val ListProperlyContains(Run& run, const Node& node, const Val& list, const Val& item);
Val ListIncludes(Run& run, const Node& node, const Val& list, const Val& inner);
Val ListProperlyIncludes(Run& run, const Node& node, const Val& list, const Val& inner);

Val ListUnion(Run& run, const Node& node, const Val& a, const Val& b);
Val ListIntersect(Run& run, const Node& node, const Val& a, const Val& b);
Val ListExcept(Run& run, const Node& node, const Val& a, const Val& b);

Val Collapse(Run& run, const Step& step, std::span<const Val> operands);
Val Expand(Run& run, const Step& step, std::span<const Val> operands);

}  // namespace osteon::cql
