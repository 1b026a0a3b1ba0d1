// Retrieves and membership in terminology. Source: CQL 1.5.3, 2.3 "Retrieve"; Appendix B "Clinical
// Operators".
#include <algorithm>

#include "fhir/cql/run.h"
#include "fhir/model/value_node.h"

namespace osteon::cql {
namespace {

bool CodeIn(Run& run, const Node& node, const model::CodeValue& code, const Val& what) {
  switch (what.kind()) {
    case ValueKind::kVocabulary: {
      const model::VocabularyValue& vocabulary = what.vocabulary();
      if (!vocabulary.is_value_set) return !code.system.empty() && code.system == vocabulary.id;
      if (run.inputs.terminology == nullptr || !run.inputs.terminology->KnowsValueSet(vocabulary.id)) {
        (void)run.Fail(node, "the value set " + std::string(vocabulary.id) + " is not loaded");
        return false;
      }
      return run.inputs.terminology->Contains(vocabulary.id, code.system, code.code);
    }
    case ValueKind::kCode:
      return what.code().code == code.code &&
             (code.system.empty() || what.code().system.empty() || what.code().system == code.system);
    case ValueKind::kConcept:
      return std::any_of(what.concept_value().codes.begin(), what.concept_value().codes.end(),
                         [&](const model::CodeValue& other) {
                           return other.code == code.code && other.system == code.system;
                         });
    case ValueKind::kString:
      return what.string() == code.code;
    default:
      return false;
  }
}

}  // namespace

bool MatchesTerminology(Run& run, const Node& node, const Val& value, const Val& what) {
  if (what.is(ValueKind::kList)) {
    return std::any_of(what.list().begin(), what.list().end(),
                       [&](const Val& item) { return MatchesTerminology(run, node, value, item); });
  }
  if (what.is(ValueKind::kNode))
    return MatchesTerminology(run, node, value, model::ToSystem(what, run.values));
  switch (value.kind()) {
    case ValueKind::kNode:
      return MatchesTerminology(run, node, model::ToSystem(value, run.values), what);
    case ValueKind::kList:
      return std::any_of(value.list().begin(), value.list().end(),
                         [&](const Val& item) { return MatchesTerminology(run, node, item, what); });
    case ValueKind::kString:
      return CodeIn(run, node, {.code = value.string(), .system = {}, .version = {}, .display = {}}, what);
    case ValueKind::kCode:
      return CodeIn(run, node, value.code(), what);
    case ValueKind::kConcept:
      return std::any_of(value.concept_value().codes.begin(), value.concept_value().codes.end(),
                         [&](const model::CodeValue& code) { return CodeIn(run, node, code, what); });
    default:
      return false;
  }
}

Val EvaluateRetrieve(const Step& step, Run& run) {
  const RetrieveIr& retrieve = *step.node->retrieve;
  const Val what = step.children.empty() ? Val() : Evaluate(*step.children.front(), run);
  if (run.failed()) return {};
  if (run.inputs.data == nullptr) return Val::List({});
  const auto resources = run.inputs.data->OfType(retrieve.resource);
  if (step.children.empty()) return Val::List(resources);
  model::ListBuilder found(run.arena);
  for (const Val& resource : resources) {
    if (!run.Spend(*step.node)) return {};
    Val value = resource;
    std::string_view path = retrieve.code_path;
    while (!path.empty() && !value.is_null()) {
      const std::size_t dot = std::min(path.find('.'), path.size());
      value = model::Member(value, path.substr(0, dot), run.arena);
      path.remove_prefix(std::min(dot + 1, path.size()));
    }
    if (MatchesTerminology(run, *step.node, value, what)) found.Add(resource);
  }
  return run.failed() ? Val() : found.Finish();
}

}  // namespace osteon::cql
