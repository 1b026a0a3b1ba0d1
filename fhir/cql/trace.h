// What an evaluation did, for people who ask why: the value of each definition, and the data it rests on.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fhir/cql/ir.h"
#include "fhir/cql/source.h"
#include "fhir/json/tree.h"
#include "fhir/model/resource_index.h"
#include "fhir/model/value.h"

namespace osteon::cql {

// One definition that was evaluated, or one call of a function from outside.
struct TracedStep {
  const DefineIr* define = nullptr;  // one of these two
  const FunctionIr* function = nullptr;
  model::Val value;
  std::optional<Diagnostic> error;  // then there is no value
  // Resources that retrieves in it found or whose elements it read itself, not through other definitions;
  // each once, in the order of reading. Functions that it calls count as part of it.
  std::vector<json::Value> resources;
  std::vector<const DefineIr*> uses;  // each once, in the order of use

  std::string_view name() const { return define != nullptr ? define->name : function->name; }
  std::string_view library() const { return (define != nullptr ? define->library : function->library)->name; }
};

// Given to an evaluation as Inputs::trace, it gathers what the evaluation does. Of one evaluation; outlived
// by the resources.
class Trace {
 public:
  // `resources`: what Inputs::resources holds; reading anything else leaves no trace.
  explicit Trace(const model::ResourceIndex& resources);

  // In the order in which they were finished, so that what a definition uses comes before it.
  const std::deque<TracedStep>& steps() const { return finished_; }

  // For the evaluation.
  void Begin(const DefineIr* define, const FunctionIr* function);
  void End(const model::Val& value, const std::optional<Diagnostic>& error);
  void Use(const DefineIr& define);
  void Read(const model::Val& node);

 private:
  std::optional<std::size_t> Find(const char* text) const;

  struct Extent {
    const char* begin = nullptr;  // of the resource's raw text
    const char* end = nullptr;
    json::Value resource;
  };
  std::vector<Extent> extents_;  // ordered by begin
  std::vector<TracedStep> running_;
  std::deque<TracedStep> finished_;
};

// Where `inside` stands in the document below `root`: "prefetch.conditions.entry[3].resource"; empty for the
// root itself, and when it is not there.
std::string PlaceOf(json::Value root, json::Value inside);

}  // namespace osteon::cql
