#include "fhir/cql/run.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace osteon::cql {

Run::Run(const CompiledLibrary& library, const Inputs& run_inputs, base::Arena& run_arena)
    : inputs(run_inputs),
      arena(run_arena),
      values{run_arena, model::Language::kCql, run_inputs.offset_minutes},
      library_(library),
      defines_(library.compiled().defines.size(), run_arena),
      parameters_(library.compiled().parameters.size(), run_arena) {
  BeginRule();
}

Run::Memos::Memos(std::size_t count, base::Arena& arena)
    : arena_(arena), pages_(arena.AllocateArray<Memo*>(count / kPageSize + 1)) {
  std::fill_n(pages_, count / kPageSize + 1, nullptr);
}

Run::Memo& Run::Memos::MakePage(std::size_t index) {
  Memo* const page = arena_.AllocateArray<Memo>(kPageSize);
  std::uninitialized_fill_n(page, kPageSize, Memo{});
  pages_[index / kPageSize] = page;
  return page[index % kPageSize];
}

void Run::BeginRule() {
  steps_left_ = 0;
  steps_in_reserve_ = inputs.limits.steps;
  arena_limit_ = arena.used_bytes() + inputs.limits.arena_bytes;
  failed_ = false;
  out_of_budget_ = false;
  gaps_ = 0;
  error_.reset();
  current_failure_ = nullptr;
}

Val Run::Fail(const Node& node, std::string message) {
  if (failed_) return {};
  failed_ = true;
  const LibraryIr& library = node.library != nullptr ? *node.library : library_.program().main();
  Diagnostics located(*library.source);
  if (!library.name.empty()) located.SetLibrary(library.name);
  located.Add(Phase::kRun, node.span, std::move(message));
  current_failure_ = &failures_.emplace_back(located.found().front());
  error_ = *current_failure_;
  return {};
}

bool Run::Refuel(const Node& node, std::uint64_t steps) {
  if (failed_) return false;
  const auto end = [&](const char* why) {
    out_of_budget_ = true;
    (void)Fail(node, why);
    return false;
  };
  if (arena.used_bytes() >= arena_limit_) return end("the evaluation takes too much memory");
  if (steps > steps_in_all()) return end("the evaluation takes too many steps");
  if (inputs.stop.asked != nullptr && inputs.stop.asked(inputs.stop.data)) {
    return end("the evaluation takes too long");
  }
  const std::uint64_t more = std::min(steps_in_reserve_, steps + kStepsBetweenStopChecks);
  steps_in_reserve_ -= more;
  steps_left_ += more;
  steps_left_ -= steps;
  return true;
}

bool Run::TooDeep(const Node& node) {
  (void)Fail(node, "the evaluation is nested too deeply");
  return false;
}

template <typename Compute>
Val Run::Memoised(Memo& memo, const Compute& compute) {
  if (memo.state != State::kNew) {
    gaps_ |= memo.gaps;
    if (memo.failure != nullptr && !failed_) {
      failed_ = true;
      current_failure_ = memo.failure;
      error_ = *memo.failure;
    }
    return memo.value;  // while it is kRunning: the analysis reports circles
  }
  if (failed_) return {};
  memo.state = State::kRunning;
  const Gaps outer = std::exchange(gaps_, 0);
  const std::uint64_t before = steps_in_all();
  memo.value = compute();
  memo.gaps = gaps_;
  memo.failure = current_failure_;
  memo.state = State::kDone;
  gaps_ |= outer;
  if (out_of_budget_ && before - steps_in_all() < inputs.limits.steps / 2) memo = Memo{};
  return failed_ ? Val() : memo.value;
}

Val Run::Define(const DefineIr& define) {
  const CompiledBody& body = library_.compiled().defines[define.index];
  if (inputs.trace == nullptr) {
    return Memoised(defines_.At(define.index), [&] { return Body(body, {}); });
  }
  inputs.trace->Use(define);
  return Memoised(defines_.At(define.index), [&] {
    inputs.trace->Begin(&define, nullptr);
    const Val value = Body(body, {});
    inputs.trace->End(value, error_);
    return value;
  });
}

Val Run::Call(const FunctionIr& function, std::span<const Val> operands) {
  if (failed_) return {};
  if (inputs.trace != nullptr) inputs.trace->Begin(nullptr, &function);
  const Val value = Body(library_.compiled().functions[function.index], operands);
  if (inputs.trace != nullptr) inputs.trace->End(value, error_);
  return value;
}

Val Run::Parameter(const ParameterIr& parameter) {
  return Memoised(parameters_.At(parameter.index), [&] {
    if (!inputs.parameters_by_index.empty()) {
      if (const auto& given = inputs.parameters_by_index[parameter.index]) return *given;
    }
    const std::string_view main = library_.program().main().name;
    for (const ParameterValue& given : inputs.parameters) {
      const std::string_view library = given.library.empty() ? main : given.library;
      if (given.name == parameter.name && library == parameter.library->name) return given.value;
    }
    return Body(library_.compiled().parameters[parameter.index], {});
  });
}

Val Run::Body(const CompiledBody& body, std::span<const Val> operands) {
  Val* const body_slots = arena.AllocateArray<Val>(std::max<std::size_t>(operands.size(), body.slot_count));
  Val* const rest = std::copy(operands.begin(), operands.end(), body_slots);
  if (rest < body_slots + body.slot_count) std::fill(rest, body_slots + body.slot_count, Val());
  return BodyIn(body, body_slots);
}

Val Run::BodyIn(const CompiledBody& body, Val* body_slots) {
  if (body.root == nullptr) return {};
  if (body.root->leaf != Step::Leaf::kNo && !Spend(*body.root->node)) return {};
  Val* const outer = std::exchange(slots, body_slots);
  const Val value = Evaluate(*body.root, *this);
  slots = outer;
  return failed_ ? Val() : value;
}

Evaluation::Evaluation(const CompiledLibrary& library, const Inputs& inputs, base::Arena& arena)
    : run_(std::make_unique<Run>(library, inputs, arena)) {}
Evaluation::~Evaluation() = default;

void Evaluation::BeginRule() {
  run_->BeginRule();
}

Val Evaluation::Define(std::string_view name) {
  if (const DefineIr* const define = FindDefine(run_->library().program().main(), name))
    return Define(*define);
  const Node nowhere;
  return run_->Fail(nowhere, "there is no definition '" + std::string(name) + "'");
}

Val Evaluation::Define(const DefineIr& define) {
  return run_->Define(define);
}

Val Evaluation::Call(const FunctionIr& function, std::span<const Val> operands) {
  return run_->Call(function, operands);
}

const std::optional<Diagnostic>& Evaluation::error() const {
  return run_->error();
}
Gaps Evaluation::gaps() const {
  return run_->gaps();
}
const model::ValueContext& Evaluation::values() const {
  return run_->values;
}

}  // namespace osteon::cql
