// FHIRPath 2.0.0 section 5.2 "Filtering and projection"; repeatAll() of 3.0.0-ballot.
#include "fhir/path/collections.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"
#include "fhir/path/operators_type.h"

namespace osteon::path {
namespace {

using model::Truth;
using model::Val;

bool Where(Evaluation& run, const CallNode& call, const Sink& sink) {
  std::int32_t index = 0;
  const Node& criterion = call.argument(0);
  auto test = [&](const Val& item) {
    if (!run.Spend(call.span())) return false;
    Truth truth;
    {
      const ItemScope scope(run, item, index++);
      truth = SingleTruth(run, criterion.Eval(run), criterion.span());
    }
    if (run.failed()) return false;
    return truth != Truth::kTrue || sink(item);
  };
  return call.input().Each(run, Sink(test));
}

bool Select(Evaluation& run, const CallNode& call, const Sink& sink) {
  std::int32_t index = 0;
  auto project = [&](const Val& item) {
    if (!run.Spend(call.span())) return false;
    const ItemScope scope(run, item, index++);
    return call.argument(0).Each(run, sink);
  };
  return call.input().Each(run, Sink(project));
}

// The projection of the input, of what that gave, and so on. Each item counts once.
bool Repeat(Evaluation& run, const CallNode& call, const Sink& sink) {
  DistinctItems items(run, call.span());
  std::int32_t index = 0;
  auto keep = [&](const Val& item) { return items.Add(item) && (!items.added() || sink(item)); };
  auto project = [&](const Val& item) {
    const ItemScope scope(run, item, index++);
    return call.argument(0).Each(run, Sink(keep));
  };
  if (!call.input().Each(run, Sink(project))) return false;
  for (std::size_t i = 0; i < items.items().size(); ++i) {
    const Val item = items.items()[i];
    if (!project(item)) return false;
  }
  return true;
}

// Without looking for duplicates; what goes in circles ends with the budget.
bool RepeatAll(Evaluation& run, const CallNode& call, const Sink& sink) {
  model::ListBuilder items(run.arena);
  auto keep = [&](const Val& item) {
    if (!run.Spend(call.span())) return false;
    items.Add(item);
    return sink(item);
  };
  std::int32_t index = 0;
  auto project = [&](const Val& item) {
    const ItemScope scope(run, item, index++);
    return call.argument(0).Each(run, Sink(keep));
  };
  if (!call.input().Each(run, Sink(project))) return false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Val item = items.items()[i];
    if (!project(item)) return false;
  }
  return true;
}

bool OfType(Evaluation& run, const CallNode& call, const Sink& sink) {
  auto test = [&](const Val& item) { return !CanBeTakenAs(item, call.type()) || sink(item); };
  return call.input().Each(run, Sink(test));
}

constexpr FunctionRow kRows[] = {
    {"where",
     1,
     1,
     Subject::kAny,
     {Argument::kCondition},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#where",
     nullptr,
     nullptr,
     Where},
    {"select",
     1,
     1,
     Subject::kAny,
     {Argument::kEach},
     Yields::kFirstArgument,
     Count::kAsInput,
     "2.0.0#select",
     nullptr,
     nullptr,
     Select},
    {"repeat",
     1,
     1,
     Subject::kAny,
     {Argument::kEach},
     Yields::kFirstArgument,
     Count::kMany,
     "2.0.0#repeat",
     nullptr,
     nullptr,
     Repeat},
    {"repeatAll",
     1,
     1,
     Subject::kAny,
     {Argument::kEach},
     Yields::kFirstArgument,
     Count::kMany,
     "3.0.0-ballot#repeatall",
     nullptr,
     nullptr,
     RepeatAll},
    {"ofType",
     1,
     1,
     Subject::kAny,
     {Argument::kType},
     Yields::kNamedType,
     Count::kAsInput,
     "2.0.0#oftype",
     nullptr,
     nullptr,
     OfType},
};

}  // namespace

std::span<const FunctionRow> FilteringFunctions() {
  return kRows;
}

}  // namespace osteon::path
