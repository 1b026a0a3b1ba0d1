// The keys of a rule pack's files as tables: one row per key. The reader follows them, and the JSON Schemas
// for editors (docs/schemas) are made from them. Format: docs/rule-packs.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cards/rule_yaml.h"

namespace osteon::cards {

class PackFiller;
struct KeyTable;

enum class KeyShape : std::uint8_t {
  kText,        // one text
  kTexts,       // a list of texts
  kRange,       // a list of two texts: lowest, highest
  kNamedTexts,  // a map from names to texts
  kObject,      // a map of `inner`
  kObjects,     // a list of maps of `inner`
  kNamed,       // a map from names to maps of `inner`
  kDetail,      // a text, or a list of texts and maps of `inner`
  kResource,    // a map that becomes a FHIR resource, or {include: NAME}
};
enum class KeyNeed : std::uint8_t { kOptional, kRequired };

// What a text must look like.
struct TextForm {
  std::string_view says;                             // completes "... is not": "a semantic version: 1.0.0"
  std::string_view pattern;                          // regular expression of the whole text; empty: `choices`
  std::string_view choices;                          // "info|warning|critical"
  bool (*matches)(std::string_view text) = nullptr;  // of pattern
};

struct KeyRow {
  std::string_view name;
  KeyShape shape = KeyShape::kText;
  KeyNeed need = KeyNeed::kOptional;
  // Reads a value of the right shape into the struct that the table describes.
  void (*fill)(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) = nullptr;
  const TextForm* form = nullptr;  // of the text, of each text, or of the keys of named things
  const KeyTable* inner = nullptr;
  std::string_view meaning = {};  // for editors
};

struct KeyTable {
  std::string_view what;  // "a row", for messages
  std::span<const KeyRow> rows;
  // What rows alone do not say, such as "either a or b"; may be null.
  void (*check)(PackFiller& filler, const YamlNode& value, const void* target) = nullptr;
};

extern const KeyTable kPackTable;      // pack.yaml into PackSource
extern const KeyTable kRuleTable;      // rules/*.yaml into RuleSource
extern const KeyTable kValueSetTable;  // value_sets/*.yaml into ValueSetSource

}  // namespace osteon::cards
