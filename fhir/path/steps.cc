#include "fhir/path/steps.h"

#include "fhir/model/r4_model.h"
#include "fhir/model/value_node.h"
#include "fhir/path/element_step.h"

namespace osteon::path {
namespace {

using json::operator""_key;
using model::Kind;
using model::Val;

class ConstantNode final : public Node {
 public:
  ConstantNode(Span span, const Val& value) : Node(span), value_(value) {}
  Val Eval(Evaluation& run) const override {
    (void)run;
    return value_;
  }
  const Val* constant() const override { return &value_; }

 private:
  Val value_;
};

class ThisNode final : public Node {
 public:
  using Node::Node;
  Val Eval(Evaluation& run) const override { return run.item; }
};

class IndexVariableNode final : public Node {
 public:
  using Node::Node;
  Val Eval(Evaluation& run) const override { return Val::Integer(run.index); }
};

class TotalNode final : public Node {
 public:
  using Node::Node;
  Val Eval(Evaluation& run) const override { return run.total; }
};

class TypeFilterNode final : public Node {
 public:
  TypeFilterNode(Span span, model::TypeId type) : Node(span), type_(type) {}
  Val Eval(Evaluation& run) const override {
    if (run.item.is(Kind::kNode) && model::IsA(run.item.fhir_type(), type_)) return run.item;
    return {};
  }

 private:
  model::TypeId type_;
};

class StepNode final : public Node {
 public:
  StepNode(Span span, std::string_view name, NodePtr input, const StaticType& input_type, model::TypeId only)
      : Node(span), step_(name, input_type, only), input_(std::move(input)) {}

  Val Eval(Evaluation& run) const override {
    const Val input = input_->Eval(run);
    if (input.is_null() || !run.Spend(span())) return {};
    if (!input.is(Kind::kList)) return step_.Eval(run, input);
    model::ListBuilder items(run.arena);
    auto add = [&items](const Val& member) {
      items.Add(member);
      return true;
    };
    for (const Val& item : input.list()) {
      if (!run.Spend(span())) return {};
      step_.Each(run, item, Sink(add));
    }
    return items.FinishCollection();
  }

  bool Each(Evaluation& run, const Sink& sink) const override {
    auto step = [&](const Val& item) { return run.Spend(span()) && step_.Each(run, item, sink); };
    return input_->Each(run, Sink(step));
  }

 private:
  ElementStep step_;
  NodePtr input_;
};

class IndexerNode final : public Node {
 public:
  IndexerNode(Span span, NodePtr input, NodePtr index)
      : Node(span), input_(std::move(input)), index_(std::move(index)) {}

  Val Eval(Evaluation& run) const override {
    const auto index = SingleInteger(run, index_->Eval(run), span());
    if (!index || *index < 0) return {};
    std::int64_t at = 0;
    Val found;
    auto look = [&](const Val& item) {
      if (!run.Spend(span())) return false;
      if (at++ < *index) return true;
      found = item;
      return false;
    };
    input_->Each(run, Sink(look));
    return run.failed() ? Val() : found;
  }

 private:
  NodePtr input_;
  NodePtr index_;
};

class ContextVariableNode final : public Node {
 public:
  ContextVariableNode(Span span, ContextPart part) : Node(span), part_(part) {}
  Val Eval(Evaluation& run) const override {
    const Input& input = run.input;
    const Val& resource = input.resource.is_null() ? input.context : input.resource;
    switch (part_) {
      case ContextPart::kContext:
        return input.context;
      case ContextPart::kResource:
        return resource;
      case ContextPart::kRootResource:
        break;
    }
    return input.root_resource.is_null() ? resource : input.root_resource;
  }

 private:
  ContextPart part_;
};

class HostVariableNode final : public Node {
 public:
  HostVariableNode(Span span, std::string_view name) : Node(span), name_(name) {}
  Val Eval(Evaluation& run) const override {
    for (const Variable& variable : run.input.variables) {
      if (variable.name == name_) return variable.value;
    }
    return {};
  }

 private:
  std::string name_;
};

class TracingNode final : public Node {
 public:
  TracingNode(Span span, NodePtr node) : Node(span), node_(std::move(node)) {}
  Val Eval(Evaluation& run) const override {
    const Val value = node_->Eval(run);
    if (run.input.trace != nullptr && !run.failed()) run.input.trace->OnValue({}, span(), value);
    return value;
  }

 private:
  NodePtr node_;
};

}  // namespace

NodePtr MakeTracing(Span span, NodePtr node) {
  return std::make_unique<TracingNode>(span, std::move(node));
}

Val MemberOf(Evaluation& run, const Val& item, json::Key key, std::string_view name) {
  if (item.is(Kind::kNode)) {
    // Not an element of R4, but the only name by which JSON says what a resource is.
    if (key == "resourceType"_key) {
      const json::Value type = item.node()[key];
      return type.is_string() ? Val::String(type.string()) : Val();
    }
    return key.id() != json::kNoKey ? model::Member(item, key, run.arena)
                                    : model::Member(item, name, run.arena);
  }
  if (item.is(Kind::kTuple)) return item.tuple().Find(name);
  if (item.is(Kind::kQuantity)) {
    if (name == "value") return Val::Decimal(item.quantity().value, run.arena);
    if (name == "unit" || name == "code") return Val::String(item.quantity().unit);
  }
  return {};
}

NodePtr MakeConstant(Span span, const Val& value) {
  return std::make_unique<ConstantNode>(span, value);
}
NodePtr MakeThis(Span span) {
  return std::make_unique<ThisNode>(span);
}
NodePtr MakeIndexVariable(Span span) {
  return std::make_unique<IndexVariableNode>(span);
}
NodePtr MakeTotal(Span span) {
  return std::make_unique<TotalNode>(span);
}
NodePtr MakeTypeFilter(Span span, model::TypeId type) {
  return std::make_unique<TypeFilterNode>(span, type);
}
NodePtr MakeStep(Span span, std::string_view name, NodePtr input, const StaticType& input_type,
                 model::TypeId only) {
  return std::make_unique<StepNode>(span, name, std::move(input), input_type, only);
}
NodePtr MakeIndexer(Span span, NodePtr input, NodePtr index) {
  return std::make_unique<IndexerNode>(span, std::move(input), std::move(index));
}
NodePtr MakeContextVariable(Span span, ContextPart part) {
  return std::make_unique<ContextVariableNode>(span, part);
}
NodePtr MakeHostVariable(Span span, std::string_view name) {
  return std::make_unique<HostVariableNode>(span, name);
}

}  // namespace osteon::path
