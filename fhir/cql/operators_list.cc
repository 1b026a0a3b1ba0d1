// CQL 1.5.3, Appendix B: List Operators.
#include <algorithm>

#include "fhir/base/text.h"
#include "fhir/cql/collections.h"
#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"

namespace osteon::cql {

// --- lists as sets: items are the same when they are equal, and nulls are the same

Val ListContains(Run& run, const Node& node, const Val& list, const Val& item) {
  if (list.is_null()) return Val::Boolean(false);
  for (const Val& candidate : model::Items(list)) {
    if (!run.Spend(node)) return {};
    if (model::SameItem(candidate, item, run.values)) return Val::Boolean(true);
  }
  return Val::Boolean(false);
}

// The item is in the list, and something else too. What may or may not equal the item leaves that open.
Val ListProperlyContains(Run& run, const Node& node, const Val& list, const Val& item) {
  if (list.is_null()) return Val::Boolean(false);
  Truth contains = Truth::kFalse;
  Truth other = Truth::kFalse;
  for (const Val& candidate : model::Items(list)) {
    if (!run.Spend(node)) return {};
    const Truth same =
        item.is_null() ? model::TruthOf(candidate.is_null()) : model::Equal(candidate, item, run.values);
    contains = model::Or(contains, same);
    other = model::Or(other, model::Not(same));
  }
  return model::ToVal(model::And(contains, other));
}

Val ListIncludes(Run& run, const Node& node, const Val& list, const Val& inner) {
  if (list.is_null() || inner.is_null()) return {};
  for (const Val& item : model::Items(inner)) {
    const Val found = ListContains(run, node, list, item);
    if (found.is_null() || !found.boolean()) return found;
  }
  return Val::Boolean(true);
}

Val ListProperlyIncludes(Run& run, const Node& node, const Val& list, const Val& inner) {
  const Val includes = ListIncludes(run, node, list, inner);
  if (includes.is_null() || !includes.boolean()) return includes;
  const Val outer_items = DistinctItems(run, node, model::Items(list));
  const Val inner_items = DistinctItems(run, node, model::Items(inner));
  return Val::Boolean(model::Items(outer_items).size() > model::Items(inner_items).size());
}

Val ListUnion(Run& run, const Node& node, const Val& a, const Val& b) {
  model::ListBuilder all(run.arena);
  for (const Val& item : model::Items(a)) all.Add(item);
  for (const Val& item : model::Items(b)) all.Add(item);
  return DistinctItems(run, node, all.items());
}

namespace {

Val Filtered(Run& run, const Node& node, const Val& a, const Val& b, bool wanted) {
  model::ListBuilder kept(run.arena);
  for (const Val& item : model::Items(a)) {
    const Val found = ListContains(run, node, b, item);
    if (found.is_null()) return {};
    if (found.boolean() == wanted) kept.Add(item);
  }
  return DistinctItems(run, node, kept.items());
}

}  // namespace

Val ListIntersect(Run& run, const Node& node, const Val& a, const Val& b) {
  if (a.is_null() || b.is_null()) return {};
  return Filtered(run, node, a, b, true);
}

Val ListExcept(Run& run, const Node& node, const Val& a, const Val& b) {
  if (a.is_null()) return {};
  return Filtered(run, node, a, b, false);
}

namespace {

using Operands = std::span<const Val>;

Val Distinct(Run& run, const Step& step, Operands operands) {
  return DistinctItems(run, *step.node, model::Items(operands[0]));
}

Val Exists(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto items = model::Items(operands[0]);
  return Val::Boolean(
      std::any_of(items.begin(), items.end(), [](const Val& item) { return !item.is_null(); }));
}

Val Flatten(Run& run, const Step& step, Operands operands) {
  model::ListBuilder flat(run.arena);
  for (const Val& item : model::Items(operands[0])) {
    if (!item.is(ValueKind::kList)) {
      if (!item.is_null() || step.children[0]->node->type->element->kind != TypeKind::kList) flat.Add(item);
      continue;
    }
    for (const Val& inner : item.list()) {
      if (!run.Spend(*step.node)) return {};
      flat.Add(inner);
    }
  }
  return flat.Finish();
}

Val First(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto items = model::Items(operands[0]);
  return items.empty() ? Val() : items.front();
}

Val Last(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto items = model::Items(operands[0]);
  return items.empty() ? Val() : items.back();
}

Val SingletonFrom(Run& run, const Step& step, Operands operands) {
  const auto items = model::Items(operands[0]);
  if (items.size() > 1) return run.Fail(*step.node, "the list has more than one item");
  return items.empty() ? Val() : items.front();
}

Val Indexer(Run& /*run*/, const Step& step, Operands operands) {
  const std::int32_t index = operands[1].integer();
  if (index < 0) return {};
  const auto position = static_cast<std::size_t>(index);
  if (step.children[0]->node->type->kind != TypeKind::kList && operands[0].is(ValueKind::kString)) {
    std::string_view text = operands[0].string();
    const auto next = [&text] {
      std::size_t length = 1;
      while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
      return length;
    };
    for (std::size_t i = 0; i < position && !text.empty(); ++i) text.remove_prefix(next());
    return text.empty() ? Val() : Val::String(text.substr(0, next()));
  }
  const auto items = model::Items(operands[0]);
  return position < items.size() ? items[position] : Val();
}

Val IndexOf(Run& run, const Step& step, Operands operands) {
  const auto items = model::Items(operands[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!run.Spend(*step.node)) return {};
    if (model::SameItem(items[i], operands[1], run.values)) return Val::Integer(static_cast<std::int32_t>(i));
  }
  return Val::Integer(-1);
}

Val Length(Run& /*run*/, const Step& step, Operands operands) {
  const bool list = step.children[0]->node->type->kind == TypeKind::kList;
  if (operands[0].is_null()) return list ? Val::Integer(0) : Val();
  if (!list && operands[0].is(ValueKind::kString)) {
    return Val::Integer(static_cast<std::int32_t>(base::CodePointCount(operands[0].string())));
  }
  return Val::Integer(static_cast<std::int32_t>(model::Items(operands[0]).size()));
}

// Items [from, to), counted from the end when negative.
Val Part(Run& run, const Val& list, std::int64_t from, std::int64_t to) {
  const auto items = model::Items(list);
  const auto size = static_cast<std::int64_t>(items.size());
  const auto clamped = [size](std::int64_t index) {
    return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
  };
  const std::int64_t begin = clamped(from);
  const std::int64_t end = std::max(begin, clamped(to));
  model::ListBuilder part(run.arena);
  for (std::int64_t i = begin; i < end; ++i) part.Add(items[static_cast<std::size_t>(i)]);
  return part.Finish();
}

constexpr std::int64_t kAll = INT32_MAX;

Val Skip(Run& run, const Step& /*step*/, Operands operands) {
  if (operands[0].is_null()) return {};
  return Part(run, operands[0], operands[1].is_null() ? 0 : std::max(operands[1].integer(), 0), kAll);
}

Val Take(Run& run, const Step& /*step*/, Operands operands) {
  if (operands[0].is_null()) return {};
  return Part(run, operands[0], 0, operands[1].is_null() ? 0 : std::max(operands[1].integer(), 0));
}

Val Tail(Run& run, const Step& /*step*/, Operands operands) {
  return Part(run, operands[0], 1, kAll);
}

Val Slice(Run& run, const Step& /*step*/, Operands operands) {
  if (operands[0].is_null()) return {};
  const auto index = [&](std::size_t operand, std::int64_t otherwise) {
    return operand < operands.size() && !operands[operand].is_null() ? operands[operand].integer()
                                                                     : otherwise;
  };
  return Part(run, operands[0], index(1, 0), index(2, kAll));
}

constexpr ImplementationRow kRows[] = {
    {"Distinct", Distinct}, {"Exists", Exists},   {"Flatten", Flatten},
    {"First", First},       {"Last", Last},       {"SingletonFrom", SingletonFrom},
    {"Indexer", Indexer},   {"IndexOf", IndexOf}, {"Length", Length},
    {"Skip", Skip},         {"Take", Take},       {"Tail", Tail},
    {"Slice", Slice},
};

}  // namespace

std::span<const ImplementationRow> ListOperators() {
  return kRows;
}

}  // namespace osteon::cql
