#include "fhir/model/value_node.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <new>

#include "fhir/base/text.h"
#include "fhir/json/key.h"
#include "fhir/json/key_lookup.h"
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

Val Typed(json::Value value, TypeId declared, json::Value twin, base::Arena& arena) {
  // A resource says itself what it is; its place only says Resource.
  if (value.is_object() && IsA(declared, "Resource"_type)) {
    if (const TypeId own = FindType(value["resourceType"_key].string()); KindOf(own) == TypeKind::kResource)
      declared = own;
  }
  return Val::Node(value, declared, twin, arena);
}

// A JSON member as nodes: arrays item by item, zipped with the array of the twins.
void AddNodes(json::Value value, json::Value twin, TypeId type, ListBuilder& nodes, base::Arena& arena) {
  if (!value.is_array() && !twin.is_array()) {
    const Val node = Typed(value.is_null() ? json::Value() : value, type, twin, arena);
    if (!node.is_null()) nodes.Add(node);
    return;
  }
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
    const Val node = Typed(one.is_null() ? json::Value() : one, type, one_twin, arena);
    if (!node.is_null()) nodes.Add(node);
  }
}

bool IsPrimitive(TypeId type) {
  const TypeKind kind = KindOf(type);
  return kind == TypeKind::kPrimitive || kind == TypeKind::kBoundCode || kind == TypeKind::kSystem;
}

// Nodes without arrays need no list.
Val NodesOf(json::Value value, json::Value twin, TypeId type, base::Arena& arena) {
  if (!value.is_array() && !twin.is_array()) {
    return Typed(value.is_null() ? json::Value() : value, type, twin, arena);
  }
  ListBuilder nodes(arena);
  AddNodes(value, twin, type, nodes, arena);
  return nodes.FinishCollection();
}

// json::FindKey by hashing: walking through data asks for the key of every name.
json::Key KeyOf(std::string_view name) {
  constexpr std::size_t kReadable = 8;  // bytes that the look-up loads
  if (name.size() >= kReadable) return json::Key(json::internal::LookUpKey(name.data(), name.size()));
  char padded[kReadable] = {};
  name.copy(padded, name.size());
  return json::Key(json::internal::LookUpKey(padded, name.size()));
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
  const TypeId type = FindType(resource["resourceType"_key].string());
  return Val::Node(resource, KindOf(type) == TypeKind::kResource ? type : TypeId::kNone);
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
  const json::Value value = node.node();
  if (!value.is_object()) {
    for (const json::Value member : node.node_extension()) {
      AddNodes(member, {}, MemberType("Element"_type, KeyOf(member.name())), children, arena);
    }
    return;
  }
  for (const json::Value member : value) {
    const std::string_view name = member.name();
    if (name == "resourceType") continue;
    if (name.starts_with('_')) {
      // The twin of a value is a part of it; alone, it is the element.
      const std::string_view element = name.substr(1);
      if (!value.Find(element).exists()) {
        AddNodes({}, member, MemberType(node.fhir_type(), KeyOf(element)), children, arena);
      }
      continue;
    }
    const json::Key key = KeyOf(name);
    AddNodes(member, Twin(value, key), MemberType(node.fhir_type(), key), children, arena);
  }
}

}  // namespace osteon::model
