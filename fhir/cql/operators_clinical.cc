// CQL 1.5.3, Appendix B: Clinical Operators on terminology. The ages are in operators_date_time.cc.
#include "fhir/cql/run.h"

namespace osteon::cql {
namespace {

// No code is in nothing and in no unknown set (B.12 "In (Valueset)": null is not in it).
Val InTerminology(Run& run, const Step& step, std::span<const Val> operands) {
  if (operands[0].is_null()) return Val::Boolean(false);
  if (operands[1].is_null()) return {};
  const bool found = MatchesTerminology(run, *step.node, operands[0], operands[1]);
  return run.failed() ? Val() : Val::Boolean(found);
}

constexpr ImplementationRow kRows[] = {
    {"InValueSet", InTerminology},
    {"AnyInValueSet", InTerminology},
    {"InCodeSystem", InTerminology},
    {"AnyInCodeSystem", InTerminology},
};

}  // namespace

std::span<const ImplementationRow> ClinicalOperators() {
  return kRows;
}

}  // namespace osteon::cql
