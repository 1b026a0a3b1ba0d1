#include "fhir/model/value_node.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <new>

#include "fhir/base/text.h"
#include "fhir/json/key.h"
#include "fhir/model/r4_model.h"

namespace osteon::model {
namespace {

using json::operator""_key;

constexpr std::string_view kUcumSystem = "http://unitsofmeasure.org";

// The key of "_name" for the key of "name"; 0 when the table has none.
constexpr auto kTwinKey = [] {
  std::array<std::uint16_t, json::internal::kKeyCount + 1> twins{};
  for (std::uint16_t id = 1; id <= json::internal::kKeyCount; ++id) {
    const std::string_view name = json::KeyName(json::Key(id));
    if (name.front() == '_') twins[json::FindKey(name.substr(1)).id()] = id;
  }
  twins[0] = 0;
  return twins;
}();

json::Value Twin(json::Value object, json::Key key) {
  const std::uint16_t twin = key.id() < kTwinKey.size() ? kTwinKey[key.id()] : 0;
  return twin != 0 ? object[json::Key(twin)] : json::Value();
}

struct CalendarCode {
  std::string_view code;
  std::string_view word;
};
// R4 fhirpath.html, and FHIRHelpers 4.0.1 ToCalendarUnit.
constexpr CalendarCode kCalendarCodes[] = {
    {"a", "year"}, {"mo", "month"},   {"wk", "week"},  {"d", "day"},
    {"h", "hour"}, {"min", "minute"}, {"s", "second"}, {"ms", "millisecond"},
};

Val TemporalOrNull(const std::optional<Temporal>& value) {
  return value ? Val::Of(*value) : Val::Null();
}

Val IntegerOf(json::Value value) {
  const std::string_view text = value.number();
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? Val::Integer(number)
                                                                                   : Val::Null();
}

CodeValue CodeOf(json::Value coding) {
  return {coding["code"_key].string(), coding["system"_key].string(), coding["version"_key].string(),
          coding["display"_key].string()};
}

Val ConceptOf(json::Value codeable, base::Arena& arena) {
  const json::Value coding = codeable["coding"_key];
  const std::size_t count = coding.is_array() ? coding.size() : 0;
  auto* codes = arena.AllocateArray<CodeValue>(count);
  std::size_t at = 0;
  if (coding.is_array()) {
    for (const json::Value one : coding) new (codes + at++) CodeValue(CodeOf(one));
  }
  return Val::Concept({{codes, count}, codeable["text"_key].string()}, arena);
}

Val QuantityOrNull(json::Value quantity, base::Arena& arena) {
  const auto value = QuantityOfNode(quantity);
  return value ? Val::Quantity(*value, arena) : Val::Null();
}

Val IntervalOf(const Val& low, const Val& high, base::Arena& arena) {
  return low.is_null() && high.is_null() ? Val::Null() : Val::Interval({low, high, true, true}, arena);
}

// FHIRHelpers ToInterval(Period): closed at both ends; a missing one is unbounded. A DateTime without an
// offset is read at the evaluation's.
Val PeriodOf(json::Value period, const ValueContext& context) {
  const auto bound = [&](json::Value text) {
    auto value = ParseDateTimeText(text.string());
    if (value && !value->has_offset()) value->offset_minutes = context.default_offset;
    return TemporalOrNull(value);
  };
  return IntervalOf(bound(period["start"_key]), bound(period["end"_key]), context.arena);
}

Val RatioOf(json::Value ratio, base::Arena& arena) {
  const auto numerator = QuantityOfNode(ratio["numerator"_key]);
  const auto denominator = QuantityOfNode(ratio["denominator"_key]);
  return numerator && denominator ? Val::Ratio({*numerator, *denominator}, arena) : Val::Null();
}

Val DateTimeOf(json::Value value, const ValueContext& context) {
  auto parsed = ParseDateTimeText(value.string());
  if (parsed && !parsed->has_offset()) parsed->offset_minutes = context.default_offset;
  return TemporalOrNull(parsed);
}

// An element that R4 does not know: its JSON says what it is.
Val UntypedValue(const Val& node, const ValueContext& context) {
  const json::Value value = node.node();
  if (value.is_bool()) return Val::Boolean(value.is_true());
  if (value.is_string()) return Val::String(value.string());
  if (!value.is_number()) return node;
  if (const Val integer = IntegerOf(value); !integer.is_null()) return integer;
  const auto decimal = base::Decimal::Parse(value.number());
  return decimal ? Val::Decimal(*decimal, context.arena) : Val::Null();
}

// What only CQL converts implicitly.
Val CqlValueOf(json::Value value, Conversion conversion, const Val& node, const ValueContext& context) {
  if (context.language != Language::kCql || !value.is_object()) return node;
  switch (conversion) {
    case Conversion::kCode:
      return Val::Code(CodeOf(value), context.arena);
    case Conversion::kConcept:
      return ConceptOf(value, context.arena);
    case Conversion::kRatio:
      return RatioOf(value, context.arena);
    case Conversion::kIntervalOfDateTime:
      return PeriodOf(value, context);
    case Conversion::kIntervalOfQuantity:
      return IntervalOf(QuantityOrNull(value["low"_key], context.arena),
                        QuantityOrNull(value["high"_key], context.arena), context.arena);
    default:
      return node;
  }
}

// A resource says itself what it is; its place only says Resource.
TypeId TypeOfResource(json::Value resource, TypeId declared) {
  const TypeId own = FindResourceType(resource["resourceType"_key].string());
  return own != TypeId::kNone ? own : declared;
}

Val Typed(json::Value value, TypeId declared) {
  if (value.is_null()) return {};
  return Val::Node(value, declared == "Resource"_type ? TypeOfResource(value, declared) : declared);
}

Val Typed(json::Value value, TypeId declared, json::Value twin, base::Arena& arena) {
  if (!twin.exists()) return Typed(value, declared);
  if (declared == "Resource"_type) declared = TypeOfResource(value, declared);
  return Val::Node(value, declared, twin, arena);
}

// A JSON member as nodes: arrays item by item, zipped with the array of the twins. `take`: false ends it.
template <typename Take>
bool EachNode(json::Value value, json::Value twin, TypeId type, base::Arena& arena, const Take& take) {
  const auto one_node = [&](json::Value one, json::Value one_twin) {
    const Val node = Typed(one, type, one_twin, arena);
    return node.is_null() || take(node);
  };
  if (!value.is_array() && !twin.is_array()) return one_node(value, twin);
  auto item = value.begin();
  auto twin_item = twin.begin();
  const std::size_t count = std::max(value.is_array() ? value.size() : 0, twin.is_array() ? twin.size() : 0);
  for (std::size_t i = 0; i < count; ++i) {
    json::Value one;
    json::Value one_twin;
    if (value.is_array() && i < value.size()) {
      one = *item;
      ++item;
    }
    if (twin.is_array() && i < twin.size()) {
      one_twin = *twin_item;
      ++twin_item;
    }
    if (!one_node(one, one_twin)) return false;
  }
  return true;
}

bool IsPrimitive(TypeId type) {
  const TypeKind kind = KindOf(type);
  return kind == TypeKind::kPrimitive || kind == TypeKind::kBoundCode || kind == TypeKind::kSystem;
}

// Nodes without arrays need no list.
Val NodesOf(json::Value value, json::Value twin, TypeId type, base::Arena& arena) {
  if (!value.is_array() && !twin.is_array()) return Typed(value, type, twin, arena);
  if (value.size() == 1 && !twin.exists()) return Typed(*value.begin(), type);
  ListBuilder nodes(arena);
  (void)EachNode(value, twin, type, arena, [&](const Val& node) {
    nodes.Add(node);
    return true;
  });
  return nodes.FinishCollection();
}

struct KeyRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
};
constexpr KeyRange kTwinKeys = [] {
  KeyRange range;
  for (std::uint16_t id = 1; id <= json::internal::kKeyCount; ++id) {
    if (json::KeyName(json::Key(id)).front() != '_') continue;
    if (range.count++ == 0) range.first = id;
  }
  return range;
}();

// "_name". The keys are sorted by their names, so that those of the table stand together.
bool IsTwin(json::Value member) {
  const std::uint16_t id = member.key().id();
  if (id >= json::kFirstLocalKey) return member.name().starts_with('_');
  return static_cast<std::uint16_t>(id - kTwinKeys.first) < kTwinKeys.count;
}

bool HasTwins(json::Value object) {
  for (const json::Value member : object) {
    if (IsTwin(member)) return true;
  }
  return false;
}

// The twin of a value is a part of it; alone, it is the element.
template <typename Take>
bool LoneTwin(json::Value object, json::Value twin, TypeId type, base::Arena& arena, const Take& take) {
  const std::string_view element = twin.name().substr(1);
  if (object.Find(element).exists()) return true;
  return EachNode({}, twin, MemberType(type, json::FindKey(element)), arena, take);
}

// Of a primitive's extensions; named here because clang 14 does not evaluate literals inside templates.
constexpr TypeId kElement = "Element"_type;

template <typename Take>
bool Children(const Val& node, base::Arena& arena, const Take& take) {
  const json::Value value = node.node();
  const TypeId type = node.fhir_type();
  if (!value.is_object()) {
    for (const json::Value member : node.node_extension()) {
      if (!EachNode(member, {}, MemberType(kElement, member.key()), arena, take)) return false;
    }
    return true;
  }
  const bool has_twins = HasTwins(value);
  for (const json::Value member : value) {
    const json::Key key = member.key();
    if (key == "resourceType"_key) continue;
    if (has_twins && IsTwin(member)) {
      if (!LoneTwin(value, member, type, arena, take)) return false;
      continue;
    }
    const TypeId member_type = MemberType(type, key);
    const json::Value twin = has_twins ? Twin(value, key) : json::Value();
    if (twin.exists()) {
      if (!EachNode(member, twin, member_type, arena, take)) return false;
      continue;
    }
    const auto one = [&](json::Value item) {
      const Val child = Typed(item, member_type);
      return child.is_null() || take(child);
    };
    if (!member.is_array()) {
      if (!one(member)) return false;
      continue;
    }
    for (const json::Value item : member) {
      if (!one(item)) return false;
    }
  }
  return true;
}

std::size_t Count(const Val& node, base::Arena& arena);

std::size_t CountWithin(json::Value value, base::Arena& arena) {
  if (value.is_null()) return 0;
  return 1 + (value.is_object() ? Count(Val::Node(value, TypeId::kNone), arena) : 0);
}

// What the types are does not matter.
std::size_t Count(const Val& node, base::Arena& arena) {
  const json::Value value = node.node();
  std::size_t count = 0;
  if (!value.is_object() || HasTwins(value)) {
    (void)Children(node, arena, [&](const Val& child) {
      count += 1 + Count(child, arena);
      return true;
    });
    return count;
  }
  for (const json::Value member : value) {
    if (member.key() == "resourceType"_key) continue;
    if (!member.is_array()) {
      count += CountWithin(member, arena);
      continue;
    }
    for (const json::Value item : member) count += CountWithin(item, arena);
  }
  return count;
}

bool Descend(const Val& node, const NodeSink& sink, base::Arena& arena) {
  return Children(node, arena, [&](const Val& child) {
    if (!sink.take(sink.target, child)) return false;
    const json::Value value = child.node();
    const bool has_children = value.is_object() || child.node_extension().exists();
    return !has_children || Descend(child, sink, arena);
  });
}

}  // namespace

std::optional<QuantityValue> QuantityOfNode(json::Value quantity) {
  const auto value = base::Decimal::Parse(quantity["value"_key].number());
  const json::Value comparator = quantity["comparator"_key];
  if (!value || (comparator.exists() && !comparator.is_null())) return std::nullopt;
  const std::string_view system = quantity["system"_key].string();
  const std::string_view code = base::Trim(quantity["code"_key].string());
  const std::string_view unit = base::Trim(quantity["unit"_key].string());
  const bool is_ucum = system.empty() || system == kUcumSystem;
  QuantityValue result{*value, is_ucum && !code.empty() ? code : unit, false};
  if (is_ucum) {
    for (const CalendarCode& calendar : kCalendarCodes) {
      if (result.unit == calendar.code) return QuantityValue{*value, calendar.word, true};
    }
  }
  if (result.unit.empty()) result.unit = "1";
  return result;
}

Val ToSystem(const Val& value, const ValueContext& context) {
  if (!value.is(Kind::kNode)) return value;
  const json::Value node = value.node();
  const Conversion conversion =
      value.fhir_type() == "System.String"_type ? Conversion::kString : ConversionOf(value.fhir_type());
  if (!node.exists()) return IsPrimitive(value.fhir_type()) ? Val::Null() : value;
  if (value.fhir_type() == TypeId::kNone) return UntypedValue(value, context);
  switch (conversion) {
    case Conversion::kBoolean:
      return node.is_bool() ? Val::Boolean(node.is_true()) : Val::Null();
    case Conversion::kString:
      return node.is_string() ? Val::String(node.string()) : Val::Null();
    case Conversion::kInteger:
      return IntegerOf(node);
    case Conversion::kDecimal: {
      const auto decimal = base::Decimal::Parse(node.number());
      return decimal ? Val::Decimal(*decimal, context.arena) : Val::Null();
    }
    case Conversion::kDate:
      return TemporalOrNull(ParseDateText(node.string()));
    case Conversion::kDateTime:
      return DateTimeOf(node, context);
    case Conversion::kTime:
      return TemporalOrNull(ParseTimeText(node.string()));
    case Conversion::kQuantity:
      return node.is_object() ? QuantityOrNull(node, context.arena) : Val::Null();
    default:
      return CqlValueOf(node, conversion, value, context);
  }
}

Val ResourceNode(json::Value resource) {
  if (!resource.is_object()) return {};
  return Val::Node(resource, FindResourceType(resource["resourceType"_key].string()));
}

Val Member(const Val& node, json::Key name, base::Arena& arena) {
  if (!node.is(Kind::kNode)) return {};
  const TypeId type = node.fhir_type();
  const json::Value value = node.node();
  if (IsPrimitive(type) && !value.is_object()) {
    if (name == "value"_key) return ToSystem(node, ValueContext{arena, Language::kFhirPath, kNoOffset});
    const ElementDefinition* inner = FindElement("Element"_type, name);
    return NodesOf(node.node_extension()[name], {}, inner != nullptr ? inner->declared_type : TypeId::kNone,
                   arena);
  }
  const ElementDefinition* element = FindElement(type, name);
  if (element == nullptr) return NodesOf(value[name], Twin(value, name), TypeId::kNone, arena);
  if (!element->is_choice()) {
    const json::Value twin = IsPrimitive(element->declared_type) ? Twin(value, name) : json::Value();
    return NodesOf(value[name], twin, element->declared_type, arena);
  }
  for (const ChoiceType& choice : element->choices()) {
    const json::Value chosen = value[choice.key()];
    const json::Value twin = IsPrimitive(choice.type) ? Twin(value, choice.key()) : json::Value();
    if (chosen.exists() || twin.exists()) return NodesOf(chosen, twin, choice.type, arena);
  }
  return {};
}

Val Member(const Val& node, std::string_view name, base::Arena& arena) {
  if (const json::Key key = json::FindKey(name); key.id() != json::kNoKey) return Member(node, key, arena);
  return node.is(Kind::kNode) ? NodesOf(node.node().Find(name), {}, TypeId::kNone, arena) : Val::Null();
}

void AddChildren(const Val& node, ListBuilder& children, base::Arena& arena) {
  if (!node.is(Kind::kNode)) return;
  (void)Children(node, arena, [&](const Val& child) {
    children.Add(child);
    return true;
  });
}

bool EachChild(const Val& node, const NodeSink& sink, base::Arena& arena) {
  return !node.is(Kind::kNode) ||
         Children(node, arena, [&](const Val& child) { return sink.take(sink.target, child); });
}

bool EachDescendant(const Val& node, const NodeSink& sink, base::Arena& arena) {
  return !node.is(Kind::kNode) || Descend(node, sink, arena);
}

std::size_t CountDescendants(const Val& node, base::Arena& arena) {
  return node.is(Kind::kNode) ? Count(node, arena) : 0;
}

}  // namespace osteon::model
