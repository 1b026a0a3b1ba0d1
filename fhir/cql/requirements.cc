#include "fhir/cql/requirements.h"

#include <algorithm>
#include <unordered_set>

#include "fhir/cql/ir_walk.h"

namespace osteon::cql {
namespace {

void AddCode(const Node& node, CodeFilter& filter) {
  filter.codes.push_back({node.terminology != nullptr ? node.terminology->id : "", node.text});
}

void Terminology(const Node& node, CodeFilter& filter) {
  switch (node.kind) {
    case NodeKind::kValueSet:
      filter.value_set = node.terminology->id;
      return;
    case NodeKind::kCode:
      return AddCode(node, filter);
    case NodeKind::kConcept:
    case NodeKind::kList:
      for (const Node* const child : node.children) Terminology(*child, filter);
      return;
    case NodeKind::kCoerce:
      return Terminology(*node.children.front(), filter);
    case NodeKind::kDefine:
      if (node.define->body != nullptr) return Terminology(*node.define->body, filter);
      return;
    case NodeKind::kProperty:
      // "Concept".codes
      return Terminology(*node.children.front(), filter);
    case NodeKind::kOperator:
      if (node.op->row->name == "ToList" || node.op->row->name == "ToConcept") {
        return Terminology(*node.children.front(), filter);
      }
      break;
    default:
      break;
  }
  filter.is_computed = true;
}

class Collector {
 public:
  explicit Collector(Requirements& out) : out_(out) {}

  // Without recursion: expressions may be deep.
  void Visit(const Node* root) {
    Push(root);
    while (!pending_.empty()) {
      const Node* const node = pending_.back();
      pending_.pop_back();
      One(*node);
    }
  }

 private:
  void Push(const Node* node) {
    if (node != nullptr && seen_.insert(node).second) pending_.push_back(node);
  }

  void One(const Node& node) {
    ForEachPart(node, [&](const Node* part) { Push(part); });
    switch (node.kind) {
      case NodeKind::kDefine:
        return Push(node.define->body);
      case NodeKind::kParameter:
        out_.parameters.push_back(node.parameter);
        return Push(node.parameter->default_value);
      case NodeKind::kCall:
        return Push(node.function->body);
      case NodeKind::kSubject:
        out_.needs_subject = true;
        return;
      case NodeKind::kValueSet:
        out_.value_sets.insert(node.terminology->id);
        return;
      case NodeKind::kProperty:
        return Element(*node.children.front()->type, node.text);
      case NodeKind::kRetrieve:
        return Retrieve(*node.retrieve);
      default:
        return;
    }
  }

  void Element(const Type& type, const std::string& name) {
    if (type.kind == TypeKind::kList) return Element(*type.element, name);
    for (const Type* const choice : type.choices) Element(*choice, name);
    if (type.kind == TypeKind::kFhir && model::KindOf(type.fhir) == model::TypeKind::kResource) {
      out_.elements.insert(std::string(model::TypeName(type.fhir)) + "." + name);
    }
  }

  void Retrieve(const RetrieveIr& retrieve) {
    if (retrieve.resource == model::TypeId::kNone) return;
    out_.retrieves.insert(retrieve.index);
    DataRequirement requirement = RequirementOf(retrieve);
    if (retrieve.terminology != nullptr) out_.elements.insert(requirement.type + "." + retrieve.code_path);
    const auto same = [&](const DataRequirement& known) {
      if (known.type != requirement.type || known.filters.size() != requirement.filters.size()) return false;
      if (known.filters.empty()) return true;
      const CodeFilter& a = known.filters.front();
      const CodeFilter& b = requirement.filters.front();
      return a.path == b.path && a.value_set == b.value_set && a.codes == b.codes &&
             a.is_computed == b.is_computed;
    };
    if (std::none_of(out_.data.begin(), out_.data.end(), same)) out_.data.push_back(std::move(requirement));
  }

  Requirements& out_;
  std::vector<const Node*> pending_;
  std::unordered_set<const Node*> seen_;
};

}  // namespace

DataRequirement RequirementOf(const RetrieveIr& retrieve) {
  DataRequirement requirement;
  requirement.type = model::TypeName(retrieve.resource);
  if (retrieve.terminology != nullptr) {
    CodeFilter& filter = requirement.filters.emplace_back();
    filter.path = retrieve.code_path;
    Terminology(*retrieve.terminology, filter);
    std::sort(filter.codes.begin(), filter.codes.end());
  }
  return requirement;
}

Requirements RequirementsOf(const RequirementRoots& roots) {
  Requirements requirements;
  Collector collector(requirements);
  for (const DefineIr* const define : roots.defines) collector.Visit(define->body);
  for (const FunctionIr* const function : roots.functions) collector.Visit(function->body);
  for (const Node* const expression : roots.expressions) collector.Visit(expression);
  std::sort(requirements.parameters.begin(), requirements.parameters.end(),
            [](const ParameterIr* a, const ParameterIr* b) { return a->index < b->index; });
  const auto end = std::unique(requirements.parameters.begin(), requirements.parameters.end());
  requirements.parameters.erase(end, requirements.parameters.end());
  return requirements;
}

Requirements RequirementsOf(const ProgramIr& program, const std::vector<std::string>& definitions) {
  RequirementRoots roots;
  for (const DefineIr& define : program.main().defines) {
    const bool wanted = definitions.empty() ||
                        std::find(definitions.begin(), definitions.end(), define.name) != definitions.end();
    if (wanted) roots.defines.push_back(&define);
  }
  return RequirementsOf(roots);
}

}  // namespace osteon::cql
