// "osteon eval --cql" and "--fhirpath" without an expression: expressions typed one after the other over the
// same data. What is typed stays in memory: it may hold patient data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/cli/eval_language.h"

namespace osteon::server {

class Repl {
 public:
  // Everything of `request` but its expression holds for the session; its data and variables outlive it.
  Repl(const ExpressionRequest& request, const ExpressionSettings& settings);

  struct Reply {
    std::string value;   // lines for standard output
    std::string report;  // lines for standard error
  };
  // One expression; in CQL also a statement ("define X: 1", "parameter", "valueset" ...), which stays for the
  // expressions after it when nothing is wrong with it.
  Reply Answer(const std::string& line);

  // Names that begin with `prefix`, sorted: functions; in CQL also operators and what the library defines, in
  // FHIRPath also variables (with %) and the context's elements.
  std::vector<std::string> Completions(std::string_view prefix) const;

 private:
  Reply Keep(const std::string& statement);
  std::vector<std::string> Words() const;

  ExpressionRequest request_;
  ExpressionSettings settings_;
  std::string library_;
};

// Reads from standard input until it ends. At a terminal with a prompt, history and completion.
void RunTerminal(Repl& repl);

}  // namespace osteon::server
