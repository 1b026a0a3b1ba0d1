// FHIRPath 2.0.0 section 5.8 "Tree Navigation".
#include "fhir/model/value_node.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"

namespace osteon::path {
namespace {

using model::Val;

template <bool (*kWalk)(const Val&, const model::NodeSink&, base::Arena&)>
bool Walk(Evaluation& run, const CallNode& call, const Sink& sink) {
  auto take = [&](const Val& node) { return run.Spend(call.span()) && sink(node); };
  const model::NodeSink nodes{
      &take, [](void* target, const Val& node) { return (*static_cast<decltype(take)*>(target))(node); }};
  auto open = [&](const Val& item) { return kWalk(item, nodes, run.arena); };
  return call.input().Each(run, Sink(open));
}

std::size_t Descendants(Evaluation& run, const CallNode& call) {
  std::size_t count = 0;
  auto open = [&](const Val& item) {
    count += model::CountDescendants(item, run.arena);
    return true;
  };
  (void)call.input().Each(run, Sink(open));
  return count;
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
     Walk<model::EachChild>},
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
     Walk<model::EachDescendant>,
     {},
     Descendants},
};

}  // namespace

std::span<const FunctionRow> TreeFunctions() {
  return kRows;
}

}  // namespace osteon::path
