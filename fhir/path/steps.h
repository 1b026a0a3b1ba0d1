// The nodes that are no operators and no functions: names, literals, variables, indexes.
#pragma once

#include <string_view>

#include "fhir/json/key.h"
#include "fhir/path/node.h"

namespace osteon::path {

NodePtr MakeConstant(Span span, const model::Val& value);
NodePtr MakeThis(Span span);
NodePtr MakeIndexVariable(Span span);
NodePtr MakeTotal(Span span);
// "Patient" at the start of a path.
NodePtr MakeTypeFilter(Span span, model::TypeId type);
// One ".name" of a path.
struct PathStep {
  Span span;
  std::string_view name;
  const StaticType* input_type = nullptr;  // of the items before the dot
  // Resources of another type are left out ("resource" before ofType(X), where X has no derived types);
  // kNone: none are.
  model::TypeId only = model::TypeId::kNone;
};
// The steps from the left to the right, at least one.
NodePtr MakePath(const std::vector<PathStep>& steps, NodePtr input);
NodePtr MakeIndexer(Span span, NodePtr input, NodePtr index);

enum class ContextPart : std::uint8_t { kContext, kResource, kRootResource };
NodePtr MakeContextVariable(Span span, ContextPart part);
// A variable of the host: its place in Input::variables is by name.
NodePtr MakeHostVariable(Span span, std::string_view name);

// Shows every value of the node to the trace hook.
NodePtr MakeTracing(Span span, NodePtr node);

// The children of an item by name; also of type information and System quantities.
model::Val MemberOf(Evaluation& run, const model::Val& item, json::Key key, std::string_view name);

}  // namespace osteon::path
