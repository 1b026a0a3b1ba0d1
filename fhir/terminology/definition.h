// Value sets and code systems as structs. Whoever reads FHIR JSON or YAML (the layers above) fills them;
// Build in terminology.h makes the index of them.
//
// Source: R4 valueset.html (compose, expansion, filter operators) and codesystem.html.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::terminology {

struct Coding {
  std::string system;
  std::string code;
};

// http://hl7.org/fhir/R4/valueset-filter-operator.html
enum class FilterOperator : std::uint8_t {
  kEquals,
  kIsA,           // the concept and what is below it
  kDescendentOf,  // only what is below it
  kIsNotA,
  kRegex,  // of the whole value
  kIn,     // value: codes with commas
  kNotIn,
  kGeneralizes,  // the concept and what is above it
  kExists,       // value: "true" or "false"
};
// nullopt for a text that is none of R4's nine codes ("is-a").
std::optional<FilterOperator> FindFilterOperator(std::string_view code);

struct Filter {
  std::string property;  // "concept" and "code" mean the code itself
  FilterOperator op = FilterOperator::kEquals;
  std::string value;
};

// One include or exclude: the codes of `system` that are listed or begin with one of `prefixes` (or pass all
// filters, or all of them when none of these is given), and that are in each of `value_sets`. Without a
// system only the value sets count.
// Prefixes need no code system: a code that nobody listed is in the set when it begins so. A filter on "code"
// with a regular expression of that form ("^M54\\.5.*") is the same where the code system is not there.
struct ConceptSet {
  std::string system;
  std::vector<std::string> codes;
  std::vector<Filter> filters;
  std::vector<std::string> value_sets;  // canonical URLs, "|version" allowed
  std::vector<std::string> prefixes = {};
};

struct Expansion {
  std::vector<Coding> contains;  // flattened, abstract entries left out
  bool is_complete = true;       // false when it is one page, or was limited
};

struct ValueSetDefinition {
  std::string url;
  std::string version;  // may be empty
  std::string name;
  std::string origin;  // file, with line and column if known; for messages
  std::vector<ConceptSet> include;
  std::vector<ConceptSet> exclude;
  std::optional<Expansion> expansion;  // used when there is no compose, or its code systems are missing
};

struct ConceptDefinition {
  struct Property {
    std::string name;
    std::string value;  // as text
  };
  std::string code;
  std::vector<std::string> parents;
  std::vector<Property> properties;
};

struct CodeSystemDefinition {
  std::string url;
  std::string version;
  std::string origin;
  std::vector<ConceptDefinition> concepts;
  // CodeSystem.content is "complete". Fragments know codes but decide no filter and no "all codes".
  bool is_complete = true;
};

struct Definitions {
  std::vector<ValueSetDefinition> value_sets;
  std::vector<CodeSystemDefinition> code_systems;
};

// Order of versions: runs of digits by number, the rest by bytes, so that 4.10 is after 4.9. Of several
// versions the greatest is meant where none is named.
bool VersionLess(std::string_view a, std::string_view b);

}  // namespace osteon::terminology
