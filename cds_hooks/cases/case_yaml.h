// Reading a case's YAML: members by name, and YAML as FHIR JSON. Private to cds_hooks/cases.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cards/rule_yaml.h"
#include "fhir/json/writer.h"
#include "fhir/model/r4_type.h"

namespace osteon::cds_hooks {

// The member's value; null when it is absent. A value that was left out, "~" and "null" are absent, too.
const cards::YamlNode* FindValue(const cards::YamlNode& node, std::string_view name);
// The member's text, or `absent`.
std::string TextOf(const cards::YamlNode& node, std::string_view name, std::string_view absent = {});
std::vector<std::string> TextsOf(const cards::YamlNode& node, std::string_view name);
// The items of a list; none when the member is absent.
std::vector<const cards::YamlNode*> ItemsOf(const cards::YamlNode& node, std::string_view name);

// A value of the R4 type as JSON: a scalar becomes a number or boolean where R4 says so and it is one. Wrong
// data are written as they are: cases may want them.
void WriteJson(json::Writer& writer, const cards::YamlNode& node, model::TypeId type);
// The members of a map, without its braces.
void WriteMembers(json::Writer& writer, const cards::YamlNode& node, model::TypeId type);

}  // namespace osteon::cds_hooks
