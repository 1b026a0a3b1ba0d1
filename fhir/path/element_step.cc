#include "fhir/path/element_step.h"

#include <algorithm>
#include <limits>

#include "fhir/model/r4_model.h"
#include "fhir/model/value_node.h"
#include "fhir/path/steps.h"

namespace osteon::path {
namespace {

using json::operator""_key;
using model::Kind;
using model::TypeId;
using model::Val;
using model::operator""_type;

bool IsPrimitive(TypeId type) {
  const model::TypeKind kind = model::KindOf(type);
  return kind == model::TypeKind::kPrimitive || kind == model::TypeKind::kBoundCode ||
         kind == model::TypeKind::kSystem;
}

}  // namespace

ElementStep::ElementStep(std::string_view name, const StaticType& input, TypeId only)
    : name_(name), key_(json::FindKey(name)), only_(only), only_name_(model::TypeName(only)) {
  if (key_.id() == json::kNoKey || key_ == "resourceType"_key) return;
  for (const TypeId type : input.types) {
    AddPlan(type);
    if (type != "Resource"_type && type != "DomainResource"_type) continue;
    for (std::size_t i = 1; i < model::internal::kTypeCount; ++i) {
      const auto derived = static_cast<TypeId>(i);
      if (model::KindOf(derived) == model::TypeKind::kResource && model::IsA(derived, type)) AddPlan(derived);
    }
  }
}

void ElementStep::AddPlan(TypeId type) {
  const model::ElementDefinition* element = model::FindElement(type, key_);
  // A primitive's children are in its twin: model::Member knows.
  if (element == nullptr || element->is_choice_member() || IsPrimitive(type)) return;
  if (plans_.size() == std::numeric_limits<std::uint8_t>::max()) return;
  if (plan_by_type_.empty()) plan_by_type_.resize(model::internal::kTypeCount);
  Plan plan;
  plan.first = static_cast<std::uint32_t>(forms_.size());
  if (element->is_choice()) {
    for (const model::ChoiceType& choice : element->choices())
      forms_.push_back(MakeForm(choice.key(), choice.type));
  } else {
    forms_.push_back(MakeForm(key_, element->declared_type));
  }
  plan.count = static_cast<std::uint32_t>(forms_.size()) - plan.first;
  if (plan.count > 1) {
    plan.values = AddRange(plan, &Form::key);
    plan.twins = AddRange(plan, &Form::twin);
  }
  if (plans_.empty()) usual_type_ = type;
  plans_.push_back(plan);
  plan_by_type_[static_cast<std::size_t>(type)] = static_cast<std::uint8_t>(plans_.size());
}

ElementStep::KeyRange ElementStep::AddRange(const Plan& plan, json::Key Form::*key) {
  std::uint16_t low = std::numeric_limits<std::uint16_t>::max();
  std::uint16_t high = 0;
  for (std::uint32_t i = 0; i < plan.count; ++i) {
    const std::uint16_t id = (forms_[plan.first + i].*key).id();
    if (id == json::kNoKey) continue;
    low = std::min(low, id);
    high = std::max(high, id);
  }
  if (high == 0) return {};
  const KeyRange range{low, static_cast<std::uint16_t>(high - low + 1),
                       static_cast<std::uint32_t>(lookup_.size())};
  lookup_.resize(lookup_.size() + range.size);
  for (std::uint32_t i = 0; i < plan.count; ++i) {
    const std::uint16_t id = (forms_[plan.first + i].*key).id();
    if (id != json::kNoKey) lookup_[range.offset + id - low] = static_cast<std::uint8_t>(i + 1);
  }
  return range;
}

ElementStep::Form ElementStep::MakeForm(json::Key key, TypeId type) {
  Form form;
  form.key = key;
  form.type = type;
  form.is_resource = model::IsA(type, "Resource"_type);
  if (IsPrimitive(type)) form.twin = json::FindKey("_" + std::string(json::KeyName(key)));
  return form;
}

// The first of the forms, in the order of the choice, when the data has several.
ElementStep::Found ElementStep::FindChoice(json::Value object, const Plan& plan) const {
  Found found;
  std::size_t best = plan.count + 1;
  const KeyRange values = plan.values;
  const KeyRange twins = plan.twins;
  for (const json::Value member : object) {
    const std::uint16_t id = member.key().id();
    if (values.Holds(id)) {
      const std::size_t form = lookup_[values.offset + id - values.low];
      if (form == 0 || form >= best) continue;
      best = form;
      found = {member, {}, &forms_[plan.first + form - 1], !member.is_null()};
      if (best == 1 && twins.size == 0) break;
    } else if (twins.Holds(id) && lookup_[twins.offset + id - twins.low] != 0) {
      return kUnusual;
    }
  }
  return found;
}

TypeId ElementStep::OwnType(json::Value resource_type, const Form& form) {
  const TypeId own = model::FindResourceType(resource_type.string());
  return own != TypeId::kNone ? own : form.type;
}

Val ElementStep::AllMembers(Evaluation& run, const Val& item) const {
  return MemberOf(run, item, key_, name_);
}

}  // namespace osteon::path
