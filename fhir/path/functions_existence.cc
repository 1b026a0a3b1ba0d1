// FHIRPath 2.0.0 section 5.1 "Existence", and not() of section 6.5.
#include "fhir/path/collections.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"

namespace osteon::path {
namespace {

using model::Kind;
using model::Truth;
using model::Val;

// Whether the criterion holds for any item; stops at the first. `wanted`: the truth looked for.
bool AnyItem(Evaluation& run, const CallNode& call, bool wanted) {
  bool found = false;
  std::int32_t index = 0;
  auto test = [&](const Val& item) {
    if (!run.Spend(call.span())) return false;
    const ItemScope scope(run, item, index++);
    const Truth truth = SingleTruth(run, call.argument(0).Eval(run), call.argument(0).span());
    found = (truth == Truth::kTrue) == wanted;
    return !found && !run.failed();
  };
  call.input().Each(run, Sink(test));
  return found;
}

bool HasItem(Evaluation& run, const CallNode& call) {
  bool found = false;
  auto see = [&found](const Val&) {
    found = true;
    return false;
  };
  call.input().Each(run, Sink(see));
  return found;
}

Val Empty(Evaluation& run, const CallNode& call) {
  return Val::Boolean(!HasItem(run, call));
}
Val Exists(Evaluation& run, const CallNode& call) {
  return Val::Boolean(call.argument_count() == 0 ? HasItem(run, call) : AnyItem(run, call, true));
}
Val All(Evaluation& run, const CallNode& call) {
  return Val::Boolean(!AnyItem(run, call, false));
}

// Whether an item is the Boolean `wanted`; items of another type are an error.
bool AnyBoolean(Evaluation& run, const CallNode& call, const Val& input, bool wanted) {
  bool found = false;
  for (const Val& item : model::Items(input)) {
    const Val value = SingleValue(run, item, call.span());
    if (!value.is(Kind::kBoolean)) {
      run.Fail(call.span(), ArenaText(run, {"expected Boolean items, but one is ", KindName(value)}));
      return false;
    }
    found = found || value.boolean() == wanted;
  }
  return found;
}
Val AllTrue(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  return Val::Boolean(!AnyBoolean(run, call, input, false));
}
Val AnyTrue(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  return Val::Boolean(AnyBoolean(run, call, input, true));
}
Val AllFalse(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  return Val::Boolean(!AnyBoolean(run, call, input, true));
}
Val AnyFalse(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  return Val::Boolean(AnyBoolean(run, call, input, false));
}

Val IsSubset(Evaluation& run, Span span, const Val& part, const Val& whole) {
  DistinctItems items(run, span);
  for (const Val& item : model::Items(whole)) {
    if (!items.Add(item)) return {};
  }
  for (const Val& item : model::Items(part)) {
    if (!run.Spend(span)) return {};
    if (!items.Contains(item)) return Val::Boolean(false);
  }
  return Val::Boolean(true);
}
Val SubsetOf(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  return IsSubset(run, call.span(), input, arguments[0]);
}
Val SupersetOf(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  return IsSubset(run, call.span(), arguments[0], input);
}

Val CountItems(Evaluation& run, const CallNode& call) {
  return Val::Integer(static_cast<std::int32_t>(call.input().Count(run)));
}

bool Distinct(Evaluation& run, const CallNode& call, const Sink& sink) {
  DistinctItems items(run, call.span());
  auto add = [&](const Val& item) { return items.Add(item) && (!items.added() || sink(item)); };
  return call.input().Each(run, Sink(add));
}

Val IsDistinct(Evaluation& run, const CallNode& call) {
  DistinctItems items(run, call.span());
  bool is_distinct = true;
  auto add = [&](const Val& item) {
    if (!items.Add(item)) return false;
    is_distinct = items.added();
    return is_distinct;
  };
  call.input().Each(run, Sink(add));
  return Val::Boolean(is_distinct);
}

Val NotFunction(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  return model::ToVal(model::Not(SingleTruth(run, input, call.span())));
}

constexpr FunctionRow kRows[] = {
    {"empty", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#empty", nullptr, Empty},
    {"exists",
     0,
     1,
     Subject::kAny,
     {Argument::kCondition},
     Yields::kBoolean,
     Count::kOne,
     "2.0.0#exists",
     nullptr,
     Exists},
    {"all",
     1,
     1,
     Subject::kAny,
     {Argument::kCondition},
     Yields::kBoolean,
     Count::kOne,
     "2.0.0#all",
     nullptr,
     All},
    {"allTrue", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#alltrue", AllTrue},
    {"anyTrue", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#anytrue", AnyTrue},
    {"allFalse", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#allfalse", AllFalse},
    {"anyFalse", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#anyfalse", AnyFalse},
    {"subsetOf",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kBoolean,
     Count::kOne,
     "2.0.0#subsetof",
     SubsetOf},
    {"supersetOf",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kBoolean,
     Count::kOne,
     "2.0.0#supersetof",
     SupersetOf},
    {"count", 0, 0, Subject::kAny, {}, Yields::kInteger, Count::kOne, "2.0.0#count", nullptr, CountItems},
    {"distinct",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#distinct",
     nullptr,
     nullptr,
     Distinct},
    {"isDistinct",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kBoolean,
     Count::kOne,
     "2.0.0#isdistinct",
     nullptr,
     IsDistinct},
    {"not", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#not", NotFunction},
};

}  // namespace

std::span<const FunctionRow> ExistenceFunctions() {
  return kRows;
}

}  // namespace osteon::path
