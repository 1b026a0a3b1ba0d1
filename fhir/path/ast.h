// The parsed expression, with the place of every part in the text. Names are as written: what they mean is
// the checker's business.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/path/diagnostic.h"
#include "fhir/path/static_type.h"

namespace osteon::path {

struct FunctionRow;  // fhir/path/function_table.h

enum class ExprKind : std::uint8_t {
  kError,  // something that was reported; stands for anything
  kEmptyLiteral,
  kBoolean,
  kString,
  kInteger,
  kLong,
  kDecimal,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kVariable,
  kThis,
  kIndex,
  kTotal,
  kMember,
  kCall,
  kIndexer,
  kUnary,
  kBinary,
  kTypeOperator,
};

enum class Operator : std::uint8_t {
  kNone,
  kPlus,
  kMinus,
  kTimes,
  kDivide,
  kDiv,
  kMod,
  kConcatenate,
  kUnion,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  kEquivalent,
  kNotEquivalent,
  kIn,
  kContains,
  kAnd,
  kOr,
  kXor,
  kImplies,
  kIs,
  kAs,
  kDescending,  // "key desc"; this and the next only outermost in an argument of sort()
  kNegatedKey,  // "-key"
};
// As written: "+", "div", "implies".
std::string_view OperatorText(Operator op);

// "Patient", "FHIR.Patient", "System.String".
struct TypeName {
  std::string space;  // empty when not written
  std::string name;
  Span span;
};

struct Expr {
  ExprKind kind = ExprKind::kError;
  Operator op = Operator::kNone;
  Span span;
  Span name_span;  // of the name alone in members, calls and variables; of the operator's sign
  // Literals: the value's text, without quotes and signs (kBoolean: "true"); members, calls, variables: name.
  std::string text;
  std::string unit;             // kQuantity
  bool calendar_unit = false;   // kQuantity: written as a word ("4 days"), not as 'd'
  TypeName type_name;           // kTypeOperator
  Expr* input = nullptr;        // before the dot or bracket; null when there is none: the context
  std::vector<Expr*> operands;  // arguments, or left and right; |, and, or: two or more
  std::uint32_t depth = 1;      // of the tree below, this node included

  // Set by Check.
  StaticType result;
  StaticType input_type;  // kMember: of what is before the dot, or of $this
  TypeTest type_test;     // is, as, ofType and their operators; members that are a type's name
  const FunctionRow* function = nullptr;  // kCall
  bool is_type_filter = false;  // kMember without input: "Patient" in "Patient.name", which keeps Patients
};

// Owns the nodes one beside the other, so that no destructor recurses.
struct Ast {
  std::vector<std::unique_ptr<Expr>> nodes;
  Expr* root = nullptr;  // never null after Parse
};

}  // namespace osteon::path
