// The compiled form: a tree of immutable closures, shared by all threads that run it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/path/evaluation.h"
#include "fhir/path/static_type.h"

namespace osteon::path {

struct FunctionRow;
class Regex;

// Takes items one by one; false means that it needs no more. Refers to the callable, which must outlive it.
class Sink {
 public:
  template <typename Callable>
  explicit Sink(Callable& callable)
      : target_(&callable),
        call_([](void* target, const model::Val& item) { return (*static_cast<Callable*>(target))(item); }) {}
  bool operator()(const model::Val& item) const { return call_(target_, item); }

 private:
  void* target_;
  bool (*call_)(void*, const model::Val&);
};

class Node {
 public:
  explicit Node(Span span) : span_(span) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  // The whole collection.
  virtual model::Val Eval(Evaluation& run) const = 0;
  // The same items in the same order, without building the collection. False when the sink stopped it or the
  // evaluation failed.
  virtual bool Each(Evaluation& run, const Sink& sink) const;
  // How many items there are.
  virtual std::size_t Count(Evaluation& run) const;
  // Set for values known at compile time.
  virtual const model::Val* constant() const { return nullptr; }

  Span span() const { return span_; }

 private:
  Span span_;
};

using NodePtr = std::unique_ptr<const Node>;

enum class SortDirection : std::uint8_t {
  kAscending,   // empty keys first
  kDescending,  // "key desc": empty keys last
  kNegated,     // "-key", how drafts wrote it: descending, and empty keys first, as the suite of R4 expects
};

// A call of a function of the table, with its arguments compiled.
class CallNode : public Node {
 public:
  CallNode(Span span, const FunctionRow& row, NodePtr input, std::vector<NodePtr> arguments, TypeTest type);
  ~CallNode() override;

  model::Val Eval(Evaluation& run) const override;
  bool Each(Evaluation& run, const Sink& sink) const override;
  std::size_t Count(Evaluation& run) const override;

  const FunctionRow& row() const { return row_; }
  const Node& input() const { return *input_; }
  std::size_t argument_count() const { return arguments_.size(); }
  const Node& argument(std::size_t i) const { return *arguments_[i]; }
  const TypeTest& type() const { return type_; }
  // The pattern, when the first argument is a constant; else null.
  const Regex* regex() const { return regex_.get(); }
  // sort: the direction of each key.
  const std::vector<SortDirection>& directions() const { return directions_; }

  void set_regex(std::unique_ptr<const Regex> regex);
  void set_directions(std::vector<SortDirection> directions) { directions_ = std::move(directions); }

 private:
  model::Val EvalEager(Evaluation& run) const;

  const FunctionRow& row_;
  NodePtr input_;
  std::vector<NodePtr> arguments_;
  TypeTest type_;
  std::unique_ptr<const Regex> regex_;
  std::vector<SortDirection> directions_;
};

// Makes $this and $index mean an item while it lives, and gives back what they meant before. One for each
// item: between two items, what produces them may evaluate something of the outer scope.
class ItemScope {
 public:
  ItemScope(Evaluation& run, const model::Val& item, std::int32_t index)
      : run_(run), item_(run.item), index_(run.index) {
    run.item = item;
    run.index = index;
  }
  ItemScope(const ItemScope&) = delete;
  ItemScope& operator=(const ItemScope&) = delete;
  ~ItemScope() {
    run_.item = item_;
    run_.index = index_;
  }

 private:
  Evaluation& run_;
  model::Val item_;
  std::int32_t index_;
};

// Singleton evaluation of collections (FHIRPath 2.0.0 "Singleton Evaluation of Collections"): the item, null
// for none, an error for several. The item is converted from FHIR to a System value.
model::Val SingleValue(Evaluation& run, const model::Val& value, Span span);
// The same without the conversion.
model::Val SingleItem(Evaluation& run, const model::Val& value, Span span);
// Where Boolean is expected: a Boolean as it is, any other single item counts as true.
model::Truth SingleTruth(Evaluation& run, const model::Val& value, Span span);
// A String, or null; another type is an error.
model::Val SingleString(Evaluation& run, const model::Val& value, Span span);
// An Integer or Long as 64 bits.
std::optional<std::int64_t> SingleInteger(Evaluation& run, const model::Val& value, Span span);

// "expected one item, but there are 3"
std::string_view ArenaText(Evaluation& run, std::initializer_list<std::string_view> parts);

// The System type of a value that is no node; kNone otherwise.
model::TypeId SystemTypeOf(const model::Val& value);
// "Quantity", "FHIR Patient": for messages.
std::string_view KindName(const model::Val& value);

}  // namespace osteon::path
