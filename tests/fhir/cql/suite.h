// The official CQL suite (cqframework/cql-tests), read in place from the evidence folder.
#pragma once

#include <string>
#include <vector>

namespace osteon::cql {

struct SuiteTest {
  std::string file;   // "CqlListOperatorsTest"
  std::string group;  // "Flatten"
  std::string name;
  std::string expression;
  std::string invalid;               // "", "true", "syntax", "semantic", "execution"
  std::vector<std::string> outputs;  // CQL expressions
};

// All tests, file by file; empty when the evidence folder is absent.
std::vector<SuiteTest> ReadSuite();

}  // namespace osteon::cql
