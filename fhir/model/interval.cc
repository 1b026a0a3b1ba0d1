#include "fhir/model/interval.h"

#include "fhir/model/value_compare.h"
#include "fhir/model/value_quantity.h"

namespace osteon::model {
namespace {

PointRange Known(const Val& point) {
  return {point, point, true};
}

std::optional<Order> CompareKnown(const Val& a, const Val& b, MaybePrecision to,
                                  const ValueContext& context) {
  if (a.is_null() || b.is_null()) return Order::kUnknown;
  return CompareValues(a, b, to, context);
}

Truth Less(const PointRange& a, const PointRange& b, MaybePrecision to, const ValueContext& context) {
  if (CompareKnown(a.greatest, b.least, to, context) == Order::kLess) return Truth::kTrue;
  const auto other = CompareKnown(a.least, b.greatest, to, context);
  if (other == Order::kGreater || other == Order::kEqual) return Truth::kFalse;
  return Truth::kUnknown;
}

Truth LessOrEqual(const PointRange& a, const PointRange& b, MaybePrecision to, const ValueContext& context) {
  return Not(Less(b, a, to, context));
}

Truth Same(const PointRange& a, const PointRange& b, MaybePrecision to, const ValueContext& context) {
  if (a.known && b.known) {
    const auto order = CompareKnown(a.least, b.least, to, context);
    if (!order || *order == Order::kUnknown) return Truth::kUnknown;
    return TruthOf(*order == Order::kEqual);
  }
  const bool apart = Less(a, b, to, context) == Truth::kTrue || Less(b, a, to, context) == Truth::kTrue;
  return apart ? Truth::kFalse : Truth::kUnknown;
}

// The next point, at the precision that the relation asks for.
PointRange Next(const PointRange& point, MaybePrecision to, const ValueContext& context) {
  const auto step = [&](const Val& value) {
    const bool truncates = to && value.is_temporal() && value.temporal().precision > *to;
    const Val at = truncates ? Val::Of(LowBoundary(value.temporal(), *to)) : value;
    return SuccessorOf(at, context);
  };
  return {step(point.least), step(point.greatest), point.known};
}

PointRange Smaller(const PointRange& a, const PointRange& b, const ValueContext& context) {
  const Truth first = LessOrEqual(a, b, std::nullopt, context);
  if (first == Truth::kTrue) return a;
  if (first == Truth::kFalse) return b;
  return {a.least, b.greatest, false};
}
PointRange Greater(const PointRange& a, const PointRange& b, const ValueContext& context) {
  const Truth first = LessOrEqual(b, a, std::nullopt, context);
  if (first == Truth::kTrue) return a;
  if (first == Truth::kFalse) return b;
  return {b.least, a.greatest, false};
}

bool IsTrue(Truth truth) {
  return truth == Truth::kTrue;
}

}  // namespace

Val AnyBound(const IntervalValue& interval) {
  return interval.low.is_null() ? interval.high : interval.low;
}

NormalInterval UnitInterval(const Val& point) {
  const PointRange range{point, point, !point.is_null()};
  return {range, range};
}

NormalInterval Normalize(const IntervalValue& interval, const Val& like, const ValueContext& context) {
  const Val bound = AnyBound(interval);
  const Val& type = bound.is_null() ? like : bound;
  const Val minimum = MinimumLike(type, context);
  const Val maximum = MaximumLike(type, context);
  NormalInterval result;
  if (!interval.low.is_null()) {
    result.low = Known(interval.low_closed ? interval.low : SuccessorOf(interval.low, context));
  } else if (interval.low_closed && !minimum.is_null()) {
    result.low = Known(minimum);
  }
  if (!interval.high.is_null()) {
    result.high = Known(interval.high_closed ? interval.high : PredecessorOf(interval.high, context));
  } else if (interval.high_closed && !maximum.is_null()) {
    result.high = Known(maximum);
  }
  if (!result.low.known) result.low = {minimum, result.high.known ? result.high.greatest : maximum, false};
  if (!result.high.known) result.high = {result.low.known ? result.low.least : minimum, maximum, false};
  return result;
}

Truth IsValid(const NormalInterval& interval, const ValueContext& context) {
  return LessOrEqual(interval.low, interval.high, std::nullopt, context);
}

Val StartOf(const NormalInterval& interval) {
  return interval.low.known ? interval.low.least : Val::Null();
}
Val EndOf(const NormalInterval& interval) {
  return interval.high.known ? interval.high.least : Val::Null();
}

IntervalValue ToInterval(const NormalInterval& interval) {
  return {StartOf(interval), EndOf(interval), interval.low.known, interval.high.known};
}

Truth Includes(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
               const ValueContext& context) {
  return And(LessOrEqual(a.low, b.low, to, context), LessOrEqual(b.high, a.high, to, context));
}

Truth ProperlyIncludes(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                       const ValueContext& context) {
  const Truth more = Or(Less(a.low, b.low, to, context), Less(b.high, a.high, to, context));
  return And(Includes(a, b, to, context), more);
}

Truth Before(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
             const ValueContext& context) {
  return Less(a.high, b.low, to, context);
}
Truth After(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
            const ValueContext& context) {
  return Less(b.high, a.low, to, context);
}
Truth SameOrBefore(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                   const ValueContext& context) {
  return LessOrEqual(a.high, b.low, to, context);
}
Truth SameOrAfter(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                  const ValueContext& context) {
  return LessOrEqual(b.high, a.low, to, context);
}
Truth SameAs(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
             const ValueContext& context) {
  return And(Same(a.low, b.low, to, context), Same(a.high, b.high, to, context));
}

Truth Overlaps(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
               const ValueContext& context) {
  return And(LessOrEqual(a.low, b.high, to, context), LessOrEqual(b.low, a.high, to, context));
}
Truth OverlapsBefore(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                     const ValueContext& context) {
  return And(Less(a.low, b.low, to, context), LessOrEqual(b.low, a.high, to, context));
}
Truth OverlapsAfter(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                    const ValueContext& context) {
  return And(Less(b.high, a.high, to, context), LessOrEqual(a.low, b.high, to, context));
}

Truth MeetsBefore(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                  const ValueContext& context) {
  return Same(Next(a.high, to, context), b.low, to, context);
}
Truth MeetsAfter(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                 const ValueContext& context) {
  return MeetsBefore(b, a, to, context);
}
Truth Meets(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
            const ValueContext& context) {
  return Or(MeetsBefore(a, b, to, context), MeetsAfter(a, b, to, context));
}

Truth Starts(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
             const ValueContext& context) {
  return And(Same(a.low, b.low, to, context), LessOrEqual(a.high, b.high, to, context));
}
Truth Ends(const NormalInterval& a, const NormalInterval& b, MaybePrecision to, const ValueContext& context) {
  return And(Same(a.high, b.high, to, context), LessOrEqual(b.low, a.low, to, context));
}

std::optional<NormalInterval> Intersect(const NormalInterval& a, const NormalInterval& b,
                                        const ValueContext& context) {
  const Truth overlaps = Overlaps(a, b, std::nullopt, context);
  if (overlaps == Truth::kFalse) return std::nullopt;
  const NormalInterval result{Greater(a.low, b.low, context), Smaller(a.high, b.high, context)};
  // Without any known bound there is nothing to tell.
  return result.low.known || result.high.known ? std::optional(result) : std::nullopt;
}

std::optional<NormalInterval> Union(const NormalInterval& a, const NormalInterval& b,
                                    const ValueContext& context) {
  const Truth joined = Or(Overlaps(a, b, std::nullopt, context), Meets(a, b, std::nullopt, context));
  if (!IsTrue(joined)) return std::nullopt;
  return NormalInterval{Smaller(a.low, b.low, context), Greater(a.high, b.high, context)};
}

std::optional<NormalInterval> Except(const NormalInterval& a, const NormalInterval& b,
                                     const ValueContext& context) {
  const Truth overlaps = Overlaps(a, b, std::nullopt, context);
  if (overlaps == Truth::kFalse) return a;
  const Truth before = Less(a.low, b.low, std::nullopt, context);
  const Truth after = Less(b.high, a.high, std::nullopt, context);
  if (overlaps == Truth::kUnknown || before == Truth::kUnknown || after == Truth::kUnknown ||
      before == after) {
    return std::nullopt;
  }
  // One piece is left: in front of b, or behind it.
  if (IsTrue(before)) {
    if (!b.low.known) return std::nullopt;
    return NormalInterval{a.low, Known(PredecessorOf(b.low.least, context))};
  }
  if (!b.high.known) return std::nullopt;
  return NormalInterval{Known(SuccessorOf(b.high.least, context)), a.high};
}

}  // namespace osteon::model
