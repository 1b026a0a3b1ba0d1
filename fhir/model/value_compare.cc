#include "fhir/model/value_compare.h"

#include <algorithm>

#include "fhir/model/value_node.h"
#include "fhir/model/value_quantity.h"

namespace osteon::model {
namespace {

Order OrderOf(std::strong_ordering order) {
  return order < 0 ? Order::kLess : (order > 0 ? Order::kGreater : Order::kEqual);
}

Milliseconds MillisecondsOf(const ValueContext& context) {
  return context.language == Language::kFhirPath ? Milliseconds::kPartOfSecond : Milliseconds::kOwnPrecision;
}

base::Decimal NumberOf(const Val& value) {
  switch (value.kind()) {
    case Kind::kInteger:
      return base::Decimal(value.integer());
    case Kind::kLong:
      return base::Decimal(value.long_integer());
    default:
      return value.decimal();
  }
}

// Integer and Decimal convert to Quantity with the unit '1'.
QuantityValue AmountOf(const Val& value) {
  return value.is(Kind::kQuantity) ? value.quantity() : QuantityValue{NumberOf(value), "1", false};
}

IntegerRange RangeOf(const Val& value) {
  if (value.is(Kind::kUncertainty)) return value.uncertainty();
  const std::int64_t number = value.is(Kind::kLong) ? value.long_integer() : value.integer();
  return {number, number};
}

bool IsRange(const Val& value) {
  return value.is(Kind::kUncertainty) || value.is(Kind::kInteger) || value.is(Kind::kLong);
}

Order CompareRanges(const IntegerRange& a, const IntegerRange& b) {
  if (a.high < b.low) return Order::kLess;
  if (a.low > b.high) return Order::kGreater;
  return a.certain() && b.certain() ? Order::kEqual : Order::kUnknown;
}

std::optional<Order> CompareSystem(const Val& a, const Val& b, std::optional<Precision> to,
                                   const ValueContext& context) {
  if (a.is_number() && b.is_number()) {
    if (a.is(Kind::kInteger) && b.is(Kind::kInteger)) return OrderOf(a.integer() <=> b.integer());
    return OrderOf(NumberOf(a) <=> NumberOf(b));
  }
  if ((a.is(Kind::kUncertainty) && IsRange(b)) || (b.is(Kind::kUncertainty) && IsRange(a))) {
    return CompareRanges(RangeOf(a), RangeOf(b));
  }
  if (a.is(Kind::kString) && b.is(Kind::kString)) {
    const int order = a.string().compare(b.string());
    return order < 0 ? Order::kLess : (order > 0 ? Order::kGreater : Order::kEqual);
  }
  if (a.is_temporal() && b.is_temporal() && a.is(Kind::kTime) == b.is(Kind::kTime)) {
    return Compare(a.temporal(), b.temporal(), context.default_offset, to, MillisecondsOf(context));
  }
  if ((a.is(Kind::kQuantity) || a.is_number()) && (b.is(Kind::kQuantity) || b.is_number())) {
    return CompareQuantities(AmountOf(a), AmountOf(b), context);
  }
  return std::nullopt;
}

bool SameJson(json::Value a, json::Value b);

bool SameMembers(json::Value a, json::Value b) {
  if (a.size() != b.size()) return false;
  for (const json::Value member : a) {
    const json::Value other = b.Find(member.name());
    if (!other.exists() || !SameJson(member, other)) return false;
  }
  return true;
}

bool SameElements(json::Value a, json::Value b) {
  if (a.size() != b.size()) return false;
  auto other = b.begin();
  for (const json::Value element : a) {
    if (!SameJson(element, *other)) return false;
    ++other;
  }
  return true;
}

// Two JSON values are the same data: member order does not matter, numbers compare as numbers.
bool SameJson(json::Value a, json::Value b) {
  if (!a.exists() || !b.exists()) return false;
  if (a == b) return true;
  if (a.is_object() && b.is_object()) return SameMembers(a, b);
  if (a.is_array() && b.is_array()) return SameElements(a, b);
  if (a.is_number() && b.is_number()) {
    const auto left = base::Decimal::Parse(a.number());
    const auto right = base::Decimal::Parse(b.number());
    return left && right ? *left == *right : a.number() == b.number();
  }
  if (a.is_string() && b.is_string()) return a.string() == b.string();
  if (a.is_bool() && b.is_bool()) return a.is_true() == b.is_true();
  return a.is_null() && b.is_null();
}

Truth EqualSequences(std::span<const Val> a, std::span<const Val> b, const ValueContext& context) {
  if (a.size() != b.size()) return Truth::kFalse;
  Truth result = Truth::kTrue;
  for (std::size_t i = 0; i < a.size() && result != Truth::kFalse; ++i) {
    const bool both_null = a[i].is_null() && b[i].is_null();
    result = And(result, both_null ? Truth::kTrue : Equal(a[i], b[i], context));
  }
  return result;
}

// The first element that is not equal decides, be it different or unknown, as the official CQL suite has it
// (TupleEqDifferentNamesWithOneNullId).
Truth EqualTuples(const TupleValue& a, const TupleValue& b, const ValueContext& context) {
  if (!std::equal(a.names.begin(), a.names.end(), b.names.begin(), b.names.end())) return Truth::kFalse;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i].is_null() && b.values[i].is_null()) continue;
    const Truth equal = Equal(a.values[i], b.values[i], context);
    if (equal != Truth::kTrue) return equal;
  }
  return Truth::kTrue;
}

Truth EqualTexts(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return Truth::kTrue;
  if (a.empty() || b.empty()) return Truth::kUnknown;
  return TruthOf(a == b);
}

// CQL compares structured values element by element, as tuples.
Truth EqualCodes(const CodeValue& a, const CodeValue& b) {
  return And(And(EqualTexts(a.code, b.code), EqualTexts(a.system, b.system)),
             And(EqualTexts(a.version, b.version), EqualTexts(a.display, b.display)));
}

Truth EqualConcepts(const ConceptValue& a, const ConceptValue& b) {
  if (a.codes.size() != b.codes.size()) return Truth::kFalse;
  Truth result = EqualTexts(a.display, b.display);
  for (std::size_t i = 0; i < a.codes.size(); ++i) result = And(result, EqualCodes(a.codes[i], b.codes[i]));
  return result;
}

Truth EqualIntervals(const IntervalValue& a, const IntervalValue& b, const ValueContext& context) {
  // CQL "Equal": same start and end points; a null bound that is the same on both sides is equal only when
  // closed.
  const auto bound = [&](const Val& left, bool left_closed, const Val& right, bool right_closed,
                         bool is_low) {
    if (left.is_null() && right.is_null()) {
      return left_closed && right_closed ? Truth::kTrue : Truth::kUnknown;
    }
    if (left.is_null() || right.is_null()) return Truth::kUnknown;
    const Val from =
        left_closed ? left : (is_low ? SuccessorOf(left, context) : PredecessorOf(left, context));
    const Val to =
        right_closed ? right : (is_low ? SuccessorOf(right, context) : PredecessorOf(right, context));
    return Equal(from, to, context);
  };
  return And(bound(a.low, a.low_closed, b.low, b.low_closed, true),
             bound(a.high, a.high_closed, b.high, b.high_closed, false));
}

Truth EqualOrders(std::optional<Order> order) {
  if (!order) return Truth::kFalse;
  return *order == Order::kUnknown ? Truth::kUnknown : TruthOf(*order == Order::kEqual);
}

Truth EqualRatios(const RatioValue& a, const RatioValue& b, const ValueContext& context) {
  return And(EqualOrders(CompareQuantities(a.numerator, b.numerator, context)),
             EqualOrders(CompareQuantities(a.denominator, b.denominator, context)));
}

Truth EqualStructures(const Val& a, const Val& b, const ValueContext& context) {
  switch (a.kind()) {
    case Kind::kBoolean:
      return TruthOf(a.boolean() == b.boolean());
    case Kind::kNode:
      return TruthOf(SameJson(a.node(), b.node()) || (!a.node().exists() && !b.node().exists() &&
                                                      SameJson(a.node_extension(), b.node_extension())));
    case Kind::kRatio:
      return EqualRatios(a.ratio(), b.ratio(), context);
    case Kind::kCode:
      return EqualCodes(a.code(), b.code());
    case Kind::kConcept:
      return EqualConcepts(a.concept_value(), b.concept_value());
    case Kind::kVocabulary:
      return TruthOf(a.vocabulary().id == b.vocabulary().id &&
                     a.vocabulary().version == b.vocabulary().version);
    case Kind::kInterval:
      return EqualIntervals(a.interval(), b.interval(), context);
    case Kind::kTuple:
      return EqualTuples(a.tuple(), b.tuple(), context);
    default:
      return Truth::kFalse;
  }
}

}  // namespace

std::optional<Order> CompareValues(const Val& a, const Val& b, const ValueContext& context) {
  return CompareValues(a, b, std::nullopt, context);
}

std::optional<Order> CompareValues(const Val& a_given, const Val& b_given, std::optional<Precision> to,
                                   const ValueContext& context) {
  const Val a = ToSystem(a_given, context);
  const Val b = ToSystem(b_given, context);
  if (a.is_null() || b.is_null()) return Order::kUnknown;
  return CompareSystem(a, b, to, context);
}

Truth IsLess(std::optional<Order> order) {
  if (!order || *order == Order::kUnknown) return Truth::kUnknown;
  return TruthOf(*order == Order::kLess);
}
Truth IsLessOrEqual(std::optional<Order> order) {
  if (!order || *order == Order::kUnknown) return Truth::kUnknown;
  return TruthOf(*order != Order::kGreater);
}

Truth Equal(const Val& a_given, const Val& b_given, const ValueContext& context) {
  const Val a = ToSystem(a_given, context);
  const Val b = ToSystem(b_given, context);
  if (a.is(Kind::kString) && b.is(Kind::kString)) return TruthOf(a.string() == b.string());
  if (a.is_null() || b.is_null()) return Truth::kUnknown;
  if (a.is(Kind::kList) || b.is(Kind::kList)) {
    if (context.language == Language::kCql && a.kind() != b.kind()) return Truth::kFalse;
    return EqualSequences(Items(a), Items(b), context);
  }
  const auto order = CompareSystem(a, b, std::nullopt, context);
  if (order) return EqualOrders(order);
  return a.kind() == b.kind() ? EqualStructures(a, b, context) : Truth::kFalse;
}

bool SameItem(const Val& a, const Val& b, const ValueContext& context) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return Equal(a, b, context) == Truth::kTrue;
}

}  // namespace osteon::model
