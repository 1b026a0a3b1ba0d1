// Every operator and function of CQL: names, signatures, where the specification defines it. One without an
// implementation is refused by its name when a library is analysed, and not taken for unknown.
//
// Source: CQL 1.5.3, Appendix B "CQL Reference" (https://cql.hl7.org/09-b-cqlreference.html).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/cql/type.h"

namespace osteon::cql {

// What a null operand does.
enum class NullRule : std::uint8_t {
  kGivesNull,  // the result is null, the implementation never sees it
  kOwn,        // the implementation decides
};

// How operands and result are found beyond the signatures.
enum class TypingRule : std::uint8_t {
  kSignature,
  kMixedLists,  // lists of different element types give a list of their choice (union, intersect, except)
};

struct Signature {
  std::vector<const Type*> operands;  // may hold the type variable T
  const Type* result = nullptr;
};

struct OperatorRow {
  std::string_view name;
  std::string_view anchor;  // in Appendix B
  NullRule null_rule = NullRule::kGivesNull;
  TypingRule typing = TypingRule::kSignature;
  std::string_view signature_text;  // "Integer,Integer->Integer;Long,Long->Long"
};

struct Operator {
  const OperatorRow* row = nullptr;
  std::uint16_t index = 0;  // in Operators()
  std::vector<Signature> signatures;
};

// All of them, ordered by name; made once.
std::span<const Operator> Operators();
// Null when the specification has no operator of that name.
const Operator* FindOperator(std::string_view name);
// Whether it can be evaluated; otherwise the analysis refuses it by name.
bool IsImplemented(std::string_view name);

}  // namespace osteon::cql
