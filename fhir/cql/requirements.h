// Which data a library needs, read off its analysed form: prefetch templates and source attributes are
// derived from it. Source: CQL 1.5.3, 2.3 "Retrieve"; the idea of "data requirements" of FHIR R4
// Library.dataRequirement.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "fhir/cql/ir.h"

namespace osteon::cql {

struct CodeFilter {
  std::string path;       // "code"
  std::string value_set;  // canonical URL; empty when codes are named
  struct Code {
    std::string system;
    std::string code;
    friend auto operator<=>(const Code&, const Code&) = default;
  };
  std::vector<Code> codes;
  bool is_computed = false;  // the codes are known only when it runs
};

// What is retrieved of one resource type with one filter. A retrieve without filter has neither.
struct DataRequirement {
  std::string type;                 // "Observation"
  std::vector<CodeFilter> filters;  // at most one
};

// Of one retrieve.
DataRequirement RequirementOf(const RetrieveIr& retrieve);

struct Requirements {
  std::vector<DataRequirement> data;  // each once, in the order of the library
  // Elements read of each resource type, "Observation.status", "Patient.birthDate".
  std::set<std::string> elements;
  std::set<std::string> value_sets;   // canonical URLs that must be loaded
  bool needs_subject = false;         // reads the patient of the context
  std::set<std::uint32_t> retrieves;  // RetrieveIr::index of all that may be evaluated
  // All that may be read, each once. Their types are in ParameterIr::type.
  std::vector<const ParameterIr*> parameters;
};

// Where to begin: definitions and functions of any library of the program, and expressions.
struct RequirementRoots {
  std::vector<const DefineIr*> defines = {};
  std::vector<const FunctionIr*> functions = {};
  std::vector<const Node*> expressions = {};
};
// Of the roots and all they use, through all libraries.
Requirements RequirementsOf(const RequirementRoots& roots);

// Of the definitions of the main library that are named, and all they use; of all of them when none is named.
Requirements RequirementsOf(const ProgramIr& program, const std::vector<std::string>& definitions = {});

}  // namespace osteon::cql
