// CQL interval operators on a normal form: closed bounds, each known or known to lie in a range.
//
// A null bound is unbounded when closed (the minimum or maximum of the point type) and unknown when open:
// then it lies somewhere between the other bound and the end of the type, and what follows from that is
// answered ("Interval(null, 5] meets after Interval[11, null)" is false).
//
// Source: CQL 1.5.3 https://cql.hl7.org/09-b-cqlreference.html#interval-operators-3 and
// https://cql.hl7.org/02-authorsguide.html#interval-values.
#pragma once

#include <optional>

#include "fhir/model/value.h"

namespace osteon::model {

// A point that lies in [least, greatest]; known when both are the same place in time. Null: nothing is known
// on that side.
struct PointRange {
  Val least;
  Val greatest;
  bool known = false;
};

struct NormalInterval {
  PointRange low;
  PointRange high;
};

// like: any value of the point type (for its minimum and maximum; a Quantity's unit), used when both bounds
// are null; null when the type is not known, and then null bounds say nothing.
NormalInterval Normalize(const IntervalValue& interval, const Val& like, const ValueContext& context);
// The interval that holds one point only: the operators on points are those on it. Null: an unknown point.
NormalInterval UnitInterval(const Val& point);
// Some non-null bound of it, for `like` of the other operand; null when it has none.
Val AnyBound(const IntervalValue& interval);

// False when the low bound is greater than the high one ("Interval[5, 3]", "Interval[5, 5)"): CQL makes that
// an error.
Truth IsValid(const NormalInterval& interval, const ValueContext& context);

// Start and end as CQL gives them: null when unknown.
Val StartOf(const NormalInterval& interval);
Val EndOf(const NormalInterval& interval);
// The written form again: closed, an unknown bound as null and open.
IntervalValue ToInterval(const NormalInterval& interval);

using MaybePrecision = std::optional<Precision>;

// The timing relations; `to` is the precision of "includes day of", nullopt without.
Truth Includes(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
               const ValueContext& context);
// Includes, and not the same interval.
Truth ProperlyIncludes(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                       const ValueContext& context);
Truth Before(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
             const ValueContext& context);
Truth After(const NormalInterval& a, const NormalInterval& b, MaybePrecision to, const ValueContext& context);
// "on or before": a ends on or before b starts; "on or after" the other way round.
Truth SameOrBefore(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                   const ValueContext& context);
Truth SameOrAfter(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                  const ValueContext& context);
// "same day as": both bounds are the same.
Truth SameAs(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
             const ValueContext& context);
Truth Overlaps(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
               const ValueContext& context);
Truth OverlapsBefore(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                     const ValueContext& context);
Truth OverlapsAfter(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                    const ValueContext& context);
Truth MeetsBefore(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                  const ValueContext& context);
Truth MeetsAfter(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
                 const ValueContext& context);
Truth Meets(const NormalInterval& a, const NormalInterval& b, MaybePrecision to, const ValueContext& context);
Truth Starts(const NormalInterval& a, const NormalInterval& b, MaybePrecision to,
             const ValueContext& context);
Truth Ends(const NormalInterval& a, const NormalInterval& b, MaybePrecision to, const ValueContext& context);

// Set operators; nullopt is CQL's null: nothing in common, a gap between the two, two pieces left, or not
// known.
std::optional<NormalInterval> Intersect(const NormalInterval& a, const NormalInterval& b,
                                        const ValueContext& context);
std::optional<NormalInterval> Union(const NormalInterval& a, const NormalInterval& b,
                                    const ValueContext& context);
std::optional<NormalInterval> Except(const NormalInterval& a, const NormalInterval& b,
                                     const ValueContext& context);

}  // namespace osteon::model
