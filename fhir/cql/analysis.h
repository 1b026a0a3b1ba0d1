// Semantic analysis: from source text to a typed program, or to everything that is wrong with it.
// Source: CQL 1.5.3, chapters 3 "Developer's Guide" and 5 "Language Semantics".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "fhir/cql/ir.h"
#include "fhir/cql/source.h"

namespace osteon::cql {

// The text of an included library; nullopt when there is none of that name and version (empty: any version).
using LibraryProvider = std::function<std::optional<Source>(std::string_view name, std::string_view version)>;

struct Analysis {
  std::shared_ptr<const ProgramIr> program;  // null when there are findings
  // The same, and when there are findings what could be made out nevertheless: names, types and places, never
  // to be compiled.
  std::shared_ptr<const ProgramIr> partial;
  std::vector<Diagnostic> findings;  // of the library and those it includes
  std::string report;                // the findings, rendered
};

// `libraries` may be empty: then nothing can be included but FHIRHelpers, whose conversions are built in.
Analysis AnalyzeLibrary(Source source, const LibraryProvider& libraries = {});

// kSystem: types of the language only; kFhir: "using FHIR version '4.0.1'" and "context Patient" as well.
enum class ExpressionModel : std::uint8_t { kSystem, kFhir };

// The same for text that is one expression, as the definition "Expression".
Analysis AnalyzeExpression(Source source, ExpressionModel model = ExpressionModel::kFhir);

}  // namespace osteon::cql
