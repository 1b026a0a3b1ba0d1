#include "fhir/path/node.h"

#include <algorithm>
#include <optional>

#include "fhir/model/r4_model.h"
#include "fhir/model/value_node.h"
#include "fhir/path/function_table.h"
#include "fhir/path/regex.h"

namespace osteon::path {

using model::Kind;
using model::TypeId;
using model::Val;
using model::operator""_type;

bool Node::Each(Evaluation& run, const Sink& sink) const {
  const Val value = Eval(run);
  for (const Val& item : model::Items(value)) {
    if (!sink(item)) return false;
  }
  return !run.failed();
}

std::size_t Node::Count(Evaluation& run) const {
  std::size_t count = 0;
  auto add = [&](const Val&) {
    ++count;
    return run.Spend(span());
  };
  Each(run, Sink(add));
  return count;
}

std::size_t CallNode::Count(Evaluation& run) const {
  if (row_.counted == nullptr) return Node::Count(run);
  const std::size_t count = row_.counted(run, *this);
  return run.Spend(span(), count + 1) ? count : 0;
}

CallNode::CallNode(Span span, const FunctionRow& row, NodePtr input, std::vector<NodePtr> arguments,
                   TypeTest type)
    : Node(span), row_(row), input_(std::move(input)), arguments_(std::move(arguments)), type_(type) {}
CallNode::~CallNode() = default;

void CallNode::set_regex(std::unique_ptr<const Regex> regex) {
  regex_ = std::move(regex);
}

Val CallNode::EvalEager(Evaluation& run) const {
  const Val input_value = input_->Eval(run);
  if (run.failed()) return {};
  constexpr std::size_t kFew = 4;
  Val few[kFew];
  Val* values = arguments_.size() <= kFew ? few : run.arena.AllocateArray<Val>(arguments_.size());
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    values[i] = arguments_[i]->Eval(run);
    if (run.failed()) return {};
  }
  return row_.eager(run, *this, input_value, {values, arguments_.size()});
}

Val CallNode::Eval(Evaluation& run) const {
  if (!run.Spend(span())) return {};
  if (row_.eager != nullptr) return EvalEager(run);
  if (row_.whole != nullptr) return row_.whole(run, *this);
  model::ListBuilder items(run.arena);
  auto add = [&items](const Val& item) {
    items.Add(item);
    return true;
  };
  row_.stream(run, *this, Sink(add));
  return run.failed() ? Val() : items.FinishCollection();
}

bool CallNode::Each(Evaluation& run, const Sink& sink) const {
  if (row_.stream == nullptr) return Node::Each(run, sink);
  return run.Spend(span()) && row_.stream(run, *this, sink);
}

Val SingleItem(Evaluation& run, const Val& value, Span span) {
  if (!value.is(Kind::kList)) return value;
  const auto items = value.list();
  if (items.size() == 1) return items[0];
  if (items.empty()) return {};
  return run.Fail(span, ArenaText(run, {"expected one item, but there are ", std::to_string(items.size())}));
}

Val SingleValue(Evaluation& run, const Val& value, Span span) {
  const Val item = SingleItem(run, value, span);
  return item.is(Kind::kNode) ? model::ToSystem(item, run.values) : item;
}

model::Truth SingleTruth(Evaluation& run, const Val& value, Span span) {
  if (value.is(Kind::kBoolean)) return model::TruthOf(value.boolean());
  const Val item = SingleValue(run, value, span);
  if (item.is(Kind::kBoolean)) return model::TruthOf(item.boolean());
  return item.is_null() ? model::Truth::kUnknown : model::Truth::kTrue;
}

Val SingleString(Evaluation& run, const Val& value, Span span) {
  const Val item = SingleValue(run, value, span);
  if (item.is_null() || item.is(Kind::kString)) return item;
  return run.Fail(span, ArenaText(run, {"expected String, but this is ", KindName(item)}));
}

std::optional<std::int64_t> SingleInteger(Evaluation& run, const Val& value, Span span) {
  const Val item = SingleValue(run, value, span);
  if (item.is(Kind::kInteger)) return item.integer();
  if (item.is(Kind::kLong)) return item.long_integer();
  if (!item.is_null()) run.Fail(span, ArenaText(run, {"expected Integer, but this is ", KindName(item)}));
  return std::nullopt;
}

std::string_view ArenaText(Evaluation& run, std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  char* text = run.arena.AllocateArray<char>(size);
  char* at = text;
  for (const std::string_view part : parts) at = std::copy(part.begin(), part.end(), at);
  return {text, size};
}

TypeId SystemTypeOf(const Val& value) {
  switch (value.kind()) {
    case Kind::kBoolean:
      return "System.Boolean"_type;
    case Kind::kInteger:
      return "System.Integer"_type;
    case Kind::kLong:
      return "System.Long"_type;
    case Kind::kDecimal:
      return "System.Decimal"_type;
    case Kind::kString:
      return "System.String"_type;
    case Kind::kDate:
      return "System.Date"_type;
    case Kind::kDateTime:
      return "System.DateTime"_type;
    case Kind::kTime:
      return "System.Time"_type;
    case Kind::kQuantity:
      return "System.Quantity"_type;
    default:
      return TypeId::kNone;
  }
}

std::string_view KindName(const Val& value) {
  if (value.is(Kind::kNode)) {
    const std::string_view name = model::TypeName(value.fhir_type());
    return name.empty() ? "an unknown element" : name;
  }
  std::string_view name = model::TypeName(SystemTypeOf(value));
  if (name.starts_with("System.")) name.remove_prefix(7);
  return name.empty() ? "something else" : name;
}

}  // namespace osteon::path
