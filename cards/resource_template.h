// FHIR resources with placeholders, compiled: JSON text where nothing varies, holes where something does.
// Format: docs/rule-packs.md "Resources".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cards/template.h"

namespace osteon::cards {

// What a suggestion's resources take from the request besides the placeholders.
struct ResourceFacts {
  std::string_view id;           // of a new resource
  std::string_view patient_id;   // subject
  std::string_view authored_on;  // an instant as text
};

struct ResourceTemplate {
  enum class Kind : std::uint8_t {
    kFixed,       // `json`
    kText,        // a string with placeholders
    kNumber,      // a number or boolean by one placeholder
    kObject,      // members; left out when none of them has a value
    kArray,       // items likewise
    kId,          // ResourceFacts::id
    kSubject,     // a Reference to ResourceFacts::patient_id
    kAuthoredOn,  // ResourceFacts::authored_on
  };
  struct Node {
    Kind kind = Kind::kFixed;
    std::string json;
    Template text;
    std::vector<std::pair<std::string, Node>> members;  // the name as JSON with its colon: "\"code\":"
    std::vector<Node> items;
  };
  Node root;
};

// Appends `text` as a JSON string.
void AppendJsonString(std::string_view text, std::string& out);
// Appends the resource as JSON. A placeholder that is null leaves its member out.
void AppendResource(const ResourceTemplate& resource, const ExpressionRun& run, const Scope& scope,
                    const ResourceFacts& facts, std::string& out);

}  // namespace osteon::cards
