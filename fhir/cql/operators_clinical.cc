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

enum class Direction : std::uint8_t { kSubsumes, kSubsumedBy };

// Codes of different systems never subsume each other; nullopt: the hierarchy is not known.
std::optional<bool> CodeSubsumes(const terminology::Index* index, const model::CodeValue& a,
                                 const model::CodeValue& b) {
  if (a.system != b.system) return false;
  if (a.code == b.code) return true;
  const auto* const system = index != nullptr ? index->FindCodeSystem(a.system) : nullptr;
  const auto left = system != nullptr ? index->Find(a.system, a.code) : std::nullopt;
  const auto right = system != nullptr ? index->Find(b.system, b.code) : std::nullopt;
  return left && right ? system->Subsumes(*left, *right) : std::nullopt;
}

std::span<const model::CodeValue> CodesOf(const Val& value) {
  if (value.is(ValueKind::kCode)) return {&value.code(), 1};
  return value.concept_value().codes;
}

// Any code of one concept subsumes any of the other.
template <Direction kDirection>
Val Subsumption(Run& run, const Step& step, std::span<const Val> operands) {
  const Val& above = operands[kDirection == Direction::kSubsumes ? 0 : 1];
  const Val& below = operands[kDirection == Direction::kSubsumes ? 1 : 0];
  bool unknown = false;
  for (const model::CodeValue& a : CodesOf(above)) {
    for (const model::CodeValue& b : CodesOf(below)) {
      const auto subsumes = CodeSubsumes(run.inputs.terminology, a, b);
      if (subsumes && *subsumes) return Val::Boolean(true);
      if (!subsumes) unknown = true;
    }
  }
  if (unknown)
    return run.Fail(*step.node, "the code system of the codes is not loaded, or does not hold them");
  return Val::Boolean(false);
}

Val ExpandValueSet(Run& run, const Step& step, std::span<const Val> operands) {
  return ExpandedCodes(run, *step.node, operands[0].vocabulary());
}

constexpr ImplementationRow kRows[] = {
    {"ExpandValueSet", ExpandValueSet},
    {"Subsumes", Subsumption<Direction::kSubsumes>},
    {"SubsumedBy", Subsumption<Direction::kSubsumedBy>},
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
