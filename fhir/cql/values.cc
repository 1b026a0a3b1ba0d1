// Types and elements of values while they run. Source: CQL 1.5.3, 3 "Conversion", "Accessing Elements".
#include <algorithm>
#include <array>

#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_quantity.h"

namespace osteon::cql {
namespace {

constexpr std::array<ValueKind, kSystemTypeCount> kKinds = {
    ValueKind::kBoolean,    ValueKind::kInteger,    ValueKind::kLong,      ValueKind::kDecimal,
    ValueKind::kString,     ValueKind::kDate,       ValueKind::kDateTime,  ValueKind::kTime,
    ValueKind::kQuantity,   ValueKind::kRatio,      ValueKind::kCode,      ValueKind::kConcept,
    ValueKind::kVocabulary, ValueKind::kVocabulary, ValueKind::kVocabulary};

std::string_view TextOf(const Val& value) {
  return value.is(ValueKind::kString) ? value.string() : std::string_view();
}

Val QuantityOfNumber(Run& run, const Val& value) {
  const base::Decimal number = value.is(ValueKind::kDecimal) ? value.decimal()
                               : value.is(ValueKind::kLong)  ? base::Decimal(value.long_integer())
                                                             : base::Decimal(value.integer());
  return Val::Quantity({.value = number, .unit = "1", .is_calendar = false}, run.arena);
}

Val ToConcept(Run& run, const Val& value) {
  auto* const code = run.arena.AllocateArray<model::CodeValue>(1);
  *code = value.code();
  return Val::Concept({.codes = {code, 1}, .display = value.code().display}, run.arena);
}

// One value of the language as another of its types; null when there is no such conversion.
Val ConvertSystem(Run& run, const Val& value, SystemType to) {
  const ValueKind kind = value.kind();
  if (kind == KindOf(to) || (kind == ValueKind::kUncertainty && to == SystemType::kInteger)) return value;
  switch (to) {
    case SystemType::kLong:
      if (kind == ValueKind::kInteger) return Val::Long(value.integer());
      break;
    case SystemType::kDecimal:
      if (kind == ValueKind::kInteger) return run.Decimal(base::Decimal(value.integer()));
      if (kind == ValueKind::kLong) return run.Decimal(base::Decimal(value.long_integer()));
      break;
    case SystemType::kQuantity:
      if (value.is_number()) return QuantityOfNumber(run, value);
      break;
    case SystemType::kDateTime:
      if (kind == ValueKind::kDate) {
        return Val::Of(model::ToDateTime(value.temporal(), run.inputs.offset_minutes));
      }
      break;
    case SystemType::kConcept:
      if (kind == ValueKind::kCode) return ToConcept(run, value);
      break;
    default:
      break;
  }
  return {};
}

// A FHIR instance made in CQL as what the model converts its type to.
Val InstanceValue(Run& run, const Val& value) {
  const model::TupleValue& tuple = value.tuple();
  const auto text = [&](std::string_view name) {
    return TextOf(CoerceValue(run, tuple.Find(name), *TypeOf(SystemType::kString)));
  };
  switch (model::ConversionOf(value.fhir_type())) {
    case model::Conversion::kQuantity: {
      const Val number = CoerceValue(run, tuple.Find("value"), *TypeOf(SystemType::kDecimal));
      if (!number.is(ValueKind::kDecimal)) return {};
      const std::string_view unit = text("code").empty() ? text("unit") : text("code");
      const bool calendar = unit.size() > 3 && model::FindDurationUnit(unit).has_value();
      return Val::Quantity({.value = number.decimal(), .unit = unit, .is_calendar = calendar}, run.arena);
    }
    case model::Conversion::kCode:
      return Val::Code({.code = text("code"),
                        .system = text("system"),
                        .version = text("version"),
                        .display = text("display")},
                       run.arena);
    case model::Conversion::kConcept: {
      const Val codings = tuple.Find("coding");
      const auto items = model::Items(codings);
      auto* const codes = run.arena.AllocateArray<model::CodeValue>(items.size());
      std::size_t count = 0;
      for (const Val& item : items) {
        const Val code = CoerceValue(run, item, *TypeOf(SystemType::kCode));
        if (code.is(ValueKind::kCode)) codes[count++] = code.code();
      }
      return Val::Concept({.codes = {codes, count}, .display = text("text")}, run.arena);
    }
    case model::Conversion::kIntervalOfDateTime:
    case model::Conversion::kIntervalOfQuantity: {
      const bool period = model::ConversionOf(value.fhir_type()) == model::Conversion::kIntervalOfDateTime;
      const Type& point = *TypeOf(period ? SystemType::kDateTime : SystemType::kQuantity);
      return Val::Interval({CoerceValue(run, tuple.Find(period ? "start" : "low"), point),
                            CoerceValue(run, tuple.Find(period ? "end" : "high"), point), true, true},
                           run.arena);
    }
    case model::Conversion::kNone:
      return value;
    default:
      return tuple.Find("value");
  }
}

Val SystemValue(Run& run, const Val& value) {
  if (value.is(ValueKind::kNode)) return model::ToSystem(value, run.values);
  return value.is(ValueKind::kTuple) ? InstanceValue(run, value) : value;
}

Val CoerceToSystem(Run& run, const Val& value, const Type& to) {
  if (value.is(ValueKind::kList)) {
    const auto items = value.list();
    if (items.empty()) return {};
    return CoerceValue(run, items.front(), to);
  }
  if (value.is(ValueKind::kInterval)) return CoerceValue(run, value.interval().low, to);
  const Val system = SystemValue(run, value);
  if (system.is_null()) return {};
  return ConvertSystem(run, system, to.system);
}

Val CoerceToInterval(Run& run, const Val& value, const Type& to) {
  const Val system = SystemValue(run, value);
  if (system.is_null()) return {};
  model::IntervalValue interval;
  if (system.is(ValueKind::kInterval)) {
    interval = system.interval();
    interval.low = CoerceValue(run, interval.low, *to.element);
    interval.high = CoerceValue(run, interval.high, *to.element);
  } else {
    interval.low = CoerceValue(run, system, *to.element);
    interval.high = interval.low;
    if (interval.low.is_null()) return {};
  }
  return Val::Interval(interval, run.arena);
}

Val CoerceToList(Run& run, const Val& value, const Type& to) {
  const auto items = model::Items(value);
  Val* const coerced = run.arena.AllocateArray<Val>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) coerced[i] = CoerceValue(run, items[i], *to.element);
  return Val::List({coerced, items.size()});
}

Val CoerceToTuple(Run& run, const Val& value, const Type& to) {
  if (!value.is(ValueKind::kTuple)) return value;
  const model::TupleValue& tuple = value.tuple();
  Val* const coerced = run.arena.AllocateArray<Val>(tuple.values.size());
  for (std::size_t i = 0; i < tuple.values.size(); ++i) {
    coerced[i] = tuple.values[i];
    for (const auto& [name, type] : to.elements) {
      if (name == tuple.names[i]) coerced[i] = CoerceValue(run, coerced[i], *type);
    }
  }
  return Val::Tuple(tuple.names, {coerced, tuple.values.size()}, value.fhir_type(), run.arena);
}

Val SystemProperty(Run& run, const Val& value, std::string_view name) {
  switch (value.kind()) {
    case ValueKind::kQuantity:
      if (name == "value") return run.Decimal(value.quantity().value);
      return name == "unit" ? Val::String(value.quantity().unit) : Val();
    case ValueKind::kRatio:
      return Val::Quantity(name == "numerator" ? value.ratio().numerator : value.ratio().denominator,
                           run.arena);
    case ValueKind::kCode: {
      const model::CodeValue& code = value.code();
      const std::string_view text = name == "code"      ? code.code
                                    : name == "system"  ? code.system
                                    : name == "version" ? code.version
                                                        : code.display;
      return text.empty() ? Val() : Val::String(text);
    }
    case ValueKind::kConcept: {
      const model::ConceptValue& concept_value = value.concept_value();
      if (name == "display") {
        return concept_value.display.empty() ? Val() : Val::String(concept_value.display);
      }
      model::ListBuilder codes(run.arena);
      for (const model::CodeValue& code : concept_value.codes) codes.Add(Val::Code(code, run.arena));
      return codes.Finish();
    }
    case ValueKind::kVocabulary: {
      const model::VocabularyValue& vocabulary = value.vocabulary();
      const std::string_view text = name == "id"        ? vocabulary.id
                                    : name == "version" ? vocabulary.version
                                                        : vocabulary.name;
      return text.empty() ? Val() : Val::String(text);
    }
    case ValueKind::kInterval: {
      const model::IntervalValue& interval = value.interval();
      if (name == "low") return interval.low;
      if (name == "high") return interval.high;
      return Val::Boolean(name == "lowClosed" ? interval.low_closed : interval.high_closed);
    }
    default:
      return {};
  }
}

}  // namespace

ValueKind KindOf(SystemType type) {
  return kKinds[static_cast<std::size_t>(type)];
}

Val CoerceValue(Run& run, const Val& value, const Type& to) {
  if (value.is_null()) return value;
  switch (to.kind) {
    case TypeKind::kSystem:
      return CoerceToSystem(run, value, to);
    case TypeKind::kInterval:
      return CoerceToInterval(run, value, to);
    case TypeKind::kList:
      return CoerceToList(run, value, to);
    case TypeKind::kTuple:
      return CoerceToTuple(run, value, to);
    default:
      return value;
  }
}

bool IsOfType(const Val& value, const Type& type) {
  if (value.is_null()) return false;
  const auto null_or = [](const Val& part, const Type& part_type) {
    return part.is_null() || IsOfType(part, part_type);
  };
  switch (type.kind) {
    case TypeKind::kAny:
    case TypeKind::kVariable:
      return true;
    case TypeKind::kSystem:
      if (value.is(ValueKind::kVocabulary) && type.system != SystemType::kVocabulary) {
        return value.vocabulary().is_value_set == (type.system == SystemType::kValueSet);
      }
      return value.is(KindOf(type.system)) ||
             (value.is(ValueKind::kUncertainty) && type.system == SystemType::kInteger);
    case TypeKind::kFhir:
      if (!value.is(ValueKind::kNode) && !value.is(ValueKind::kTuple)) return false;
      return model::IsA(value.fhir_type(), type.fhir) ||
             (model::KindOf(type.fhir) == model::TypeKind::kBoundCode &&
              model::IsA(type.fhir, value.fhir_type()));
    case TypeKind::kList:
      return value.is(ValueKind::kList) &&
             std::all_of(value.list().begin(), value.list().end(),
                         [&](const Val& item) { return null_or(item, *type.element); });
    case TypeKind::kInterval:
      return value.is(ValueKind::kInterval) && null_or(value.interval().low, *type.element) &&
             null_or(value.interval().high, *type.element);
    case TypeKind::kTuple:
      return value.is(ValueKind::kTuple) &&
             std::all_of(type.elements.begin(), type.elements.end(), [&](const auto& element) {
               return value.tuple().Has(element.first) &&
                      null_or(value.tuple().Find(element.first), *element.second);
             });
    case TypeKind::kChoice:
      return std::any_of(type.choices.begin(), type.choices.end(),
                         [&](const Type* choice) { return IsOfType(value, *choice); });
  }
  return false;
}

Val PropertyOf(Run& run, const Val& value, const Node& node, json::Key key) {
  if (value.is_null()) return value;
  const std::string_view name = node.text;
  if (value.is(ValueKind::kNode)) {
    const model::TypeKind kind = model::KindOf(value.fhir_type());
    const bool primitive = kind == model::TypeKind::kPrimitive || kind == model::TypeKind::kBoundCode;
    if (primitive && name == "value") return model::ToSystem(value, run.values);
    return key.id() != json::kNoKey ? model::Member(value, key, run.arena)
                                    : model::Member(value, name, run.arena);
  }
  if (value.is(ValueKind::kTuple)) {
    // An instance of a FHIR primitive holds no elements but its value.
    return value.tuple().Find(name);
  }
  if (value.is(ValueKind::kList)) {
    model::ListBuilder found(run.arena);
    for (const Val& item : value.list()) {
      if (!run.Spend(node)) return {};
      found.AddItems(PropertyOf(run, item, node, key));
    }
    return found.Finish();
  }
  // A System value that stands for a FHIR primitive.
  if (name == "value" && !value.is(ValueKind::kQuantity)) return value;
  return SystemProperty(run, value, name);
}

Val MakeInterval(Run& run, const Node& node, const model::IntervalValue& interval) {
  if (interval.low.is_null() && interval.high.is_null() && node.type->element->kind == TypeKind::kAny) {
    return Val::Interval(interval, run.arena);
  }
  const Val low = interval.low_closed || interval.low.is_null()
                      ? interval.low
                      : model::SuccessorOf(interval.low, run.values);
  const Val high = interval.high_closed || interval.high.is_null()
                       ? interval.high
                       : model::PredecessorOf(interval.high, run.values);
  const auto order = model::CompareValues(low, high, run.values);
  if (order && *order == model::Order::kGreater) {
    return run.Fail(node, "the interval ends before it begins");
  }
  return Val::Interval(interval, run.arena);
}

Val MakeInstance(Run& run, const Node& node, std::span<const std::string_view> names,
                 std::span<const Val> items) {
  const auto find = [&](std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return items[i];
    }
    return Val();
  };
  const Type& type = *node.target_type;
  if (type.kind != TypeKind::kSystem) {
    return Val::Tuple(names, items, type.kind == TypeKind::kFhir ? type.fhir : model::TypeId::kNone,
                      run.arena);
  }
  switch (type.system) {
    case SystemType::kQuantity: {
      const Val value = find("value");
      if (!value.is(ValueKind::kDecimal)) return {};
      const std::string_view unit = TextOf(find("unit"));
      const bool calendar = unit.size() > 3 && model::FindDurationUnit(unit).has_value();
      return Val::Quantity({.value = value.decimal(), .unit = unit, .is_calendar = calendar}, run.arena);
    }
    case SystemType::kRatio: {
      const Val numerator = find("numerator");
      const Val denominator = find("denominator");
      if (!numerator.is(ValueKind::kQuantity) || !denominator.is(ValueKind::kQuantity)) return {};
      return Val::Ratio({numerator.quantity(), denominator.quantity()}, run.arena);
    }
    case SystemType::kCode:
      return Val::Code({.code = TextOf(find("code")),
                        .system = TextOf(find("system")),
                        .version = TextOf(find("version")),
                        .display = TextOf(find("display"))},
                       run.arena);
    case SystemType::kConcept: {
      const Val list = find("codes");
      const auto codes = model::Items(list);
      auto* const values = run.arena.AllocateArray<model::CodeValue>(codes.size());
      std::size_t count = 0;
      for (const Val& code : codes) {
        if (code.is(ValueKind::kCode)) values[count++] = code.code();
      }
      return Val::Concept({.codes = {values, count}, .display = TextOf(find("display"))}, run.arena);
    }
    case SystemType::kVocabulary:
    case SystemType::kValueSet:
    case SystemType::kCodeSystem:
      return Val::Vocabulary({.id = TextOf(find("id")),
                              .version = TextOf(find("version")),
                              .name = TextOf(find("name")),
                              .is_value_set = type.system != SystemType::kCodeSystem},
                             run.arena);
    default:
      return run.Fail(node, ShortNameOf(type) + " has no instances of its own making");
  }
}

}  // namespace osteon::cql
