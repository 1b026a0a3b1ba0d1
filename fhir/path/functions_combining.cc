// FHIRPath 2.0.0 section 5.4 "Combining"; coalesce() of 3.0.0-ballot.
#include "fhir/path/collections.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"

namespace osteon::path {
namespace {

using model::Val;

Val Union(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  DistinctItems items(run, call.span());
  for (const Val& collection : {input, arguments[0]}) {
    for (const Val& item : model::Items(collection)) {
      if (!items.Add(item)) return {};
    }
  }
  return items.Finish();
}

// The order is always kept, so that 3.0.0-ballot's preserveOrder changes nothing.
bool Combine(Evaluation& run, const CallNode& call, const Sink& sink) {
  return call.input().Each(run, sink) && call.argument(0).Each(run, sink);
}

Val Coalesce(Evaluation& run, const CallNode& call) {
  for (std::size_t i = 0; i < call.argument_count(); ++i) {
    const Val value = call.argument(i).Eval(run);
    if (!model::Items(value).empty() || run.failed()) return value;
  }
  return {};
}

constexpr FunctionRow kRows[] = {
    {"union",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kInputAndFirstArgument,
     Count::kMany,
     "2.0.0#union",
     Union},
    {"combine",
     1,
     2,
     Subject::kAny,
     {Argument::kAny, Argument::kBoolean},
     Yields::kInputAndFirstArgument,
     Count::kMany,
     "2.0.0#combine",
     nullptr,
     nullptr,
     Combine},
    {"coalesce",
     1,
     kManyArguments,
     Subject::kAny,
     {Argument::kAny, Argument::kAny, Argument::kAny},
     Yields::kArguments,
     Count::kMany,
     "3.0.0-ballot#coalesce",
     nullptr,
     Coalesce},
};

}  // namespace

std::span<const FunctionRow> CombiningFunctions() {
  return kRows;
}

}  // namespace osteon::path
