// Compiled CQL libraries and their evaluation. A CompiledLibrary is immutable and shared by threads; an
// Evaluation belongs to one request. Both never fail but with a located finding.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fhir/base/arena.h"
#include "fhir/base/instant.h"
#include "fhir/cql/analysis.h"
#include "fhir/model/resource_index.h"
#include "fhir/model/value.h"
#include "fhir/terminology/terminology.h"

namespace osteon::cql {

struct Limits {
  std::uint64_t steps = 10'000'000;            // expressions evaluated and items looked at
  std::size_t arena_bytes = 64 * 1024 * 1024;  // taken by the evaluation
};

struct ParameterValue {
  std::string_view library;  // empty: of the library itself
  std::string_view name;
  model::Val value;
};

struct Inputs {
  base::Instant now;                // Now(), Today(), TimeOfDay(), the same for the whole evaluation
  std::int16_t offset_minutes = 0;  // east of UTC; also of dates and times written without an offset
  model::Val subject;               // the patient of the context; null when there is none
  // What retrieves find; null: nothing. Not const, since it indexes codes when first asked for them.
  model::ResourceIndex* resources = nullptr;
  const terminology::Index* terminology =
      nullptr;  // null: no value set is loaded, and naming one is an error
  std::span<const ParameterValue> parameters;
  Limits limits;
};

class CompiledProgram;

class CompiledLibrary {
 public:
  // `program` is of an Analysis without findings.
  explicit CompiledLibrary(std::shared_ptr<const ProgramIr> program);
  ~CompiledLibrary();
  CompiledLibrary(CompiledLibrary&&) noexcept;
  CompiledLibrary& operator=(CompiledLibrary&&) noexcept;

  const ProgramIr& program() const { return *program_; }
  const CompiledProgram& compiled() const { return *compiled_; }

 private:
  std::shared_ptr<const ProgramIr> program_;
  std::unique_ptr<const CompiledProgram> compiled_;
};

class Run;

// Evaluates definitions of one library over one patient's data; each definition once. `inputs`, the library
// and the arena outlive it, and so does what the values refer to.
class Evaluation {
 public:
  Evaluation(const CompiledLibrary& library, const Inputs& inputs, base::Arena& arena);
  ~Evaluation();
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // The value of a definition of the main library. Null with error() set when it failed or does not exist.
  model::Val Define(std::string_view name);
  // What stopped the evaluation; after it every definition is null.
  const std::optional<Diagnostic>& error() const;
  const model::ValueContext& values() const;

 private:
  std::unique_ptr<Run> run_;
};

}  // namespace osteon::cql
