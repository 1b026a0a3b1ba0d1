#include <algorithm>
#include <string>

#include "fhir/base/text.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_quantity.h"

namespace osteon::model {
namespace {

// ASCII letters folded, runs of white space as one space (FHIRPath "Equivalence"; CQL "Equivalent"). Letters
// outside ASCII keep their case: the specifications leave the locale to the implementation.
std::string Folded(std::string_view text) {
  std::string folded;
  bool space = false;
  for (const char c : base::Trim(text)) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    if (is_space && space) continue;
    space = is_space;
    folded += is_space ? ' ' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return folded;
}

bool EquivalentDecimals(const base::Decimal& a, const base::Decimal& b) {
  const int digits = std::min(a.Normalized().scale(), b.Normalized().scale());
  return a.Rounded(digits) == b.Rounded(digits);
}

bool EquivalentQuantities(const QuantityValue& a, const QuantityValue& b, const ValueContext& context) {
  const auto definite = [](const QuantityValue& quantity) {
    QuantityValue result = quantity;
    const auto word = FindDurationUnit(quantity.unit);
    if (!word) return result;
    // For ~ (and only there) a calendar year is a UCUM year.
    if (word->unit == DurationUnit::kYear) result.unit = "a";
    if (word->unit == DurationUnit::kMonth) result.unit = "mo";
    result.is_calendar = word->unit > DurationUnit::kMonth && quantity.is_calendar;
    return result;
  };
  const QuantityValue left = definite(a);
  const QuantityValue right = definite(b);
  if (CompareQuantities(left, right, context) == Order::kEqual) return true;
  const auto common = InCommonUnit(left, right, context);
  if (!common) return false;
  // Rounded to the digits of the amount that shows fewer, in its own unit.
  if (EquivalentDecimals(common->a, common->b)) return true;
  const auto swapped = InCommonUnit(right, left, context);
  return swapped && left.unit != right.unit && EquivalentDecimals(swapped->a, swapped->b);
}

bool EquivalentCodes(const CodeValue& a, const CodeValue& b) {
  return a.code == b.code && a.system == b.system;
}

bool EquivalentConcepts(std::span<const CodeValue> a, std::span<const CodeValue> b) {
  return std::any_of(a.begin(), a.end(), [&](const CodeValue& code) {
    return std::any_of(b.begin(), b.end(),
                       [&](const CodeValue& other) { return EquivalentCodes(code, other); });
  });
}

std::span<const CodeValue> CodesOf(const Val& value) {
  return value.is(Kind::kCode) ? std::span<const CodeValue>(&value.code(), 1) : value.concept_value().codes;
}

bool IsCoded(const Val& value) {
  return value.is(Kind::kCode) || value.is(Kind::kConcept);
}

// FHIRPath: in any order; each item has its own partner.
bool EquivalentInAnyOrder(std::span<const Val> a, std::span<const Val> b, const ValueContext& context) {
  bool* taken = context.arena.AllocateArray<bool>(b.size());
  std::fill(taken, taken + b.size(), false);
  return std::all_of(a.begin(), a.end(), [&](const Val& item) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (taken[i] || !Equivalent(item, b[i], context)) continue;
      taken[i] = true;
      return true;
    }
    return false;
  });
}

bool EquivalentSequences(std::span<const Val> a, std::span<const Val> b, const ValueContext& context) {
  if (a.size() != b.size()) return false;
  if (context.language == Language::kFhirPath) return EquivalentInAnyOrder(a, b, context);
  return std::equal(a.begin(), a.end(), b.begin(),
                    [&](const Val& x, const Val& y) { return Equivalent(x, y, context); });
}

bool EquivalentTuples(const TupleValue& a, const TupleValue& b, const ValueContext& context) {
  return std::equal(a.names.begin(), a.names.end(), b.names.begin(), b.names.end()) &&
         std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                    [&](const Val& x, const Val& y) { return Equivalent(x, y, context); });
}

// Ratios are equivalent when they are the same proportion: cross products.
bool EquivalentRatios(const RatioValue& a, const RatioValue& b, const ValueContext& context) {
  const auto numerators = InCommonUnit(a.numerator, b.numerator, context);
  const auto denominators = InCommonUnit(a.denominator, b.denominator, context);
  if (!numerators || !denominators) return false;
  const auto left = numerators->a.Times(denominators->b);
  const auto right = numerators->b.Times(denominators->a);
  return left && right && EquivalentDecimals(*left, *right);
}

bool EquivalentBounds(const Val& a, bool a_closed, const Val& b, bool b_closed, bool is_low,
                      const ValueContext& context) {
  const auto closed = [&](const Val& bound, bool is_closed) {
    if (is_closed || bound.is_null()) return bound;
    return is_low ? SuccessorOf(bound, context) : PredecessorOf(bound, context);
  };
  return Equivalent(closed(a, a_closed), closed(b, b_closed), context);
}

bool EquivalentIntervals(const IntervalValue& a, const IntervalValue& b, const ValueContext& context) {
  return EquivalentBounds(a.low, a.low_closed, b.low, b.low_closed, true, context) &&
         EquivalentBounds(a.high, a.high_closed, b.high, b.high_closed, false, context);
}

// Members that are data: the twins of primitives go with their element, and an id tells elements apart
// without saying anything about them.
bool IsData(std::string_view name) {
  return !name.starts_with('_') && name != "id";
}
std::size_t DataMembers(json::Value object) {
  std::size_t count = 0;
  for (const json::Value member : object) count += IsData(member.name()) ? 1 : 0;
  return count;
}

// FHIR elements: member by member (FHIRPath "Equivalence": the child properties are compared recursively).
bool EquivalentNodes(const Val& a, const Val& b, const ValueContext& context) {
  if (a.SamePlace(b) || Equal(a, b, context) == Truth::kTrue) return true;
  const json::Value left = a.node();
  const json::Value right = b.node();
  if (!left.is_object() || !right.is_object() || DataMembers(left) != DataMembers(right)) return false;
  for (const json::Value member : left) {
    const std::string_view name = member.name();
    if (!IsData(name)) continue;
    if (!right.Find(name).exists()) return false;
    if (!Equivalent(Member(a, name, context.arena), Member(b, name, context.arena), context)) return false;
  }
  return true;
}

bool EquivalentTemporals(const Temporal& a, const Temporal& b, const ValueContext& context) {
  const bool fhirpath = context.language == Language::kFhirPath;
  const auto precision = [&](const Temporal& value) {
    return fhirpath ? std::min(value.precision, Precision::kSecond) : value.precision;
  };
  return precision(a) == precision(b) && Compare(a, b, context.default_offset) == Order::kEqual;
}

bool EquivalentSystem(const Val& a, const Val& b, const ValueContext& context) {
  if (a.is(Kind::kString) && b.is(Kind::kString)) return Folded(a.string()) == Folded(b.string());
  if (a.is_number() && b.is_number()) {
    const auto decimal = [](const Val& value) {
      if (value.is(Kind::kDecimal)) return value.decimal();
      return base::Decimal(value.is(Kind::kLong) ? value.long_integer() : value.integer());
    };
    return EquivalentDecimals(decimal(a), decimal(b));
  }
  if (a.is_temporal() && b.is_temporal() && a.is(Kind::kTime) == b.is(Kind::kTime)) {
    return EquivalentTemporals(a.temporal(), b.temporal(), context);
  }
  if (a.is(Kind::kQuantity) && b.is(Kind::kQuantity))
    return EquivalentQuantities(a.quantity(), b.quantity(), context);
  if (IsCoded(a) && IsCoded(b)) return EquivalentConcepts(CodesOf(a), CodesOf(b));
  if (a.kind() != b.kind()) return Equal(a, b, context) == Truth::kTrue;
  switch (a.kind()) {
    case Kind::kNode:
      return EquivalentNodes(a, b, context);
    case Kind::kRatio:
      return EquivalentRatios(a.ratio(), b.ratio(), context);
    case Kind::kInterval:
      return EquivalentIntervals(a.interval(), b.interval(), context);
    case Kind::kTuple:
      return EquivalentTuples(a.tuple(), b.tuple(), context);
    default:
      return Equal(a, b, context) == Truth::kTrue;
  }
}

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccdULL;
}

std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

std::uint64_t HashNumber(const Val& value) {
  if (value.is(Kind::kInteger)) return static_cast<std::uint64_t>(value.integer());
  if (value.is(Kind::kLong)) return static_cast<std::uint64_t>(value.long_integer());
  if (const auto whole = value.decimal().ToInteger(); whole && base::Decimal(*whole) == value.decimal()) {
    return static_cast<std::uint64_t>(*whole);
  }
  return HashText(value.decimal().Normalized().ToString());
}

// By the moment where offsets matter to Compare, by the written date where they do not.
std::uint64_t HashMoment(Temporal value, const ValueContext& context) {
  if (value.precision < Precision::kHour) value.offset_minutes = 0;
  return Mix(3, static_cast<std::uint64_t>(ToInstant(value, context.default_offset).ms));
}

std::uint64_t HashJson(json::Value value) {
  // Numbers and member order are left out: they may differ in equal trees.
  std::uint64_t hash = value.size() + 1;
  if (value.is_string()) return HashText(value.string());
  for (const json::Value member : value) hash += HashText(member.name()) * 31 + HashJson(member);
  return hash;
}

}  // namespace

bool Equivalent(const Val& a_given, const Val& b_given, const ValueContext& context) {
  const Val a = ToSystem(a_given, context);
  const Val b = ToSystem(b_given, context);
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.is(Kind::kList) || b.is(Kind::kList)) {
    if (context.language == Language::kCql && a.kind() != b.kind()) return false;
    return EquivalentSequences(Items(a), Items(b), context);
  }
  return EquivalentSystem(a, b, context);
}

std::uint64_t HashOf(const Val& given, const ValueContext& context) {
  const Val value = ToSystem(given, context);
  switch (value.kind()) {
    case Kind::kBoolean:
      return value.boolean() ? 1 : 2;
    case Kind::kInteger:
    case Kind::kLong:
    case Kind::kDecimal:
      return HashNumber(value);
    case Kind::kString:
      return HashText(value.string());
    // Offsets may move a moment over new year, so only its rough place counts.
    case Kind::kDate:
    case Kind::kDateTime:
      return HashMoment(value.temporal(), context);
    case Kind::kTime:
      return Mix(4, value.temporal().hour);
    case Kind::kNode:
      return HashJson(value.node());
    case Kind::kCode:
      return HashText(value.code().code);
    case Kind::kVocabulary:
      return HashText(value.vocabulary().id);
    case Kind::kList: {
      std::uint64_t hash = 7;
      for (const Val& item : value.list()) hash = Mix(hash, HashOf(item, context));
      return hash;
    }
    case Kind::kTuple: {
      std::uint64_t hash = 11;
      for (const Val& item : value.tuple().values) hash = Mix(hash, HashOf(item, context));
      return hash;
    }
    default:
      return static_cast<std::uint64_t>(value.kind());
  }
}

}  // namespace osteon::model
