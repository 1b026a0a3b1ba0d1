// One run of a compiled expression: what it may look at, what it may spend, and how it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/base/instant.h"
#include "fhir/model/resource_index.h"
#include "fhir/model/value.h"
#include "fhir/path/diagnostic.h"
#include "fhir/terminology/terminology.h"

namespace osteon::path {

// Where trace() and an explaining host see values go by. Nothing is called when there is no hook.
class TraceHook {
 public:
  virtual ~TraceHook() = default;
  // name: trace()'s argument; empty for sub-expressions. value: patient data, for the author's eyes only.
  virtual void OnValue(std::string_view name, Span span, const model::Val& value) = 0;
};

struct Limits {
  std::uint64_t steps = 1'000'000;             // nodes evaluated and items looked at
  std::size_t arena_bytes = 64 * 1024 * 1024;  // taken by this evaluation
};

struct Variable {
  std::string_view name;  // without %
  model::Val value;
};

struct Input {
  model::Val context;
  // The resource that holds the context, and the one that holds that (contained resources); when null, the
  // context itself stands for them.
  model::Val resource;
  model::Val root_resource;
  std::span<const Variable> variables;
  base::Instant now;
  std::int16_t offset_minutes = 0;  // of now(), today() and timeOfDay(), east of UTC
  // What resolve() finds besides contained resources; null: the entries of the Bundle at the root.
  const model::ResourceIndex* resources = nullptr;
  const terminology::Index* terminology = nullptr;  // null: memberOf() and subsumes() are errors
  TraceHook* trace = nullptr;
  Limits limits;
};

// State of one run. The first error wins; after it every node returns null at once.
class Evaluation {
 public:
  Evaluation(const Input& run_input, base::Arena& run_arena)
      : input(run_input),
        arena(run_arena),
        values{run_arena, model::Language::kFhirPath, model::kNoOffset},
        item(run_input.context),
        steps_left_(run_input.limits.steps),
        arena_limit_(run_arena.used_bytes() + run_input.limits.arena_bytes) {}

  const Input& input;
  base::Arena& arena;
  model::ValueContext values;
  model::Val item;   // $this
  model::Val total;  // $total
  std::int32_t index = 0;

  bool failed() const { return error_message_.data() != nullptr; }
  std::string_view error_message() const { return error_message_; }
  Span error_span() const { return error_span_; }

  // Always null, so that a node can return it. message: a literal, or in the arena.
  model::Val Fail(Span span, std::string_view message) {
    if (!failed()) {
      error_message_ = message;
      error_span_ = span;
    }
    return {};
  }

  // False when the evaluation has failed or may do no more.
  bool Spend(Span span, std::uint64_t steps = 1) {
    if (steps_left_ >= steps && arena.used_bytes() < arena_limit_ && !failed()) {
      steps_left_ -= steps;
      return true;
    }
    return Exhausted(span);
  }
  // Room for a text; null when the evaluation has failed or may take no more memory.
  char* AllocateText(Span span, std::size_t bytes);

 private:
  bool Exhausted(Span span);

  std::uint64_t steps_left_;
  std::size_t arena_limit_;
  std::string_view error_message_;
  Span error_span_;
};

}  // namespace osteon::path
