// Equality, equivalence and order of values, in both languages.
//
// Source: FHIRPath 2.0 "Equality", "Comparison"; CQL 1.5.3 (09-b-cqlreference.html) "Equal", "Equivalent",
// "Less", "Nullological". Where the languages differ, ValueContext::language decides:
//   - lists: FHIRPath compares two collections item by item, and ~ in any order; CQL lists keep their order
//   in both, and two
//     null items are equal;
//   - Code, Concept and other structures exist in CQL only; in FHIRPath, nodes compare as trees.
#pragma once

#include <optional>

#include "fhir/model/value.h"

namespace osteon::model {

// a = b. kUnknown when either is null, when precision does not suffice, or when quantities are of different
// dimensions or mix calendar years and months with fixed durations. Values of different types are not equal;
// Integer, Long, Decimal and Quantity '1' are one type here, and so are Date and DateTime.
Truth Equal(const Val& a, const Val& b, const ValueContext& context);

// a ~ b: two nulls are equivalent, text ignores case and white space runs, decimals are rounded to the fewer
// digits, dates need the same precision, year ~ 'a'; codes need system and code, concepts one common code.
bool Equivalent(const Val& a, const Val& b, const ValueContext& context);

// Order of numbers, text (by code point), dates, times, quantities and uncertainties. kUnknown: null,
// precision, or units that do not compare. nullopt: these types have no order (an error in FHIRPath).
std::optional<Order> CompareValues(const Val& a, const Val& b, const ValueContext& context);

// With a precision ("before month of"): for dates and times; other kinds ignore it.
std::optional<Order> CompareValues(const Val& a, const Val& b, std::optional<Precision> to,
                                   const ValueContext& context);

// Three-valued results of the operators < <= > >= from an order; kUnknown for nullopt.
Truth IsLess(std::optional<Order> order);
Truth IsLessOrEqual(std::optional<Order> order);

// The same item for distinct, union, in, intersect: Equal is true, or both are null (CQL).
bool SameItem(const Val& a, const Val& b, const ValueContext& context);

// Equal values have equal hashes (numbers whatever their type and scale, moments whatever their offset); for
// distinct and set operators. Exception: a number and a Quantity of unit '1'. Quantities and intervals all
// have one hash per kind.
std::uint64_t HashOf(const Val& value, const ValueContext& context);

// Two quantities as numbers of one unit: {a, b}. nullopt when they do not compare (kUnknown above).
struct CommonUnit {
  base::Decimal a;
  base::Decimal b;
};
std::optional<CommonUnit> InCommonUnit(const QuantityValue& a, const QuantityValue& b,
                                       const ValueContext& context);
// The amount of `quantity` in that unit; calendar words count as units. nullopt when they do not compare.
std::optional<base::Decimal> ConvertQuantity(const QuantityValue& quantity, std::string_view unit,
                                             const ValueContext& context);

}  // namespace osteon::model
