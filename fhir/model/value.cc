#include "fhir/model/value.h"

#include <algorithm>
#include <memory>
#include <new>
#include <numeric>
#include <vector>

namespace osteon::model {
namespace {

template <typename T>
const T* Store(const T& value, base::Arena& arena) {
  return new (arena.Allocate(sizeof(T), alignof(T))) T(value);
}

template <typename T>
std::span<const T> CopyOf(std::span<const T> items, base::Arena& arena) {
  T* const copy = arena.AllocateArray<T>(items.size());
  std::uninitialized_copy(items.begin(), items.end(), copy);
  return {copy, items.size()};
}

Kind KindOf(TemporalKind kind) {
  switch (kind) {
    case TemporalKind::kDate:
      return Kind::kDate;
    case TemporalKind::kDateTime:
      return Kind::kDateTime;
    case TemporalKind::kTime:
      break;
  }
  return Kind::kTime;
}

}  // namespace

Val Val::String(std::string_view text) {
  return Val(Kind::kString, static_cast<std::uint32_t>(text.size()), Bits(&Bits::text, text.data()));
}
Val Val::Decimal(const base::Decimal& value, base::Arena& arena) {
  return Val(Kind::kDecimal, 0, Bits(&Bits::decimal, Store(value, arena)));
}
Val Val::Of(const Temporal& value) {
  return Val(KindOf(value.kind), 0, Bits(&Bits::temporal, value));
}
Val Val::Quantity(const QuantityValue& value, base::Arena& arena) {
  QuantityValue stored = value;
  if (stored.unit.empty()) stored.unit = "1";
  return Val(Kind::kQuantity, 0, Bits(&Bits::quantity, Store(stored, arena)));
}
Val Val::Ratio(const RatioValue& value, base::Arena& arena) {
  return Val(Kind::kRatio, 0, Bits(&Bits::ratio, Store(value, arena)));
}
Val Val::Code(const CodeValue& value, base::Arena& arena) {
  return Val(Kind::kCode, 0, Bits(&Bits::code, Store(value, arena)));
}
Val Val::Concept(const ConceptValue& value, base::Arena& arena) {
  return Val(Kind::kConcept, 0, Bits(&Bits::concept_value, Store(value, arena)));
}
Val Val::Vocabulary(const VocabularyValue& value, base::Arena& arena) {
  return Val(Kind::kVocabulary, 0, Bits(&Bits::vocabulary, Store(value, arena)));
}
Val Val::Interval(const IntervalValue& value, base::Arena& arena) {
  return Val(Kind::kInterval, 0, Bits(&Bits::interval, Store(value, arena)));
}
Val Val::List(std::span<const Val> items) {
  return Val(Kind::kList, static_cast<std::uint32_t>(items.size()), Bits(&Bits::items, items.data()));
}

Val Val::Tuple(std::span<const std::string_view> names, std::span<const Val> values, TypeId fhir_type,
               base::Arena& arena) {
  assert(names.size() == values.size());
  const std::size_t count = names.size();
  const auto make = [&](std::span<const std::string_view> in_order, std::span<const Val> their_values) {
    const TupleValue tuple{in_order, their_values};
    Val result(Kind::kTuple, 0, Bits(&Bits::tuple, Store(tuple, arena)));
    result.type_ = fhir_type;
    return result;
  };
  if (std::is_sorted(names.begin(), names.end())) return make(CopyOf(names, arena), CopyOf(values, arena));
  auto* order = arena.AllocateArray<std::size_t>(count);
  std::iota(order, order + count, std::size_t{0});
  std::sort(order, order + count, [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
  auto* sorted_names = arena.AllocateArray<std::string_view>(count);
  auto* sorted_values = arena.AllocateArray<Val>(count);
  for (std::size_t i = 0; i < count; ++i) {
    new (sorted_names + i) std::string_view(names[order[i]]);
    new (sorted_values + i) Val(values[order[i]]);
  }
  return make({sorted_names, count}, {sorted_values, count});
}

Val Val::Uncertainty(const IntegerRange& range, base::Arena& arena) {
  if (!range.certain()) return Val(Kind::kUncertainty, 0, Bits(&Bits::range, Store(range, arena)));
  const bool fits = range.low >= INT32_MIN && range.low <= INT32_MAX;
  return fits ? Integer(static_cast<std::int32_t>(range.low)) : Long(range.low);
}

Val Val::Node(json::Value value, TypeId type, json::Value extension, base::Arena& arena) {
  // A null beside extensions is how JSON keeps the places of primitives in arrays (R4 json.html#primitive).
  if (value.is_null()) value = {};
  if (!extension.is_object()) return Node(value, type);
  Val result(Kind::kNode, 0, Bits(&Bits::boxed_node, Store(BoxedNode{value, extension}, arena)));
  result.type_ = type;
  result.boxed_ = 1;
  return result;
}

bool Val::SamePlace(const Val& other) const {
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::kNull:
      return true;
    case Kind::kNode:
      return node() == other.node() && node_extension() == other.node_extension();
    case Kind::kList:
      return bits_.items == other.bits_.items && count_ == other.count_;
    case Kind::kString:
      return bits_.text == other.bits_.text && count_ == other.count_;
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime:
      return bits_.temporal == other.bits_.temporal;
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kLong:
      return bits_.integer == other.bits_.integer;
    default:
      return bits_.tuple == other.bits_.tuple;
  }
}

Val TupleValue::Find(std::string_view name) const {
  // Names of one compiled program have one place each.
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].data() == name.data() && names[i].size() == name.size()) return values[i];
  }
  const auto found = std::lower_bound(names.begin(), names.end(), name);
  if (found == names.end() || *found != name) return {};
  return values[static_cast<std::size_t>(found - names.begin())];
}
bool TupleValue::Has(std::string_view name) const {
  return std::binary_search(names.begin(), names.end(), name);
}

void ListBuilder::Grow() {
  const std::size_t room = room_ == 0 ? 8 : 2 * room_;
  Val* grown = arena_->AllocateArray<Val>(room);
  std::copy(items_, items_ + size_, grown);
  items_ = grown;
  room_ = room;
}
void ListBuilder::AddItems(const Val& value) {
  for (const Val& item : Items(value)) Add(item);
}
Val ListBuilder::FinishCollection() const {
  if (size_ == 0) return {};
  return size_ == 1 ? items_[0] : Finish();
}

}  // namespace osteon::model
