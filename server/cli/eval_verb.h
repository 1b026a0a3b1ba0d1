// "osteon eval" with an expression instead of a CDS Hooks request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/cli/eval_language.h"
#include "server/config.h"

namespace osteon::server {

struct ExpressionCommand {
  ExpressionLanguage language = ExpressionLanguage::kFhirPath;
  std::string expression;              // empty: ask for expressions, one after the other
  std::string data_file;               // a resource or Bundle as JSON; empty: none
  std::string library_file;            // CQL; empty: none
  std::vector<std::string> variables;  // "name=value", the value JSON or else a text
  Explanation explanation = Explanation::kNone;
  bool as_json = false;
};

// The value on standard output as literals, FHIRPath one item a line; errors with line and caret on standard
// error. Exit status 2 on errors.
int EvalExpression(const ConfigInput& input, const ExpressionCommand& command);

// NDJSON from standard input to standard output, see eval_batch.h.
int EvalBatch(const ConfigInput& input);

// The command line's expression, which may begin with "-" or "[" as no value of an option should: taken out
// of `arguments`, of which "--cql" or "--fhirpath" stays. nullopt when there is none.
std::optional<std::string> TakeExpression(std::vector<std::string>& arguments);

}  // namespace osteon::server
