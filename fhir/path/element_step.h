// The hot part of ".name": what the tables of R4 say about one element of one type, looked up when the
// expression is compiled. The results are those of model::Member, which takes over wherever data is unusual.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fhir/json/key.h"
#include "fhir/model/value.h"
#include "fhir/path/node.h"
#include "fhir/path/static_type.h"

namespace osteon::path {

class ElementStep {
 public:
  // input: static type of the items before the dot. only: keep resources of this type alone ("resource"
  // before ofType(X)), kNone for all.
  ElementStep(std::string_view name, const StaticType& input, model::TypeId only);

  // False when the sink wants no more.
  bool Each(Evaluation& run, const model::Val& item, const Sink& sink) const;
  // The single result, null for none, a list for several.
  model::Val Eval(Evaluation& run, const model::Val& item) const;

 private:
  // One JSON member that the element may be.
  struct Form {
    json::Key key{json::kNoKey};
    json::Key twin{json::kNoKey};  // kNoKey for complex types
    model::TypeId type = model::TypeId::kNone;
    bool is_resource = false;
  };
  struct Plan {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };

  void AddPlan(model::TypeId type);
  static Form MakeForm(json::Key key, model::TypeId type);
  const Plan* FindPlan(model::TypeId type) const;
  // The member that the object has; null when only model::Member can tell.
  struct Found {
    json::Value value;
    const Form* form = nullptr;
    bool is_usual = true;
  };
  Found Find(const model::Val& item) const;
  model::Val NodeOf(json::Value value, const Form& form) const;

  std::string name_;
  json::Key key_;
  model::TypeId only_;
  std::string_view only_name_;
  std::vector<Form> forms_;
  std::vector<Plan> plans_;
  std::vector<std::uint8_t> plan_by_type_;  // index + 1 into plans_, by TypeId; empty when there is no plan
};

// The type of a resource by its resourceType; kNone when R4 has none.
model::TypeId ResourceTypeOf(std::string_view name);

}  // namespace osteon::path
