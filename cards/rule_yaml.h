// Strict YAML 1.2 as a tree with places: the only place that knows yaml-cpp. One document a file, block or
// flow style; duplicate keys, anchors, aliases, tags, tabs, directives and several documents are findings,
// and every scalar is the text that was written. Format: docs/rule-packs.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_source.h"

namespace osteon::cards {

struct YamlMember;

struct YamlNode {
  enum class Kind : std::uint8_t {
    kNone,    // nothing was written where a value belongs
    kScalar,  // `text`
    kMap,     // `members`, each name once
    kList,    // `items`
  };
  Kind kind = Kind::kNone;
  std::string text;
  std::vector<YamlMember> members;
  std::vector<YamlNode> items;
  Place place;  // of kNone: of the name or dash before it
  // Something in it could not be read and is left out; findings say what.
  bool is_damaged = false;

  // Null when there is no such member.
  const YamlMember* Find(std::string_view name) const;
};

struct YamlMember {
  std::string name;
  Place place;  // of the name
  YamlNode value;
};

struct YamlReading {
  YamlNode root;
  std::vector<PackFinding> findings;  // syntax only; after a mistake the reading goes on behind it
  std::string lost;                   // the lines that could not be read
};

// `file` outlives the result: places point to it.
YamlReading ReadYaml(std::string_view file, std::string_view text);

}  // namespace osteon::cards
