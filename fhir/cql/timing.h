// What operators on intervals and on points in time share.
#pragma once

#include <optional>

#include "fhir/cql/run.h"
#include "fhir/model/interval.h"

namespace osteon::cql {

// The precision of "after month of"; nullopt without one, and for weeks, which are no component.
std::optional<model::Precision> PrecisionOf(const Step& step);

// An interval, or the interval that holds a point only. `type`: as analysed, which tells the point type when
// no bound does; `other`: the other operand, which tells it too.
model::NormalInterval NormalOf(Run& run, const Type& type, const Val& value, const Val& other);

}  // namespace osteon::cql
