// Special units that need irrational functions: logarithms, powers, tangents, square roots. 50 digits.
#pragma once

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <optional>

#include "fhir/model/ucum_rational.h"

namespace osteon::model::ucum::internal {

using Float = boost::multiprecision::cpp_dec_float_50;

// Whether a number on this scale is turned into the ratio scale by an exact formula.
bool IsExact(Scale scale);

// The number on the ratio scale of the special unit's own reference unit ("mol/l" for pH), from a number in
// the special unit; and back. nullopt outside the function's domain or beyond any real measurement.
std::optional<Float> ToRatioScale(Scale scale, const Float& value);
std::optional<Float> FromRatioScale(Scale scale, const Float& value);

// The same for Celsius, Fahrenheit and Reaumur. REQUIRES: IsExact(scale).
Fraction ToRatioScale(Scale scale, const Fraction& value);
Fraction FromRatioScale(Scale scale, const Fraction& value);

Float ToFloat(const Fraction& value);
std::optional<Fraction> ToFraction(const Float& value);

}  // namespace osteon::model::ucum::internal
