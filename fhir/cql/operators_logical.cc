// CQL 1.5.3, Appendix B: Logical Operators, Nullological Operators, Errors and Messages. And, Or, Xor,
// Implies and Coalesce are in compile.cc, since they do not want all their operands.
#include "fhir/cql/run.h"

namespace osteon::cql {
namespace {

Val Not(Run& /*run*/, const Step& /*step*/, std::span<const Val> operands) {
  return Val::Boolean(!operands[0].boolean());
}

Val IsNull(Run& /*run*/, const Step& /*step*/, std::span<const Val> operands) {
  return Val::Boolean(operands[0].is_null());
}

Val IsTrue(Run& /*run*/, const Step& /*step*/, std::span<const Val> operands) {
  return Val::Boolean(model::ToTruth(operands[0]) == Truth::kTrue);
}

Val IsFalse(Run& /*run*/, const Step& /*step*/, std::span<const Val> operands) {
  return Val::Boolean(model::ToTruth(operands[0]) == Truth::kFalse);
}

// Message(source, condition, code, severity, message): the source; an error ends the evaluation. The message
// may show patient data, so that only its code is told.
Val Message(Run& run, const Step& step, std::span<const Val> operands) {
  const bool fails = model::ToTruth(operands[1]) == Truth::kTrue && operands[3].is(ValueKind::kString) &&
                     operands[3].string() == "Error";
  if (!fails) return operands[0];
  const std::string code(operands[2].is(ValueKind::kString) ? operands[2].string() : "");
  return run.Fail(*step.node, "the library ended the evaluation with error " + code);
}

constexpr ImplementationRow kRows[] = {
    {"Not", Not}, {"IsNull", IsNull}, {"IsTrue", IsTrue}, {"IsFalse", IsFalse}, {"Message", Message},
};

}  // namespace

std::span<const ImplementationRow> LogicalOperators() {
  return kRows;
}

}  // namespace osteon::cql
