// From definitions to the index: everything that can fail, fails here.
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "fhir/terminology/code_set.h"
#include "fhir/terminology/terminology.h"

namespace osteon::terminology {
namespace {

std::vector<std::string_view> SplitCommas(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.push_back(part);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// A pattern of hundreds of kilobytes has no place in a value set; RE2 refuses it itself.
constexpr std::int64_t kRegexBytes = 1 << 20;

}  // namespace

class Builder {
 public:
  explicit Builder(const Definitions& definitions)
      : definitions_(definitions), index_(std::make_shared<Index>()) {}

  BuildResult Build() {
    for (const CodeSystemDefinition& system : definitions_.code_systems) AddCodeSystem(system);
    for (const ValueSetDefinition& value_set : definitions_.value_sets) {
      if (Canonicals(value_set)) Evaluate(value_set);
    }
    for (const ValueSetDefinition& value_set : definitions_.value_sets) {
      if (const auto found = done_.find(&value_set); found != done_.end() && found->second)
        Publish(value_set, *found->second);
    }
    BuildResult result;
    result.problems = std::move(problems_);
    if (result.problems.empty()) result.index = index_;
    return result;
  }

 private:
  struct Hierarchy {
    const CodeSystemDefinition* definition = nullptr;
    const CodeSystem* system = nullptr;
  };

  void Report(std::string origin, std::string url, std::string reason) {
    problems_.push_back({std::move(origin), std::move(url), std::move(reason)});
  }

  // False for a definition that cannot be told from another.
  bool Canonicals(const ValueSetDefinition& value_set) {
    if (value_set.url.empty()) {
      Report(value_set.origin, value_set.name, "the value set has no url");
      return false;
    }
    if (!canonicals_.insert(value_set.url + "|" + value_set.version).second) {
      Report(value_set.origin, value_set.url, "another value set has the same url and version");
      return false;
    }
    return true;
  }

  void AddCodeSystem(const CodeSystemDefinition& definition) {
    if (hierarchies_.contains(definition.url)) {
      Report(definition.origin, definition.url, "another code system has the same url");
      return;
    }
    std::map<std::string_view, const ConceptDefinition*> by_code;
    for (const ConceptDefinition& concept_definition : definition.concepts) {
      if (!by_code.emplace(concept_definition.code, &concept_definition).second) {
        Report(definition.origin, definition.url,
               "the code '" + concept_definition.code + "' is defined twice");
        return;
      }
    }
    auto system = std::make_unique<CodeSystem>();
    system->url_ = definition.url;
    system->is_complete_ = definition.is_complete;
    for (const ConceptDefinition& concept_definition : definition.concepts) {
      CodeSystem::Concept entry{index_->Intern(definition.url, concept_definition.code), {}};
      std::set<std::string_view> above;
      if (!AddAncestors(definition, by_code, concept_definition, above)) return;
      for (const std::string_view code : above)
        entry.ancestors.push_back(index_->Intern(definition.url, code));
      std::sort(entry.ancestors.begin(), entry.ancestors.end());
      system->concepts_.push_back(std::move(entry));
    }
    std::sort(system->concepts_.begin(), system->concepts_.end(),
              [](const auto& a, const auto& b) { return a.code < b.code; });
    hierarchies_[definition.url] = {&definition, system.get()};
    index_->code_systems_.push_back(std::move(system));
  }

  // All codes above a concept, without recursion: hierarchies come from outside and may be deep.
  bool AddAncestors(const CodeSystemDefinition& definition,
                    const std::map<std::string_view, const ConceptDefinition*>& by_code,
                    const ConceptDefinition& start, std::set<std::string_view>& above) {
    std::vector<const ConceptDefinition*> open = {&start};
    while (!open.empty()) {
      const ConceptDefinition* next = open.back();
      open.pop_back();
      for (const std::string& parent : next->parents) {
        const auto found = by_code.find(parent);
        if (found == by_code.end()) {
          Report(definition.origin, definition.url,
                 "the parent '" + parent + "' of '" + next->code + "' is not defined");
          return false;
        }
        if (parent == start.code) {
          Report(definition.origin, definition.url, "'" + parent + "' is above itself");
          return false;
        }
        if (above.insert(found->first).second) open.push_back(found->second);
      }
    }
    return true;
  }

  // The codes of a value set, or null when they cannot be known (then reported once).
  const CodeSet* Evaluate(const ValueSetDefinition& value_set) {
    if (const auto found = done_.find(&value_set); found != done_.end())
      return found->second ? &*found->second : nullptr;
    if (!open_.insert(&value_set).second) {
      reason_ = "it includes itself through other value sets";
      return nullptr;
    }
    std::optional<CodeSet> codes = Compose(value_set);
    if (!codes && value_set.expansion && value_set.expansion->is_complete)
      codes = Expanded(*value_set.expansion);
    if (!codes) Report(value_set.origin, value_set.url, reason_);
    open_.erase(&value_set);
    const auto& stored = done_[&value_set] = std::move(codes);
    return stored ? &*stored : nullptr;
  }

  std::optional<CodeSet> Compose(const ValueSetDefinition& value_set) {
    if (value_set.include.empty()) {
      reason_ =
          value_set.expansion ? "its expansion is not complete" : "it has neither includes nor an expansion";
      return std::nullopt;
    }
    CodeSet codes;
    for (const ConceptSet& include : value_set.include) {
      const auto part = CodesOf(include);
      if (!part) return std::nullopt;
      math_.Add(codes, *part);
    }
    for (const ConceptSet& exclude : value_set.exclude) {
      const auto part = CodesOf(exclude);
      if (!part) return std::nullopt;
      auto rest = math_.Without(codes, *part);
      if (!rest) {
        reason_ = "it excludes the beginning of codes but for some of them, which cannot be told";
        return std::nullopt;
      }
      codes = *std::move(rest);
    }
    return codes;
  }

  CodeSet Expanded(const Expansion& expansion) {
    CodeSet codes;
    for (const Coding& coding : expansion.contains)
      codes.codes.push_back(index_->Intern(coding.system, coding.code));
    codes.Normalize();
    return codes;
  }

  std::optional<CodeSet> CodesOf(const ConceptSet& set) {
    if (set.system.empty() && set.value_sets.empty()) {
      reason_ = "an include or exclude names neither a system nor a value set";
      return std::nullopt;
    }
    std::optional<CodeSet> codes;
    if (!set.system.empty()) {
      codes = CodesOfSystem(set);
      if (!codes) return std::nullopt;
    }
    for (const std::string& canonical : set.value_sets) {
      const ValueSetDefinition* nested = FindDefinition(canonical);
      if (nested == nullptr) {
        reason_ = "the value set " + canonical + " that it includes is not there";
        return std::nullopt;
      }
      const CodeSet* inner = Evaluate(*nested);
      if (inner == nullptr) {
        if (open_.contains(nested)) return std::nullopt;
        reason_ = "the value set " + canonical + " that it includes could not be loaded";
        return std::nullopt;
      }
      codes = codes ? math_.Both(*codes, *inner) : *inner;
    }
    return codes;
  }

  std::optional<CodeSet> CodesOfSystem(const ConceptSet& set) {
    if (!set.codes.empty() || !set.prefixes.empty()) {
      if (!set.filters.empty()) {
        reason_ = "an include has both codes and filters";
        return std::nullopt;
      }
      CodeSet codes;
      for (const std::string& code : set.codes) codes.codes.push_back(index_->Intern(set.system, code));
      for (const std::string& prefix : set.prefixes) {
        if (!AddPrefix(codes, set.system, prefix)) return std::nullopt;
      }
      codes.Normalize();
      return codes;
    }
    const auto found = hierarchies_.find(set.system);
    if (found == hierarchies_.end() || !found->second.definition->is_complete) {
      if (auto codes = ByPattern(set)) return codes;
      const std::string what = set.filters.empty() ? "all codes of " : "a filter on ";
      const std::string state =
          found == hierarchies_.end() ? " that is not there" : " that is only a fragment";
      const bool has_pattern = std::any_of(set.filters.begin(), set.filters.end(), [](const Filter& filter) {
        return filter.op == FilterOperator::kRegex;
      });
      reason_ = "it needs " + what + "the code system " + set.system + state +
                (has_pattern ? "; without it a filter can only be the beginning of codes: ^M54\\.5.*" : "");
      return std::nullopt;
    }
    return Filtered(found->second, set.filters);
  }

  bool AddPrefix(CodeSet& codes, const std::string& system, const std::string& prefix) {
    PrefixSet added{index_->SystemOf(system), Index::KeyOf(system, prefix), {}, {}};
    if (added.prefix.empty()) {
      reason_ = "'" + prefix + "' is no beginning of a code";
      return false;
    }
    codes.prefixes.push_back(std::move(added));
    return true;
  }

  // Filters that need no code system: beginnings of codes, as regular expressions.
  std::optional<CodeSet> ByPattern(const ConceptSet& set) {
    std::optional<CodeSet> codes;
    for (const Filter& filter : set.filters) {
      if (filter.op != FilterOperator::kRegex || !IsOnCode(filter)) return std::nullopt;
      const auto prefix = PrefixOfPattern(filter.value);
      CodeSet passing;
      if (!prefix || !AddPrefix(passing, set.system, *prefix)) return std::nullopt;
      codes = codes ? math_.Both(*codes, passing) : passing;
    }
    return codes;
  }

  std::optional<CodeSet> Filtered(const Hierarchy& hierarchy, const std::vector<Filter>& filters) {
    for (const Filter& filter : filters) {
      if (!Check(hierarchy, filter)) return std::nullopt;
    }
    CodeSet codes;
    for (const ConceptDefinition& concept_definition : hierarchy.definition->concepts) {
      const bool passes = std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
        return Passes(hierarchy, concept_definition, filter);
      });
      if (passes) codes.codes.push_back(index_->Intern(hierarchy.definition->url, concept_definition.code));
    }
    codes.Normalize();
    return codes;
  }

  static bool IsOnCode(const Filter& filter) {
    return filter.property == "concept" || filter.property == "code";
  }
  static bool IsHierarchic(FilterOperator op) {
    return op == FilterOperator::kIsA || op == FilterOperator::kDescendentOf ||
           op == FilterOperator::kIsNotA || op == FilterOperator::kGeneralizes;
  }

  bool Check(const Hierarchy& hierarchy, const Filter& filter) {
    if (IsHierarchic(filter.op)) {
      const auto code = index_->Find(hierarchy.definition->url, filter.value);
      if (!code || !hierarchy.system->Contains(*code)) {
        reason_ = "the code '" + filter.value + "' of a filter is not in the code system " +
                  hierarchy.definition->url;
        return false;
      }
      return true;
    }
    if (filter.op == FilterOperator::kRegex && !Pattern(filter).ok()) {
      reason_ = "the regular expression '" + filter.value + "' of a filter cannot be read";
      return false;
    }
    if (filter.op == FilterOperator::kExists && filter.value != "true" && filter.value != "false") {
      reason_ = "the value of an exists filter is neither true nor false";
      return false;
    }
    return true;
  }

  const RE2& Pattern(const Filter& filter) {
    auto& pattern = patterns_[filter.value];
    if (pattern == nullptr) {
      RE2::Options options(RE2::Quiet);
      options.set_max_mem(kRegexBytes);
      pattern = std::make_unique<RE2>(filter.value, options);
    }
    return *pattern;
  }

  bool Passes(const Hierarchy& hierarchy, const ConceptDefinition& concept_definition, const Filter& filter) {
    if (IsHierarchic(filter.op)) return PassesHierarchy(hierarchy, concept_definition, filter);
    std::vector<std::string_view> values;
    if (IsOnCode(filter)) values.push_back(concept_definition.code);
    for (const ConceptDefinition::Property& property : concept_definition.properties) {
      if (property.name == filter.property) values.push_back(property.value);
    }
    const auto any = [&](auto&& test) { return std::any_of(values.begin(), values.end(), test); };
    const std::vector<std::string_view> listed = SplitCommas(filter.value);
    const auto is_listed = [&](std::string_view value) {
      return std::find(listed.begin(), listed.end(), value) != listed.end();
    };
    switch (filter.op) {
      case FilterOperator::kEquals:
        return any([&](std::string_view value) { return value == filter.value; });
      case FilterOperator::kRegex:
        return any([&](std::string_view value) {
          return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), Pattern(filter));
        });
      case FilterOperator::kIn:
        return any(is_listed);
      case FilterOperator::kNotIn:
        return !any(is_listed);
      default:
        return values.empty() == (filter.value == "false");
    }
  }

  bool PassesHierarchy(const Hierarchy& hierarchy, const ConceptDefinition& concept_definition,
                       const Filter& filter) {
    const CodeId code = *index_->Find(hierarchy.definition->url, concept_definition.code);
    const CodeId root = *index_->Find(hierarchy.definition->url, filter.value);
    const bool below = hierarchy.system->Subsumes(root, code).value_or(false);
    switch (filter.op) {
      case FilterOperator::kIsA:
        return below;
      case FilterOperator::kDescendentOf:
        return below && code != root;
      case FilterOperator::kIsNotA:
        return !below;
      default:
        return hierarchy.system->Subsumes(code, root).value_or(false);
    }
  }

  const ValueSetDefinition* FindDefinition(std::string_view canonical) const {
    const std::size_t bar = canonical.find('|');
    const std::string_view url = canonical.substr(0, bar);
    const std::string_view version =
        bar == std::string_view::npos ? std::string_view() : canonical.substr(bar + 1);
    const ValueSetDefinition* found = nullptr;
    for (const ValueSetDefinition& candidate : definitions_.value_sets) {
      if (candidate.url != url || (!version.empty() && candidate.version != version)) continue;
      if (found == nullptr || VersionLess(found->version, candidate.version)) found = &candidate;
    }
    return found;
  }

  void Publish(const ValueSetDefinition& definition, CodeSet codes) {
    // Every code is known by now: the index can say of each whether it begins so.
    for (std::size_t i = 0; i < index_->entries_.size() && !codes.prefixes.empty(); ++i) {
      if (math_.Has(codes, static_cast<CodeId>(i))) codes.codes.push_back(static_cast<CodeId>(i));
    }
    codes.Normalize();
    auto value_set = std::make_unique<ValueSet>();
    value_set->url_ = definition.url;
    value_set->version_ = definition.version;
    value_set->name_ = definition.name;
    value_set->codes_ = std::move(codes.codes);
    for (PrefixSet& prefix : codes.prefixes)
      value_set->prefixes_.push_back(
          {prefix.system, std::move(prefix.prefix), std::move(prefix.except_prefixes)});
    // FindValueSet bisects.
    auto& all = index_->value_sets_;
    const auto place = std::upper_bound(all.begin(), all.end(), value_set,
                                        [](const auto& a, const auto& b) { return a->url() < b->url(); });
    all.insert(place, std::move(value_set));
  }

  static CodeKey KeyOfEntry(const Index& index, CodeId code) {
    const Index::Entry& entry = index.entries_[static_cast<std::size_t>(code)];
    return {entry.system, entry.Key()};
  }

  const Definitions& definitions_;
  std::shared_ptr<Index> index_;
  CodeSetMath math_{*index_, KeyOfEntry};
  std::vector<Problem> problems_;
  std::set<std::string> canonicals_;
  std::map<std::string, Hierarchy> hierarchies_;
  std::map<const ValueSetDefinition*, std::optional<CodeSet>> done_;
  std::set<const ValueSetDefinition*> open_;
  std::map<std::string, std::unique_ptr<RE2>> patterns_;
  std::string reason_;
};

BuildResult Build(const Definitions& definitions) {
  return Builder(definitions).Build();
}

}  // namespace osteon::terminology
