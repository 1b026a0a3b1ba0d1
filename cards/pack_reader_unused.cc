#include "cards/pack_reader_unused.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::cards {
namespace {

using Used = std::set<std::string_view>;

// The words of CQL 1.5 in order, as far as names matter: identifiers with or without quotes, and strings.
// Comments are left out, so that what stands in one uses nothing.
std::vector<std::string_view> WordsOf(std::string_view cql) {
  std::vector<std::string_view> words;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t i = 0; i < cql.size();) {
    const std::string_view rest = cql.substr(i);
    const char c = cql[i];
    if (rest.starts_with("//")) {
      i = std::min(cql.find('\n', i), cql.size());
    } else if (rest.starts_with("/*")) {
      const std::size_t end = cql.find("*/", i + 2);
      i = end == std::string_view::npos ? cql.size() : end + 2;
    } else if (c == '"' || c == '\'' || c == '`') {
      std::size_t end = i + 1;
      while (end < cql.size() && cql[end] != c) end += cql[end] == '\\' ? 2 : 1;
      end = std::min(end, cql.size());
      words.push_back(cql.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (is_word(c)) {
      std::size_t end = i + 1;
      while (end < cql.size() && is_word(cql[end])) ++end;
      words.push_back(cql.substr(i, end - i));
      i = end;
    } else {
      ++i;
    }
  }
  return words;
}

class Unused {
 public:
  Unused(const PackSource& source, const SourceDamage& damage, const std::set<std::string>& meant,
         PackFiller& filler)
      : source_(source), damage_(damage), meant_(meant), filler_(filler) {}

  void Check() {
    CollectLogic();
    CollectRules();
    if (!source_.max_cards.empty()) parameters_.insert(source_.max_cards.text);
    for (const auto& link : source_.links) Report(link.id, links_, "no card shows the link ");
    for (const auto& reason : source_.override_reasons)
      Report(reason.code, reasons_, "no card offers the override reason ");
    for (const auto& [name, resource] : source_.resources)
      Report({name, resource.place}, resources_, "no suggestion includes the resource file ");
    for (const auto& parameter : source_.parameters)
      Report(parameter.name, parameters_, "nothing uses the parameter ");
    for (const auto& library : source_.libraries)
      Report({library.name, {library.file, 0, 0}}, libraries_, "no rule and no library uses the library ");
    if (!damage_.lost_pack_file()) CheckValueSets();
  }

 private:
  void Report(const Text& name, const Used& used, std::string_view says) {
    if (name.empty() || used.contains(name.text) || meant_.contains(name.text)) return;
    if (!damage_.MayHold(name))
      filler_.Report(name.place, std::string(says) + '"' + name.text + '"', "take it out");
  }

  void CollectLogic() {
    for (const LibrarySource& library : source_.libraries) {
      const auto words = WordsOf(library.text);
      for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "include") libraries_.insert(words[i + 1]);
        if (words[i] == "parameter") parameters_.insert(words[i + 1]);
      }
      urls_.insert(words.begin(), words.end());
    }
  }

  void CollectRules() {
    for (const RuleSource& rule : source_.rules) {
      libraries_.insert(rule.logic.text);
      if (!rule.enabled.empty()) parameters_.insert(rule.enabled.text);
      Used cards;
      for (const TableSource& table : rule.tables) {
        for (const RowSource& row : table.rows) {
          cards.insert(row.card.text);
          cards.insert(row.could_not_check.text);
        }
      }
      for (const CardSource& card : rule.cards) {
        Report(card.id, cards, "no row shows the card ");
        for (const Text& link : card.links) links_.insert(link.text);
        for (const Text& reason : card.override_reasons) reasons_.insert(reason.text);
        for (const SuggestionSource& suggestion : card.suggestions) {
          for (const ActionSource& action : suggestion.actions) resources_.insert(action.include.text);
        }
      }
    }
  }

  void CheckValueSets() {
    Used used;
    for (const PrefetchSource& prefetch : source_.prefetch) {
      for (const Text& value_set : prefetch.value_sets) used.insert(value_set.text);
    }
    for (const ValueSetSource& value_set : source_.value_sets) {
      for (const auto* includes : {&value_set.include, &value_set.exclude}) {
        for (const ValueSetInclude& include : *includes) {
          if (include.value_set.text != value_set.id.text) used.insert(include.value_set.text);
        }
      }
    }
    // Whose URL it is, the compiler checks.
    for (const std::string_view url : urls_) {
      if (url.starts_with("urn:osteon:")) used.insert(url.substr(url.rfind(':') + 1));
    }
    for (const ValueSetSource& value_set : source_.value_sets)
      Report(value_set.id, used, "neither logic nor prefetch uses the value set ");
  }

  const PackSource& source_;
  const SourceDamage& damage_;
  const std::set<std::string>& meant_;
  PackFiller& filler_;
  Used links_;
  Used reasons_;
  Used resources_;
  Used parameters_;
  Used libraries_;
  std::set<std::string_view> urls_;
};

}  // namespace

void CheckUnused(const PackSource& source, const SourceDamage& damage, const std::set<std::string>& meant,
                 PackFiller& filler) {
  Unused(source, damage, meant, filler).Check();
}

}  // namespace osteon::cards
