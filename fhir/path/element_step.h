// The hot part of ".name": what the tables of R4 say about one element of one type, looked up when the
// expression is compiled. The results are those of model::Member, which takes over wherever data is unusual.
#pragma once

#include <cstdint>
#include <string>
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

  // One JSON member that the element may be.
  struct Form {
    json::Key key{json::kNoKey};
    json::Key twin{json::kNoKey};  // kNoKey for complex types
    model::TypeId type = model::TypeId::kNone;
    bool is_resource = false;
  };
  // The member that an object of that type has.
  struct Found {
    json::Value value;
    json::Value twin;            // of a primitive; only beside a form
    const Form* form = nullptr;  // null: it has none
    bool is_usual = true;        // false: only Members() can tell
  };
  [[gnu::always_inline]] Found Find(json::Value object, model::TypeId type) const {
    const Plan* const plan = FindPlan(type);
    if (plan == nullptr || !object.is_object()) return kUnusual;
    return plan->count == 1 ? FindOne(object, forms_[plan->first]) : FindChoice(object, *plan);
  }
  // The type of a single value that Find found, or kLeftOut.
  static constexpr auto kLeftOut = static_cast<model::TypeId>(0xffff);
  model::TypeId TypeOf(json::Value value, const Form& form) const {
    if (!form.is_resource) return form.type;
    const json::Value type = value[kResourceType];
    if (only_ == model::TypeId::kNone) return OwnType(type, form);
    return type.string() == only_name_ ? only_ : kLeftOut;
  }

  // All members of any item, whatever it is, with those left out that `only` forbids.
  template <typename Take>
  bool Members(Evaluation& run, const model::Val& item, const Take& take) const {
    const model::Val members = AllMembers(run, item);
    for (const model::Val& member : model::Items(members)) {
      if (only_ != model::TypeId::kNone && member.fhir_type() != only_) continue;
      if (!take(member)) return false;
    }
    return true;
  }

 private:
  // The members of a type: one form, or a choice among forms_[first, first + count) by the keys of the values
  // and of the twins, each a range of lookup_.
  struct KeyRange {
    std::uint16_t low = 0;
    std::uint16_t size = 0;
    std::uint32_t offset = 0;
    bool Holds(std::uint16_t id) const { return static_cast<std::uint16_t>(id - low) < size; }
  };
  struct Plan {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    KeyRange values;
    KeyRange twins;
  };

  static constexpr Found kUnusual{{}, {}, nullptr, false};

  void AddPlan(model::TypeId type);
  KeyRange AddRange(const Plan& plan, json::Key Form::*key);
  static Form MakeForm(json::Key key, model::TypeId type);
  const Plan* FindPlan(model::TypeId type) const {
    if (type == usual_type_) return plans_.data();
    const auto index = static_cast<std::size_t>(type);
    if (index >= plan_by_type_.size() || plan_by_type_[index] == 0) return nullptr;
    return &plans_[plan_by_type_[index] - 1U];
  }
  [[gnu::always_inline]] static Found FindOne(json::Value object, const Form& form) {
    if (form.twin.id() == json::kNoKey) {
      const json::Value value = object[form.key];
      return {value, {}, value.exists() ? &form : nullptr, !value.is_null()};
    }
    Found found;
    for (const json::Value member : object) {
      if (member.key() == form.key) {
        found.value = member;
      } else if (member.key() == form.twin) {
        found.twin = member;
      } else {
        continue;
      }
      found.form = &form;
    }
    found.is_usual = found.twin.exists() || !found.value.is_null();
    return found;
  }
  Found FindChoice(json::Value object, const Plan& plan) const;
  static model::TypeId OwnType(json::Value resource_type, const Form& form);
  static constexpr json::Key kResourceType = json::FindKey("resourceType");
  model::Val AllMembers(Evaluation& run, const model::Val& item) const;

  std::string name_;
  json::Key key_;
  model::TypeId only_;
  std::string_view only_name_;
  std::vector<Form> forms_;
  std::vector<Plan> plans_;
  model::TypeId usual_type_ = model::TypeId::kNone;  // of the first plan
  std::vector<std::uint8_t> plan_by_type_;  // index + 1 into plans_, by TypeId; empty when there is no plan
  std::vector<std::uint8_t> lookup_;        // 1 + the position among the plan's forms; 0: no form's key
};

}  // namespace osteon::path
