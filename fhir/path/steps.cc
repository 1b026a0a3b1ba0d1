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

// Gathers a collection; most have one item, which needs no list.
class Collector {
 public:
  explicit Collector(base::Arena& arena) : items_(arena) {}
  bool Add(const Val& item) {
    if (count_++ == 0) {
      first_ = item;
      return true;
    }
    if (count_ == 2) items_.Add(first_);
    items_.Add(item);
    return true;
  }
  Val Finish() const { return count_ > 1 ? items_.Finish() : first_; }

 private:
  Val first_;
  std::size_t count_ = 0;
  model::ListBuilder items_;
};

// "a.b.c": all names of a path, without a collection or a virtual call in between.
class PathNode final : public Node {
 public:
  PathNode(const std::vector<PathStep>& steps, NodePtr input)
      : Node(steps.back().span),
        input_(std::move(input)),
        begins_at_this_(dynamic_cast<const ThisNode*>(input_.get()) != nullptr) {
    for (const PathStep& step : steps)
      links_.push_back({step.span, {step.name, *step.input_type, step.only}});
  }

  Val Eval(Evaluation& run) const override {
    const Val input = begins_at_this_ ? run.item : input_->Eval(run);
    Collector found(run.arena);
    const auto take = [&found](const Val& item) { return found.Add(item); };
    const Walker<decltype(take)> walker{*this, run, take};
    for (const Val& item : model::Items(input)) {
      if (!walker.Begin(0, item)) return {};
    }
    return found.Finish();
  }

  bool Each(Evaluation& run, const Sink& sink) const override {
    const Walker<Sink> walker{*this, run, sink};
    if (begins_at_this_ && !run.item.is(Kind::kList)) return run.item.is_null() || walker.Begin(0, run.item);
    auto walk = [&](const Val& item) { return walker.Begin(0, item); };
    return input_->Each(run, Sink(walk));
  }

 private:
  struct Link {
    Span span;
    ElementStep step;
  };

  // take(Val): false when no more is wanted.
  template <typename Take>
  struct Walker {
    const PathNode& path;
    Evaluation& run;
    const Take& take;

    // From one item before the step `at` on.
    bool Begin(std::size_t at, const Val& item) const {
      if (item.is(Kind::kNode) && !item.node_extension().exists()) {
        return Walk(at, item.node(), item.fhir_type());
      }
      return run.Spend(path.links_[at].span) && WalkUnusual(at, item);
    }

   private:
    // Most elements have one value, so that most paths need no recursion.
    bool Walk(std::size_t at, json::Value object, model::TypeId type) const {
      for (;; ++at) {
        const Link& link = path.links_[at];
        if (!run.Spend(link.span)) return false;
        const ElementStep::Found found = link.step.Find(object, type);
        if (!found.is_usual) return WalkUnusual(at, Val::Node(object, type));
        if (found.form == nullptr) return true;
        if (found.twin.exists()) return WalkTwins(at, object, type, found);
        json::Value value = found.value;
        if (value.is_array()) {
          if (value.size() != 1) return WalkArray(at, value, *found.form);
          value = *value.begin();
          if (value.is_null()) return true;
        }
        type = link.step.TypeOf(value, *found.form);
        if (type == ElementStep::kLeftOut) return true;
        if (at + 1 == path.links_.size()) return take(Val::Node(value, type));
        object = value;
      }
    }

    // A primitive with extensions; the types of resources are no matter here.
    bool WalkTwins(std::size_t at, json::Value object, model::TypeId type,
                   const ElementStep::Found& found) const {
      if (found.value.is_array() || found.twin.is_array()) return WalkUnusual(at, Val::Node(object, type));
      const Val node = Val::Node(found.value, found.form->type, found.twin, run.arena);
      if (node.is_null()) return true;
      return at + 1 == path.links_.size() ? take(node) : Begin(at + 1, node);
    }

    bool WalkArray(std::size_t at, json::Value array, const ElementStep::Form& form) const {
      const bool is_last = at + 1 == path.links_.size();
      for (const json::Value value : array) {
        if (value.is_null()) continue;
        const model::TypeId type = path.links_[at].step.TypeOf(value, form);
        if (type == ElementStep::kLeftOut) continue;
        if (!(is_last ? take(Val::Node(value, type)) : Walk(at + 1, value, type))) return false;
      }
      return true;
    }

    bool WalkUnusual(std::size_t at, const Val& item) const {
      const bool is_last = at + 1 == path.links_.size();
      return path.links_[at].step.Members(
          run, item, [&](const Val& member) { return is_last ? take(member) : Begin(at + 1, member); });
    }
  };

  std::vector<Link> links_;
  NodePtr input_;
  bool begins_at_this_;
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
NodePtr MakePath(const std::vector<PathStep>& steps, NodePtr input) {
  return std::make_unique<PathNode>(steps, std::move(input));
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
