#include "cards/pack_reader_references.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "cards/nearest_name.h"
#include "cards/pack_reader_unused.h"
#include "fhir/base/decimal.h"
#include "fhir/base/text.h"

namespace osteon::cards {
namespace {

std::string Quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}
std::string Where(const Place& place) {
  return std::string(place.file) + ":" + std::to_string(place.line);
}

// Names of one kind, each once.
class Names {
 public:
  explicit Names(std::string_view what) : what_(what) {}

  void Add(const Text& name, PackFiller& filler) {
    if (name.empty()) return;
    const auto [at, is_new] = places_.emplace(name.text, name.place);
    if (!is_new) {
      filler.Report(name.place, std::string(what_) + " " + Quoted(name.text) + " is there already",
                    "the first is in " + Where(at->second));
    }
  }
  bool Has(std::string_view name) const { return places_.find(name) != places_.end(); }
  std::vector<std::string_view> All() const {
    std::vector<std::string_view> all;
    for (const auto& entry : places_) all.push_back(entry.first);
    return all;
  }

 private:
  std::string_view what_;
  std::map<std::string, Place, std::less<>> places_;
};

class References {
 public:
  References(const PackSource& source, const SourceDamage& damage, PackFiller& filler)
      : source_(source), damage_(damage), filler_(filler) {}

  void Check() {
    Collect();
    CheckPack();
    for (const RuleSource& rule : source_.rules) CheckRule(rule);
    CheckValueSets();
  }

 private:
  // Names that are there but not known, as far as the rest of `where` was read.
  void Resolve(const Text& name, const Names& names, std::string_view what, bool is_damaged) {
    if (name.empty() || is_damaged || names.Has(name.text)) return;
    const auto all = names.All();
    filler_.Report(name.place, std::string(what) + " " + Quoted(name.text) + " is not there",
                   NearestNameHint(name.text, all));
  }
  void ResolveAll(const std::vector<Text>& list, const Names& names, std::string_view what, bool is_damaged) {
    for (const Text& name : list) Resolve(name, names, what, is_damaged);
  }

  void Collect() {
    for (const ServiceSource& service : source_.services) {
      services_.Add(service.id, filler_);
      if (!service.hook.empty()) service_hooks_.insert(service.hook.text);
    }
    for (const auto& link : source_.links) links_.Add(link.id, filler_);
    for (const auto& reason : source_.override_reasons) reasons_.Add(reason.code, filler_);
    for (const auto& value_set : source_.value_sets) value_sets_.Add(value_set.id, filler_);
    for (const auto& parameter : source_.parameters) parameters_.Add(parameter.name, filler_);
    for (const auto& library : source_.libraries)
      libraries_.Add({library.name, {library.file, 0, 0}}, filler_);
    for (const auto& [name, resource] : source_.resources) resources_.Add({name, resource.place}, filler_);
    for (const RuleSource& rule : source_.rules) {
      rules_.Add(rule.id, filler_);
      foldable_.Add(rule.id, filler_silent_);
      for (const TableSource& table : rule.tables) {
        for (const RowSource& row : table.rows) {
          rows_.Add(row.id, filler_);
          foldable_.Add(row.id, filler_silent_);
          if (rules_.Has(row.id.text))
            filler_.Report(row.id.place, "the row " + Quoted(row.id.text) + " has the id of a rule");
        }
      }
    }
  }

  const ParameterSource* FindParameter(std::string_view name) const {
    const auto found = std::find_if(source_.parameters.begin(), source_.parameters.end(),
                                    [&](const auto& parameter) { return parameter.name.text == name; });
    return found == source_.parameters.end() ? nullptr : &*found;
  }

  void CheckParameterUse(const Text& name, std::string_view type) {
    if (name.empty()) return;
    Resolve(name, parameters_, "the parameter", damage_.pack);
    const ParameterSource* parameter = FindParameter(name.text);
    if (parameter != nullptr && !parameter->type.empty() && parameter->type.text != type)
      filler_.Report(name.place, "the parameter " + Quoted(name.text) + " is no " + std::string(type));
  }

  void CheckPack() {
    if (!source_.max_cards.empty()) {
      const auto number = base::Decimal::Parse(source_.max_cards.text);
      if (!number) {
        CheckParameterUse(source_.max_cards, "Integer");
      } else if (const auto integer = number->ToInteger();
                 !integer || *integer < 1 || base::Decimal(*integer) != *number) {
        filler_.Report(source_.max_cards.place, "\"max_cards\" is a whole number from 1, or a parameter");
      }
    }
    ResolveAll(source_.precedence, rules_, "the rule", damage_.any_rule());
    if (!source_.precedence.empty() && !damage_.pack) CheckPrecedence();
    for (const PrefetchSource& prefetch : source_.prefetch)
      ResolveAll(prefetch.value_sets, value_sets_, "the value set", damage_.value_sets);
    std::set<std::string_view> rule_hooks;
    for (const RuleSource& rule : source_.rules) {
      for (const Text& hook : rule.hooks) rule_hooks.insert(hook.text);
    }
    for (const ServiceSource& service : source_.services) {
      if (!service.hook.empty() && !damage_.any_rule() && !rule_hooks.contains(service.hook.text))
        filler_.Report(service.hook.place, "no rule listens to the hook " + Quoted(service.hook.text));
    }
  }

  void CheckPrecedence() {
    for (const RuleSource& rule : source_.rules) {
      const bool is_listed = std::any_of(source_.precedence.begin(), source_.precedence.end(),
                                         [&](const Text& listed) { return listed.text == rule.id.text; });
      if (!is_listed && !rule.id.empty()) {
        filler_.Report(source_.precedence.front().place,
                       "the rule " + Quoted(rule.id.text) + " is not in \"precedence\"");
      }
    }
  }

  void CheckRule(const RuleSource& rule) {
    const bool is_damaged = damage_.rules.contains(rule.place.file);
    Resolve(rule.logic, libraries_, "the library", false);
    CheckParameterUse(rule.enabled, "Boolean");
    CheckHooks(rule, is_damaged);
    Names cards("the card");
    for (const CardSource& card : rule.cards) {
      cards.Add(card.id, filler_);
      CheckCard(card);
    }
    Names own_rows("the row");
    Names reasons("the suppression");
    Names doubts("the doubt");
    for (const TableSource& table : rule.tables) {
      for (const RowSource& row : table.rows) {
        own_rows.Add(row.id, filler_silent_);
        Resolve(row.card, cards, "the card", is_damaged);
        Resolve(row.could_not_check, cards, "the card", is_damaged);
        ResolveAll(row.folds, foldable_, "the rule or row", damage_.any_rule());
        for (const Text& folded : row.folds) {
          if (folded.text == row.id.text) filler_.Report(folded.place, "a row cannot fold itself");
        }
      }
    }
    for (const SuppressSource& suppress : rule.suppress) {
      reasons.Add(suppress.id, filler_);
      ResolveAll(suppress.rows, own_rows, "in this rule the row", is_damaged);
    }
    for (const DoubtSource& doubt : rule.doubts) {
      if (doubt.each.empty()) doubts.Add(doubt.id, filler_);
    }
  }

  void CheckHooks(const RuleSource& rule, bool is_damaged) {
    Names hooks("the hook");
    for (const Text& hook : rule.hooks) {
      hooks.Add(hook, filler_silent_);
      if (!damage_.pack && !service_hooks_.contains(hook.text)) {
        const std::vector<std::string_view> known(service_hooks_.begin(), service_hooks_.end());
        filler_.Report(hook.place, "no service of the pack answers the hook " + Quoted(hook.text),
                       NearestNameHint(hook.text, known));
      }
    }
    bool takes_all = false;
    std::set<std::string_view> taken;
    for (const TableSource& table : rule.tables) {
      takes_all = takes_all || table.hooks.empty();
      for (const Text& hook : table.hooks) taken.insert(hook.text);
      ResolveAll(table.hooks, hooks, "among the rule's hooks", is_damaged);
    }
    if (takes_all || is_damaged) return;
    for (const Text& hook : rule.hooks) {
      if (!taken.contains(hook.text))
        filler_.Report(hook.place, "no table of the rule is for the hook " + Quoted(hook.text));
    }
  }

  void CheckCard(const CardSource& card) {
    ResolveAll(card.links, links_, "the link", damage_.pack);
    ResolveAll(card.override_reasons, reasons_, "the override reason", damage_.pack);
    CheckSummary(card.summary);
    if (!card.selection.empty() && card.suggestions.empty() && !damage_.rules.contains(card.id.place.file))
      filler_.Report(card.selection.place, "\"selection\" on a card without suggestions");
    for (const SuggestionSource& suggestion : card.suggestions) {
      for (const ActionSource& action : suggestion.actions)
        Resolve(action.include, resources_, "the resource file", damage_.resources);
    }
  }

  // CDS Hooks 2.0.1 "Card Attributes": under 140 characters. Placeholders come on top.
  void CheckSummary(const Text& summary) {
    constexpr std::size_t kLimit = 140;
    std::string literal;
    std::string_view rest = summary.text;
    while (!rest.empty()) {
      const std::size_t open = std::min(rest.find("{{"), rest.size());
      literal += rest.substr(0, open);
      rest.remove_prefix(open);
      const std::size_t close = rest.find("}}");
      rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 2);
    }
    const std::size_t count = base::CodePointCount(literal);
    if (count >= kLimit) {
      filler_.Report(summary.place,
                     "the summary has " + std::to_string(count) +
                         " characters without its placeholders; CDS Hooks allows fewer than 140");
    }
  }

  void CheckValueSets() {
    for (const ValueSetSource& value_set : source_.value_sets) {
      const auto check = [&](const std::vector<ValueSetInclude>& includes) {
        for (const ValueSetInclude& include : includes) {
          Resolve(include.value_set, value_sets_, "the value set", damage_.value_sets);
          if (include.value_set.empty()) continue;
          std::set<std::string_view> seen;
          if (LeadsTo(include.value_set.text, value_set.id.text, seen)) {
            filler_.Report(include.value_set.place, "the value set " + Quoted(value_set.id.text) +
                                                        " includes itself through " +
                                                        Quoted(include.value_set.text));
          }
        }
      };
      check(value_set.include);
      check(value_set.exclude);
      CheckCodes(value_set);
    }
  }

  void CheckCodes(const ValueSetSource& value_set) {
    for (const auto* includes : {&value_set.include, &value_set.exclude}) {
      std::map<std::pair<std::string_view, std::string_view>, Place> seen;
      for (const ValueSetInclude& include : *includes) {
        for (const ValueSetCode& code : include.codes) {
          const auto [at, is_new] =
              seen.emplace(std::pair<std::string_view, std::string_view>(include.system.text, code.code.text),
                           code.code.place);
          if (!is_new) {
            filler_.Report(code.code.place, "the code " + Quoted(code.code.text) + " is there already",
                           "the first is in " + Where(at->second));
          }
        }
      }
    }
  }

  bool LeadsTo(std::string_view from, std::string_view to, std::set<std::string_view>& seen) const {
    if (from == to) return true;
    if (!seen.insert(from).second) return false;
    for (const ValueSetSource& value_set : source_.value_sets) {
      if (value_set.id.text != from) continue;
      for (const auto* includes : {&value_set.include, &value_set.exclude}) {
        for (const ValueSetInclude& include : *includes) {
          if (!include.value_set.empty() && LeadsTo(include.value_set.text, to, seen)) return true;
        }
      }
    }
    return false;
  }

  const PackSource& source_;
  const SourceDamage& damage_;
  PackFiller& filler_;
  std::vector<PackFinding> silence_;
  PackFiller filler_silent_{silence_};
  Names services_{"the service"};
  Names links_{"the link"};
  Names reasons_{"the override reason"};
  Names value_sets_{"the value set"};
  Names parameters_{"the parameter"};
  Names libraries_{"the library"};
  Names resources_{"the resource file"};
  Names rules_{"the rule"};
  Names rows_{"the row"};
  Names foldable_{"the rule or row"};
  std::set<std::string_view> service_hooks_;
};

}  // namespace

void CheckReferences(const PackSource& source, const SourceDamage& damage, PackFiller& filler) {
  References(source, damage, filler).Check();
  CheckUnused(source, damage, filler);
}

}  // namespace osteon::cards
