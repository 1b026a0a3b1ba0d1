// The keys of pack.yaml.
#include <array>
#include <string>

#include "cards/pack_reader_fill.h"
#include "cards/pack_reader_forms.h"
#include "cards/pack_reader_keys.h"
#include "cards/pack_reader_parameter.h"

namespace osteon::cards {
namespace {

using enum KeyShape;
using enum KeyNeed;

void FillSearch(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlMember& member : value.members) {
    if (member.value.kind != YamlNode::Kind::kScalar) continue;
    fill::Target<&PrefetchSource::search>(target).emplace_back(filler.NameOf(row, member),
                                                               Text{member.value.text, member.value.place});
  }
}

void FillReasons(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlMember& member : value.members) {
    if (member.value.kind != YamlNode::Kind::kScalar) continue;
    fill::Target<&PackSource::override_reasons>(target).push_back(
        {filler.NameOf(row, member), Text{member.value.text, member.value.place}});
  }
}

void FillRange(PackFiller&, const KeyRow&, const YamlNode& value, void* target) {
  if (value.items.size() != 2) return;
  fill::Target<&ParameterSource::low>(target) = Text{value.items[0].text, value.items[0].place};
  fill::Target<&ParameterSource::high>(target) = Text{value.items[1].text, value.items[1].place};
}

// A group of keys of the same struct.
void FillGroup(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  filler.Fill(*row.inner, value, target);
}

void CheckPrefetch(PackFiller& filler, const YamlNode& value, const void* target) {
  const auto& prefetch = *static_cast<const PrefetchSource*>(target);
  if (prefetch.query.empty() && prefetch.types.empty())
    filler.Report(value.place, "a prefetch key has neither \"query\" nor \"types\"");
  if (!prefetch.query.empty() && !prefetch.search.empty()) {
    filler.Report(prefetch.search.front().first.place, "\"parameters\" beside a \"query\" written by hand",
                  "write them into the query");
  }
  if (prefetch.types.empty() && !prefetch.value_sets.empty())
    filler.Report(prefetch.value_sets.front().place, "\"value_sets\" without \"types\"");
}

void CheckParameterKeys(PackFiller& filler, const YamlNode&, const void* target) {
  CheckParameter(*static_cast<const ParameterSource*>(target), filler);
}

void CheckPack(PackFiller& filler, const YamlNode& value, const void* target) {
  const auto& pack = *static_cast<const PackSource*>(target);
  if (!pack.override_reasons.empty() && pack.override_system.empty())
    filler.Report(value.place, "the pack has \"override_reasons\" but no \"override_system\"");
}

constexpr std::array kSourceKeys = {
    KeyRow{"label", kText, kRequired, fill::OneText<&PackSource::source_label>, nullptr, nullptr,
           "source.label of every card"},
    KeyRow{"topic_system", kText, kRequired, fill::OneText<&PackSource::topic_system>, &form::kUri, nullptr,
           "code system of source.topic, whose codes are the rules' ids"},
};
constexpr KeyTable kSourceTable = {"the source", kSourceKeys};

constexpr std::array kServiceKeys = {
    KeyRow{"id", kText, kRequired, fill::OneText<&ServiceSource::id>, &form::kServiceId, nullptr,
           "path segment of the service"},
    KeyRow{"hook", kText, kRequired, fill::OneText<&ServiceSource::hook>, &form::kHook, nullptr,
           "patient-view, ..."},
    KeyRow{"title", kText, kRequired, fill::OneText<&ServiceSource::title>, nullptr, nullptr, ""},
    KeyRow{"description", kText, kRequired, fill::OneText<&ServiceSource::description>, nullptr, nullptr, ""},
    KeyRow{"usage_requirements", kText, kOptional, fill::OneText<&ServiceSource::usage_requirements>, nullptr,
           nullptr, "usageRequirements in discovery"},
};
constexpr KeyTable kServiceTable = {"a service", kServiceKeys};

constexpr std::array kPrefetchKeys = {
    KeyRow{"query", kText, kOptional, fill::OneText<&PrefetchSource::query>, nullptr, nullptr,
           "the whole query, by hand; absent: derived"},
    KeyRow{"types", kTexts, kOptional, fill::ManyTexts<&PrefetchSource::types>, &form::kTypeName, nullptr,
           "resource types that it brings"},
    KeyRow{"value_sets", kTexts, kOptional, fill::ManyTexts<&PrefetchSource::value_sets>, &form::kRowId,
           nullptr, "ids of value sets; absent: every resource of the types"},
    KeyRow{"parameters", kNamedTexts, kOptional, FillSearch, &form::kSearchName, nullptr,
           "further search parameters of the derived query"},
    KeyRow{"says", kText, kOptional, fill::OneText<&PrefetchSource::says>, nullptr, nullptr,
           "the key in a clinician's words, for \"could not check\""},
};
constexpr KeyTable kPrefetchTable = {"a prefetch key", kPrefetchKeys, CheckPrefetch};

constexpr std::array kParameterKeys = {
    KeyRow{"type", kText, kRequired, fill::OneText<&ParameterSource::type>, &form::kParameterType, nullptr,
           "type of the CQL parameter"},
    KeyRow{"default", kText, kRequired, fill::OneText<&ParameterSource::default_value>, nullptr, nullptr, ""},
    KeyRow{"range", kRange, kOptional, FillRange, nullptr, nullptr, "lowest and highest value allowed"},
    KeyRow{"choices", kTexts, kOptional, fill::ManyTexts<&ParameterSource::choices>, nullptr, nullptr,
           "the texts allowed"},
    KeyRow{"unit", kText, kOptional, fill::OneText<&ParameterSource::unit>, nullptr, nullptr, "UCUM"},
    KeyRow{"meaning", kText, kRequired, fill::OneText<&ParameterSource::meaning>, nullptr, nullptr,
           "one line for whoever sets it"},
};
constexpr KeyTable kParameterTable = {"a parameter", kParameterKeys, CheckParameterKeys};

constexpr std::array kLinkKeys = {
    KeyRow{"label", kText, kRequired, fill::OneText<&LinkSource::label>, nullptr, nullptr, ""},
    KeyRow{"url", kText, kRequired, fill::OneText<&LinkSource::url>, &form::kWebAddress, nullptr, ""},
};
constexpr KeyTable kLinkTable = {"a link", kLinkKeys};

constexpr std::array kPackKeys = {
    KeyRow{"id", kText, kRequired, fill::OneText<&PackSource::id>, &form::kPackId, nullptr, ""},
    KeyRow{"version", kText, kRequired, fill::OneText<&PackSource::version>, &form::kVersion, nullptr,
           "semantic version of the pack"},
    KeyRow{"title", kText, kRequired, fill::OneText<&PackSource::title>, nullptr, nullptr, ""},
    KeyRow{"publisher", kText, kRequired, fill::OneText<&PackSource::publisher>, nullptr, nullptr, ""},
    KeyRow{"license", kText, kRequired, fill::OneText<&PackSource::license>, &form::kLicense, nullptr,
           "SPDX license of the content"},
    KeyRow{"source", kObject, kRequired, FillGroup, nullptr, &kSourceTable, "source of every card"},
    KeyRow{"override_system", kText, kOptional, fill::OneText<&PackSource::override_system>, &form::kUri,
           nullptr, "code system of the override reasons"},
    KeyRow{"max_cards", kText, kOptional, fill::OneText<&PackSource::max_cards>, nullptr, nullptr,
           "most cards of one answer: a number, or the parameter that holds it"},
    KeyRow{"precedence", kTexts, kOptional, fill::ManyTexts<&PackSource::precedence>, &form::kName, nullptr,
           "rules, among cards of one indicator"},
    KeyRow{"services", kObjects, kRequired, fill::Objects<&PackSource::services>, nullptr, &kServiceTable,
           "one CDS Service per hook"},
    KeyRow{"prefetch", kNamed, kRequired, fill::Named<&PackSource::prefetch, &PrefetchSource::key>,
           &form::kName, &kPrefetchTable, "prefetch keys"},
    KeyRow{"parameters", kNamed, kOptional, fill::Named<&PackSource::parameters, &ParameterSource::name>,
           &form::kName, &kParameterTable, "options of the pack; CQL parameters of the same name"},
    KeyRow{"constraints", kTexts, kOptional, fill::ManyTexts<&PackSource::constraints>, nullptr, nullptr,
           "what holds between numeric parameters: \"a < b <= c\""},
    KeyRow{"override_reasons", kNamedTexts, kOptional, FillReasons, &form::kName, nullptr,
           "code and display of each"},
    KeyRow{"links", kNamed, kOptional, fill::Named<&PackSource::links, &LinkSource::id>, &form::kName,
           &kLinkTable, "links that cards name"},
};

}  // namespace

const KeyTable kPackTable = {"pack.yaml", kPackKeys, CheckPack};

}  // namespace osteon::cards
