#include "cards/pack_prefetch.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fhir/model/r4_model.h"

namespace osteon::cards {
namespace {

using terminology::CodeId;

constexpr std::size_t kMostKeys = 64;  // bits of cql::Gaps
constexpr std::string_view kPatient = "Patient";
constexpr std::string_view kOfPatient = "?patient={{context.patientId}}";

bool Meets(const std::vector<CodeId>& a, const std::vector<CodeId>& b) {
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left == *right) return true;
    if (*left < *right) {
      ++left;
    } else {
      ++right;
    }
  }
  return false;
}

void Sort(std::vector<CodeId>& codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

// Circles are the reader's finding; `depth` ends the search in one.
bool HasPrefixes(const PackSource& source, std::string_view value_set, int depth = 0) {
  constexpr int kDeepest = 32;
  for (const ValueSetSource& set : source.value_sets) {
    if (set.id.text != value_set || depth > kDeepest) continue;
    return std::any_of(set.include.begin(), set.include.end(), [&](const ValueSetInclude& include) {
      return !include.prefixes.empty() ||
             (!include.value_set.empty() && HasPrefixes(source, include.value_set.text, depth + 1));
    });
  }
  return false;
}

}  // namespace

PrefetchPlanner::PrefetchPlanner(const PackSource& source, PackFindings& findings,
                                 const PackExpressions& expressions, PackProgram& program)
    : source_(source), findings_(findings), expressions_(expressions), program_(program) {}

std::string PrefetchPlanner::UrlOf(std::string_view value_set) const {
  return "urn:osteon:" + source_.id.text + ":" + std::string(value_set);
}

void PrefetchPlanner::Plan() {
  if (source_.prefetch.size() > kMostKeys) {
    return findings_.Add(source_.prefetch[kMostKeys].key,
                         "a pack has at most " + std::to_string(kMostKeys) + " prefetch keys");
  }
  for (const PrefetchSource& source : source_.prefetch) PlanKey(source);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].types.front() == kPatient) program_.subject_keys |= cql::Gaps{1} << i;
  }
  for (const cql::RetrieveIr& retrieve : expressions_.partial().retrieves)
    program_.retrieve_keys.push_back(KeysOf(retrieve));
  CheckReached();
}

void PrefetchPlanner::PlanKey(const PrefetchSource& source) {
  Key& key = keys_.emplace_back();
  key.source = &source;
  const std::string& says = source.says.empty() ? source.key.text : source.says.text;
  program_.keys.push_back({program_.Keep(source.key.text), program_.Keep(says)});
  for (const Text& type : source.types) {
    if (model::KindOf(model::FindType(type.text)) != model::TypeKind::kResource)
      findings_.Add(type, "\"" + type.text + "\" is no resource type of FHIR R4");
    key.types.push_back(program_.Keep(type.text));
  }
  // A read by hand says what it brings.
  if (key.types.empty()) {
    const std::string_view query = source.query.text;
    key.types.push_back(program_.Keep(query.substr(0, query.find_first_of("/?"))));
  }
  for (const Text& id : source.value_sets) {
    key.brings_all = false;
    const auto* const set = program_.terminology->FindValueSet(UrlOf(id.text));
    if (set != nullptr) key.codes.insert(key.codes.end(), set->codes().begin(), set->codes().end());
  }
  Sort(key.codes);
  if (!source.query.empty()) {
    key.query = program_.Keep(source.query.text);
  } else if (const auto query = DerivedQuery(source)) {
    key.query = program_.Keep(*query);
  }
}

std::optional<std::string> PrefetchPlanner::DerivedQuery(const PrefetchSource& source) {
  if (source.types.empty()) {
    findings_.Add(source.key, "a key without \"types\" needs a \"query\"");
    return std::nullopt;
  }
  const std::string& type = source.types.front().text;
  if (type == kPatient) return "Patient/{{context.patientId}}";
  std::string query = type;
  query += kOfPatient;
  if (!source.value_sets.empty()) query += "&code=" + CodesParameter(source);
  for (const auto& [name, value] : source.search) query += "&" + name.text + "=" + value.text;
  return query;
}

// "system|code,system|code", each once, in the order of the value sets.
std::string PrefetchPlanner::CodesParameter(const PrefetchSource& source) {
  std::string codes;
  std::vector<CodeId> written;
  for (const Text& id : source.value_sets) {
    const auto* const set = program_.terminology->FindValueSet(UrlOf(id.text));
    if (set == nullptr) continue;
    if (HasPrefixes(source_, id.text)) {
      findings_.Add(id, "the value set \"" + id.text + "\" has prefixes, and a query can only name codes",
                    "leave out \"value_sets\", or list the codes");
    }
    for (const CodeId code : set->codes()) {
      if (std::find(written.begin(), written.end(), code) != written.end()) continue;
      written.push_back(code);
      const auto text = program_.terminology->Describe(code);
      if (!codes.empty()) codes += ',';
      codes.append(text.system).append("|").append(text.code);
    }
  }
  return codes;
}

std::vector<CodeId> PrefetchPlanner::CodesOf(const cql::CodeFilter& filter) const {
  std::vector<CodeId> codes;
  if (const auto* const set = program_.terminology->FindValueSet(filter.value_set))
    codes.assign(set->codes().begin(), set->codes().end());
  for (const auto& code : filter.codes) {
    if (const auto id = program_.terminology->Find(code.system, code.code)) codes.push_back(*id);
  }
  Sort(codes);
  return codes;
}

// A resource that comes with another (the Medication of an order) is no question of its own: when the order
// came, it came along.
cql::Gaps PrefetchPlanner::KeysOf(const cql::RetrieveIr& retrieve) const {
  const cql::DataRequirement requirement = cql::RequirementOf(retrieve);
  const bool has_codes = !requirement.filters.empty() && !requirement.filters.front().is_computed;
  const std::vector<CodeId> codes = has_codes ? CodesOf(requirement.filters.front()) : std::vector<CodeId>();
  cql::Gaps keys = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    if (key.types.front() != requirement.type) continue;
    if (key.brings_all || !has_codes || Meets(key.codes, codes)) keys |= cql::Gaps{1} << i;
  }
  return keys;
}

const std::set<std::uint32_t>& PrefetchPlanner::RetrievesOf(const TablePlan& table) const {
  const auto [known, added] = retrieves_.emplace(&table, std::set<std::uint32_t>());
  if (!added) return known->second;
  cql::RequirementRoots roots;
  for (const std::uint32_t number : table.uses) {
    const CompiledExpression& expression = program_.expressions[number];
    if (expression.define != nullptr) roots.defines.push_back(expression.define);
    if (expression.function != nullptr) roots.functions.push_back(expression.function);
  }
  known->second = cql::RequirementsOf(roots).retrieves;
  return known->second;
}

void PrefetchPlanner::CheckReached() {
  std::map<std::uint32_t, bool> reached;
  for (const RulePlan& rule : program_.rules) {
    for (const TablePlan& table : rule.tables) {
      for (const std::uint32_t retrieve : RetrievesOf(table)) reached[retrieve] = true;
    }
  }
  std::map<const cql::RetrieveIr*, const cql::Node*> nodes;
  for (const cql::Node& node : expressions_.partial().nodes) {
    if (node.kind == cql::NodeKind::kRetrieve) nodes[node.retrieve] = &node;
  }
  for (const cql::RetrieveIr& retrieve : expressions_.partial().retrieves) {
    const auto node = nodes.find(&retrieve);
    if (!reached[retrieve.index] || node == nodes.end() || node->second->library == nullptr) continue;
    CheckRetrieve(retrieve, expressions_.PlaceOf(*node->second->library, node->second->span));
  }
}

void PrefetchPlanner::CheckRetrieve(const cql::RetrieveIr& retrieve, const Place& place) {
  const cql::DataRequirement requirement = cql::RequirementOf(retrieve);
  const cql::Gaps mask = program_.retrieve_keys[retrieve.index];
  const auto brings = [&](const Key& key) {
    return std::find(key.types.begin(), key.types.end(), requirement.type) != key.types.end();
  };
  if (mask == 0) {
    const bool has_key = std::any_of(keys_.begin(), keys_.end(), brings);
    const bool comes_along = has_key && std::none_of(keys_.begin(), keys_.end(), [&](const Key& key) {
                               return key.types.front() == requirement.type;
                             });
    if (comes_along) return;
    return findings_.Add(place, has_key ? "no prefetch key brings these codes of " + requirement.type
                                        : "no prefetch key brings " + requirement.type);
  }
  if (requirement.filters.empty() || requirement.filters.front().is_computed) return;
  std::vector<CodeId> left = CodesOf(requirement.filters.front());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if ((mask >> i & 1) == 0) continue;
    if (keys_[i].brings_all) return;
    std::erase_if(left, [&](CodeId code) {
      return std::binary_search(keys_[i].codes.begin(), keys_[i].codes.end(), code);
    });
  }
  if (left.empty()) return;
  std::string codes;
  constexpr std::size_t kFew = 5;
  for (std::size_t i = 0; i < std::min(left.size(), kFew); ++i) {
    if (i != 0) codes += ", ";
    codes += program_.terminology->Describe(left[i]).code;
  }
  findings_.Add(place, "no prefetch key brings " + std::to_string(left.size()) + " of these codes: " + codes +
                           (left.size() > kFew ? ", ..." : ""));
}

std::vector<PrefetchTemplate> PrefetchPlanner::TemplatesOf(std::string_view hook,
                                                           const std::vector<bool>& is_enabled) const {
  cql::Gaps needed = program_.subject_keys;
  for (std::size_t r = 0; r < program_.rules.size(); ++r) {
    if (!is_enabled[r]) continue;
    for (const TablePlan& table : program_.rules[r].tables) {
      if (std::find(table.hooks.begin(), table.hooks.end(), hook) == table.hooks.end()) continue;
      for (const std::uint32_t retrieve : RetrievesOf(table)) needed |= program_.retrieve_keys[retrieve];
    }
  }
  std::vector<PrefetchTemplate> templates;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if ((needed >> i & 1) != 0) templates.push_back({program_.keys[i].name, keys_[i].query, keys_[i].types});
  }
  return templates;
}

}  // namespace osteon::cards
