// "osteon eval --batch": expressions as NDJSON, one answer a line, for test suites and other programs.
//
// A request: {"id", "language": "fhirpath"|"cql", "expression", "data": path or resource, "variables"?}.
// An answer: {"id", "result": [{"type": "System.Integer", "value": 1}]}, with "list": true when a CQL
// expression's value is a list (whose items the result holds); or {"id", "error": {"phase":
// "parse"|"check"|"run", "message", "hint"?, "line", "column"}}. "id" is the request's, null when the line
// could not be read.
#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "fhir/base/result.h"
#include "fhir/json/tree.h"
#include "server/cli/eval_language.h"

namespace osteon::server {

// A JSON file, read and kept.
class DataFile {
 public:
  // kInvalidRequest when there is no regular file or it is no JSON.
  static base::Result<std::shared_ptr<const DataFile>> Read(const std::string& path);
  json::Value root() const { return tree_->root(); }

 private:
  base::Arena arena_;
  std::string text_;
  const json::Tree* tree_ = nullptr;
};

class BatchEvaluator {
 public:
  explicit BatchEvaluator(const ExpressionSettings& settings) : settings_(settings) {}

  // The answer to one line, without a line's end. Never fails: what is wrong is in the answer.
  std::string Answer(std::string_view line);

 private:
  std::string AnswerRequest(json::Value request, std::string_view id);
  base::Result<json::Value> Data(json::Value request);

  ExpressionSettings settings_;
  base::Arena arena_;
  // Suites name the same few files again and again.
  std::map<std::string, std::shared_ptr<const DataFile>, std::less<>> files_;
};

// Answers until the input ends; blank lines are skipped.
void RunBatch(std::istream& in, std::ostream& out, const ExpressionSettings& settings);

}  // namespace osteon::server
