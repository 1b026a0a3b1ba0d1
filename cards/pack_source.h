// A rule pack as its files say it: plain structs with the place of every text, before anything is looked up
// or compiled. Written by cards/pack_reader from YAML and by the import of FHIR; read by cards/pack_compiler
// and the export. Format: docs/rule-packs.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace osteon::cards {

// Path in the pack -> bytes, as whoever reads files hands them down.
using PackFiles = std::map<std::string, std::string, std::less<>>;

// Where a text begins. `line` and `column` count from 1, columns in code points; 0: nowhere (imported).
struct Place {
  std::string_view file;  // a key of PackFiles
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// One mistake of a pack.
struct PackFinding {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;
  std::string hint;  // may be empty
};

inline PackFinding FindingAt(const Place& place, std::string message, std::string hint = {}) {
  return {std::string(place.file), place.line, place.column, std::move(message), std::move(hint)};
}

// A text with its place; empty text and line 0: not given.
struct Text {
  std::string text;
  Place place;

  bool empty() const { return text.empty(); }
};

// An expression: the name of a define, or CQL.
using ExpressionText = Text;
// Text with {{placeholders}}.
using TemplateText = Text;

// A YAML value that becomes a FHIR resource; scalars are templates.
struct ResourceNode {
  enum class Kind : std::uint8_t { kScalar, kObject, kArray };
  Kind kind = Kind::kScalar;
  TemplateText scalar;
  std::vector<std::pair<Text, ResourceNode>> members;
  std::vector<ResourceNode> items;
  Place place;
};

struct ParameterSource {
  Text name;
  Text type;  // Integer, Decimal, Boolean, String
  Text default_value;
  std::optional<Text> low;
  std::optional<Text> high;
  std::vector<Text> choices;
  Text unit;
  Text meaning;
};

struct PrefetchSource {
  Text key;
  Text query;                                 // by hand; empty: derived
  std::vector<Text> types;                    // resource types that it brings
  std::vector<Text> value_sets;               // ids; none: every resource of the type
  std::vector<std::pair<Text, Text>> search;  // further search parameters
  Text says;                                  // the key in a clinician's words
};

struct ServiceSource {
  Text id;
  Text hook;
  Text title;
  Text description;
  Text usage_requirements;
};

struct LinkSource {
  Text id;
  Text label;
  Text url;
};

struct OverrideReasonSource {
  Text code;
  Text display;
};

struct LowerSource {
  ExpressionText when;
  Text to;
};

struct RowSource {
  Text id;
  Text title;
  ExpressionText when;
  Text indicator;
  Text card;
  std::vector<LowerSource> lower;
  std::vector<Text> folds;
  Text folds_at;  // indicator from which on it folds; empty: warning
  Text could_not_check;
};

struct TableSource {
  ExpressionText for_each;
  std::vector<Text> hooks;  // none: all of the rule's
  Text match;               // first, all; empty: first
  std::vector<RowSource> rows;
  Place place;
};

struct SuppressSource {
  Text id;
  std::vector<Text> rows;
  ExpressionText when;
  Text with_gaps;  // "suppress", or empty: a gap holds nothing back
};

struct DoubtSource {
  Text id;
  ExpressionText when;
  ExpressionText each;  // instead of id and when
  Text says;
};

struct DetailPart {
  enum class Kind : std::uint8_t { kText, kEach, kGaps };
  Kind kind = Kind::kText;
  ExpressionText when;
  ExpressionText each;
  TemplateText text;
};

struct ActionSource {
  Text type;  // create, update, delete
  ExpressionText when;
  TemplateText description;
  TemplateText resource_id;
  std::optional<ResourceNode> resource;
  Text include;  // name of a resource file
};

struct SuggestionSource {
  TemplateText label;
  ExpressionText when;
  ExpressionText each;
  Text recommended;
  std::vector<ActionSource> actions;
};

struct CardSource {
  Text id;
  TemplateText summary;
  std::vector<DetailPart> detail;
  Text selection;
  std::vector<Text> override_reasons;
  std::vector<Text> links;
  std::vector<SuggestionSource> suggestions;
};

struct EvidenceSource {
  Text text;
  Text grade;
  Text date;
  Text url;
};

struct RuleSource {
  Text id;
  Text title;
  Text question;
  std::vector<Text> hooks;
  Text logic;
  Text enabled;
  std::vector<TableSource> tables;
  std::vector<SuppressSource> suppress;
  std::vector<DoubtSource> doubts;
  std::vector<CardSource> cards;
  std::vector<EvidenceSource> evidence;
  std::map<std::string, Text> attributes;  // source attributes of evidence-based decision support
  Place place;
};

struct ValueSetCode {
  Text code;
  Text display;
};

struct ValueSetInclude {
  Text system;
  std::vector<ValueSetCode> codes;
  std::vector<Text> prefixes;
  Text value_set;  // instead of all others
  Place place;
};

struct ValueSetSource {
  Text id;
  Text title;
  std::vector<ValueSetInclude> include;
  std::vector<ValueSetInclude> exclude;
};

struct LibrarySource {
  std::string name;  // of the file
  std::string_view file;
  std::string_view text;
};

struct PackSource {
  Text id;
  Text version;
  Text title;
  Text publisher;
  Text license;
  Text source_label;
  Text topic_system;
  Text override_system;
  Text max_cards;  // number or parameter
  std::vector<Text> precedence;
  std::vector<ServiceSource> services;
  std::vector<PrefetchSource> prefetch;
  std::vector<ParameterSource> parameters;
  std::vector<Text> constraints;  // "a < b" over parameters
  std::vector<OverrideReasonSource> override_reasons;
  std::vector<LinkSource> links;
  std::vector<RuleSource> rules;
  std::vector<ValueSetSource> value_sets;
  std::vector<LibrarySource> libraries;
  std::map<std::string, ResourceNode> resources;
};

}  // namespace osteon::cards
