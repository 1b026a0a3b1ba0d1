// The shorthand of case files: one entry of `chart` or `drafts` as a FHIR R4 resource.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace osteon::testing {

struct CaseResource {
  std::string type;
  std::string code;  // "system|code" of what it is about; empty for text only
  std::string json;
};

enum class Role { kChart, kDraft };

// `number` makes ids unique within a case. Throws std::runtime_error with the entry's line.
CaseResource ExpandEntry(const YAML::Node& entry, Role role, int number);

// Writes any YAML as JSON; scalars that look like numbers or booleans become such unless they were quoted.
std::string YamlAsJson(const YAML::Node& node);

}  // namespace osteon::testing
