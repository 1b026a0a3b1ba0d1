#include "fhir/path/operator_types.h"

#include <array>
#include <optional>

namespace osteon::path {
namespace {

using model::TypeId;
using model::operator""_type;

constexpr std::array<Category, 10> kCategories = {
    Category::kBoolean, Category::kInteger,  Category::kLong, Category::kDecimal,  Category::kString,
    Category::kDate,    Category::kDateTime, Category::kTime, Category::kQuantity, Category::kOther};

TypeId SystemType(Category category) {
  switch (category) {
    case Category::kInteger:
      return "System.Integer"_type;
    case Category::kLong:
      return "System.Long"_type;
    case Category::kDecimal:
      return "System.Decimal"_type;
    case Category::kString:
      return "System.String"_type;
    case Category::kDate:
      return "System.Date"_type;
    case Category::kDateTime:
      return "System.DateTime"_type;
    case Category::kTime:
      return "System.Time"_type;
    case Category::kQuantity:
      return "System.Quantity"_type;
    default:
      return "System.Boolean"_type;
  }
}

bool IsTemporal(Category c) {
  return c == Category::kDate || c == Category::kDateTime || c == Category::kTime;
}
// What Quantity operators convert implicitly: 5 is 5 '1'.
bool IsQuantityLike(Category c) {
  return c == Category::kQuantity || IsNumber(c);
}
// Integer < Long < Decimal < Quantity.
Category Wider(Category a, Category b) {
  for (const Category c : {Category::kQuantity, Category::kDecimal, Category::kLong}) {
    if (a == c || b == c) return c;
  }
  return Category::kInteger;
}

// The category of a op b, or nullopt when the operator does not take them. Source: FHIRPath 2.0.0 "Math",
// "Date/Time Arithmetic", "String Concatenation", "Comparison", "Conversion" (implicit conversions).
std::optional<Category> ResultOf(Operator op, Category a, Category b) {
  switch (op) {
    case Operator::kPlus:
      if (a == Category::kString && b == Category::kString) return a;
      [[fallthrough]];
    case Operator::kMinus:
      if (IsTemporal(a) && b == Category::kQuantity) return a;
      if (IsQuantityLike(a) && IsQuantityLike(b)) return Wider(a, b);
      return std::nullopt;
    case Operator::kTimes:
      if (IsQuantityLike(a) && IsQuantityLike(b)) return Wider(a, b);
      return std::nullopt;
    case Operator::kDivide:
      if (!IsQuantityLike(a) || !IsQuantityLike(b)) return std::nullopt;
      return Wider(a, b) == Category::kQuantity ? Category::kQuantity : Category::kDecimal;
    case Operator::kDiv:
      if (!IsNumber(a) || !IsNumber(b)) return std::nullopt;
      return a == Category::kLong || b == Category::kLong ? Category::kLong : Category::kInteger;
    case Operator::kMod:
      if (!IsNumber(a) || !IsNumber(b)) return std::nullopt;
      return Wider(a, b);
    case Operator::kConcatenate:
      if (a == Category::kString && b == Category::kString) return a;
      return std::nullopt;
    default: {
      // Comparisons.
      const bool is_date = a == Category::kDate || a == Category::kDateTime;
      const bool both_dates = is_date && (b == Category::kDate || b == Category::kDateTime);
      const bool same = a == b && (a == Category::kString || a == Category::kTime);
      if (both_dates || same || (IsQuantityLike(a) && IsQuantityLike(b))) return Category::kBoolean;
      return std::nullopt;
    }
  }
}

OperatorTypes ByCategories(Operator op, const StaticType& a, const StaticType& b) {
  OperatorTypes types;
  if (a.is_empty() || b.is_empty()) {
    // "'1' & {}" is '1'; all others are empty.
    types.result = op == Operator::kConcatenate ? StaticType::One("System.String"_type) : StaticType::Empty();
    return types;
  }
  types.fits = false;
  types.result = StaticType::Empty();
  for (const Category left : kCategories) {
    if (!a.MayBe(left)) continue;
    for (const Category right : kCategories) {
      if (!b.MayBe(right)) continue;
      const auto result = ResultOf(op, left, right);
      if (!result) continue;
      types.fits = true;
      types.result.Add(StaticType::One(SystemType(*result)));
    }
  }
  if (types.fits) return types;
  types.result = StaticType::Any();
  const bool is_date = a.MayBe(Category::kDate) || a.MayBe(Category::kDateTime) || a.MayBe(Category::kTime);
  if (is_date && (op == Operator::kPlus || op == Operator::kMinus)) {
    types.hint = "a duration has a unit: 7 days";
  } else if (op == Operator::kPlus || op == Operator::kConcatenate) {
    types.hint = "convert with toString() to join texts";
  }
  return types;
}

bool IsFamily(Operator op, std::initializer_list<Operator> family) {
  for (const Operator member : family) {
    if (member == op) return true;
  }
  return false;
}

}  // namespace

OperatorTypes TypesOfOperator(const Expr& expr) {
  const StaticType& a = expr.operands[0]->result;
  const StaticType& b = expr.operands[1]->result;
  if (expr.op == Operator::kUnion) {
    OperatorTypes types;
    types.result = StaticType::Empty();
    bool may_have_many = false;
    for (const Expr* operand : expr.operands) {
      types.result.Add(operand->result);
      may_have_many = may_have_many || !operand->result.is_empty();
    }
    types.result.is_single = !may_have_many;
    return types;
  }
  const bool is_boolean =
      IsFamily(expr.op, {Operator::kEqual, Operator::kNotEqual, Operator::kEquivalent,
                         Operator::kNotEquivalent, Operator::kIn, Operator::kContains, Operator::kAnd,
                         Operator::kOr, Operator::kXor, Operator::kImplies});
  if (is_boolean) return {true, StaticType::One("System.Boolean"_type), {}};
  return ByCategories(expr.op, a, b);
}

}  // namespace osteon::path
