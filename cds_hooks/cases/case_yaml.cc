#include "cds_hooks/cases/case_yaml.h"

#include "fhir/model/r4_model.h"

namespace osteon::cds_hooks {

using cards::YamlMember;
using cards::YamlNode;
using model::TypeId;
using model::operator""_type;

namespace {

void WriteScalar(json::Writer& writer, const std::string& text, TypeId type) {
  const TypeId system = model::KindOf(type) == model::TypeKind::kSystem ? type : model::SystemTypeOf(type);
  if (system == "System.Boolean"_type && (text == "true" || text == "false")) {
    writer.Bool(text == "true");
    return;
  }
  if (system == "System.Integer"_type || system == "System.Decimal"_type) {
    if (const auto number = base::Decimal::Parse(text)) {
      writer.Number(*number);
      return;
    }
  }
  writer.String(text);
}

TypeId MemberTypeOf(TypeId type, const YamlMember& member) {
  const json::Key key = json::FindKey(member.name);
  if (key.id() == json::kNoKey) return TypeId::kNone;
  const TypeId found = model::MemberType(type, key);
  if (model::KindOf(found) != model::TypeKind::kResource) return found;
  return model::FindType(TextOf(member.value, "resourceType"));
}

}  // namespace

const YamlNode* FindValue(const YamlNode& node, std::string_view name) {
  const YamlMember* const member = node.Find(name);
  if (member == nullptr || member->value.kind == YamlNode::Kind::kNone) return nullptr;
  const bool is_null = member->value.kind == YamlNode::Kind::kScalar &&
                       (member->value.text == "~" || member->value.text == "null");
  return is_null ? nullptr : &member->value;
}

std::string TextOf(const YamlNode& node, std::string_view name, std::string_view absent) {
  const YamlNode* const value = FindValue(node, name);
  return std::string(value != nullptr ? std::string_view(value->text) : absent);
}

std::vector<const YamlNode*> ItemsOf(const YamlNode& node, std::string_view name) {
  std::vector<const YamlNode*> items;
  if (const YamlNode* const value = FindValue(node, name)) {
    for (const YamlNode& item : value->items) items.push_back(&item);
  }
  return items;
}

std::vector<std::string> TextsOf(const YamlNode& node, std::string_view name) {
  std::vector<std::string> texts;
  for (const YamlNode* const item : ItemsOf(node, name)) texts.push_back(item->text);
  return texts;
}

void WriteMembers(json::Writer& writer, const YamlNode& node, TypeId type) {
  for (const YamlMember& member : node.members) {
    writer.Key(std::string_view(member.name));
    WriteJson(writer, member.value, MemberTypeOf(type, member));
  }
}

void WriteJson(json::Writer& writer, const YamlNode& node, TypeId type) {
  switch (node.kind) {
    case YamlNode::Kind::kNone:
      writer.Null();
      return;
    case YamlNode::Kind::kScalar:
      WriteScalar(writer, node.text, type);
      return;
    case YamlNode::Kind::kMap:
      writer.StartObject();
      WriteMembers(writer, node, type);
      writer.EndObject();
      return;
    case YamlNode::Kind::kList:
      writer.StartArray();
      for (const YamlNode& item : node.items) WriteJson(writer, item, type);
      writer.EndArray();
      return;
  }
}

}  // namespace osteon::cds_hooks
