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

  // The names that those which are not there may stand for.
  std::set<std::string> Check() && {
    Collect();
    CheckPack();
    for (const RuleSource& rule : source_.rules) CheckRule(rule);
    CheckValueSets();
    return std::move(meant_);
  }

 private:
  // `lacks`: what is the case when the name is not there.
  void Resolve(const Text& name, const Names& names, std::string_view lacks) {
    if (name.empty() || names.Has(name.text) || damage_.MayHold(name)) return;
    const auto all = names.All();
    filler_.Report(name.place, std::string(lacks) + " " + Quoted(name.text), NearestNameHint(name.text, all));
    meant_.insert(std::string(NearestName(name.text, all)));
  }
  void ResolveAll(const std::vector<Text>& list, const Names& names, std::string_view lacks) {
    for (const Text& name : list) Resolve(name, names, lacks);
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
    if (damage_.lost_pack_file()) return;
    Resolve(name, parameters_, "the pack has no parameter");
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
    ResolveAll(source_.precedence, rules_, "the pack has no rule");
    if (!source_.precedence.empty()) CheckPrecedence();
    for (const PrefetchSource& prefetch : source_.prefetch)
      ResolveAll(prefetch.value_sets, value_sets_, "the pack has no value set");
    std::set<std::string_view> rule_hooks;
    for (const RuleSource& rule : source_.rules) {
      for (const Text& hook : rule.hooks) rule_hooks.insert(hook.text);
    }
    for (const ServiceSource& service : source_.services) {
      if (service.hook.empty() || rule_hooks.contains(service.hook.text) || damage_.MayHold(service.hook))
        continue;
      const std::vector<std::string_view> known(rule_hooks.begin(), rule_hooks.end());
      filler_.Report(service.hook.place, "no rule listens to the hook " + Quoted(service.hook.text),
                     NearestNameHint(service.hook.text, known));
    }
  }

  void CheckPrecedence() {
    for (const RuleSource& rule : source_.rules) {
      const bool is_listed = std::any_of(source_.precedence.begin(), source_.precedence.end(),
                                         [&](const Text& listed) { return listed.text == rule.id.text; });
      if (!is_listed && !rule.id.empty() && !damage_.Has(source_.precedence.front().place.file)) {
        filler_.Report(source_.precedence.front().place,
                       "the rule " + Quoted(rule.id.text) + " is not in \"precedence\"");
      }
    }
  }

  void CheckRule(const RuleSource& rule) {
    Resolve(rule.logic, libraries_, "the pack has no library");
    CheckParameterUse(rule.enabled, "Boolean");
    CheckHooks(rule);
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
        Resolve(row.card, cards, "the rule has no card");
        Resolve(row.could_not_check, cards, "the rule has no card");
        ResolveAll(row.folds, foldable_, "the pack has no rule or row");
        for (const Text& folded : row.folds) {
          if (folded.text == row.id.text) filler_.Report(folded.place, "a row cannot fold itself");
        }
      }
    }
    for (const SuppressSource& suppress : rule.suppress) {
      reasons.Add(suppress.id, filler_);
      ResolveAll(suppress.rows, own_rows, "the rule has no row");
    }
    for (const DoubtSource& doubt : rule.doubts) {
      if (doubt.each.empty()) doubts.Add(doubt.id, filler_);
    }
  }

  void CheckHooks(const RuleSource& rule) {
    Names hooks("the hook");
    for (const Text& hook : rule.hooks) {
      hooks.Add(hook, filler_silent_);
      if (!damage_.lost_pack_file() && !service_hooks_.contains(hook.text) && !damage_.MayHold(hook)) {
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
      ResolveAll(table.hooks, hooks, "the rule has no hook");
    }
    if (takes_all || damage_.Has(rule.place.file)) return;
    for (const Text& hook : rule.hooks) {
      if (!taken.contains(hook.text) && !meant_.contains(hook.text))
        filler_.Report(hook.place, "no table of the rule is for the hook " + Quoted(hook.text));
    }
  }

  void CheckCard(const CardSource& card) {
    if (!damage_.lost_pack_file()) {
      ResolveAll(card.links, links_, "the pack has no link");
      ResolveAll(card.override_reasons, reasons_, "the pack has no override reason");
    }
    CheckSummary(card.summary);
    for (const SuggestionSource& suggestion : card.suggestions) {
      for (const ActionSource& action : suggestion.actions)
        Resolve(action.include, resources_, "the pack has no resource file");
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
          Resolve(include.value_set, value_sets_, "the pack has no value set");
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
  std::set<std::string> meant_;
};

}  // namespace

bool SourceDamage::Has(std::string_view path) const {
  return std::any_of(files_.begin(), files_.end(), [&](const File& file) { return file.path == path; });
}

bool SourceDamage::MayHold(const Text& name) const {
  return std::any_of(files_.begin(), files_.end(), [&](const File& file) {
    if (Mentions(file.path, name.text)) return true;
    std::string_view rest = file.bytes;
    if (file.path != name.place.file) return Mentions(rest, name.text);
    // Its own place is one of two.
    const std::size_t first = rest.find(name.text);
    if (first == std::string_view::npos) return false;
    return Mentions(rest.substr(first + name.text.size()), name.text);
  });
}

void CheckReferences(const PackSource& source, const SourceDamage& damage, PackFiller& filler) {
  CheckUnused(source, damage, References(source, damage, filler).Check(), filler);
}

}  // namespace osteon::cards
