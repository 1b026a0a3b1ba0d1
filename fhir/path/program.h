// FHIRPath compiled once and run many times. A Program is immutable: any number of threads may run it at
// once.
//
// Source: FHIRPath 2.0.0 (http://hl7.org/fhirpath/N1/) and R4 fhirpath.html
// (http://hl7.org/fhir/R4/fhirpath.html).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base/arena.h"
#include "fhir/path/checker.h"
#include "fhir/path/diagnostic.h"
#include "fhir/path/evaluation.h"
#include "fhir/path/static_type.h"

namespace osteon::path {

class Node;

// How a run ended: a value, or an error with its place in the text (Phase::kRun).
struct Outcome {
  model::Val value;                // null: the empty collection; kList: more than one item
  std::vector<Diagnostic> errors;  // none, or one
  bool ok() const { return errors.empty(); }
};

class Program {
 public:
  Program(std::string text, std::unique_ptr<base::Arena> constants, std::unique_ptr<const Node> root,
          StaticType result);
  ~Program();

  // Takes memory from `arena` only, except to compile patterns that are no constants and to word an error.
  // The value lives as long as the program, the arena and the input.
  Outcome Evaluate(const Input& input, base::Arena& arena) const;

  const std::string& text() const { return text_; }
  const StaticType& result() const { return result_; }
  const Node& root() const { return *root_; }

 private:
  std::string text_;
  std::unique_ptr<base::Arena> constants_;
  std::unique_ptr<const Node> root_;
  StaticType result_;
};

struct Compilation {
  std::shared_ptr<const Program> program;  // null when there are errors
  std::vector<Diagnostic> diagnostics;     // all of them, warnings too
};
Compilation Compile(std::string_view text, const CheckOptions& options);

}  // namespace osteon::path
