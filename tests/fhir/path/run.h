// One expression on one resource, for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/model/value.h"
#include "fhir/path/program.h"

namespace osteon::path {

struct RunOptions {
  bool strict = false;
  std::vector<Variable> variables;
  const terminology::Index* terminology = nullptr;
  TraceHook* trace = nullptr;
  model::Val resource;       // %resource, when it is not the context
  model::Val root_resource;  // %rootResource
  Limits limits;
};

struct Ran {
  model::Val value;
  std::string error;  // rendered; empty when there is a value
  Phase phase = Phase::kParse;
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Program> program;  // keeps what `value` may point to
};

// At 2026-06-15T10:00:00Z, read at +02:00.
Ran RunExpression(std::string_view expression, const model::Val& context, base::Arena& arena,
                  const RunOptions& options = {});

// "Patient", "dateTime", "String": without the model's name.
std::string TypeOf(const model::Val& value);
// As a literal, strings without quotes: "@2014-05", "@T10:30", "1 'mg'", "true"; complex elements as JSON.
std::string ValueText(const model::Val& value);

}  // namespace osteon::path
