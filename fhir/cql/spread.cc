// Collapse and Expand. Source: CQL 1.5.3, Appendix B "Collapse", "Expand".
#include <algorithm>
#include <vector>

#include "fhir/cql/collections.h"
#include "fhir/cql/timing.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_quantity.h"
#include "fhir/model/value_text.h"
#include "fhir/path/operators_math.h"

namespace osteon::cql {
namespace {

using base::Decimal;
using model::IntervalValue;
using model::Order;
using Operands = std::span<const Val>;

bool IsAtMost(Run& run, const Val& a, const Val& b) {
  return model::IsLessOrEqual(model::CompareValues(a, b, run.values)) == Truth::kTrue;
}

// Intervals with both bounds known, closed; and those with one that is not, null and open.
struct Spreads {
  std::span<IntervalValue> known;
  std::span<IntervalValue> half_known;
};

Spreads SpreadsOf(Run& run, const Step& step, const Val& list) {
  const auto items = model::Items(list);
  auto* const all = run.arena.AllocateArray<IntervalValue>(items.size());
  std::size_t known = 0;
  std::size_t half_known = items.size();
  for (const Val& item : items) {
    if (!item.is(ValueKind::kInterval)) continue;
    const auto& bounds = item.interval();
    // Open towards null, nothing is known; and nothing but nulls is every point.
    if (bounds.low.is_null() && bounds.high.is_null()) continue;
    const model::NormalInterval normal = NormalOf(run, *step.children[0]->node, item, {});
    const IntervalValue closed = model::ToInterval(normal);
    const bool is_known = !model::StartOf(normal).is_null() && !model::EndOf(normal).is_null();
    all[is_known ? known++ : --half_known] = closed;
  }
  // Filled from the back.
  std::reverse(all + half_known, all + items.size());
  return {{all, known}, {all + half_known, items.size() - half_known}};
}

// Whether `next` begins within the interval that ends at `high`, right after it, or at most `per` after it.
bool Continues(Run& run, const Val& high, const Val& next, const Val& per) {
  if (IsAtMost(run, next, high)) return true;
  const Val after = model::SuccessorOf(high, run.values);
  if (!after.is_null() && IsAtMost(run, next, after)) return true;
  if (!per.is(ValueKind::kQuantity)) return false;
  Val reach = path::Plus(high, per, run.values).value;
  if (high.is_number()) {
    const auto sum = path::ToDecimal(high).Plus(per.quantity().value);
    reach = sum ? run.Decimal(*sum) : Val();
  }
  return !reach.is_null() && IsAtMost(run, next, reach);
}

// --- expanding

std::optional<model::Precision> PrecisionOfUnit(model::DurationUnit unit) {
  switch (unit) {
    case model::DurationUnit::kYear:
      return model::Precision::kYear;
    case model::DurationUnit::kMonth:
      return model::Precision::kMonth;
    case model::DurationUnit::kWeek:
    case model::DurationUnit::kDay:
      return model::Precision::kDay;
    case model::DurationUnit::kHour:
      return model::Precision::kHour;
    case model::DurationUnit::kMinute:
      return model::Precision::kMinute;
    case model::DurationUnit::kSecond:
      return model::Precision::kSecond;
    case model::DurationUnit::kMillisecond:
      return model::Precision::kMillisecond;
  }
  return std::nullopt;
}

model::DurationUnit UnitOf(model::Precision precision) {
  const int index = static_cast<int>(precision);
  return static_cast<model::DurationUnit>(precision >= model::Precision::kDay ? index + 1 : index);
}

class Expansion {
 public:
  // as_points: the first point of each piece instead of the piece.
  Expansion(Run& run, const Node& node, bool as_points)
      : run_(run), node_(node), as_points_(as_points), pieces_(run.arena) {}

  void Add(const IntervalValue& interval, const Val& per) {
    if (interval.low.is_temporal()) return AddTemporal(interval, per);
    if (interval.low.is(ValueKind::kQuantity)) return AddQuantities(interval, per);
    if (interval.low.is_number()) return AddNumbers(interval, per);
  }

  Val Finish() { return DistinctItems(run_, node_, pieces_.items()); }

 private:
  void Piece(const Val& low, const Val& high) {
    if (as_points_) return pieces_.Add(low);
    pieces_.Add(Val::Interval({low, high, true, true}, run_.arena));
  }

  // Pieces are as precise as `per`; a bound that is coarser has no such points.
  void AddTemporal(const IntervalValue& interval, const Val& per) {
    const model::Temporal& low = interval.low.temporal();
    const model::Temporal& high = interval.high.temporal();
    model::DurationUnit unit = UnitOf(std::min(low.precision, high.precision));
    std::int64_t amount = 1;
    if (per.is(ValueKind::kQuantity)) {
      const auto named = model::FindDurationUnit(per.quantity().unit);
      const auto whole = per.quantity().value.ToInteger();
      if (!named || !whole || *whole <= 0) return;
      unit = named->unit;
      amount = *whole;
    }
    const auto precision = PrecisionOfUnit(unit);
    if (!precision || low.precision < *precision || high.precision < *precision) return;
    model::Temporal at = model::LowBoundary(low, *precision);
    const Val end = Val::Of(model::LowBoundary(high, *precision));
    while (run_.Spend(node_)) {
      const auto next = model::Add(at, amount, unit);
      const auto last = next ? model::Predecessor(*next) : std::nullopt;
      if (!last || !IsAtMost(run_, Val::Of(*last), end)) return;
      Piece(Val::Of(at), Val::Of(*last));
      // A time wraps around midnight.
      if (!IsAtMost(run_, Val::Of(at), Val::Of(*next))) return;
      at = *next;
    }
  }

  // In steps of `per`, from the low bound cut off at its scale to the high bound.
  template <typename Make>
  void AddDecimals(const Decimal& low, const Decimal& high, const Decimal& per, const Make& make) {
    if (per.negative() || per.is_zero()) return;
    const int scale = per.scale();
    const auto unit = Decimal::Parse("1e-" + std::to_string(scale));
    auto at = model::WithScale(low, scale);
    auto end = model::WithScale(high, scale);
    if (!unit || !at || !end) return;
    if (high.scale() < scale) {
      // A bound written with fewer digits stands for all that begin with them.
      const auto coarse = Decimal::Parse("1e-" + std::to_string(high.scale()));
      const auto room = coarse ? coarse->Minus(*unit) : std::nullopt;
      end = room ? end->Plus(*room) : std::nullopt;
    }
    while (end && run_.Spend(node_)) {
      const auto next = at->Plus(per);
      const auto last = next ? next->Minus(*unit) : std::nullopt;
      if (!last || *last > *end) return;
      Piece(make(*at), make(*last));
      at = next;
    }
  }

  void AddNumbers(const IntervalValue& interval, const Val& per) {
    const Decimal low = path::ToDecimal(interval.low);
    const Decimal high = path::ToDecimal(interval.high);
    const bool given = per.is(ValueKind::kQuantity);
    const auto smallest = Decimal::Parse("1e-" + std::to_string(std::min(low.scale(), high.scale())));
    if (!given && !smallest) return;
    const Decimal step = given ? per.quantity().value : *smallest;
    const ValueKind kind = interval.low.kind();
    AddDecimals(low, high, step, [&](const Decimal& value) {
      const auto whole = value.scale() == 0 ? value.ToInteger() : std::nullopt;
      if (whole && kind == ValueKind::kInteger) return path::IntegerOrNull(*whole);
      if (whole && kind == ValueKind::kLong) return Val::Long(*whole);
      return run_.Decimal(value);
    });
  }

  void AddQuantities(const IntervalValue& interval, const Val& per) {
    const model::QuantityValue& low = interval.low.quantity();
    const auto high = model::ConvertQuantity(interval.high.quantity(), low.unit, run_.values);
    if (!high) return;
    std::optional<Decimal> step =
        Decimal::Parse("1e-" + std::to_string(std::min(low.value.scale(), high->scale())));
    if (per.is(ValueKind::kQuantity)) {
      step = per.quantity().unit == "1" ? per.quantity().value
                                        : model::ConvertQuantity(per.quantity(), low.unit, run_.values);
    }
    if (!step) return;
    AddDecimals(low.value, *high, *step, [&](const Decimal& value) {
      return Val::Quantity({.value = value, .unit = low.unit, .is_calendar = low.is_calendar}, run_.arena);
    });
  }

  Run& run_;
  const Node& node_;
  bool as_points_;
  model::ListBuilder pieces_;
};

}  // namespace

Val Collapse(Run& run, const Step& step, Operands operands) {
  if (operands[0].is_null()) return {};
  const Val per = operands.size() > 1 ? operands[1] : Val();
  const Spreads spreads = SpreadsOf(run, step, operands[0]);
  if (!run.Spend(*step.node, model::Items(operands[0]).size() + 1)) return {};
  const auto by_start = [&](const IntervalValue& a, const IntervalValue& b) {
    if (a.low.is_null() || b.low.is_null()) return a.low.is_null() && !b.low.is_null();
    return model::IsLess(model::CompareValues(a.low, b.low, run.values)) == Truth::kTrue;
  };
  std::stable_sort(spreads.known.begin(), spreads.known.end(), by_start);
  std::vector<IntervalValue> collapsed;
  for (const IntervalValue& next : spreads.known) {
    if (collapsed.empty() || !Continues(run, collapsed.back().high, next.low, per)) {
      collapsed.push_back(next);
    } else if (!IsAtMost(run, next.high, collapsed.back().high)) {
      collapsed.back().high = next.high;
    }
  }
  // Where one begins or ends nobody knows, so nobody knows that it meets another.
  collapsed.insert(collapsed.end(), spreads.half_known.begin(), spreads.half_known.end());
  std::stable_sort(collapsed.begin(), collapsed.end(), by_start);
  model::ListBuilder result(run.arena);
  for (const IntervalValue& interval : collapsed) result.Add(Val::Interval(interval, run.arena));
  return result.Finish();
}

Val Expand(Run& run, const Step& step, Operands operands) {
  if (operands[0].is_null()) return {};
  const Val per = operands.size() > 1 ? operands[1] : Val();
  const bool as_points = step.children[0]->node->type->kind != TypeKind::kList;
  Expansion expansion(run, *step.node, as_points);
  for (const IntervalValue& interval : SpreadsOf(run, step, operands[0]).known) expansion.Add(interval, per);
  return expansion.Finish();
}

}  // namespace osteon::cql
