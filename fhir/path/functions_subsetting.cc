// FHIRPath 2.0.0 section 5.3 "Subsetting".
#include "fhir/path/collections.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"

namespace osteon::path {
namespace {

using model::Val;

Val Single(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  return SingleItem(run, input, call.span());
}

Val First(Evaluation& run, const CallNode& call) {
  Val first;
  auto take = [&first](const Val& item) {
    first = item;
    return false;
  };
  call.input().Each(run, Sink(take));
  return run.failed() ? Val() : first;
}

Val Last(Evaluation& run, const CallNode&, const Val& input, std::span<const Val>) {
  (void)run;
  const auto items = model::Items(input);
  return items.empty() ? Val() : items.back();
}

bool SkipItems(Evaluation& run, const CallNode& call, std::int64_t count, const Sink& sink) {
  auto pass = [&](const Val& item) { return count-- > 0 || sink(item); };
  return call.input().Each(run, Sink(pass));
}
bool Tail(Evaluation& run, const CallNode& call, const Sink& sink) {
  return SkipItems(run, call, 1, sink);
}
bool Skip(Evaluation& run, const CallNode& call, const Sink& sink) {
  const auto count = SingleInteger(run, call.argument(0).Eval(run), call.argument(0).span());
  return count && SkipItems(run, call, *count, sink);
}

bool Take(Evaluation& run, const CallNode& call, const Sink& sink) {
  const auto count = SingleInteger(run, call.argument(0).Eval(run), call.argument(0).span());
  if (!count || *count <= 0) return !run.failed();
  std::int64_t left = *count;
  bool wants_more = true;
  auto pass = [&](const Val& item) {
    wants_more = sink(item);
    return wants_more && --left > 0;
  };
  call.input().Each(run, Sink(pass));
  return wants_more && !run.failed();
}

Val Intersect(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  DistinctItems other(run, call.span());
  for (const Val& item : model::Items(arguments[0])) {
    if (!other.Add(item)) return {};
  }
  DistinctItems both(run, call.span());
  for (const Val& item : model::Items(input)) {
    if (!run.Spend(call.span())) return {};
    if (other.Contains(item) && !both.Add(item)) return {};
  }
  return both.Finish();
}

Val Exclude(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  DistinctItems other(run, call.span());
  for (const Val& item : model::Items(arguments[0])) {
    if (!other.Add(item)) return {};
  }
  model::ListBuilder kept(run.arena);
  for (const Val& item : model::Items(input)) {
    if (!run.Spend(call.span())) return {};
    if (!other.Contains(item)) kept.Add(item);
  }
  return kept.FinishCollection();
}

constexpr FunctionRow kRows[] = {
    {"single", 0, 0, Subject::kAny, {}, Yields::kInput, Count::kOne, "2.0.0#single", Single},
    {"first", 0, 0, Subject::kAny, {}, Yields::kInput, Count::kOne, "2.0.0#first", nullptr, First},
    {"last", 0, 0, Subject::kAny, {}, Yields::kInput, Count::kOne, "2.0.0#last", Last},
    {"tail", 0, 0, Subject::kAny, {}, Yields::kInput, Count::kAsInput, "2.0.0#tail", nullptr, nullptr, Tail},
    {"skip",
     1,
     1,
     Subject::kAny,
     {Argument::kInteger},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#skip",
     nullptr,
     nullptr,
     Skip},
    {"take",
     1,
     1,
     Subject::kAny,
     {Argument::kInteger},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#take",
     nullptr,
     nullptr,
     Take},
    {"intersect",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#intersect",
     Intersect},
    {"exclude",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#exclude",
     Exclude},
};

}  // namespace

std::span<const FunctionRow> SubsettingFunctions() {
  return kRows;
}

}  // namespace osteon::path
