#include "fhir/cql/type.h"

#include <algorithm>
#include <array>

#include "fhir/cql/lexer.h"

namespace osteon::cql {
namespace {

constexpr std::array<std::string_view, kSystemTypeCount> kSystemNames = {
    "Boolean",  "Integer", "Long", "Decimal", "String",     "Date",     "DateTime",  "Time",
    "Quantity", "Ratio",   "Code", "Concept", "Vocabulary", "ValueSet", "CodeSystem"};

const Type kAnyType{};

std::array<Type, kSystemTypeCount> MakeSystemTypes() {
  std::array<Type, kSystemTypeCount> types;
  for (std::size_t i = 0; i < kSystemTypeCount; ++i) {
    types[i].kind = TypeKind::kSystem;
    types[i].system = static_cast<SystemType>(i);
  }
  return types;
}

Type IntervalOf(SystemType point) {
  Type type;
  type.kind = TypeKind::kInterval;
  type.element = TypeOf(point);
  return type;
}

struct ImplicitRow {
  SystemType from;
  SystemType to;
  int cost;
};
// Among several targets of one source the nearest comes first (Integer to Long before Decimal).
constexpr ImplicitRow kImplicit[] = {
    {SystemType::kInteger, SystemType::kLong, kSimpleConversion},
    {SystemType::kInteger, SystemType::kDecimal, kSimpleConversion},
    {SystemType::kLong, SystemType::kDecimal, kSimpleConversion},
    {SystemType::kDate, SystemType::kDateTime, kSimpleConversion},
    {SystemType::kInteger, SystemType::kQuantity, kClassConversion},
    {SystemType::kLong, SystemType::kQuantity, kClassConversion},
    {SystemType::kDecimal, SystemType::kQuantity, kClassConversion},
    {SystemType::kCode, SystemType::kConcept, kClassConversion},
};

std::optional<int> SystemCost(SystemType from, SystemType to) {
  for (const ImplicitRow& row : kImplicit) {
    if (row.from == from && row.to == to) return row.cost;
  }
  return std::nullopt;
}

bool TupleNamesAgree(const Type& a, const Type& b) {
  return a.elements.size() == b.elements.size() &&
         std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

// From a choice: the best of its alternatives. To a choice: any of its alternatives.
std::optional<int> ChoiceCost(const Type& from, const Type& to) {
  std::optional<int> best;
  const auto consider = [&best](std::optional<int> cost, int base) {
    if (cost && (!best || base + *cost < *best)) best = base + *cost;
  };
  if (to.kind == TypeKind::kChoice) {
    for (const Type* const choice : to.choices) {
      consider(ConversionCost(from, *choice, Promotion::kForbidden), kCompatible);
    }
    return best;
  }
  for (const Type* const choice : from.choices) {
    consider(ConversionCost(*choice, to, Promotion::kForbidden), kCastCost);
  }
  return best;
}

std::optional<int> TupleCost(const Type& from, const Type& to) {
  if (!TupleNamesAgree(from, to)) return std::nullopt;
  int worst = kExact;
  for (std::size_t i = 0; i < from.elements.size(); ++i) {
    const auto cost = ConversionCost(*from.elements[i].second, *to.elements[i].second, Promotion::kForbidden);
    if (!cost) return std::nullopt;
    worst = std::max(worst, *cost);
  }
  return worst;
}

std::optional<int> PromotionCost(const Type& from, const Type& to) {
  const auto with = [](std::optional<int> cost, int base) {
    return cost ? std::optional<int>(base + *cost) : std::nullopt;
  };
  if (to.kind == TypeKind::kInterval && from.kind != TypeKind::kList) {
    return with(ConversionCost(from, *to.element, Promotion::kForbidden), kIntervalPromotion);
  }
  if (from.kind == TypeKind::kList && to.kind != TypeKind::kList) {
    return with(ConversionCost(*from.element, to, Promotion::kForbidden), kListDemotion);
  }
  if (to.kind == TypeKind::kList && from.kind != TypeKind::kList) {
    return with(ConversionCost(from, *to.element, Promotion::kForbidden), kListPromotion);
  }
  return std::nullopt;
}

// As the model info writes it, which capitalises the segments of component types.
std::string ModelName(model::TypeId type) {
  std::string name(model::TypeName(type));
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    char& initial = name[dot + 1];
    if (initial >= 'a' && initial <= 'z') initial = static_cast<char>(initial - 'a' + 'A');
  }
  return "FHIR." + name;
}

// Quoted where it is no plain word.
std::string WrittenName(const std::string& name) {
  const bool plain =
      !name.empty() && !IsKeyword(name) && !(name[0] >= '0' && name[0] <= '9') &&
      std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      });
  if (plain) return name;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string Written(const Type& type, const std::string& system) {
  const auto joined = [](const auto& parts, const auto& name) {
    std::string out;
    for (const auto& part : parts) out += (out.empty() ? "" : ", ") + name(part);
    return out;
  };
  switch (type.kind) {
    case TypeKind::kAny:
      return system + "Any";
    case TypeKind::kVariable:
      return "T";
    case TypeKind::kSystem:
      return system + std::string(NameOf(type.system));
    case TypeKind::kFhir:
      return ModelName(type.fhir);
    case TypeKind::kList:
      return "List<" + Written(*type.element, system) + ">";
    case TypeKind::kInterval:
      return "Interval<" + Written(*type.element, system) + ">";
    case TypeKind::kTuple:
      return "Tuple{" +
             joined(type.elements,
                    [&](const auto& element) {
                      return WrittenName(element.first) + " " + Written(*element.second, system);
                    }) +
             "}";
    case TypeKind::kChoice:
      return "Choice<" + joined(type.choices, [&](const Type* choice) { return Written(*choice, system); }) +
             ">";
  }
  return {};
}

}  // namespace

const Type* AnyType() {
  return &kAnyType;
}

const Type* TypeOf(SystemType type) {
  static const std::array<Type, kSystemTypeCount> types = MakeSystemTypes();
  return &types[static_cast<std::size_t>(type)];
}

std::string_view NameOf(SystemType type) {
  return kSystemNames[static_cast<std::size_t>(type)];
}

std::optional<SystemType> FindSystemType(std::string_view name) {
  const auto* const found = std::find(kSystemNames.begin(), kSystemNames.end(), name);
  if (found == kSystemNames.end()) return std::nullopt;
  return static_cast<SystemType>(found - kSystemNames.begin());
}

const Type* TypePool::List(const Type* element) {
  Type& type = types_.emplace_back();
  type.kind = TypeKind::kList;
  type.element = element;
  return &type;
}

const Type* TypePool::Interval(const Type* point) {
  Type& type = types_.emplace_back();
  type.kind = TypeKind::kInterval;
  type.element = point;
  return &type;
}

const Type* TypePool::Fhir(model::TypeId id) {
  Type& type = types_.emplace_back();
  type.kind = TypeKind::kFhir;
  type.fhir = id;
  return &type;
}

const Type* TypePool::Variable() {
  Type& type = types_.emplace_back();
  type.kind = TypeKind::kVariable;
  return &type;
}

const Type* TypePool::Tuple(std::vector<std::pair<std::string, const Type*>> elements) {
  std::sort(elements.begin(), elements.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Type& type = types_.emplace_back();
  type.kind = TypeKind::kTuple;
  type.elements = std::move(elements);
  return &type;
}

const Type* TypePool::Choice(const std::vector<const Type*>& types) {
  std::vector<const Type*> distinct;
  const auto add = [&distinct](const Type* type) {
    const bool known = std::any_of(distinct.begin(), distinct.end(),
                                   [&](const Type* other) { return SameType(*type, *other); });
    if (!known) distinct.push_back(type);
  };
  for (const Type* const type : types) {
    if (type->kind == TypeKind::kAny) continue;
    if (type->kind == TypeKind::kChoice) {
      std::for_each(type->choices.begin(), type->choices.end(), add);
    } else {
      add(type);
    }
  }
  if (distinct.empty()) return AnyType();
  if (distinct.size() == 1) return distinct.front();
  Type& choice = types_.emplace_back();
  choice.kind = TypeKind::kChoice;
  choice.choices = std::move(distinct);
  return &choice;
}

bool SameType(const Type& a, const Type& b) {
  if (&a == &b) return true;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case TypeKind::kAny:
    case TypeKind::kVariable:
      return true;
    case TypeKind::kSystem:
      return a.system == b.system;
    case TypeKind::kFhir:
      return a.fhir == b.fhir;
    case TypeKind::kList:
    case TypeKind::kInterval:
      return SameType(*a.element, *b.element);
    case TypeKind::kTuple:
      return TupleNamesAgree(a, b) &&
             std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(),
                        [](const auto& x, const auto& y) { return SameType(*x.second, *y.second); });
    case TypeKind::kChoice: {
      const auto among = [](const Type* type, const Type& choice) {
        return std::any_of(choice.choices.begin(), choice.choices.end(),
                           [&](const Type* other) { return SameType(*type, *other); });
      };
      return a.choices.size() == b.choices.size() &&
             std::all_of(a.choices.begin(), a.choices.end(),
                         [&](const Type* type) { return among(type, b); });
    }
  }
  return false;
}

bool IsSubtype(const Type& type, const Type& of) {
  if (of.kind == TypeKind::kAny || SameType(type, of)) return true;
  if (type.kind == TypeKind::kChoice) {
    return std::all_of(type.choices.begin(), type.choices.end(),
                       [&](const Type* choice) { return IsSubtype(*choice, of); });
  }
  if (of.kind == TypeKind::kChoice) {
    return std::any_of(of.choices.begin(), of.choices.end(),
                       [&](const Type* choice) { return IsSubtype(type, *choice); });
  }
  if (type.kind != of.kind) return false;
  switch (type.kind) {
    case TypeKind::kSystem:
      return of.system == SystemType::kVocabulary &&
             (type.system == SystemType::kValueSet || type.system == SystemType::kCodeSystem);
    case TypeKind::kFhir:
      return model::IsA(type.fhir, of.fhir);
    case TypeKind::kList:
    case TypeKind::kInterval:
      return IsSubtype(*type.element, *of.element);
    case TypeKind::kTuple:
      return TupleNamesAgree(type, of) &&
             std::equal(type.elements.begin(), type.elements.end(), of.elements.begin(),
                        [](const auto& x, const auto& y) { return IsSubtype(*x.second, *y.second); });
    default:
      return false;
  }
}

bool HasVariable(const Type& type) {
  if (type.kind == TypeKind::kVariable) return true;
  return type.element != nullptr && HasVariable(*type.element);
}

std::string NameOf(const Type& type) {
  return Written(type, "System.");
}

std::string ShortNameOf(const Type& type) {
  return Written(type, "");
}

const Type* ModelConversion(const Type& fhir) {
  static const Type interval_of_date_time = IntervalOf(SystemType::kDateTime);
  static const Type interval_of_quantity = IntervalOf(SystemType::kQuantity);
  if (fhir.kind != TypeKind::kFhir) return nullptr;
  switch (model::ConversionOf(fhir.fhir)) {
    case model::Conversion::kNone:
      return nullptr;
    case model::Conversion::kBoolean:
      return TypeOf(SystemType::kBoolean);
    case model::Conversion::kInteger:
      return TypeOf(SystemType::kInteger);
    case model::Conversion::kDecimal:
      return TypeOf(SystemType::kDecimal);
    case model::Conversion::kString:
      return TypeOf(SystemType::kString);
    case model::Conversion::kDate:
      return TypeOf(SystemType::kDate);
    case model::Conversion::kDateTime:
      return TypeOf(SystemType::kDateTime);
    case model::Conversion::kTime:
      return TypeOf(SystemType::kTime);
    case model::Conversion::kCode:
      return TypeOf(SystemType::kCode);
    case model::Conversion::kConcept:
      return TypeOf(SystemType::kConcept);
    case model::Conversion::kQuantity:
      return TypeOf(SystemType::kQuantity);
    case model::Conversion::kRatio:
      return TypeOf(SystemType::kRatio);
    case model::Conversion::kIntervalOfDateTime:
      return &interval_of_date_time;
    case model::Conversion::kIntervalOfQuantity:
      return &interval_of_quantity;
  }
  return nullptr;
}

std::optional<int> ConversionCost(const Type& from, const Type& to, Promotion promotion) {
  if (SameType(from, to)) return kExact;
  if (IsSubtype(from, to)) return kSubtype;
  if (from.kind == TypeKind::kAny) return kCompatible;
  if (from.kind == TypeKind::kChoice || to.kind == TypeKind::kChoice) {
    if (const auto cost = ChoiceCost(from, to)) return cost;
  }
  if (from.kind == TypeKind::kSystem && to.kind == TypeKind::kSystem) {
    if (const auto cost = SystemCost(from.system, to.system)) return cost;
  }
  if (const Type* const converted = ModelConversion(from)) {
    // The model's conversion and one of the language may follow each other.
    if (const auto cost = ConversionCost(*converted, to, Promotion::kForbidden)) {
      return (converted->kind == TypeKind::kSystem && converted->system <= SystemType::kTime
                  ? kSimpleConversion
                  : kClassConversion) +
             (*cost > kExact ? 1 : 0);
    }
  }
  if (from.Is(SystemType::kValueSet) && to.kind == TypeKind::kList && to.element->Is(SystemType::kCode)) {
    return kClassConversion;
  }
  if (from.kind == to.kind && (from.kind == TypeKind::kList || from.kind == TypeKind::kInterval)) {
    return ConversionCost(*from.element, *to.element, Promotion::kForbidden);
  }
  if (from.kind == TypeKind::kTuple && to.kind == TypeKind::kTuple) return TupleCost(from, to);
  return promotion == Promotion::kAllowed ? PromotionCost(from, to) : std::nullopt;
}

const Type* CommonType(const Type* a, const Type* b, TypePool& pool) {
  if (a->kind == TypeKind::kAny) return b;
  if (b->kind == TypeKind::kAny) return a;
  if (IsSubtype(*a, *b)) return b;
  if (IsSubtype(*b, *a)) return a;
  if (a->kind != TypeKind::kChoice && b->kind != TypeKind::kChoice) {
    if (ConversionCost(*a, *b, Promotion::kForbidden)) return b;
    if (ConversionCost(*b, *a, Promotion::kForbidden)) return a;
    if (a->kind == TypeKind::kList && b->kind == TypeKind::kList) {
      return pool.List(CommonType(a->element, b->element, pool));
    }
  }
  return pool.Choice({a, b});
}

}  // namespace osteon::cql
