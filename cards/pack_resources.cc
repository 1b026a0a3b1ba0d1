#include "cards/pack_resources.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "cards/nearest_name.h"
#include "fhir/base/decimal.h"
#include "fhir/model/r4_model.h"

namespace osteon::cards {
namespace {

using model::ElementDefinition;
using model::TypeId;
using model::operator""_type;
using Node = ResourceTemplate::Node;
using Kind = ResourceTemplate::Kind;

bool IsPrimitive(TypeId type) {
  const model::TypeKind kind = model::KindOf(type);
  return kind == model::TypeKind::kPrimitive || kind == model::TypeKind::kBoundCode ||
         kind == model::TypeKind::kSystem;
}

ScalarJson JsonOf(TypeId type) {
  const TypeId system = model::KindOf(type) == model::TypeKind::kSystem ? type : model::SystemTypeOf(type);
  if (system == "System.Boolean"_type) return ScalarJson::kBoolean;
  if (system == "System.Integer"_type || system == "System.Decimal"_type) return ScalarJson::kNumber;
  return ScalarJson::kString;
}

std::string JsonName(std::string_view name) {
  std::string json;
  AppendJsonString(name, json);
  return json + ":";
}

const ElementDefinition* ElementOf(TypeId type, std::string_view name) {
  const json::Key key = json::FindKey(name);
  return key.id() == json::kNoKey ? nullptr : model::FindElement(type, key);
}

bool HasMember(const ResourceNode& node, std::string_view name) {
  return std::any_of(node.members.begin(), node.members.end(),
                     [&](const auto& member) { return member.first.text == name; });
}

// "medication[x]" is there as medicationCodeableConcept.
bool HasElement(const ResourceNode& node, const ElementDefinition& element) {
  if (!element.is_choice()) return HasMember(node, element.name());
  const auto choices = element.choices();
  return std::any_of(choices.begin(), choices.end(), [&](const model::ChoiceType& choice) {
    return HasMember(node, json::KeyName(choice.key()));
  });
}

Node Fixed(std::string json) {
  Node node;
  node.json = std::move(json);
  return node;
}

// Objects and arrays without holes become text.
void Fold(Node& node) {
  const auto is_fixed = [](const Node& inner) { return inner.kind == Kind::kFixed; };
  if (node.kind == Kind::kArray && !node.items.empty() &&
      std::all_of(node.items.begin(), node.items.end(), is_fixed)) {
    std::string json = "[";
    for (const Node& item : node.items) json += (json.size() > 1 ? "," : "") + item.json;
    node = Fixed(json + "]");
  } else if (node.kind == Kind::kObject && !node.members.empty() &&
             std::all_of(node.members.begin(), node.members.end(),
                         [&](const auto& member) { return is_fixed(member.second); })) {
    std::string json = "{";
    for (const auto& [name, member] : node.members) json += (json.size() > 1 ? "," : "") + name + member.json;
    node = Fixed(json + "}");
  }
}

class ResourceCompiler {
 public:
  ResourceCompiler(const TemplateMaker& make_template, PackFindings& findings)
      : make_template_(make_template), findings_(findings) {}

  ResourceTemplate Compile(const ResourceNode& resource, Additions additions) {
    ResourceTemplate compiled;
    const TypeId type = ResourceType(resource);
    if (type == TypeId::kNone) return compiled;
    Node& root = compiled.root;
    root.kind = Kind::kObject;
    root.members.emplace_back(JsonName("resourceType"),
                              Fixed('"' + std::string(model::TypeName(type)) + '"'));
    const bool adds = additions == Additions::kNewResource;
    if (adds) AddBefore(resource, type, root);
    Members(resource, type, root);
    if (adds) AddAfter(resource, type, root);
    CheckRequired(resource, type, adds);
    return compiled;
  }

 private:
  TypeId ResourceType(const ResourceNode& resource) {
    if (resource.kind != ResourceNode::Kind::kObject) {
      findings_.Add(resource.place, "a resource is an object with \"resourceType\"");
      return TypeId::kNone;
    }
    for (const auto& [name, value] : resource.members) {
      if (name.text != "resourceType") continue;
      const TypeId type = model::FindType(value.scalar.text);
      if (model::KindOf(type) == model::TypeKind::kResource) return type;
      findings_.Add(value.place, "\"" + value.scalar.text + "\" is no resource type of FHIR R4");
      return TypeId::kNone;
    }
    findings_.Add(resource.place, "a resource has no \"resourceType\"");
    return TypeId::kNone;
  }

  static bool Lacks(const ResourceNode& resource, TypeId type, std::string_view name) {
    return ElementOf(type, name) != nullptr && !HasMember(resource, name);
  }

  static bool IsRequest(TypeId type) { return ElementOf(type, "intent") != nullptr; }

  static Node OfKind(Kind kind) {
    Node node;
    node.kind = kind;
    return node;
  }

  static void AddBefore(const ResourceNode& resource, TypeId type, Node& root) {
    if (Lacks(resource, type, "id")) root.members.emplace_back(JsonName("id"), OfKind(Kind::kId));
    if (!IsRequest(type)) return;
    if (Lacks(resource, type, "status")) root.members.emplace_back(JsonName("status"), Fixed("\"draft\""));
    if (Lacks(resource, type, "intent")) root.members.emplace_back(JsonName("intent"), Fixed("\"order\""));
  }

  static void AddAfter(const ResourceNode& resource, TypeId type, Node& root) {
    for (const std::string_view name : {"subject", "patient"}) {
      if (Lacks(resource, type, name)) root.members.emplace_back(JsonName(name), OfKind(Kind::kSubject));
    }
    if (Lacks(resource, type, "authoredOn"))
      root.members.emplace_back(JsonName("authoredOn"), OfKind(Kind::kAuthoredOn));
  }

  void CheckRequired(const ResourceNode& node, TypeId type, bool adds) {
    for (const ElementDefinition& element : model::ElementsOf(type)) {
      if (element.min == 0 || element.is_choice_member() || HasElement(node, element)) continue;
      const std::string_view name = element.name();
      const bool is_added = adds && (name == "subject" || name == "patient" ||
                                     ((name == "status" || name == "intent") && IsRequest(type)));
      if (is_added) continue;
      findings_.Add(node.place, std::string(model::TypeName(type)) + " needs \"" + std::string(name) +
                                    (element.is_choice() ? "[x]\"" : "\""));
    }
  }

  void Members(const ResourceNode& node, TypeId type, Node& out) {
    for (const auto& [name, value] : node.members) {
      if (name.text == "resourceType" && model::KindOf(type) == model::TypeKind::kResource) continue;
      Node member;
      if (Member(type, name, value, member)) out.members.emplace_back(JsonName(name.text), std::move(member));
    }
  }

  bool Member(TypeId type, const Text& name, const ResourceNode& value, Node& out) {
    std::string_view element_name = name.text;
    const bool is_twin = element_name.starts_with('_');
    if (is_twin) element_name.remove_prefix(1);
    const ElementDefinition* const element = ElementOf(type, element_name);
    if (element == nullptr || element->is_choice()) {
      ReportUnknown(type, name, element);
      return false;
    }
    const TypeId member_type =
        is_twin ? "Element"_type : model::MemberType(type, json::FindKey(element_name));
    const bool is_list = value.kind == ResourceNode::Kind::kArray;
    if (element->repeats() != is_list) {
      findings_.Add(value.place, "\"" + name.text +
                                     (is_list ? "\" is one value, not a list"
                                              : "\" is a list: begin with \"- \" or \"[\""));
      return false;
    }
    return Value(member_type, name, value, out);
  }

  void ReportUnknown(TypeId type, const Text& name, const ElementDefinition* choice) {
    std::vector<std::string_view> names;
    if (choice != nullptr) {
      for (const model::ChoiceType& form : choice->choices()) names.push_back(json::KeyName(form.key()));
    } else {
      for (const ElementDefinition& element : model::ElementsOf(type)) {
        if (!element.is_choice()) names.push_back(element.name());
      }
    }
    findings_.Add(name, std::string(model::TypeName(type)) + " has no element \"" + name.text + "\"",
                  NearestNameHint(name.text, names));
  }

  bool Value(TypeId type, const Text& name, const ResourceNode& value, Node& out) {
    switch (value.kind) {
      case ResourceNode::Kind::kArray:
        out.kind = Kind::kArray;
        for (const ResourceNode& item : value.items) {
          Node inner;
          if (Value(type, name, item, inner)) out.items.push_back(std::move(inner));
        }
        Fold(out);
        return true;
      case ResourceNode::Kind::kObject:
        return Object(type, name, value, out);
      case ResourceNode::Kind::kScalar:
        return Scalar(type, name, value, out);
    }
    return false;
  }

  bool Object(TypeId type, const Text& name, const ResourceNode& value, Node& out) {
    if (IsPrimitive(type)) {
      findings_.Add(value.place, "\"" + name.text + "\" is a single value");
      return false;
    }
    if (model::KindOf(type) == model::TypeKind::kResource) {
      type = ResourceType(value);
      if (type == TypeId::kNone) return false;
      out.members.emplace_back(JsonName("resourceType"),
                               Fixed('"' + std::string(model::TypeName(type)) + '"'));
    }
    out.kind = Kind::kObject;
    Members(value, type, out);
    CheckRequired(value, type, false);
    Fold(out);
    return true;
  }

  bool Scalar(TypeId type, const Text& name, const ResourceNode& value, Node& out) {
    if (!IsPrimitive(type)) {
      findings_.Add(value.place,
                    "\"" + name.text + "\" is an object (" + std::string(model::TypeName(type)) + ")");
      return false;
    }
    const ScalarJson json = JsonOf(type);
    out.text = make_template_(value.scalar, json);
    if (!out.text.is_literal()) {
      out.kind = json == ScalarJson::kString ? Kind::kText : Kind::kNumber;
      return true;
    }
    const std::string text(out.text.literal());
    out = Node{};
    if (json == ScalarJson::kString) {
      AppendJsonString(text, out.json);
    } else if (json == ScalarJson::kBoolean ? text == "true" || text == "false"
                                            : base::Decimal::Parse(text).has_value()) {
      out.json = text;
    } else {
      findings_.Add(value.scalar, "\"" + name.text + "\" is " +
                                      (json == ScalarJson::kBoolean ? "true or false" : "a number") +
                                      ", and this is not");
      return false;
    }
    return true;
  }

  const TemplateMaker& make_template_;
  PackFindings& findings_;
};

}  // namespace

ResourceTemplate CompileResource(const ResourceNode& resource, Additions additions,
                                 const TemplateMaker& make_template, PackFindings& findings) {
  return ResourceCompiler(make_template, findings).Compile(resource, additions);
}

}  // namespace osteon::cards
