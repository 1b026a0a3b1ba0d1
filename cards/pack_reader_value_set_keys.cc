// The keys of value_sets/*.yaml.
#include <array>

#include "cards/pack_reader_fill.h"
#include "cards/pack_reader_forms.h"
#include "cards/pack_reader_keys.h"

namespace osteon::cards {
namespace {

using enum KeyShape;
using enum KeyNeed;

template <auto kMember>
void FillIncludes(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlNode& item : value.items) {
    ValueSetInclude& include = fill::Target<kMember>(target).emplace_back();
    include.place = item.place;
    filler.Fill(*row.inner, item, &include);
  }
}

void CheckInclude(PackFiller& filler, const YamlNode& value, const void* target) {
  const auto& include = *static_cast<const ValueSetInclude*>(target);
  if (!include.value_set.empty()) {
    if (value.members.size() > 1) filler.Report(value.place, "\"value_set\" stands without other keys");
    return;
  }
  if (include.system.empty()) {
    filler.Report(value.place, "an include has neither \"system\" nor \"value_set\"");
  } else if (include.codes.empty() && include.prefixes.empty()) {
    filler.Report(value.place, "an include has neither \"codes\" nor \"prefixes\"");
  }
}

constexpr std::array kCodeKeys = {
    KeyRow{"code", kText, kRequired, fill::OneText<&ValueSetCode::code>, &form::kCode, nullptr, ""},
    KeyRow{"display", kText, kOptional, fill::OneText<&ValueSetCode::display>, nullptr, nullptr, ""},
};
constexpr KeyTable kCodeTable = {"a code", kCodeKeys};

constexpr std::array kIncludeKeys = {
    KeyRow{"system", kText, kOptional, fill::OneText<&ValueSetInclude::system>, &form::kUri, nullptr,
           "URI of the code system"},
    KeyRow{"codes", kObjects, kOptional, fill::Objects<&ValueSetInclude::codes>, nullptr, &kCodeTable, ""},
    KeyRow{"prefixes", kTexts, kOptional, fill::ManyTexts<&ValueSetInclude::prefixes>, &form::kCodePrefix,
           nullptr, "every code that begins so"},
    KeyRow{"value_set", kText, kOptional, fill::OneText<&ValueSetInclude::value_set>, &form::kRowId, nullptr,
           "id of another value set, instead of all others"},
};
constexpr KeyTable kIncludeTable = {"an include", kIncludeKeys, CheckInclude};

constexpr std::array kValueSetKeys = {
    KeyRow{"id", kText, kRequired, fill::OneText<&ValueSetSource::id>, &form::kRowId, nullptr,
           "the file's name"},
    KeyRow{"title", kText, kRequired, fill::OneText<&ValueSetSource::title>, nullptr, nullptr, ""},
    KeyRow{"include", kObjects, kRequired, FillIncludes<&ValueSetSource::include>, nullptr, &kIncludeTable,
           ""},
    KeyRow{"exclude", kObjects, kOptional, FillIncludes<&ValueSetSource::exclude>, nullptr, &kIncludeTable,
           ""},
};

}  // namespace

const KeyTable kValueSetTable = {"a value set", kValueSetKeys};

}  // namespace osteon::cards
