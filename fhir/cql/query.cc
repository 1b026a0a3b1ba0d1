// Queries: nested loops over the sources, with the aliases in the slots of the frame.
// Source: CQL 1.5.3, 2.2 "Queries"; 5 "Language Semantics", "Queries".
#include <algorithm>
#include <memory>
#include <optional>

#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"

namespace osteon::cql {
namespace {

enum class Rows : std::uint8_t { kAll, kFirst, kFirstNotNull };

class QueryRun {
 public:
  QueryRun(const Step& step, Run& run, Rows wanted = Rows::kAll)
      : step_(step), query_(*step.query), ir_(*step.query->ir), run_(run), wanted_(wanted) {}

  // What is wanted, or null; the rows after it are not looked at.
  Val FirstRow() {
    if (!Evaluated() || run_.failed()) return {};
    Loop(0);
    return run_.failed() || !done_ ? Val() : rows_.items().back();
  }

  Val Result() {
    if (ir_.result == QueryIr::Result::kAggregate) {
      accumulated_ = query_.starting_value != nullptr ? Evaluate(*query_.starting_value, run_) : Val();
    }
    const bool any_null = !Evaluated();
    if (run_.failed()) return {};
    if (any_null && ir_.result != QueryIr::Result::kAggregate) return {};
    if (!any_null) Loop(0);
    if (run_.failed()) return {};
    if (ir_.result == QueryIr::Result::kAggregate) return Aggregated();
    if (ir_.singular) return rows_.size() == 0 ? Val() : rows_.items().front();
    Val result = ir_.distinct ? DistinctItems(run_, *step_.node, rows_.items()) : rows_.Finish();
    return ir_.sort.empty() ? result : Sorted(result);
  }

 private:
  // The values of the sources; false when one is null.
  bool Evaluated() {
    if (query_.sources.size() > 1) sources_ = run_.arena.AllocateArray<Val>(query_.sources.size());
    for (std::size_t i = 0; i < query_.sources.size(); ++i) {
      sources_[i] = Evaluate(*query_.sources[i].value, run_);
      if (sources_[i].is_null()) return false;
    }
    return true;
  }

  void Loop(std::size_t depth) {
    if (depth == query_.sources.size()) return Row();
    const QuerySteps::Source& source = query_.sources[depth];
    if (!source.is_list) {
      run_.slots[source.slot] = sources_[depth];
      return Loop(depth + 1);
    }
    for (const Val& item : model::Items(sources_[depth])) {
      if (!run_.Spend(*step_.node)) return;
      run_.slots[source.slot] = item;
      Loop(depth + 1);
      if (done_) return;
    }
  }

  bool Holds(const Step& condition) {
    const Val value = Evaluate(condition, run_);
    return value.is(ValueKind::kBoolean) && value.boolean();
  }

  // The value of a relationship's source; one that is the same for every row is evaluated for the first.
  Val RelatedItems(std::size_t index) {
    const QuerySteps::Relationship& relationship = query_.relationships[index];
    if (!relationship.is_fixed) return Evaluate(*relationship.source.value, run_);
    if (fixed_ == nullptr) {
      fixed_ = run_.arena.AllocateArray<std::optional<Val>>(query_.relationships.size());
      std::uninitialized_fill_n(fixed_, query_.relationships.size(), std::nullopt);
    }
    if (!fixed_[index]) fixed_[index] = Evaluate(*relationship.source.value, run_);
    return *fixed_[index];
  }

  // Whether a related item exists, or none does for "without".
  bool Related(std::size_t index) {
    const QuerySteps::Relationship& relationship = query_.relationships[index];
    const Val related = RelatedItems(index);
    bool found = false;
    for (const Val& item : model::Items(related)) {
      if (!run_.Spend(*step_.node)) return false;
      run_.slots[relationship.source.slot] = item;
      if (Holds(*relationship.condition)) {
        found = true;
        break;
      }
    }
    return found != relationship.without;
  }

  void Row() {
    for (const QuerySteps::Let& let : query_.lets) run_.slots[let.slot] = Evaluate(*let.value, run_);
    for (std::size_t i = 0; i < query_.relationships.size(); ++i) {
      if (!Related(i)) return;
    }
    if (query_.where != nullptr && !Holds(*query_.where)) return;
    if (run_.failed()) return;
    if (ir_.result == QueryIr::Result::kReturn) return Add(Evaluate(*query_.result_value, run_));
    if (ir_.result == QueryIr::Result::kAggregate && !ir_.distinct) return Accumulate();
    Add(SourceRow());
  }

  void Add(const Val& row) {
    rows_.Add(row);
    done_ = wanted_ == Rows::kFirst || (wanted_ == Rows::kFirstNotNull && !row.is_null());
  }

  Val SourceRow() {
    const std::size_t count = query_.sources.size();
    if (count == 1) return run_.slots[query_.sources.front().slot];
    Val* const items = run_.arena.AllocateArray<Val>(count);
    for (std::size_t i = 0; i < count; ++i) items[i] = run_.slots[query_.sources[i].slot];
    return Val::Tuple(query_.alias_names, {items, count}, model::TypeId::kNone, run_.arena);
  }

  void Accumulate() {
    run_.slots[ir_.accumulator_slot] = accumulated_;
    accumulated_ = Evaluate(*query_.result_value, run_);
  }

  // "aggregate distinct": over the rows without their repetitions.
  Val Aggregated() {
    if (!ir_.distinct) return accumulated_;
    const Val rows = DistinctItems(run_, *step_.node, rows_.items());
    for (const Val& row : model::Items(rows)) {
      if (query_.sources.size() == 1) {
        run_.slots[query_.sources.front().slot] = row;
      } else {
        for (std::size_t i = 0; i < query_.sources.size(); ++i) {
          run_.slots[query_.sources[i].slot] = row.tuple().Find(query_.alias_names[i]);
        }
      }
      for (const QuerySteps::Let& let : query_.lets) run_.slots[let.slot] = Evaluate(*let.value, run_);
      Accumulate();
    }
    return accumulated_;
  }

  // -1, 0, 1; null is the least.
  int CompareKeys(const Val& a, const Val& b) const {
    if (a.is_null() || b.is_null()) return static_cast<int>(b.is_null()) - static_cast<int>(a.is_null());
    auto order = model::CompareValues(a, b, run_.values);
    if (!order) return 0;
    if (*order == model::Order::kUnknown && a.is_temporal() && b.is_temporal()) order = ByEarliest(a, b);
    return *order == model::Order::kLess ? -1 : (*order == model::Order::kGreater ? 1 : 0);
  }

  // Of dates that differ only in precision, the one that may be earlier comes first, then the coarser one.
  std::optional<model::Order> ByEarliest(const Val& a, const Val& b) const {
    const auto earliest = [](const Val& value) {
      return Val::Of(model::LowBoundary(value.temporal(), value.is(ValueKind::kDate)
                                                              ? model::Precision::kDay
                                                              : model::Precision::kMillisecond));
    };
    const auto order = model::CompareValues(earliest(a), earliest(b), run_.values);
    if (!order || *order != model::Order::kEqual) return order;
    const auto left = a.temporal().precision;
    const auto right = b.temporal().precision;
    return left < right ? model::Order::kLess
                        : (left > right ? model::Order::kGreater : model::Order::kEqual);
  }

  Val Sorted(const Val& list) {
    const auto items = list.list();
    const std::size_t width = ir_.sort.size();
    Val* const keys = run_.arena.AllocateArray<Val>(items.size() * width);
    auto* const order = run_.arena.AllocateArray<std::uint32_t>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      order[i] = static_cast<std::uint32_t>(i);
      run_.slots[ir_.sort_slot] = items[i];
      for (std::size_t k = 0; k < width; ++k) {
        const Step* const key = query_.sort_keys[k];
        const Val value = key != nullptr ? Evaluate(*key, run_) : items[i];
        keys[i * width + k] = value.is(ValueKind::kNode) ? model::ToSystem(value, run_.values) : value;
      }
    }
    if (run_.failed() || !run_.Spend(*step_.node, items.size())) return {};
    std::stable_sort(order, order + items.size(), [&](std::uint32_t a, std::uint32_t b) {
      for (std::size_t k = 0; k < width; ++k) {
        const int compared = CompareKeys(keys[a * width + k], keys[b * width + k]);
        if (compared != 0) return ir_.sort[k].descending ? compared > 0 : compared < 0;
      }
      return false;
    });
    Val* const sorted = run_.arena.AllocateArray<Val>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) sorted[i] = items[order[i]];
    return Val::List({sorted, items.size()});
  }

  const Step& step_;
  const QuerySteps& query_;
  const QueryIr& ir_;
  Run& run_;
  Rows wanted_;
  bool done_ = false;
  Val only_source_;
  Val* sources_ = &only_source_;
  std::optional<Val>* fixed_ = nullptr;  // of the relationships, once one was needed
  Val accumulated_;
  model::ListBuilder rows_{run_.arena};
};

}  // namespace

// Repetitions do not matter to them.
Evaluator EvaluatorOfFirstRow(const Node& node) {
  if (node.children.size() != 1 || node.children.front()->kind != NodeKind::kQuery) return nullptr;
  const QueryIr& query = *node.children.front()->query;
  if (query.singular || query.result == QueryIr::Result::kAggregate || !query.sort.empty()) return nullptr;
  if (node.op->row->name == std::string_view("First")) {
    return
        [](const Step& step, Run& run) { return QueryRun(*step.children[0], run, Rows::kFirst).FirstRow(); };
  }
  if (node.op->row->name != std::string_view("Exists")) return nullptr;
  return [](const Step& step, Run& run) {
    const Val row = QueryRun(*step.children[0], run, Rows::kFirstNotNull).FirstRow();
    return run.failed() ? Val() : Val::Boolean(!row.is_null());
  };
}

Val EvaluateQuery(const Step& step, Run& run) {
  return QueryRun(step, run).Result();
}

Val DistinctItems(Run& run, const Node& node, std::span<const Val> items) {
  // Open addressing over the hashes; a slot holds 1 + the position of the first item of its kind.
  std::size_t size = 16;
  while (size < items.size() * 2) size *= 2;
  auto* const table = run.arena.AllocateArray<std::uint32_t>(size);
  std::fill_n(table, size, 0U);
  auto* const hashes = run.arena.AllocateArray<std::uint64_t>(items.size());
  model::ListBuilder distinct(run.arena);
  for (std::size_t i = 0; i < items.size(); ++i) {
    hashes[i] = model::HashOf(items[i], run.values);
    std::size_t slot = hashes[i] & (size - 1);
    bool known = false;
    while (table[slot] != 0 && !known) {
      if (!run.Spend(node)) return {};
      const std::size_t other = table[slot] - 1;
      known = hashes[other] == hashes[i] && model::SameItem(items[other], items[i], run.values);
      slot = (slot + 1) & (size - 1);
    }
    if (known) continue;
    table[slot] = static_cast<std::uint32_t>(i + 1);
    distinct.Add(items[i]);
  }
  return distinct.Finish();
}

}  // namespace osteon::cql
