// One evaluation from within: compiled steps, operators' implementations, budgets.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/cql/evaluate.h"
#include "fhir/cql/ir.h"
#include "fhir/cql/trace.h"
#include "fhir/model/value.h"

namespace osteon::cql {

using model::Truth;
using model::Val;
using ValueKind = model::Kind;

class Run;
struct Step;

// Gets the values of all operands; nulls only where the operator's row says kOwn.
using Implementation = Val (*)(Run& run, const Step& step, std::span<const Val> operands);

struct ImplementationRow {
  std::string_view name;
  Implementation implementation;
};
// The chapters; each is defined in its operators_*.cc.
std::span<const ImplementationRow> LogicalOperators();
std::span<const ImplementationRow> ComparisonOperators();
std::span<const ImplementationRow> ArithmeticOperators();
std::span<const ImplementationRow> NumberFunctions();
std::span<const ImplementationRow> StringOperators();
std::span<const ImplementationRow> DateTimeOperators();
std::span<const ImplementationRow> IntervalOperators();
std::span<const ImplementationRow> ListOperators();
std::span<const ImplementationRow> AggregateFunctions();
std::span<const ImplementationRow> TypeOperators();
std::span<const ImplementationRow> ClinicalOperators();
// Null when no chapter has it.
Implementation FindImplementation(std::string_view name);

struct CompiledBody {
  const Step* root = nullptr;
  std::uint32_t slot_count = 0;
};

// A compiled node: what it does and with what.
struct Step {
  // What needs no evaluation, and costs no step.
  enum class Leaf : std::uint8_t { kNo, kConstant, kSlot };

  Val (*evaluate)(const Step& step, Run& run) = nullptr;
  Leaf leaf = Leaf::kNo;
  bool nulls_pass = false;  // of an operator: to its implementation
  std::span<const Step* const> children;
  const Node* node = nullptr;
  Val constant;
  Implementation implementation = nullptr;
  const CompiledBody* body = nullptr;  // of a function
  json::Key key = json::Key(json::kNoKey);
  // A property's name, or a tuple's in the order of their bytes with `children` in that order. Equal names of
  // a program have one place.
  std::span<const std::string_view> names;
  const struct QuerySteps* query = nullptr;
};

struct QuerySteps {
  struct Source {
    const Step* value = nullptr;
    std::uint32_t slot = 0;
    bool is_list = true;
  };
  struct Let {
    const Step* value = nullptr;
    std::uint32_t slot = 0;
  };
  struct Relationship {
    Source source;
    const Step* condition = nullptr;
    bool without = false;
    bool is_fixed = false;  // its source is the same for every row
  };
  std::vector<Source> sources;
  std::vector<Let> lets;
  std::vector<Relationship> relationships;
  const Step* where = nullptr;
  const Step* result_value = nullptr;
  const Step* starting_value = nullptr;
  std::vector<const Step*> sort_keys;  // null: the item itself
  std::vector<std::string_view> alias_names;
  const QueryIr* ir = nullptr;
};

class CompiledProgram {
 public:
  explicit CompiledProgram(const ProgramIr& program);

  std::vector<CompiledBody> defines;     // by DefineIr::index
  std::vector<CompiledBody> functions;   // by FunctionIr::index
  std::vector<CompiledBody> parameters;  // by ParameterIr::index
  std::vector<const ParameterIr*> parameter_irs;

 private:
  friend class Compiler;
  base::Arena arena_;
  std::deque<Step> steps_;
  std::deque<QuerySteps> queries_;
  std::deque<std::vector<const Step*>> children_;
  std::deque<std::vector<std::string_view>> names_;
};

class Run {
 public:
  Run(const CompiledLibrary& library, const Inputs& run_inputs, base::Arena& run_arena);

  const Inputs& inputs;
  base::Arena& arena;
  model::ValueContext values;
  Val* slots = nullptr;  // of the body that runs

  void BeginRule();
  Val Define(const DefineIr& define);
  Val Call(const FunctionIr& function, std::span<const Val> operands);
  Val Parameter(const ParameterIr& parameter);
  Val Body(const CompiledBody& body, std::span<const Val> operands);
  // The same with the body's slots, the operands in the first of them, the others null.
  Val BodyIn(const CompiledBody& body, Val* body_slots);

  // Always null, so that a step can return it.
  Val Fail(const Node& node, std::string message);
  bool failed() const { return failed_; }
  void Touch(Gaps gaps) { gaps_ |= gaps; }
  // For those who ask why: the nodes in `value` were found or read.
  void TraceRead(const Val& value) {
    if (inputs.trace != nullptr) inputs.trace->Read(value);
  }
  Gaps gaps() const { return gaps_; }
  // False when the evaluation has failed or may do no more.
  bool Spend(const Node& node, std::uint64_t steps = 1) {
    if (steps_left_ >= steps && !failed_ && arena.used_bytes() < arena_limit_) {
      steps_left_ -= steps;
      return true;
    }
    return Refuel(node, steps);
  }
  bool Enter(const Node& node) {
    if (++depth_ > kMaxDepth) return TooDeep(node);
    return Spend(node);
  }
  void Leave() { --depth_; }

  // Value sets by the place of the value that names them; one of those that share a row.
  struct KnownValueSet {
    const model::VocabularyValue* value = nullptr;
    const terminology::ValueSet* found = nullptr;
  };
  KnownValueSet& KnownOf(const model::VocabularyValue& value) {
    return value_sets_[reinterpret_cast<std::uintptr_t>(&value) / alignof(model::VocabularyValue) / 7 %
                       value_sets_.size()];
  }

  const std::optional<Diagnostic>& error() const { return error_; }
  const CompiledLibrary& library() const { return library_; }

  // Makers in the arena of the run.
  Val Decimal(const base::Decimal& value) { return Val::Decimal(value, arena); }
  Val Decimal(const std::optional<base::Decimal>& value) { return value ? Decimal(*value) : Val(); }
  Val Text(std::string_view text) { return Val::String(arena.Copy(text)); }

 private:
  static constexpr int kMaxDepth = 3000;
  enum class State : std::uint8_t { kNew, kRunning, kDone };
  // What became of a definition or a parameter.
  struct Memo {
    Val value;
    Gaps gaps = 0;
    const Diagnostic* failure = nullptr;
    State state = State::kNew;
  };
  // Memos by index, in pages made when first asked for: a request pays for what it evaluates, not for the
  // program.
  class Memos {
   public:
    Memos(std::size_t count, base::Arena& arena);
    Memo& At(std::size_t index) {
      Memo* const page = pages_[index / kPageSize];
      return page != nullptr ? page[index % kPageSize] : MakePage(index);
    }

   private:
    static constexpr std::size_t kPageSize = 16;
    Memo& MakePage(std::size_t index);

    base::Arena& arena_;
    Memo** pages_;
  };
  // Takes the value from the memo, or evaluates `compute` for it.
  template <typename Compute>
  Val Memoised(Memo& memo, const Compute& compute);
  // The next portion of the rule's steps, or false and the evaluation has failed.
  bool Refuel(const Node& node, std::uint64_t steps);
  bool TooDeep(const Node& node);
  std::uint64_t steps_in_all() const { return steps_left_ + steps_in_reserve_; }

  const CompiledLibrary& library_;
  Memos defines_;
  Memos parameters_;
  std::array<KnownValueSet, 128> value_sets_{};
  std::uint64_t steps_left_ = 0;  // until the stop check is asked again
  std::uint64_t steps_in_reserve_ = 0;
  std::size_t arena_limit_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  bool out_of_budget_ = false;  // and that is why it failed
  Gaps gaps_ = 0;
  std::optional<Diagnostic> error_;
  std::list<Diagnostic> failures_;  // of all rules; memos refer to them
  const Diagnostic* current_failure_ = nullptr;
};

inline Val Evaluate(const Step& step, Run& run) {
  if (step.leaf == Step::Leaf::kConstant) return step.constant;
  if (step.leaf == Step::Leaf::kSlot) return run.slots[step.node->slot];
  if (!run.Enter(*step.node)) {
    run.Leave();
    return {};
  }
  const Val value = step.evaluate(step, run);
  run.Leave();
  return value;
}

// A value as another type, as the analysis decided.
Val CoerceValue(Run& run, const Val& value, const Type& to);
// What "is" asks.
bool IsOfType(const Val& value, const Type& type);
// The element of a value; of a list, of all its items.
Val PropertyOf(Run& run, const Val& value, const Node& node, json::Key key);
// An interval whose bounds are in order; otherwise the evaluation fails.
Val MakeInterval(Run& run, const Node& node, const model::IntervalValue& interval);
// The value that an instance selector makes: Quantity { value: 1 }, FHIR.Period { ... }.
Val MakeInstance(Run& run, const Node& node, std::span<const std::string_view> names,
                 std::span<const Val> values);
ValueKind KindOf(SystemType type);
// Whether a code (text, Code, Concept, FHIR element, or any of a list) is in a value set or code system, or
// equivalent to a code. `what`: Vocabulary, Code, Concept, or a list of them.
bool MatchesTerminology(Run& run, const Node& node, const Val& value, const Val& what);
// All codes of a value set.
Val ExpandedCodes(Run& run, const Node& node, const model::VocabularyValue& value_set);
// Without the repetitions (CQL Distinct).
Val DistinctItems(Run& run, const Node& node, std::span<const Val> items);
Val EvaluateQuery(const Step& step, Run& run);
using Evaluator = Val (*)(const Step& step, Run& run);
// Of an operator that needs only the first row of a query, its operand: exists and First(); null for all
// others.
Evaluator EvaluatorOfFirstRow(const Node& node);
Val EvaluateRetrieve(const Step& step, Run& run);

}  // namespace osteon::cql
