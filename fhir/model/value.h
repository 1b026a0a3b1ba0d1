// The one value type of FHIRPath and CQL. An expression evaluates to a Val; both engines, the index and the
// terminology look at patient data through it.
//
// Val is 24 bytes, trivially copyable, and owns nothing: what it points to lives in the request's arena, in
// the JSON tree, or in the compiled expression, whichever outlives the evaluation. Constants folded at
// compile time live in the compiled library's own arena.
//
// Absence is Kind::kNull: CQL's null, FHIRPath's empty collection. A FHIRPath collection of one item is the
// item itself; of several, a kList. A CQL list is always a kList, with any number of items, nulls and lists
// among them. Items() views either as a span.
//
// Source: FHIRPath 2.0 (http://hl7.org/fhirpath/N1/) "Types"; CQL 1.5.3
// (https://cql.hl7.org/09-b-cqlreference.html) "Types"; design: equality, equivalence and order are in
// value_compare.h, text in value_text.h, conversion of FHIR elements in value_node.h, interval operators in
// interval.h, dates in temporal.h.
#pragma once

#include <cassert>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "fhir/base/arena.h"
#include "fhir/base/decimal.h"
#include "fhir/json/tree.h"
#include "fhir/model/r4_type.h"
#include "fhir/model/temporal.h"

namespace osteon::model {

enum class Kind : std::uint8_t {
  kNull,
  kNode,  // an element of FHIR data, converted to a System value only when an operator needs one
          // (value_node.h)
  kBoolean,
  kInteger,  // 32 bits
  kLong,     // 64 bits
  kDecimal,  // base::Decimal; the written scale is kept
  kString,   // UTF-8
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kRatio,
  kCode,
  kConcept,
  kVocabulary,  // CQL ValueSet or CodeSystem by its id
  kInterval,
  kTuple,        // CQL tuples and FHIR instances made in CQL
  kList,         // CQL lists, FHIRPath collections of more than one item
  kUncertainty,  // CQL: a whole number known as a range, from durations of imprecise dates
};

class Val;

// value and unit as written. unit: a UCUM code, or a calendar word ("day", "years") when is_calendar; "1" for
// none.
struct QuantityValue {
  base::Decimal value;
  std::string_view unit;
  bool is_calendar = false;
};
struct RatioValue {
  QuantityValue numerator;
  QuantityValue denominator;
};
struct CodeValue {
  std::string_view code;
  std::string_view system;  // these three are empty when absent
  std::string_view version;
  std::string_view display;
};
struct ConceptValue {
  std::span<const CodeValue> codes;
  std::string_view display;
};
struct VocabularyValue {
  std::string_view id;  // canonical URL
  std::string_view version;
  std::string_view name;
  bool is_value_set = true;
};
struct IntervalValue;  // below
struct TupleValue;     // below

class Val {
 public:
  constexpr Val() : bits_{0} {}  // null

  static Val Null() { return {}; }
  static Val Boolean(bool value) { return Val(Kind::kBoolean, 0, Bits{value ? 1 : 0}); }
  static Val Integer(std::int32_t value) { return Val(Kind::kInteger, 0, Bits{value}); }
  static Val Long(std::int64_t value) { return Val(Kind::kLong, 0, Bits{value}); }
  // The text must outlive the value (Arena::Copy). At most 4 GB.
  static Val String(std::string_view text);
  static Val Decimal(const base::Decimal& value, base::Arena& arena);
  // kDate, kDateTime or kTime by the value's kind.
  static Val Of(const Temporal& value);
  // The unit's text must outlive the value; an empty unit becomes "1".
  static Val Quantity(const QuantityValue& value, base::Arena& arena);
  static Val Ratio(const RatioValue& value, base::Arena& arena);
  static Val Code(const CodeValue& value, base::Arena& arena);
  static Val Concept(const ConceptValue& value, base::Arena& arena);
  static Val Vocabulary(const VocabularyValue& value, base::Arena& arena);
  static Val Interval(const IntervalValue& value, base::Arena& arena);
  // The items stay where they are; they must outlive the value. Empty lists are lists, not null.
  static Val List(std::span<const Val> items);
  // `values` must have shape.size() items.
  static Val Tuple(std::span<const std::string_view> names, std::span<const Val> values, TypeId fhir_type,
                   base::Arena& arena);
  // A certain range becomes an Integer (or a Long, where it does not fit).
  static Val Uncertainty(const IntegerRange& range, base::Arena& arena);

  // An element of the tree with its R4 type (kNone when the model does not know it). `value` may be absent
  // when the element has only extensions; `extension` is the `_name` twin of a primitive, absent when there
  // is none. Null when both are absent.
  static Val Node(json::Value value, TypeId type, json::Value extension, base::Arena& arena);
  // Without a twin.
  static Val Node(json::Value value, TypeId type) {
    if (!value.exists()) return {};
    Val result(Kind::kNode, 0, Bits(&Bits::node, value));
    result.type_ = type;
    return result;
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is(Kind kind) const { return kind_ == kind; }

  // REQUIRES for each: the kind of its name.
  bool boolean() const { return assert(is(Kind::kBoolean)), bits_.integer != 0; }
  std::int32_t integer() const {
    return assert(is(Kind::kInteger)), static_cast<std::int32_t>(bits_.integer);
  }
  std::int64_t long_integer() const { return assert(is(Kind::kLong)), bits_.integer; }
  const base::Decimal& decimal() const { return assert(is(Kind::kDecimal)), *bits_.decimal; }
  std::string_view string() const { return assert(is(Kind::kString)), std::string_view(bits_.text, count_); }
  const Temporal& temporal() const { return assert(is_temporal()), bits_.temporal; }
  const QuantityValue& quantity() const { return assert(is(Kind::kQuantity)), *bits_.quantity; }
  const RatioValue& ratio() const { return assert(is(Kind::kRatio)), *bits_.ratio; }
  const CodeValue& code() const { return assert(is(Kind::kCode)), *bits_.code; }
  const ConceptValue& concept_value() const { return assert(is(Kind::kConcept)), *bits_.concept_value; }
  const VocabularyValue& vocabulary() const { return assert(is(Kind::kVocabulary)), *bits_.vocabulary; }
  const IntervalValue& interval() const { return assert(is(Kind::kInterval)), *bits_.interval; }
  const TupleValue& tuple() const { return assert(is(Kind::kTuple)), *bits_.tuple; }
  const IntegerRange& uncertainty() const { return assert(is(Kind::kUncertainty)), *bits_.range; }
  std::span<const Val> list() const {
    return assert(is(Kind::kList)), std::span<const Val>(bits_.items, count_);
  }

  // The JSON value of a node; absent when it has only extensions.
  json::Value node() const {
    return assert(is(Kind::kNode)), boxed_ != 0 ? bits_.boxed_node->value : bits_.node;
  }
  // The `_name` twin of a primitive element, or absent.
  json::Value node_extension() const {
    return assert(is(Kind::kNode)), boxed_ != 0 ? bits_.boxed_node->extension : json::Value();
  }
  // The R4 type of a node, or of a FHIR instance made in CQL; kNone otherwise.
  TypeId fhir_type() const { return type_; }

  bool is_temporal() const {
    return kind_ == Kind::kDate || kind_ == Kind::kDateTime || kind_ == Kind::kTime;
  }
  // Integer, Long or Decimal.
  bool is_number() const {
    return kind_ == Kind::kInteger || kind_ == Kind::kLong || kind_ == Kind::kDecimal;
  }

  // The same node or the same memory; says nothing about values.
  bool SamePlace(const Val& other) const;

 private:
  struct BoxedNode {
    json::Value value;
    json::Value extension;
  };
  union Bits {
    std::int64_t integer;
    const char* text;
    const base::Decimal* decimal;
    Temporal temporal;
    const QuantityValue* quantity;
    const RatioValue* ratio;
    const CodeValue* code;
    const ConceptValue* concept_value;
    const VocabularyValue* vocabulary;
    const IntervalValue* interval;
    const TupleValue* tuple;
    const IntegerRange* range;
    const Val* items;
    json::Value node;
    const BoxedNode* boxed_node;

    constexpr Bits(std::int64_t value) : integer(value) {}  // NOLINT(google-explicit-constructor)
    template <typename T>
    explicit Bits(T Bits::*member, T value) : integer(0) {
      this->*member = value;
    }
  };
  constexpr Val(Kind kind, std::uint32_t count, Bits bits) : kind_(kind), count_(count), bits_(bits) {}

  Kind kind_ = Kind::kNull;
  std::uint8_t boxed_ = 0;  // a node with a twin
  TypeId type_ = TypeId::kNone;
  std::uint32_t count_ = 0;  // bytes of a string, items of a list
  Bits bits_;
};
static_assert(std::is_trivially_copyable_v<Val> && std::is_trivially_destructible_v<Val>);
static_assert(sizeof(Val) == 24);

// CQL interval as written: a null bound is unbounded when closed, unknown when open. interval.h has the
// operators.
struct IntervalValue {
  Val low;
  Val high;
  bool low_closed = true;
  bool high_closed = true;
};

// Elements by name, in the order of the names' bytes when it was made by Val::Tuple (which sorts them).
struct TupleValue {
  std::span<const std::string_view> names;
  std::span<const Val> values;
  // Null when there is no element of that name.
  Val Find(std::string_view name) const;
  bool Has(std::string_view name) const;
};

// The items of a collection or list: none for null, the items of a list, the value itself otherwise. The span
// refers to `value` in the last case: keep it alive.
inline std::span<const Val> Items(const Val& value) {
  if (value.is_null()) return {};
  return value.is(Kind::kList) ? value.list() : std::span<const Val>(&value, 1);
}

// Gathers values; the result is in the arena.
class ListBuilder {
 public:
  explicit ListBuilder(base::Arena& arena) : arena_(&arena) {}
  void Add(const Val& value) {
    if (size_ == room_) Grow();
    new (items_ + size_++) Val(value);
  }
  // FHIRPath: nothing for null, each item of a list.
  void AddItems(const Val& value);
  std::size_t size() const { return size_; }
  std::span<const Val> items() const { return {items_, size_}; }
  // A kList of what was added, whatever the number (CQL).
  Val Finish() const { return Val::List(items()); }
  // FHIRPath: null for none, the item itself for one.
  Val FinishCollection() const;

 private:
  void Grow();

  base::Arena* arena_;
  Val* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

// --- three-valued logic (FHIRPath "Boolean logic"; CQL "Logical Operators"): kUnknown is null, or empty
// -----------

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

constexpr Truth TruthOf(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}
constexpr Truth Not(Truth a) {
  return a == Truth::kUnknown ? a : TruthOf(a == Truth::kFalse);
}
constexpr Truth And(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue : Truth::kUnknown;
}
constexpr Truth Or(Truth a, Truth b) {
  return Not(And(Not(a), Not(b)));
}
constexpr Truth Xor(Truth a, Truth b) {
  return a == Truth::kUnknown || b == Truth::kUnknown ? Truth::kUnknown : TruthOf(a != b);
}
constexpr Truth Implies(Truth a, Truth b) {
  return Or(Not(a), b);
}
// Boolean or null.
inline Val ToVal(Truth truth) {
  return truth == Truth::kUnknown ? Val::Null() : Val::Boolean(truth == Truth::kTrue);
}
// kUnknown for null. REQUIRES: a Boolean or null.
inline Truth ToTruth(const Val& value) {
  return value.is_null() ? Truth::kUnknown : TruthOf(value.boolean());
}

// --- what operators need besides their operands
// ---------------------------------------------------------------

enum class Language : std::uint8_t { kFhirPath, kCql };

// One per evaluation.
struct ValueContext {
  base::Arena& arena;
  Language language = Language::kFhirPath;
  // For dates and times without an offset. FHIRPath: kNoOffset (comparing with one that has an offset is
  // empty); CQL: the offset of the evaluation request.
  std::int16_t default_offset = kNoOffset;
};

}  // namespace osteon::model
