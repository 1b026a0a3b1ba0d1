// Retrieves and membership in terminology. Source: CQL 1.5.3, 2.3 "Retrieve"; Appendix B "Clinical
// Operators".
#include <algorithm>

#include "fhir/cql/run.h"
#include "fhir/model/value_node.h"

namespace osteon::cql {
namespace {

// Without a system, a code of that text in any system counts.
bool InValueSet(const terminology::Index& index, const terminology::ValueSet& set,
                const model::CodeValue& code) {
  if (!code.system.empty()) return index.Contains(set, code.system, code.code);
  return index.ContainsInAnySystem(set, code.code);
}

bool SameCode(const model::CodeValue& a, const model::CodeValue& b) {
  return a.code == b.code && (a.system.empty() || b.system.empty() || a.system == b.system);
}

// Null, and the evaluation fails, when the value set is not loaded: it is never taken for an empty one.
const terminology::ValueSet* FindValueSet(Run& run, const Node& node,
                                          const model::VocabularyValue& value_set) {
  std::string with_version;
  std::string_view canonical = value_set.id;
  if (!value_set.version.empty()) {
    with_version.append(value_set.id).append("|").append(value_set.version);
    canonical = with_version;
  }
  const terminology::Index* const index = run.inputs.terminology;
  const auto* const found = index != nullptr ? index->FindValueSet(canonical) : nullptr;
  if (found == nullptr) (void)run.Fail(node, "the value set " + std::string(canonical) + " is not loaded");
  return found;
}

const terminology::ValueSet* LoadedValueSet(Run& run, const Node& node,
                                            const model::VocabularyValue& value_set) {
  Run::KnownValueSet& known = run.KnownOf(value_set);
  if (known.value != &value_set) known = {&value_set, FindValueSet(run, node, value_set)};
  if (known.found == nullptr) return FindValueSet(run, node, value_set);
  return known.found;
}

bool InVocabulary(Run& run, const Node& node, const model::CodeValue& code,
                  const model::VocabularyValue& vocabulary) {
  if (vocabulary.is_value_set) {
    const auto* const set = LoadedValueSet(run, node, vocabulary);
    return set != nullptr && InValueSet(*run.inputs.terminology, *set, code);
  }
  if (!code.system.empty()) return code.system == vocabulary.id;
  const terminology::Index* const index = run.inputs.terminology;
  const auto* const system = index != nullptr ? index->FindCodeSystem(vocabulary.id) : nullptr;
  if (system == nullptr) {
    (void)run.Fail(node, "the code system " + std::string(vocabulary.id) + " is not loaded");
    return false;
  }
  const auto id = index->Find(vocabulary.id, code.code);
  return id && system->Contains(*id);
}

bool CodeIn(Run& run, const Node& node, const model::CodeValue& code, const Val& what) {
  switch (what.kind()) {
    case ValueKind::kVocabulary:
      return InVocabulary(run, node, code, what.vocabulary());
    case ValueKind::kCode:
      return SameCode(code, what.code());
    case ValueKind::kConcept:
      return std::any_of(what.concept_value().codes.begin(), what.concept_value().codes.end(),
                         [&](const model::CodeValue& other) { return SameCode(code, other); });
    case ValueKind::kString:
      return what.string() == code.code;
    case ValueKind::kList:
      return std::any_of(what.list().begin(), what.list().end(),
                         [&](const Val& item) { return CodeIn(run, node, code, item); });
    case ValueKind::kNode: {
      const Val system = model::ToSystem(what, run.values);
      return !system.is(ValueKind::kNode) && CodeIn(run, node, code, system);
    }
    default:
      return false;
  }
}

Val NodesOf(Run& run, const Node& node, std::span<const json::Value> resources) {
  if (!run.Spend(node, resources.size())) return {};
  Val* const nodes = run.arena.AllocateArray<Val>(resources.size());
  std::transform(resources.begin(), resources.end(), nodes, model::ResourceNode);
  return Val::List({nodes, resources.size()});
}

// The resources with a code that passes, each once.
template <typename Passes>
Val Filtered(Run& run, const Node& node, const model::CodeIndex& codes, const Passes& passes) {
  model::ListBuilder found(run.arena);
  std::optional<std::uint32_t> last;
  for (const model::CodedResource& row : codes.rows()) {
    if (last == row.ordinal) continue;
    if (!run.Spend(node)) return {};
    if (!passes(model::CodeValue{.code = row.code, .system = row.system, .version = {}, .display = {}}))
      continue;
    last = row.ordinal;
    found.Add(model::ResourceNode(row.resource));
  }
  return run.failed() ? Val() : found.Finish();
}

}  // namespace

bool MatchesTerminology(Run& run, const Node& node, const Val& value, const Val& what) {
  switch (value.kind()) {
    case ValueKind::kNode: {
      const Val system = model::ToSystem(value, run.values);
      return !system.is(ValueKind::kNode) && MatchesTerminology(run, node, system, what);
    }
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

Val ExpandedCodes(Run& run, const Node& node, const model::VocabularyValue& value_set) {
  const auto* const set = LoadedValueSet(run, node, value_set);
  if (set == nullptr) return {};
  if (set->is_open()) {
    return run.Fail(node, "the value set " + std::string(value_set.id) +
                              " holds codes by their beginning, which no list can name");
  }
  model::ListBuilder codes(run.arena);
  for (const terminology::CodeId id : set->codes()) {
    if (!run.Spend(node)) return {};
    const auto text = run.inputs.terminology->Describe(id);
    codes.Add(Val::Code({.code = text.code, .system = text.system, .version = {}, .display = {}}, run.arena));
  }
  return codes.Finish();
}

namespace {

Val Retrieved(const Step& step, Run& run) {
  const RetrieveIr& retrieve = *step.node->retrieve;
  const Node& node = *step.node;
  const bool filtered = !step.children.empty();
  const Val what = filtered ? Evaluate(*step.children.front(), run) : Val();
  if (run.failed()) return {};
  if (!run.inputs.retrieve_gaps.empty()) run.Touch(run.inputs.retrieve_gaps[retrieve.index]);
  model::ResourceIndex* const resources = run.inputs.resources;
  if (resources == nullptr) return Val::List({});
  if (!filtered) return NodesOf(run, node, resources->OfType(retrieve.resource));
  const model::CodeIndex& codes = resources->Codes(retrieve.resource, retrieve.code_path);
  if (what.is(ValueKind::kCode)) {
    const model::CodeValue& code = what.code();
    return NodesOf(run, node, codes.Find(code.system, code.code));
  }
  if (what.is(ValueKind::kVocabulary) && what.vocabulary().is_value_set) {
    const auto* const set = LoadedValueSet(run, node, what.vocabulary());
    if (set == nullptr) return {};
    return Filtered(run, node, codes, [&](const model::CodeValue& code) {
      return InValueSet(*run.inputs.terminology, *set, code);
    });
  }
  return Filtered(run, node, codes,
                  [&](const model::CodeValue& code) { return CodeIn(run, node, code, what); });
}

}  // namespace

Val EvaluateRetrieve(const Step& step, Run& run) {
  const Val found = Retrieved(step, run);
  run.TraceRead(found);
  return found;
}

}  // namespace osteon::cql
