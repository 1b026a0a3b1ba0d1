// Compiled CQL libraries and their evaluation. A CompiledLibrary is immutable and shared by threads; an
// Evaluation belongs to one request. Both never fail but with a located finding.
//
// Many rules over one request: their libraries are included by one main library, so that the program is one,
// and one Evaluation serves all rules; what they share is evaluated once. For each rule: BeginRule(), then
// Define() and Call(), then error() and gaps().
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

class Trace;

// Of one rule, that is from one BeginRule() to the next, and of an evaluation that calls it never.
struct Limits {
  std::uint64_t steps = 10'000'000;            // expressions evaluated and items looked at
  std::size_t arena_bytes = 64 * 1024 * 1024;  // taken from the arena
};

// Which data an evaluation should have had and did not have: one bit for each of the caller's sources
// (prefetch keys). The meaning of the bits is the caller's.
using Gaps = std::uint64_t;

// Whether the evaluation is to end, asked at every BeginRule() and then every kStepsBetweenStopChecks steps;
// the caller may read a clock in it.
struct StopCheck {
  bool (*asked)(const void* data) = nullptr;  // null: never
  const void* data = nullptr;
};
inline constexpr std::uint64_t kStepsBetweenStopChecks = 4096;

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
  // By ParameterIr::index, nullopt for the parameter's default; looked at before `parameters`, and faster.
  // Empty: none.
  std::span<const std::optional<model::Val>> parameters_by_index;
  // By RetrieveIr::index: the sources that should have answered this retrieve but did not. Empty: none.
  std::span<const Gaps> retrieve_gaps;
  Gaps subject_gaps = 0;  // the same of `subject`
  Limits limits;
  StopCheck stop;
  Trace* trace = nullptr;  // gathers what the evaluation does (trace.h); null, which costs nothing: none
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

// Evaluates definitions of one program over one patient's data; each definition once, whichever rule asks for
// it. `inputs`, the library and the arena outlive it, and so does what the values refer to. Not thread-safe.
//
// An error (a run-time failure, a budget, the stop check) ends what is being evaluated: from then on every
// definition and every call is null, until BeginRule(). A definition that failed keeps failing, with the same
// error, in every rule that uses it; but one that was only caught in another's budget, having used less than
// half of it, is evaluated anew.
class Evaluation {
 public:
  Evaluation(const CompiledLibrary& library, const Inputs& inputs, base::Arena& arena);
  ~Evaluation();
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // Clears error() and gaps() and gives a fresh budget. The values stay. A new Evaluation has begun already.
  void BeginRule();

  // The value of a definition of the main library. Null with error() set when it failed or does not exist.
  model::Val Define(std::string_view name);
  // Of any library of the program.
  model::Val Define(const DefineIr& define);
  // The result of a function of the program. REQUIRES: as many operands as it has, of their types or null.
  // Not memoised.
  model::Val Call(const FunctionIr& function, std::span<const model::Val> operands);

  // What ended the evaluation since BeginRule(); nullopt: nothing.
  const std::optional<Diagnostic>& error() const;
  // The gaps of all retrieves (and of the subject) that were evaluated since BeginRule(), also of those
  // behind definitions that another rule had evaluated already. What was not looked at because the answer was
  // known without it ("false and exists [Condition]") is not among them.
  Gaps gaps() const;
  const model::ValueContext& values() const;

 private:
  std::unique_ptr<Run> run_;
};

}  // namespace osteon::cql
