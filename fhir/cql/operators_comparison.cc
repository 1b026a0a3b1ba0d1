// CQL 1.5.3, Appendix B: Comparison Operators.
#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"

namespace osteon::cql {
namespace {

using Operands = std::span<const Val>;

Val Equal(Run& run, const Step& /*step*/, Operands operands) {
  return model::ToVal(model::Equal(operands[0], operands[1], run.values));
}

Val NotEqual(Run& run, const Step& /*step*/, Operands operands) {
  return model::ToVal(model::Not(model::Equal(operands[0], operands[1], run.values)));
}

// A concept is equivalent to a code that it holds.
bool AreEquivalent(Run& run, const Val& a, const Val& b) {
  if (a.is(ValueKind::kConcept) && b.is(ValueKind::kCode)) {
    return model::Equivalent(a, CoerceValue(run, b, *TypeOf(SystemType::kConcept)), run.values);
  }
  if (a.is(ValueKind::kCode) && b.is(ValueKind::kConcept)) return AreEquivalent(run, b, a);
  return model::Equivalent(a, b, run.values);
}

Val Equivalent(Run& run, const Step& /*step*/, Operands operands) {
  return Val::Boolean(AreEquivalent(run, operands[0], operands[1]));
}

Val NotEquivalent(Run& run, const Step& /*step*/, Operands operands) {
  return Val::Boolean(!AreEquivalent(run, operands[0], operands[1]));
}

Val Less(Run& run, const Step& /*step*/, Operands operands) {
  return model::ToVal(model::IsLess(model::CompareValues(operands[0], operands[1], run.values)));
}

Val LessOrEqual(Run& run, const Step& /*step*/, Operands operands) {
  return model::ToVal(model::IsLessOrEqual(model::CompareValues(operands[0], operands[1], run.values)));
}

Val Greater(Run& run, const Step& step, Operands operands) {
  const Val reversed[] = {operands[1], operands[0]};
  return Less(run, step, reversed);
}

Val GreaterOrEqual(Run& run, const Step& step, Operands operands) {
  const Val reversed[] = {operands[1], operands[0]};
  return LessOrEqual(run, step, reversed);
}

constexpr ImplementationRow kRows[] = {
    {"Equal", Equal},
    {"NotEqual", NotEqual},
    {"Equivalent", Equivalent},
    {"NotEquivalent", NotEquivalent},
    {"Less", Less},
    {"LessOrEqual", LessOrEqual},
    {"Greater", Greater},
    {"GreaterOrEqual", GreaterOrEqual},
};

}  // namespace

std::span<const ImplementationRow> ComparisonOperators() {
  return kRows;
}

}  // namespace osteon::cql
