#include "fhir/path/function_types.h"

#include <algorithm>

#include "fhir/model/r4_model.h"
#include "fhir/path/element_types.h"

namespace osteon::path {

using model::TypeId;
using model::operator""_type;

namespace {

StaticType FixedType(Yields yields) {
  switch (yields) {
    case Yields::kBoolean:
      return StaticType::One("System.Boolean"_type);
    case Yields::kInteger:
      return StaticType::One("System.Integer"_type);
    case Yields::kLong:
      return StaticType::One("System.Long"_type);
    case Yields::kDecimal:
      return StaticType::One("System.Decimal"_type);
    case Yields::kString:
      return StaticType::One("System.String"_type);
    case Yields::kDate:
      return StaticType::One("System.Date"_type);
    case Yields::kDateTime:
      return StaticType::One("System.DateTime"_type);
    case Yields::kTime:
      return StaticType::One("System.Time"_type);
    case Yields::kQuantity:
      return StaticType::One("System.Quantity"_type);
    case Yields::kExtension:
      return StaticType::One("Extension"_type);
    default:
      return StaticType::Any();
  }
}

StaticType YieldOf(const Expr& expr, const FunctionRow& row, const StaticType& input) {
  const auto argument = [&](std::size_t i) {
    return i < expr.operands.size() ? expr.operands[i]->result : StaticType::Empty();
  };
  StaticType result;
  switch (row.yields) {
    case Yields::kInput:
      return input;
    case Yields::kFirstArgument:
      return argument(0);
    case Yields::kInputAndFirstArgument:
      result = input;
      result.Add(argument(0));
      return result;
    case Yields::kArguments:
    case Yields::kLaterArguments:
      result = StaticType::Empty();
      for (std::size_t i = row.yields == Yields::kArguments ? 0 : 1; i < expr.operands.size(); ++i) {
        result.Add(argument(i));
      }
      return result;
    case Yields::kNamedType:
      return Narrowed(input, expr.type_test);
    case Yields::kChildren:
      return TypesOfChildren(input);
    case Yields::kDescendants:
      result.is_ordered = false;
      return result;
    case Yields::kTypeInfo:
      result = StaticType::Empty();
      result.is_type_info = true;
      return result;
    default:
      return FixedType(row.yields);
  }
}

}  // namespace

bool Accepts(Subject wanted, const StaticType& type) {
  const bool is_number =
      type.MayBe(Category::kInteger) || type.MayBe(Category::kDecimal) || type.MayBe(Category::kLong);
  switch (wanted) {
    case Subject::kString:
      return type.MayBe(Category::kString);
    case Subject::kNumber:
      return is_number;
    case Subject::kNumberOrQuantity:
      return is_number || type.MayBe(Category::kQuantity);
    case Subject::kTemporal:
      return type.MayBe(Category::kDate) || type.MayBe(Category::kDateTime) || type.MayBe(Category::kTime);
    case Subject::kAny:
    case Subject::kTypeless:
      break;
  }
  return true;
}

StaticType Narrowed(const StaticType& input, const TypeTest& test) {
  StaticType result = StaticType::Empty();
  result.is_single = input.is_single;
  result.is_ordered = input.is_ordered;
  // Types that are derived from the wanted one stay; of a base, the wanted one is what can be there.
  for (const TypeId type : {test.fhir, test.system}) {
    const bool may_be = !input.is_known || std::any_of(input.types.begin(), input.types.end(), [&](TypeId t) {
      return model::IsA(t, type) || model::IsA(type, t);
    });
    if (type != TypeId::kNone && may_be) result.types.push_back(type);
  }
  // A check of the steps behind it is worth more than the certainty that nothing comes.
  if (result.types.empty()) {
    if (test.fhir != TypeId::kNone) result.types.push_back(test.fhir);
    if (test.fhir == TypeId::kNone && test.system != TypeId::kNone) result.types.push_back(test.system);
  }
  return result;
}

StaticType ResultOfCall(const Expr& expr, const FunctionRow& row, const StaticType& input) {
  StaticType result = YieldOf(expr, row, input);
  switch (row.count) {
    case Count::kOne:
      result.is_single = true;
      break;
    case Count::kAsInput:
      result.is_single = input.is_single && (expr.operands.empty() || row.yields != Yields::kFirstArgument ||
                                             expr.operands[0]->result.is_single);
      break;
    case Count::kMany:
      result.is_single = false;
      break;
  }
  return result;
}

}  // namespace osteon::path
