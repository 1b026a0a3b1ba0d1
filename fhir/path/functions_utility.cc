// FHIRPath 2.0.0 sections 5.9 "Utility functions", 6.3 "Types", 7 "Aggregates"; sort() and the functions on
// boundaries and precision of 2.1 and 3.0.0-ballot.
#include <algorithm>

#include "fhir/model/r4_model.h"
#include "fhir/model/ucum_unit.h"
#include "fhir/model/value_compare.h"
#include "fhir/path/boundaries.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"
#include "fhir/path/operators_math.h"
#include "fhir/path/operators_type.h"

namespace osteon::path {
namespace {

using model::Kind;
using model::Val;

using Arguments = std::span<const Val>;

Val Trace(Evaluation& run, const CallNode& call) {
  const Val input = call.input().Eval(run);
  if (run.input.trace == nullptr || run.failed()) return input;
  const Val name = SingleString(run, call.argument(0).Eval(run), call.argument(0).span());
  if (run.failed()) return {};
  Val shown = input;
  if (call.argument_count() > 1) {
    model::ListBuilder projected(run.arena);
    std::int32_t index = 0;
    for (const Val& item : model::Items(input)) {
      const ItemScope scope(run, item, index++);
      projected.AddItems(call.argument(1).Eval(run));
    }
    shown = projected.FinishCollection();
  }
  run.input.trace->OnValue(name.is(Kind::kString) ? name.string() : std::string_view(), call.span(), shown);
  return run.failed() ? Val() : input;
}

model::Temporal NowOf(const Evaluation& run) {
  return model::FromInstant(run.input.now, run.input.offset_minutes);
}
Val Now(Evaluation& run, const CallNode&) {
  return Val::Of(NowOf(run));
}
Val Today(Evaluation& run, const CallNode&) {
  return Val::Of(model::ToDate(NowOf(run)));
}
Val TimeOfDay(Evaluation& run, const CallNode&) {
  const auto time = model::ToTime(NowOf(run));
  return time ? Val::Of(*time) : Val();
}

// --- types

Val Is(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  const Val item = SingleItem(run, input, call.span());
  return item.is_null() ? Val() : Val::Boolean(IsOfType(item, call.type()));
}
Val As(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  const Val item = SingleItem(run, input, call.span());
  return CanBeTakenAs(item, call.type()) ? item : Val();
}

Val TypeInfoOf(Evaluation& run, const Val& item) {
  static constexpr std::string_view kNames[] = {"name", "namespace"};
  std::string_view space = "FHIR";
  std::string_view name;
  if (item.is(Kind::kNode)) {
    model::TypeId type = item.fhir_type();
    // A backbone element has no name of its own.
    while (model::KindOf(type) == model::TypeKind::kComponent ||
           model::KindOf(type) == model::TypeKind::kBoundCode) {
      type = model::ParentOf(type);
    }
    name = model::TypeName(type);
  } else {
    name = model::TypeName(SystemTypeOf(item));
  }
  if (name.starts_with("System.")) {
    space = "System";
    name.remove_prefix(7);
  }
  const Val values[] = {Val::String(name), Val::String(space)};
  return Val::Tuple(kNames, values, model::TypeId::kNone, run.arena);
}

bool TypeFunction(Evaluation& run, const CallNode& call, const Sink& sink) {
  auto map = [&](const Val& item) { return run.Spend(call.span()) && sink(TypeInfoOf(run, item)); };
  return call.input().Each(run, Sink(map));
}

// --- aggregates and order

Val Aggregate(Evaluation& run, const CallNode& call) {
  const Val input = call.input().Eval(run);
  if (run.failed()) return {};
  Val total = call.argument_count() > 1 ? call.argument(1).Eval(run) : Val();
  const Val outer_total = run.total;
  std::int32_t index = 0;
  for (const Val& item : model::Items(input)) {
    if (!run.Spend(call.span())) return {};
    const ItemScope scope(run, item, index++);
    run.total = total;
    total = call.argument(0).Eval(run);
    if (run.failed()) break;
  }
  run.total = outer_total;
  return run.failed() ? Val() : total;
}

// An item and its keys, converted once.
struct Keyed {
  Val item;
  const Val* keys;
};

// Keys without an order (an error) count as equal.
bool ComesBefore(Evaluation& run, const CallNode& call, const Keyed& a, const Keyed& b,
                 std::size_t key_count) {
  for (std::size_t i = 0; i < key_count; ++i) {
    const SortDirection direction =
        i < call.directions().size() ? call.directions()[i] : SortDirection::kAscending;
    const bool is_ascending = direction == SortDirection::kAscending;
    if (a.keys[i].is_null() != b.keys[i].is_null()) {
      return a.keys[i].is_null() == (direction != SortDirection::kDescending);
    }
    if (a.keys[i].is_null()) continue;
    const Val& left = is_ascending ? a.keys[i] : b.keys[i];
    const Val& right = is_ascending ? b.keys[i] : a.keys[i];
    const auto order = model::CompareValues(left, right, run.values);
    if (!order) run.Fail(call.span(), "sort() needs keys that have an order");
    if (order == model::Order::kLess) return true;
    if (order == model::Order::kGreater) return false;
  }
  return false;
}

Val Sort(Evaluation& run, const CallNode& call) {
  const Val input = call.input().Eval(run);
  const auto items = model::Items(input);
  if (run.failed() || items.size() < 2) return run.failed() ? Val() : input;
  const std::size_t key_count = std::max<std::size_t>(1, call.argument_count());
  std::uint64_t steps = 0;
  for (std::size_t n = items.size(); n > 0; n /= 2) steps += items.size();
  if (!run.Spend(call.span(), steps)) return {};
  auto* keyed = run.arena.AllocateArray<Keyed>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const ItemScope scope(run, items[i], static_cast<std::int32_t>(i));
    Val* keys = run.arena.AllocateArray<Val>(key_count);
    for (std::size_t k = 0; k < key_count; ++k) {
      const Val key = call.argument_count() == 0 ? items[i] : call.argument(k).Eval(run);
      new (keys + k) Val(SingleValue(run, key, call.span()));
    }
    if (run.failed()) return {};
    new (keyed + i) Keyed{items[i], keys};
  }
  // Merging keeps equal keys in their order; std::stable_sort would too, but takes its buffer from the heap.
  auto* spare = run.arena.AllocateArray<Keyed>(items.size());
  const auto before = [&](const Keyed& a, const Keyed& b) { return ComesBefore(run, call, a, b, key_count); };
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t from = 0; from < items.size(); from += 2 * width) {
      const std::size_t middle = std::min(from + width, items.size());
      const std::size_t end = std::min(from + 2 * width, items.size());
      std::merge(keyed + from, keyed + middle, keyed + middle, keyed + end, spare + from, before);
    }
    std::swap(keyed, spare);
  }
  if (run.failed()) return {};
  model::ListBuilder sorted(run.arena);
  for (std::size_t i = 0; i < items.size(); ++i) sorted.Add(keyed[i].item);
  return sorted.FinishCollection();
}

// --- precision

Val LowBoundaryFunction(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val value = SingleValue(run, input, call.span());
  std::optional<std::int64_t> digits;
  if (!arguments.empty()) digits = SingleInteger(run, arguments[0], call.argument(0).span());
  return run.failed() ? Val() : BoundaryOf(value, digits, Boundary::kLow, run.values);
}
Val HighBoundaryFunction(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val value = SingleValue(run, input, call.span());
  std::optional<std::int64_t> digits;
  if (!arguments.empty()) digits = SingleInteger(run, arguments[0], call.argument(0).span());
  return run.failed() ? Val() : BoundaryOf(value, digits, Boundary::kHigh, run.values);
}

Val PrecisionFunction(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  return DigitsOf(SingleValue(run, input, call.span()));
}

Val ComparableFunction(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const auto left = ToQuantity(SingleValue(run, input, call.span()));
  const auto right = ToQuantity(SingleValue(run, arguments[0], call.argument(0).span()));
  if (!left || !right) return {};
  const auto* unit = model::ucum::Find(UcumCodeOf(*left), run.arena);
  const auto* other = model::ucum::Find(UcumCodeOf(*right), run.arena);
  return Val::Boolean(unit != nullptr && other != nullptr && model::ucum::Comparable(*unit, *other));
}

constexpr std::string_view kTrialUse = "a trial-use function of FHIRPath 3.0.0-ballot";

constexpr FunctionRow kRows[] = {
    {"trace",
     1,
     2,
     Subject::kAny,
     {Argument::kString, Argument::kEach},
     Yields::kInput,
     Count::kAsInput,
     "2.0.0#trace",
     nullptr,
     Trace},
    {"now", 0, 0, Subject::kTypeless, {}, Yields::kDateTime, Count::kOne, "2.0.0#now", nullptr, Now},
    {"today", 0, 0, Subject::kTypeless, {}, Yields::kDate, Count::kOne, "2.0.0#today", nullptr, Today},
    {"timeOfDay",
     0,
     0,
     Subject::kTypeless,
     {},
     Yields::kTime,
     Count::kOne,
     "2.0.0#timeofday",
     nullptr,
     TimeOfDay},
    {"is", 1, 1, Subject::kAny, {Argument::kType}, Yields::kBoolean, Count::kOne, "2.0.0#is", Is},
    {"as", 1, 1, Subject::kAny, {Argument::kType}, Yields::kNamedType, Count::kOne, "2.0.0#as", As},
    {"type",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kTypeInfo,
     Count::kAsInput,
     "2.0.0#reflection",
     nullptr,
     nullptr,
     TypeFunction},
    {"aggregate",
     1,
     2,
     Subject::kAny,
     {Argument::kEach, Argument::kAny},
     Yields::kAny,
     Count::kMany,
     "2.0.0#aggregate",
     nullptr,
     Aggregate},
    {"sort",
     0,
     kManyArguments,
     Subject::kAny,
     {Argument::kSortKey, Argument::kSortKey, Argument::kSortKey},
     Yields::kInput,
     Count::kAsInput,
     "3.0.0-ballot#sort",
     nullptr,
     Sort},
    {"lowBoundary",
     0,
     1,
     Subject::kAny,
     {Argument::kInteger},
     Yields::kInput,
     Count::kOne,
     "2.1.0#lowboundary",
     LowBoundaryFunction},
    {"highBoundary",
     0,
     1,
     Subject::kAny,
     {Argument::kInteger},
     Yields::kInput,
     Count::kOne,
     "2.1.0#highboundary",
     HighBoundaryFunction},
    {"precision",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kInteger,
     Count::kOne,
     "2.1.0#precision",
     PrecisionFunction},
    {"comparable",
     1,
     1,
     Subject::kNumberOrQuantity,
     {Argument::kQuantity},
     Yields::kBoolean,
     Count::kOne,
     "R4#comparable",
     ComparableFunction},
    {"defineVariable",
     1,
     2,
     Subject::kAny,
     {Argument::kString, Argument::kAny},
     Yields::kInput,
     Count::kAsInput,
     "3.0.0-ballot#definevariable",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"duration",
     2,
     2,
     Subject::kTemporal,
     {Argument::kAny, Argument::kString},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#duration",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"difference",
     2,
     2,
     Subject::kTemporal,
     {Argument::kAny, Argument::kString},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#difference",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"yearOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#yearof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"monthOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#monthof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"dayOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#dayof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"hourOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#hourof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"minuteOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#minuteof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"secondOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#secondof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"millisecondOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kInteger,
     Count::kOne,
     "3.0.0-ballot#millisecondof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"timezoneOffsetOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kDecimal,
     Count::kOne,
     "3.0.0-ballot#timezoneoffsetof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"dateOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kDate,
     Count::kOne,
     "3.0.0-ballot#dateof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
    {"timeOf",
     0,
     0,
     Subject::kTemporal,
     {},
     Yields::kTime,
     Count::kOne,
     "3.0.0-ballot#timeof",
     nullptr,
     nullptr,
     nullptr,
     kTrialUse},
};

}  // namespace

std::span<const FunctionRow> UtilityFunctions() {
  return kRows;
}

}  // namespace osteon::path
