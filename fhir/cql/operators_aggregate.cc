// CQL 1.5.3, Appendix B: Aggregate Functions. Nulls are left out; of nothing the result is null.
#include <algorithm>
#include <cmath>
#include <vector>

#include "fhir/cql/numbers.h"
#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"
#include "fhir/path/operators_math.h"

namespace osteon::cql {
namespace {

using base::Decimal;
using Operands = std::span<const Val>;

constexpr int kFraction = 8;

std::span<const Val> Known(Run& run, const Step& step, const Val& list) {
  model::ListBuilder known(run.arena);
  for (const Val& item : model::Items(list)) {
    if (!run.Spend(*step.node)) return {};
    if (!item.is_null()) known.Add(item);
  }
  return known.items();
}

Val AllTrue(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto items = model::Items(operands[0]);
  return Val::Boolean(std::none_of(items.begin(), items.end(),
                                   [](const Val& item) { return model::ToTruth(item) == Truth::kFalse; }));
}

Val AnyTrue(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto items = model::Items(operands[0]);
  return Val::Boolean(std::any_of(items.begin(), items.end(),
                                  [](const Val& item) { return model::ToTruth(item) == Truth::kTrue; }));
}

Val Count(Run& run, const Step& step, Operands operands) {
  return Val::Integer(static_cast<std::int32_t>(Known(run, step, operands[0]).size()));
}

enum class Wanted : std::uint8_t { kLeast, kGreatest };

template <Wanted kWanted>
Val Extreme(Run& run, const Step& step, Operands operands) {
  Val best;
  for (const Val& item : Known(run, step, operands[0])) {
    if (best.is_null()) {
      best = item;
      continue;
    }
    const auto order = model::CompareValues(item, best, run.values);
    if (order && *order == (kWanted == Wanted::kLeast ? model::Order::kLess : model::Order::kGreater))
      best = item;
  }
  return best;
}

using Binary = path::OperatorResult (*)(const Val&, const Val&, const model::ValueContext&);

template <Binary kOperation>
Val Fold(Run& run, const Step& step, Operands operands) {
  Val total;
  bool first = true;
  for (const Val& item : Known(run, step, operands[0])) {
    total = first ? item : kOperation(total, item, run.values).value;
    first = false;
    if (total.is_null()) return {};
  }
  return total;
}

// Decimals, or the values of quantities in the unit of the first.
struct Numbers {
  std::vector<Decimal> values;
  const model::QuantityValue* unit = nullptr;
};

std::optional<Numbers> NumbersOf(Run& run, const Step& step, const Val& list) {
  Numbers numbers;
  for (const Val& item : Known(run, step, list)) {
    if (!item.is(ValueKind::kQuantity)) {
      numbers.values.push_back(path::ToDecimal(item));
      continue;
    }
    if (numbers.unit == nullptr) numbers.unit = &item.quantity();
    const auto value = model::ConvertQuantity(item.quantity(), numbers.unit->unit, run.values);
    if (!value) return std::nullopt;
    numbers.values.push_back(*value);
  }
  if (numbers.values.empty()) return std::nullopt;
  return numbers;
}

Val ValueOf(Run& run, const Numbers& numbers, const std::optional<Decimal>& value) {
  if (!value) return {};
  const Decimal rounded = value->Rounded(kFraction);
  if (numbers.unit == nullptr) return run.Decimal(rounded);
  return Val::Quantity(
      {.value = rounded, .unit = numbers.unit->unit, .is_calendar = numbers.unit->is_calendar}, run.arena);
}

// With more digits than the result has, so that what is computed from it stays exact enough.
std::optional<Decimal> MeanOf(const std::vector<Decimal>& values) {
  std::optional<Decimal> sum = Decimal(0);
  for (const Decimal& value : values) {
    sum = sum->Plus(value);
    if (!sum) return std::nullopt;
  }
  return sum->DividedBy(Decimal(static_cast<std::int64_t>(values.size())), 12);
}

Val Avg(Run& run, const Step& step, Operands operands) {
  const auto numbers = NumbersOf(run, step, operands[0]);
  return numbers ? ValueOf(run, *numbers, MeanOf(numbers->values)) : Val();
}

Val Median(Run& run, const Step& step, Operands operands) {
  auto numbers = NumbersOf(run, step, operands[0]);
  if (!numbers) return {};
  auto& values = numbers->values;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return ValueOf(run, *numbers, values[middle]);
  return ValueOf(run, *numbers, MeanOf({values[middle - 1], values[middle]}));
}

Val Mode(Run& run, const Step& step, Operands operands) {
  const auto items = Known(run, step, operands[0]);
  Val mode;
  std::size_t most = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::size_t count = 0;
    for (std::size_t j = i; j < items.size(); ++j) {
      if (!run.Spend(*step.node)) return {};
      if (model::SameItem(items[i], items[j], run.values)) ++count;
    }
    if (count > most) {
      most = count;
      mode = items[i];
    }
  }
  return mode;
}

enum class Over : std::uint8_t { kPopulation, kSample };

std::optional<Decimal> VarianceOf(const std::vector<Decimal>& values, Over over) {
  const auto mean = MeanOf(values);
  const auto divisor = static_cast<std::int64_t>(values.size()) - (over == Over::kSample ? 1 : 0);
  if (!mean || divisor <= 0) return std::nullopt;
  std::optional<Decimal> sum = Decimal(0);
  for (const Decimal& value : values) {
    const auto distance = value.Minus(*mean);
    const auto square = distance ? distance->Times(*distance) : std::nullopt;
    sum = square ? sum->Plus(square->Rounded(16)) : std::nullopt;
    if (!sum) return std::nullopt;
  }
  return sum->DividedBy(Decimal(divisor), 12);
}

template <Over kOver>
Val Variance(Run& run, const Step& step, Operands operands) {
  const auto numbers = NumbersOf(run, step, operands[0]);
  return numbers ? ValueOf(run, *numbers, VarianceOf(numbers->values, kOver)) : Val();
}

template <Over kOver>
Val StdDev(Run& run, const Step& step, Operands operands) {
  const auto numbers = NumbersOf(run, step, operands[0]);
  const auto variance = numbers ? VarianceOf(numbers->values, kOver) : std::nullopt;
  if (!variance) return {};
  return ValueOf(run, *numbers, DecimalOf(std::sqrt(FloatOf(*variance))));
}

// The n-th root of the product, by logarithms.
Val GeometricMean(Run& run, const Step& step, Operands operands) {
  const auto numbers = NumbersOf(run, step, operands[0]);
  if (!numbers) return {};
  // The root of the product, whose sign decides; by logarithms, since the product may be out of range.
  long double sum = 0;
  bool negative = false;
  for (const Decimal& value : numbers->values) {
    if (value.is_zero()) return run.Decimal(Decimal(0));
    negative ^= value.negative();
    sum += std::log(std::abs(FloatOf(value)));
  }
  if (negative) return {};
  return run.Decimal(DecimalOf(std::exp(sum / static_cast<long double>(numbers->values.size()))));
}

constexpr ImplementationRow kRows[] = {
    {"AllTrue", AllTrue},
    {"AnyTrue", AnyTrue},
    {"Count", Count},
    {"Max", Extreme<Wanted::kGreatest>},
    {"Min", Extreme<Wanted::kLeast>},
    {"Sum", Fold<path::Plus>},
    {"Product", Fold<path::Times>},
    {"Avg", Avg},
    {"Median", Median},
    {"Mode", Mode},
    {"Variance", Variance<Over::kSample>},
    {"PopulationVariance", Variance<Over::kPopulation>},
    {"StdDev", StdDev<Over::kSample>},
    {"PopulationStdDev", StdDev<Over::kPopulation>},
    {"GeometricMean", GeometricMean},
};

}  // namespace

std::span<const ImplementationRow> AggregateFunctions() {
  return kRows;
}

}  // namespace osteon::cql
