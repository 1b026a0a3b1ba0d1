// The shorthand of case files: one entry of `chart` or `drafts` as a FHIR R4 resource. Private to
// cds_hooks/cases.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_source.h"
#include "cards/rule_yaml.h"

namespace osteon::cds_hooks {

struct CaseResource {
  std::string type;
  std::string code;  // "system|code" of what it is about; empty for text only
  std::string id;
  std::string json;
};

enum class CaseRole : std::uint8_t { kChart, kDraft };

// `number` makes ids unique within a case. nullopt and a finding for what the shorthand does not know.
std::optional<CaseResource> ExpandEntry(const cards::YamlNode& entry, CaseRole role, int number,
                                        std::vector<cards::PackFinding>& findings);

}  // namespace osteon::cds_hooks
