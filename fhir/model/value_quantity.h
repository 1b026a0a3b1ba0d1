// Quantities with calendar units, and neighbours of points: shared by comparison and intervals.
#pragma once

#include <optional>

#include "fhir/model/value.h"

namespace osteon::model {

// kUnknown when the units do not compare: different dimensions, unknown codes that differ, or calendar years
// and months against durations of fixed length.
Order CompareQuantities(const QuantityValue& a, const QuantityValue& b, const ValueContext& context);

// CQL successor and predecessor (09-b-cqlreference.html#successor): Integer and Long by 1, Decimal and
// Quantity by 10^-8, dates and times by their precision. Null when there is none, and for kinds without
// neighbours.
Val SuccessorOf(const Val& value, const ValueContext& context);
Val PredecessorOf(const Val& value, const ValueContext& context);

// CQL minimum and maximum of a point type, dates at the context's offset; a Quantity takes the unit of
// `like`. Null for kinds without one.
Val MinimumLike(const Val& like, const ValueContext& context);
Val MaximumLike(const Val& like, const ValueContext& context);
// 99999999999999999999.99999999 is the greatest Decimal that CQL 1.5.3 names; its negative the least.
inline constexpr std::string_view kGreatestDecimal = "99999999999999999999.99999999";

}  // namespace osteon::model
