// One FHIRPath or CQL expression on the data at hand: compiled, run, and its value or all that is wrong with
// it. For "osteon eval", where a person or a test suite tries expressions; the service compiles once instead.
//
// Source: FHIRPath 2.0.0, CQL 1.5.3, FHIR R4.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base/arena.h"
#include "fhir/base/instant.h"
#include "fhir/cql/trace.h"
#include "fhir/json/tree.h"
#include "fhir/json/writer.h"
#include "fhir/model/value.h"

namespace osteon::server {

enum class ExpressionLanguage : std::uint8_t { kFhirPath, kCql };

struct ExpressionSettings {
  base::Instant now;
  std::int16_t offset_minutes = 0;  // east of UTC, of now() and today()
};

enum class Explanation : std::uint8_t { kNone, kWanted };

struct ExpressionRequest {
  ExpressionLanguage language = ExpressionLanguage::kFhirPath;
  std::string_view expression;
  // FHIRPath: the context. CQL: a resource or a Bundle, whose first Patient is the subject; when absent the
  // expression is compiled without the FHIR model.
  json::Value data;
  // An object, or absent. FHIRPath: %name; texts, numbers and booleans as System values, arrays as
  // collections, objects as FHIR elements. CQL: a definition of that name; no objects, no arrays.
  json::Value variables;
  // CQL: the text of a library whose definitions the expression may use; empty: none.
  std::string_view library;
  Explanation explanation = Explanation::kNone;  // CQL: ExpressionOutcome::trace is filled
};

// What stopped the expression. `line` and `column` count from 1, columns in code points.
struct ExpressionError {
  std::string_view phase;  // "parse", "check" or "run"
  std::string message;
  std::string hint;  // may be empty
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool in_library = false;  // the place is in the library's text, otherwise in the expression's
};

struct ExpressionOutcome {
  model::Val value;                         // null when there are errors
  std::vector<ExpressionError> errors;      // all of them
  std::string report;                       // errors and warnings with the line of text and a caret
  std::shared_ptr<const cql::Trace> trace;  // what the value rests on, when it was asked for
  std::shared_ptr<const void> keeps;        // what the value points to besides the arena and the data
  bool ok() const { return errors.empty(); }
};

// The request, its data and the arena outlive the outcome's value.
ExpressionOutcome EvaluateExpression(const ExpressionRequest& request, const ExpressionSettings& settings,
                                     base::Arena& arena);

// "System.Integer", "FHIR.HumanName", "List"; an element that R4 does not know is "FHIR.Element".
std::string TypeText(const model::Val& value);

// The items as an array of {"type": ..., "value": ...}, in compact JSON: null is the empty array, a list its
// items. Booleans and Integers are JSON; Long, Decimal, Date, DateTime, Time, Quantity, Ratio and Interval
// are text as toString() and the interval selector write them; Code and Concept are objects of their members;
// a Tuple is an object and a List in a list an array of such items; FHIR elements are their JSON, with the
// twin of a primitive in "extension".
void WriteItems(const model::Val& value, json::Writer& out);

// {"value": items, "definitions": [{"library", "name", "value": items or "error": text, "resources":
// [{"path", "reference"}], "uses": [{"library", "name"}]}]}: the definition that was asked for comes first,
// what it uses after it. `path` is the place in the data, `reference` Type/id; "definitions" only with a
// trace.
void WriteExplained(const ExpressionRequest& request, const ExpressionOutcome& outcome, json::Writer& out);
// The same trace for a person's eyes, empty without one.
std::string ExplanationText(const ExpressionRequest& request, const ExpressionOutcome& outcome);

// For a person's eyes: literals, the items of a FHIRPath collection one a line, "{ }" when it is empty.
std::string DisplayText(ExpressionLanguage language, const model::Val& value);

}  // namespace osteon::server
