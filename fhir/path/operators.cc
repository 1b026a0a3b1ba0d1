#include "fhir/path/operators.h"

#include <algorithm>
#include <array>

#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"
#include "fhir/path/collections.h"
#include "fhir/path/operators_math.h"
#include "fhir/path/operators_type.h"

namespace osteon::path {
namespace {

using model::Kind;
using model::ToVal;
using model::Truth;
using model::Val;

// --- operators on two single values

using ValueOperator = Val (*)(Evaluation& run, Span span, const Val& a, const Val& b);

Val Finish(Evaluation& run, Span span, const OperatorResult& result) {
  return result.error.empty() ? result.value : run.Fail(span, result.error);
}

Val Concatenate(Evaluation& run, Span span, std::string_view a, std::string_view b) {
  char* text = run.AllocateText(span, a.size() + b.size());
  if (text == nullptr) return {};
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), text));
  return Val::String({text, a.size() + b.size()});
}

Val EvalPlus(Evaluation& run, Span span, const Val& a, const Val& b) {
  if (a.is(Kind::kString) && b.is(Kind::kString)) return Concatenate(run, span, a.string(), b.string());
  return Finish(run, span, Plus(a, b, run.values));
}
Val EvalMinus(Evaluation& run, Span span, const Val& a, const Val& b) {
  return Finish(run, span, Minus(a, b, run.values));
}
Val EvalTimes(Evaluation& run, Span span, const Val& a, const Val& b) {
  return Finish(run, span, Times(a, b, run.values));
}
Val EvalDivide(Evaluation& run, Span span, const Val& a, const Val& b) {
  return Finish(run, span, Divide(a, b, run.values));
}
Val EvalDiv(Evaluation& run, Span span, const Val& a, const Val& b) {
  return Finish(run, span, Div(a, b, run.values));
}
Val EvalMod(Evaluation& run, Span span, const Val& a, const Val& b) {
  return Finish(run, span, Mod(a, b, run.values));
}

Val EvalConcatenate(Evaluation& run, Span span, const Val& a, const Val& b) {
  if ((!a.is_null() && !a.is(Kind::kString)) || (!b.is_null() && !b.is(Kind::kString))) {
    return run.Fail(span, "'&' joins strings only");
  }
  return Concatenate(run, span, a.is_null() ? std::string_view() : a.string(),
                     b.is_null() ? std::string_view() : b.string());
}

// Sets `unfit` when the types have no order.
std::optional<model::Order> OrderOf(Evaluation& run, Span span, const Val& a, const Val& b) {
  const auto order = model::CompareValues(a, b, run.values);
  if (!order) {
    run.Fail(span, ArenaText(run, {"there is no order between ", KindName(a), " and ", KindName(b)}));
  }
  return order;
}
Val EvalLess(Evaluation& run, Span span, const Val& a, const Val& b) {
  return ToVal(model::IsLess(OrderOf(run, span, a, b)));
}
Val EvalLessOrEqual(Evaluation& run, Span span, const Val& a, const Val& b) {
  return ToVal(model::IsLessOrEqual(OrderOf(run, span, a, b)));
}
Val EvalGreater(Evaluation& run, Span span, const Val& a, const Val& b) {
  const auto order = OrderOf(run, span, a, b);
  return order ? ToVal(model::IsLess(model::Reverse(*order))) : Val();
}
Val EvalGreaterOrEqual(Evaluation& run, Span span, const Val& a, const Val& b) {
  const auto order = OrderOf(run, span, a, b);
  return order ? ToVal(model::IsLessOrEqual(model::Reverse(*order))) : Val();
}

class ValueOperatorNode final : public Node {
 public:
  ValueOperatorNode(Span span, ValueOperator op, bool takes_empty, NodePtr left, NodePtr right)
      : Node(span), op_(op), takes_empty_(takes_empty), left_(std::move(left)), right_(std::move(right)) {}

  Val Eval(Evaluation& run) const override {
    if (!run.Spend(span())) return {};
    const Val left = SingleValue(run, left_->Eval(run), left_->span());
    if (run.failed() || (left.is_null() && !takes_empty_)) return {};
    const Val right = SingleValue(run, right_->Eval(run), right_->span());
    if (run.failed() || (right.is_null() && !takes_empty_)) return {};
    return op_(run, span(), left, right);
  }

 private:
  ValueOperator op_;
  bool takes_empty_;
  NodePtr left_;
  NodePtr right_;
};

// --- operators on two collections

using CollectionOperator = Val (*)(Evaluation& run, Span span, const Val& a, const Val& b);

Val EvalEqual(Evaluation& run, Span span, const Val& a, const Val& b) {
  (void)span;
  return ToVal(model::Equal(a, b, run.values));
}
Val EvalNotEqual(Evaluation& run, Span span, const Val& a, const Val& b) {
  (void)span;
  return ToVal(model::Not(model::Equal(a, b, run.values)));
}
Val EvalEquivalent(Evaluation& run, Span span, const Val& a, const Val& b) {
  (void)span;
  return Val::Boolean(model::Equivalent(a, b, run.values));
}
Val EvalNotEquivalent(Evaluation& run, Span span, const Val& a, const Val& b) {
  (void)span;
  return Val::Boolean(!model::Equivalent(a, b, run.values));
}
Val EvalIn(Evaluation& run, Span span, const Val& a, const Val& b) {
  const Val item = SingleItem(run, a, span);
  if (run.failed() || item.is_null()) return {};
  // Converted once, not for each item it is compared with.
  const bool is_text = item.is(Kind::kNode) && CategoryOf(item.fhir_type()) == Category::kString;
  const Val value = is_text ? model::ToSystem(item, run.values) : item;
  return Val::Boolean(ContainsItem(run, b, value.is_null() ? item : value));
}
Val EvalContains(Evaluation& run, Span span, const Val& a, const Val& b) {
  return EvalIn(run, span, b, a);
}

class CollectionOperatorNode final : public Node {
 public:
  CollectionOperatorNode(Span span, CollectionOperator op, NodePtr left, NodePtr right)
      : Node(span), op_(op), left_(std::move(left)), right_(std::move(right)) {}

  Val Eval(Evaluation& run) const override {
    if (!run.Spend(span())) return {};
    const Val left = left_->Eval(run);
    if (run.failed()) return {};
    const Val right = right_->Eval(run);
    if (run.failed() || !run.Spend(span(), model::Items(left).size() + model::Items(right).size())) return {};
    return op_(run, span(), left, right);
  }

 private:
  CollectionOperator op_;
  NodePtr left_;
  NodePtr right_;
};

// "status = 'active'", by far the most frequent condition: the text in the JSON is compared where it is.
class TextEqualNode final : public Node {
 public:
  TextEqualNode(Span span, NodePtr left, const Val& text) : Node(span), left_(std::move(left)), text_(text) {}

  Val Eval(Evaluation& run) const override {
    if (!run.Spend(span())) return {};
    const Val left = left_->Eval(run);
    if (left.is(Kind::kNode)) {
      const json::Value json = left.node();
      if (json.is_string() && CategoryOf(left.fhir_type()) == Category::kString) {
        return Val::Boolean(json.string() == text_.string());
      }
    }
    if (run.failed() || !run.Spend(span(), model::Items(left).size())) return {};
    return ToVal(model::Equal(left, text_, run.values));
  }

 private:
  NodePtr left_;
  Val text_;
};

class UnionNode final : public Node {
 public:
  UnionNode(Span span, std::vector<NodePtr> operands) : Node(span), operands_(std::move(operands)) {}

  Val Eval(Evaluation& run) const override {
    DistinctItems items(run, span());
    auto add = [&items](const Val& item) { return items.Add(item); };
    for (const NodePtr& operand : operands_) {
      if (!operand->Each(run, Sink(add))) return {};
    }
    return items.Finish();
  }

 private:
  std::vector<NodePtr> operands_;
};

// --- logic; the right side is not evaluated when the left decides

class LogicNode final : public Node {
 public:
  // decides: the truth of an operand that settles the whole (false for and, true for or).
  LogicNode(Span span, Truth decides, std::vector<NodePtr> operands)
      : Node(span), decides_(decides), operands_(std::move(operands)) {}

  Val Eval(Evaluation& run) const override {
    if (!run.Spend(span())) return {};
    Truth result = model::Not(decides_);
    for (const NodePtr& operand : operands_) {
      const Truth truth = SingleTruth(run, operand->Eval(run), operand->span());
      if (run.failed()) return {};
      if (truth == decides_) return ToVal(truth);
      if (truth == Truth::kUnknown) result = truth;
    }
    return ToVal(result);
  }

 private:
  Truth decides_;
  std::vector<NodePtr> operands_;
};

class XorOrImpliesNode final : public Node {
 public:
  XorOrImpliesNode(Span span, Operator op, NodePtr left, NodePtr right)
      : Node(span), op_(op), left_(std::move(left)), right_(std::move(right)) {}

  Val Eval(Evaluation& run) const override {
    if (!run.Spend(span())) return {};
    const Truth left = SingleTruth(run, left_->Eval(run), left_->span());
    if (run.failed()) return {};
    if (op_ == Operator::kImplies && left == Truth::kFalse) return Val::Boolean(true);
    if (op_ == Operator::kXor && left == Truth::kUnknown) return {};
    const Truth right = SingleTruth(run, right_->Eval(run), right_->span());
    if (run.failed()) return {};
    return ToVal(op_ == Operator::kXor ? model::Xor(left, right) : model::Implies(left, right));
  }

 private:
  Operator op_;
  NodePtr left_;
  NodePtr right_;
};

class UnaryNode final : public Node {
 public:
  UnaryNode(Span span, bool negates, NodePtr operand)
      : Node(span), negates_(negates), operand_(std::move(operand)) {}

  Val Eval(Evaluation& run) const override {
    const Val value = SingleValue(run, operand_->Eval(run), span());
    if (run.failed()) return {};
    const OperatorResult negated = Negate(value, run.values);
    if (!negated.error.empty()) return run.Fail(span(), negated.error);
    return negates_ ? negated.value : value;
  }

 private:
  bool negates_;
  NodePtr operand_;
};

class TypeOperatorNode final : public Node {
 public:
  TypeOperatorNode(Span span, bool is_test, NodePtr input, TypeTest type)
      : Node(span), is_test_(is_test), input_(std::move(input)), type_(type) {}

  Val Eval(Evaluation& run) const override {
    const Val item = SingleItem(run, input_->Eval(run), span());
    if (run.failed() || item.is_null()) return {};
    if (is_test_) return Val::Boolean(IsOfType(item, type_));
    return CanBeTakenAs(item, type_) ? item : Val();
  }

 private:
  bool is_test_;
  NodePtr input_;
  TypeTest type_;
};

struct ValueRow {
  Operator op;
  ValueOperator function;
};
constexpr ValueRow kValueOperators[] = {
    {Operator::kPlus, EvalPlus},
    {Operator::kMinus, EvalMinus},
    {Operator::kTimes, EvalTimes},
    {Operator::kDivide, EvalDivide},
    {Operator::kDiv, EvalDiv},
    {Operator::kMod, EvalMod},
    {Operator::kLess, EvalLess},
    {Operator::kLessOrEqual, EvalLessOrEqual},
    {Operator::kGreater, EvalGreater},
    {Operator::kGreaterOrEqual, EvalGreaterOrEqual},
    {Operator::kConcatenate, EvalConcatenate},
};
constexpr ValueRow kCollectionOperators[] = {
    {Operator::kEqual, EvalEqual},
    {Operator::kNotEqual, EvalNotEqual},
    {Operator::kEquivalent, EvalEquivalent},
    {Operator::kNotEquivalent, EvalNotEquivalent},
    {Operator::kIn, EvalIn},
    {Operator::kContains, EvalContains},
};

}  // namespace

NodePtr MakeUnary(Span span, Operator op, NodePtr operand) {
  return std::make_unique<UnaryNode>(span, op == Operator::kMinus, std::move(operand));
}

NodePtr MakeOperator(Span span, Operator op, std::vector<NodePtr> operands) {
  if (op == Operator::kUnion) return std::make_unique<UnionNode>(span, std::move(operands));
  if (op == Operator::kAnd) return std::make_unique<LogicNode>(span, Truth::kFalse, std::move(operands));
  if (op == Operator::kOr) return std::make_unique<LogicNode>(span, Truth::kTrue, std::move(operands));
  NodePtr left = std::move(operands[0]);
  NodePtr right = std::move(operands[1]);
  for (const ValueRow& row : kValueOperators) {
    if (row.op != op) continue;
    return std::make_unique<ValueOperatorNode>(span, row.function, op == Operator::kConcatenate,
                                               std::move(left), std::move(right));
  }
  const Val* constant = right->constant();
  if (op == Operator::kEqual && constant != nullptr && constant->is(Kind::kString)) {
    return std::make_unique<TextEqualNode>(span, std::move(left), *constant);
  }
  for (const ValueRow& row : kCollectionOperators) {
    if (row.op != op) continue;
    return std::make_unique<CollectionOperatorNode>(span, row.function, std::move(left), std::move(right));
  }
  return std::make_unique<XorOrImpliesNode>(span, op, std::move(left), std::move(right));
}

NodePtr MakeTypeOperator(Span span, Operator op, NodePtr input, TypeTest type) {
  return std::make_unique<TypeOperatorNode>(span, op == Operator::kIs, std::move(input), type);
}

}  // namespace osteon::path
