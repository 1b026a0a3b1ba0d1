// Resources of a pack: YAML against the elements of FHIR R4. Private to cards/pack_compiler.
#pragma once

#include <functional>

#include "cards/pack_findings.h"
#include "cards/pack_source.h"
#include "cards/resource_template.h"

namespace osteon::cards {

// Makes a template of a scalar whose placeholders give texts, or numbers and booleans.
enum class ScalarJson : std::uint8_t { kString, kNumber, kBoolean };
using TemplateMaker = std::function<Template(const Text& text, ScalarJson json)>;

// Whether what a new resource needs is added where it is absent: id, status, intent, subject, authoredOn.
enum class Additions : std::uint8_t { kNone, kNewResource };

// Findings: unknown elements, wrong shapes, values that are not of the element's type, missing elements.
ResourceTemplate CompileResource(const ResourceNode& resource, Additions additions,
                                 const TemplateMaker& make_template, PackFindings& findings);

}  // namespace osteon::cards
