// The static types of CQL and how values of one become values of another.
// Source: CQL 1.5.3, "Implicit Conversions" (table 3-J), "Conversion Precedence".
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/model/r4_model.h"

namespace osteon::cql {

enum class SystemType : std::uint8_t {
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kRatio,
  kCode,
  kConcept,
  kVocabulary,
  kValueSet,
  kCodeSystem,
};
inline constexpr std::size_t kSystemTypeCount = 15;

enum class TypeKind : std::uint8_t {
  kAny,
  kSystem,
  kFhir,
  kList,
  kInterval,
  kTuple,
  kChoice,
  kVariable,  // T of an operator's signature
};

struct Type {
  TypeKind kind = TypeKind::kAny;
  SystemType system = SystemType::kBoolean;
  model::TypeId fhir = model::TypeId::kNone;
  const Type* element = nullptr;                              // of lists; the point type of intervals
  std::vector<std::pair<std::string, const Type*>> elements;  // of tuples, ordered by name
  std::vector<const Type*> choices;                           // of choices, none of them a choice

  bool Is(SystemType type) const { return kind == TypeKind::kSystem && system == type; }
};

const Type* AnyType();
const Type* TypeOf(SystemType type);
std::string_view NameOf(SystemType type);
std::optional<SystemType> FindSystemType(std::string_view name);

// Makes the other types; they live as long as the pool.
class TypePool {
 public:
  const Type* List(const Type* element);
  const Type* Interval(const Type* point);
  const Type* Fhir(model::TypeId id);
  const Type* Tuple(std::vector<std::pair<std::string, const Type*>> elements);
  // One type alone is itself; choices among them are dissolved, repetitions dropped.
  const Type* Choice(const std::vector<const Type*>& types);
  const Type* Variable();

 private:
  std::deque<Type> types_;
};

bool SameType(const Type& a, const Type& b);
bool IsSubtype(const Type& type, const Type& of);
bool HasVariable(const Type& type);
// Written so that it can be a type in CQL text, wherever FHIR is used under that name:
// "Tuple{a List<System.Integer>, "b c" FHIR.Patient.Contact}".
std::string NameOf(const Type& type);
// For messages: "List<Integer>".
std::string ShortNameOf(const Type& type);

// What an implicit conversion costs; lower ones win. The order is the specification's conversion precedence.
inline constexpr int kExact = 0;
inline constexpr int kSubtype = 1;
inline constexpr int kCompatible = 2;
inline constexpr int kCastCost = 3;
inline constexpr int kSimpleConversion = 4;
inline constexpr int kClassConversion = 5;
inline constexpr int kIntervalPromotion = 6;
inline constexpr int kListDemotion = 7;
inline constexpr int kIntervalDemotion = 8;
inline constexpr int kListPromotion = 9;

enum class Promotion : std::uint8_t { kForbidden, kAllowed };
// nullopt: no implicit way.
std::optional<int> ConversionCost(const Type& from, const Type& to, Promotion promotion);

// The System type (or interval of it) that the model converts a FHIR type to; null when to none.
const Type* ModelConversion(const Type& fhir);

// The type that values of both may have, as for the branches of "if"; a choice when neither converts to the
// other.
const Type* CommonType(const Type* a, const Type* b, TypePool& pool);

}  // namespace osteon::cql
