// FHIRPath 2.0.0 section 5.8 "Tree Navigation".
#include "fhir/model/value_node.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"

namespace osteon::path {
namespace {

using model::Val;

bool Children(Evaluation& run, const CallNode& call, const Sink& sink) {
  auto open = [&](const Val& item) {
    model::ListBuilder children(run.arena);
    model::AddChildren(item, children, run.arena);
    for (const Val& child : children.items()) {
      if (!run.Spend(call.span()) || !sink(child)) return false;
    }
    return true;
  };
  return call.input().Each(run, Sink(open));
}

// Depth first, parents before their children. As deep as the JSON, whose depth the reader bounds.
bool Descend(Evaluation& run, const CallNode& call, const Val& item, const Sink& sink) {
  model::ListBuilder children(run.arena);
  model::AddChildren(item, children, run.arena);
  for (const Val& child : children.items()) {
    if (!run.Spend(call.span()) || !sink(child) || !Descend(run, call, child, sink)) return false;
  }
  return true;
}
bool Descendants(Evaluation& run, const CallNode& call, const Sink& sink) {
  auto open = [&](const Val& item) { return Descend(run, call, item, sink); };
  return call.input().Each(run, Sink(open));
}

constexpr FunctionRow kRows[] = {
    {"children",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kChildren,
     Count::kMany,
     "2.0.0#children",
     nullptr,
     nullptr,
     Children},
    {"descendants",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kDescendants,
     Count::kMany,
     "2.0.0#descendants",
     nullptr,
     nullptr,
     Descendants},
};

}  // namespace

std::span<const FunctionRow> TreeFunctions() {
  return kRows;
}

}  // namespace osteon::path
