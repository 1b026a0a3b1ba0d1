#include "fhir/path/element_step.h"

#include <array>
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

constexpr std::size_t kSlots = 1024;

constexpr std::size_t SlotOf(std::string_view name) {
  const std::size_t size = name.size();
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
  };
  return (size * 131 + at(0) * 31 + at(size / 2) * 17 + at(size - 1) * 7 + at(size / 3) * 3) % kSlots;
}

// Open addressing by a few characters of the name.
std::array<TypeId, kSlots> MakeResourceTable() {
  std::array<TypeId, kSlots> table{};
  for (std::size_t i = 1; i < model::internal::kTypeCount; ++i) {
    const auto type = static_cast<TypeId>(i);
    if (model::KindOf(type) != model::TypeKind::kResource) continue;
    std::size_t slot = SlotOf(model::TypeName(type));
    while (table[slot] != TypeId::kNone) slot = (slot + 1) % kSlots;
    table[slot] = type;
  }
  return table;
}

bool IsPrimitive(TypeId type) {
  const model::TypeKind kind = model::KindOf(type);
  return kind == model::TypeKind::kPrimitive || kind == model::TypeKind::kBoundCode ||
         kind == model::TypeKind::kSystem;
}

}  // namespace

TypeId ResourceTypeOf(std::string_view name) {
  static const std::array<TypeId, kSlots> kTable = MakeResourceTable();
  if (name.empty()) return TypeId::kNone;
  for (std::size_t slot = SlotOf(name); kTable[slot] != TypeId::kNone; slot = (slot + 1) % kSlots) {
    if (model::TypeName(kTable[slot]) == name) return kTable[slot];
  }
  return TypeId::kNone;
}

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
  Plan plan{static_cast<std::uint32_t>(forms_.size()), 0};
  if (element->is_choice()) {
    for (const model::ChoiceType& choice : element->choices())
      forms_.push_back(MakeForm(choice.key(), choice.type));
  } else {
    forms_.push_back(MakeForm(key_, element->declared_type));
  }
  plan.count = static_cast<std::uint32_t>(forms_.size()) - plan.first;
  plans_.push_back(plan);
  plan_by_type_[static_cast<std::size_t>(type)] = static_cast<std::uint8_t>(plans_.size());
}

ElementStep::Form ElementStep::MakeForm(json::Key key, TypeId type) {
  Form form;
  form.key = key;
  form.type = type;
  form.is_resource = model::IsA(type, "Resource"_type);
  if (IsPrimitive(type)) form.twin = json::FindKey("_" + std::string(json::KeyName(key)));
  return form;
}

const ElementStep::Plan* ElementStep::FindPlan(TypeId type) const {
  const auto index = static_cast<std::size_t>(type);
  if (index >= plan_by_type_.size() || plan_by_type_[index] == 0) return nullptr;
  return &plans_[plan_by_type_[index] - 1U];
}

ElementStep::Found ElementStep::Find(const Val& item) const {
  Found found;
  found.is_usual = false;
  if (!item.is(Kind::kNode)) return found;
  const Plan* plan = FindPlan(item.fhir_type());
  const json::Value object = item.node();
  if (plan == nullptr || !object.is_object()) return found;
  for (std::uint32_t i = plan->first; i < plan->first + plan->count; ++i) {
    const Form& form = forms_[i];
    const json::Value value = object[form.key];
    if (form.twin.id() != json::kNoKey && object[form.twin].exists()) return found;
    if (!value.exists()) continue;
    if (value.is_null()) return found;
    found.value = value;
    found.form = &form;
    break;
  }
  found.is_usual = true;
  return found;
}

Val ElementStep::NodeOf(json::Value value, const Form& form) const {
  if (!form.is_resource || !value.is_object()) return Val::Node(value, form.type);
  const std::string_view type = value["resourceType"_key].string();
  if (only_ != TypeId::kNone) return type == only_name_ ? Val::Node(value, only_) : Val();
  const TypeId own = ResourceTypeOf(type);
  return Val::Node(value, own != TypeId::kNone ? own : form.type);
}

bool ElementStep::Each(Evaluation& run, const Val& item, const Sink& sink) const {
  const Found found = Find(item);
  if (!found.is_usual) {
    const Val members = MemberOf(run, item, key_, name_);
    for (const Val& member : model::Items(members)) {
      if (only_ != TypeId::kNone && member.fhir_type() != only_) continue;
      if (!sink(member)) return false;
    }
    return true;
  }
  if (found.form == nullptr) return true;
  if (!found.value.is_array()) {
    const Val node = NodeOf(found.value, *found.form);
    return node.is_null() || sink(node);
  }
  for (const json::Value value : found.value) {
    if (value.is_null()) continue;
    const Val node = NodeOf(value, *found.form);
    if (!node.is_null() && !sink(node)) return false;
  }
  return true;
}

Val ElementStep::Eval(Evaluation& run, const Val& item) const {
  const Found found = Find(item);
  if (found.is_usual && found.form == nullptr) return {};
  if (found.is_usual && !found.value.is_array()) return NodeOf(found.value, *found.form);
  if (!found.is_usual && only_ == TypeId::kNone) return MemberOf(run, item, key_, name_);
  model::ListBuilder items(run.arena);
  auto add = [&items](const Val& value) {
    items.Add(value);
    return true;
  };
  Each(run, item, Sink(add));
  return items.FinishCollection();
}

}  // namespace osteon::path
