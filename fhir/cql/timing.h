// What operators on intervals and on points in time share.
#pragma once

#include <optional>

#include "fhir/cql/run.h"
#include "fhir/model/interval.h"

namespace osteon::cql {

// The precision of "after month of"; nullopt without one, and for weeks, which are no component.
std::optional<model::Precision> PrecisionOf(const Step& step);

// An interval, or the interval that holds a point only. Without a bound, the point type is that of the
// `operand` as analysed, or of `other`, the other operand. The bounds of "Interval[null, null]", whose point
// type is unknown, cannot be determined (B.9 "Start").
model::NormalInterval NormalOf(Run& run, const Node& operand, const Val& value, const Val& other);
// No bound, and no type that would tell what the points are.
bool HasUnknownPoints(const Node& operand, const Val& value);

}  // namespace osteon::cql
