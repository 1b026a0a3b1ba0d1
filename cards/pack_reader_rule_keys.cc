// The keys of rules/*.yaml, but for cards.
#include <array>

#include "cards/pack_reader_card_keys.h"
#include "cards/pack_reader_fill.h"
#include "cards/pack_reader_forms.h"
#include "cards/pack_reader_keys.h"

namespace osteon::cards {
namespace {

using enum KeyShape;
using enum KeyNeed;

void FillTables(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlNode& item : value.items) {
    TableSource& table = fill::Target<&RuleSource::tables>(target).emplace_back();
    table.place = item.place;
    filler.Fill(*row.inner, item, &table);
  }
}

void FillAttributes(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlMember& member : value.members) {
    if (member.value.kind != YamlNode::Kind::kScalar) continue;
    filler.NameOf(row, member);
    fill::Target<&RuleSource::attributes>(target)[member.name] = {member.value.text, member.value.place};
  }
}

void CheckRow(PackFiller& filler, const YamlNode&, const void* target) {
  const auto& row = *static_cast<const RowSource*>(target);
  if (!row.folds_at.empty() && row.folds.empty())
    filler.Report(row.folds_at.place, "\"folds_at\" without \"folds\"");
  for (const LowerSource& lower : row.lower) {
    const bool is_lower =
        row.indicator.text == "critical" || (row.indicator.text == "warning" && lower.to.text == "info");
    if (!is_lower && !lower.to.empty())
      filler.Report(lower.to.place, lower.to.text + " is not lower than " + row.indicator.text);
  }
}

void CheckDoubt(PackFiller& filler, const YamlNode& value, const void* target) {
  const auto& doubt = *static_cast<const DoubtSource*>(target);
  if (doubt.each.empty()) {
    if (doubt.id.empty() || doubt.when.empty())
      filler.Report(value.place, "a doubt has \"id\" and \"when\", or \"each\"");
  } else if (!doubt.when.empty() || (!doubt.id.empty() && doubt.id.text != "...")) {
    filler.Report(doubt.each.place,
                  "\"each\" takes the ids from a define; it stands without \"id\" and \"when\"");
  }
}

constexpr std::array kLowerKeys = {
    KeyRow{"when", kText, kRequired, fill::OneText<&LowerSource::when>, nullptr, nullptr, "CQL"},
    KeyRow{"to", kText, kRequired, fill::OneText<&LowerSource::to>, &form::kLowered, nullptr, ""},
};
constexpr KeyTable kLowerTable = {"a lowering", kLowerKeys};

constexpr std::array kRowKeys = {
    KeyRow{"id", kText, kRequired, fill::OneText<&RowSource::id>, &form::kRowId, nullptr,
           "unique in the pack: C.1"},
    KeyRow{"title", kText, kOptional, fill::OneText<&RowSource::title>, nullptr, nullptr, "the row in words"},
    KeyRow{"when", kText, kRequired, fill::OneText<&RowSource::when>, nullptr, nullptr,
           "name of a define, or CQL"},
    KeyRow{"indicator", kText, kRequired, fill::OneText<&RowSource::indicator>, &form::kIndicator, nullptr,
           ""},
    KeyRow{"card", kText, kRequired, fill::OneText<&RowSource::card>, &form::kName, nullptr,
           "a card of this rule"},
    KeyRow{"lower", kObjects, kOptional, fill::Objects<&RowSource::lower>, nullptr, &kLowerTable,
           "the first that is met lowers the indicator"},
    KeyRow{"folds", kTexts, kOptional, fill::ManyTexts<&RowSource::folds>, &form::kRowId, nullptr,
           "rules or rows whose cards go into this one"},
    KeyRow{"folds_at", kText, kOptional, fill::OneText<&RowSource::folds_at>, &form::kIndicator, nullptr,
           "indicator from which on it folds; absent: warning"},
    KeyRow{"could_not_check", kText, kOptional, fill::OneText<&RowSource::could_not_check>, &form::kName,
           nullptr, "a card to show when the row could not be judged"},
};
constexpr KeyTable kRowTable = {"a row", kRowKeys, CheckRow};

constexpr std::array kTableKeys = {
    KeyRow{"for_each", kText, kOptional, fill::OneText<&TableSource::for_each>, nullptr, nullptr,
           "a define that gives a list; absent: once per call"},
    KeyRow{"hooks", kTexts, kOptional, fill::ManyTexts<&TableSource::hooks>, &form::kHook, nullptr,
           "part of the rule's; absent: all of them"},
    KeyRow{"match", kText, kOptional, fill::OneText<&TableSource::match>, &form::kMatch, nullptr,
           "absent: first"},
    KeyRow{"rows", kObjects, kRequired, fill::Objects<&TableSource::rows>, nullptr, &kRowTable,
           "tried in this order"},
};
constexpr KeyTable kTableTable = {"a table", kTableKeys};

constexpr std::array kSuppressKeys = {
    KeyRow{"id", kText, kRequired, fill::OneText<&SuppressSource::id>, &form::kName, nullptr,
           "the reason in the record"},
    KeyRow{"rows", kTexts, kRequired, fill::ManyTexts<&SuppressSource::rows>, &form::kRowId, nullptr,
           "rows of this rule"},
    KeyRow{"when", kText, kRequired, fill::OneText<&SuppressSource::when>, nullptr, nullptr, "CQL"},
    KeyRow{"with_gaps", kText, kOptional, fill::OneText<&SuppressSource::with_gaps>, &form::kWithGaps,
           nullptr, "hold back also when something could not be read"},
};
constexpr KeyTable kSuppressTable = {"a suppression", kSuppressKeys};

constexpr std::array kDoubtKeys = {
    KeyRow{"id", kText, kOptional, fill::OneText<&DoubtSource::id>, nullptr, nullptr,
           "the reason in the record"},
    KeyRow{"when", kText, kOptional, fill::OneText<&DoubtSource::when>, nullptr, nullptr, "CQL"},
    KeyRow{"each", kText, kOptional, fill::OneText<&DoubtSource::each>, nullptr, nullptr,
           "a define that gives the ids"},
    KeyRow{"says", kText, kOptional, fill::OneText<&DoubtSource::says>, nullptr, nullptr,
           "in a clinician's words"},
};
constexpr KeyTable kDoubtTable = {"a doubt", kDoubtKeys, CheckDoubt};

constexpr std::array kEvidenceKeys = {
    KeyRow{"text", kText, kRequired, fill::OneText<&EvidenceSource::text>, nullptr, nullptr, "citation"},
    KeyRow{"grade", kText, kOptional, fill::OneText<&EvidenceSource::grade>, nullptr, nullptr, ""},
    KeyRow{"date", kText, kOptional, fill::OneText<&EvidenceSource::date>, &form::kDate, nullptr, ""},
    KeyRow{"url", kText, kOptional, fill::OneText<&EvidenceSource::url>, &form::kWebAddress, nullptr, ""},
};
constexpr KeyTable kEvidenceTable = {"an evidence entry", kEvidenceKeys};

constexpr std::array kRuleKeys = {
    KeyRow{"id", kText, kRequired, fill::OneText<&RuleSource::id>, &form::kName, nullptr,
           "unique in the pack"},
    KeyRow{"title", kText, kRequired, fill::OneText<&RuleSource::title>, nullptr, nullptr, ""},
    KeyRow{"question", kText, kOptional, fill::OneText<&RuleSource::question>, nullptr, nullptr,
           "shown on the rule's page"},
    KeyRow{"hooks", kTexts, kRequired, fill::ManyTexts<&RuleSource::hooks>, &form::kHook, nullptr, ""},
    KeyRow{"logic", kText, kRequired, fill::OneText<&RuleSource::logic>, &form::kLibraryName, nullptr,
           "library of logic/ that expressions are read in"},
    KeyRow{"enabled", kText, kOptional, fill::OneText<&RuleSource::enabled>, &form::kName, nullptr,
           "Boolean parameter"},
    KeyRow{"tables", kObjects, kRequired, FillTables, nullptr, &kTableTable, "decision tables"},
    KeyRow{"suppress", kObjects, kOptional, fill::Objects<&RuleSource::suppress>, nullptr, &kSuppressTable,
           "conditions under which met rows raise no card"},
    KeyRow{"doubts", kObjects, kOptional, fill::Objects<&RuleSource::doubts>, nullptr, &kDoubtTable,
           "conditions that say \"what was read cannot be judged\""},
    KeyRow{"cards", kNamed, kRequired, fill::Named<&RuleSource::cards, &CardSource::id>, &form::kName,
           &kCardTable, ""},
    KeyRow{"evidence", kObjects, kOptional, fill::Objects<&RuleSource::evidence>, nullptr, &kEvidenceTable,
           ""},
    KeyRow{"attributes", kNamedTexts, kOptional, FillAttributes, &form::kName, nullptr,
           "source attributes of evidence-based decision support"},
};

}  // namespace

const KeyTable kRuleTable = {"a rule", kRuleKeys};

}  // namespace osteon::cards
