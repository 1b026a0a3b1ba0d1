#include "fhir/cql/run.h"

#include <algorithm>

namespace osteon::cql {

Run::Run(const CompiledLibrary& library, const Inputs& run_inputs, base::Arena& run_arena)
    : inputs(run_inputs),
      arena(run_arena),
      values{run_arena, model::Language::kCql, run_inputs.offset_minutes},
      library_(library),
      steps_left_(run_inputs.limits.steps),
      arena_limit_(run_arena.used_bytes() + run_inputs.limits.arena_bytes) {
  const CompiledProgram& program = library.compiled();
  defines_ = arena.AllocateArray<Memo>(program.defines.size());
  std::fill_n(defines_, program.defines.size(), Memo{});
  parameters_ = arena.AllocateArray<Memo>(program.parameters.size());
  std::fill_n(parameters_, program.parameters.size(), Memo{});
}

Val Run::Fail(const Node& node, std::string message) {
  if (failed_) return {};
  failed_ = true;
  const LibraryIr& library = node.library != nullptr ? *node.library : library_.program().main();
  Diagnostics located(*library.source);
  if (!library.name.empty()) located.SetLibrary(library.name);
  located.Add(Phase::kRun, node.span, std::move(message));
  error_ = located.found().front();
  return {};
}

bool Run::Exhausted(const Node& node) {
  if (failed_) return false;
  (void)Fail(node, steps_left_ == 0 ? "the evaluation takes too many steps"
                                    : "the evaluation takes too much memory");
  return false;
}

bool Run::TooDeep(const Node& node) {
  (void)Fail(node, "the evaluation is nested too deeply");
  return false;
}

Val Run::Define(const DefineIr& define) {
  Memo& memo = defines_[define.index];
  if (memo.state == State::kDone) return memo.value;
  if (memo.state == State::kRunning) return {};  // the analysis reports circles
  memo.state = State::kRunning;
  memo.value = Body(library_.compiled().defines[define.index], {});
  memo.state = State::kDone;
  return memo.value;
}

Val Run::Parameter(const ParameterIr& parameter) {
  Memo& memo = parameters_[parameter.index];
  if (memo.state != State::kNew) return memo.value;
  memo.state = State::kRunning;
  const std::string_view main = library_.program().main().name;
  const auto given =
      std::find_if(inputs.parameters.begin(), inputs.parameters.end(), [&](const ParameterValue& candidate) {
        const std::string_view library = candidate.library.empty() ? main : candidate.library;
        return candidate.name == parameter.name && library == parameter.library->name;
      });
  memo.value = given != inputs.parameters.end() ? given->value
                                                : Body(library_.compiled().parameters[parameter.index], {});
  memo.state = State::kDone;
  return memo.value;
}

Val Run::Body(const CompiledBody& body, std::span<const Val> operands) {
  if (body.root == nullptr) return {};
  Val* const outer = slots;
  slots = arena.AllocateArray<Val>(body.slot_count);
  std::fill_n(slots, body.slot_count, Val());
  std::copy(operands.begin(), operands.end(), slots);
  const Val value = Evaluate(*body.root, *this);
  slots = outer;
  return failed_ ? Val() : value;
}

Evaluation::Evaluation(const CompiledLibrary& library, const Inputs& inputs, base::Arena& arena)
    : run_(std::make_unique<Run>(library, inputs, arena)) {}
Evaluation::~Evaluation() = default;

Val Evaluation::Define(std::string_view name) {
  const LibraryIr& main = run_->library().program().main();
  for (const DefineIr& define : main.defines) {
    if (define.name == name) return run_->Define(define);
  }
  const Node nowhere;
  return run_->Fail(nowhere, "there is no definition '" + std::string(name) + "'");
}

const std::optional<Diagnostic>& Evaluation::error() const {
  return run_->error();
}
const model::ValueContext& Evaluation::values() const {
  return run_->values;
}

}  // namespace osteon::cql
