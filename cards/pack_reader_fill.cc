#include "cards/pack_reader_fill.h"

#include <algorithm>

#include "cards/nearest_name.h"
#include "fhir/base/text.h"

namespace osteon::cards {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted("\"");
  quoted += base::TakeCodePoints(text, 60);
  if (quoted.size() - 1 < text.size()) quoted += "...";
  return quoted + '"';
}

bool IsChoice(std::string_view choices, std::string_view text) {
  while (!choices.empty()) {
    const std::size_t bar = std::min(choices.find('|'), choices.size());
    if (choices.substr(0, bar) == text) return true;
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return false;
}

std::string ChoiceList(std::string_view choices) {
  std::string list;
  for (const char c : choices) list += c == '|' ? std::string(", ") : std::string(1, c);
  return list;
}

std::string_view ShapeName(KeyShape shape) {
  switch (shape) {
    case KeyShape::kText:
      return "a text";
    case KeyShape::kTexts:
      return "a list of texts: [a, b]";
    case KeyShape::kRange:
      return "a list of two numbers: [lowest, highest]";
    case KeyShape::kNamedTexts:
      return "a map from names to texts: {name: text}";
    case KeyShape::kObject:
    case KeyShape::kResource:
      return "a map: {key: value}";
    case KeyShape::kObjects:
      return "a list of maps: one \"- \" each";
    case KeyShape::kNamed:
      return "a map from names to maps";
    case KeyShape::kDetail:
      return "a text, or a list of texts and maps";
  }
  return {};
}

}  // namespace

bool Mentions(std::string_view text, std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

void PackFiller::Report(const Place& place, std::string message, std::string hint) {
  findings_.push_back(FindingAt(place, std::move(message), std::move(hint)));
}

void PackFiller::Fill(const KeyTable& table, const YamlNode& value, void* target) {
  if (value.kind != YamlNode::Kind::kMap) {
    if (!value.is_damaged) Report(value.place, std::string(table.what) + " is a map: {key: value}");
    return;
  }
  const std::size_t before = findings_.size();
  std::vector<std::string_view> meant;  // keys that a misspelt one stands for
  for (const YamlMember& member : value.members) {
    const auto row = std::find_if(table.rows.begin(), table.rows.end(),
                                  [&](const KeyRow& known) { return known.name == member.name; });
    if (row == table.rows.end()) {
      meant.push_back(ReportUnknown(table, member));
    } else if (HasShape(*row, member.value)) {
      row->fill(*this, *row, member.value, target);
    }
  }
  for (const KeyRow& row : table.rows) {
    const bool is_given = value.Find(row.name) != nullptr ||
                          (value.is_damaged && Mentions(lost_, row.name)) ||
                          std::find(meant.begin(), meant.end(), row.name) != meant.end();
    if (row.need == KeyNeed::kRequired && !is_given)
      Report(value.place, std::string(table.what) + " has no \"" + std::string(row.name) + '"');
  }
  // With keys missing, unknown or of the wrong shape the rest would only repeat that.
  const bool is_whole =
      !value.is_damaged && std::none_of(value.members.begin(), value.members.end(),
                                        [](const auto& member) { return member.value.is_damaged; });
  if (table.check != nullptr && is_whole && findings_.size() == before) table.check(*this, value, target);
}

std::string_view PackFiller::ReportUnknown(const KeyTable& table, const YamlMember& member) {
  std::vector<std::string_view> names;
  for (const KeyRow& row : table.rows) names.push_back(row.name);
  Report(member.place, std::string(table.what) + " has no key " + Quoted(member.name),
         NearestNameHint(member.name, names));
  return NearestName(member.name, names);
}

bool PackFiller::HasShape(const KeyRow& row, const YamlNode& value) {
  if (value.is_damaged && value.kind == YamlNode::Kind::kNone) return false;
  const std::string name = '"' + std::string(row.name) + '"';
  if (value.kind == YamlNode::Kind::kNone) {
    Report(value.place, name + " has no value", row.need == KeyNeed::kOptional ? "leave the key out" : "");
    return false;
  }
  using Kind = YamlNode::Kind;
  Kind kind = Kind::kMap;
  if (row.shape == KeyShape::kText) kind = Kind::kScalar;
  if (row.shape == KeyShape::kTexts || row.shape == KeyShape::kRange || row.shape == KeyShape::kObjects)
    kind = Kind::kList;
  if (row.shape == KeyShape::kDetail) kind = value.kind == Kind::kScalar ? Kind::kScalar : Kind::kList;
  if (value.kind != kind) {
    Report(value.place, name + " is not " + std::string(ShapeName(row.shape)));
    return false;
  }
  const bool is_empty = kind == Kind::kScalar ? base::IsBlank(value.text)
                        : kind == Kind::kList ? value.items.empty()
                                              : value.members.empty();
  if (is_empty && !value.is_damaged) {
    Report(value.place, name + " is empty", row.need == KeyNeed::kOptional ? "leave the key out" : "");
  }
  if (is_empty) return false;
  if (row.shape == KeyShape::kRange && value.items.size() != 2 && !value.is_damaged) {
    Report(value.place, name + " is not " + std::string(ShapeName(row.shape)));
    return false;
  }
  if (row.shape == KeyShape::kTexts || row.shape == KeyShape::kRange || row.shape == KeyShape::kNamedTexts)
    return AreTexts(row, value);
  return true;
}

// What is no text is reported and left out when texts are read.
bool PackFiller::AreTexts(const KeyRow& row, const YamlNode& value) {
  const auto check = [&](const YamlNode& text) {
    const bool is_text = text.kind == YamlNode::Kind::kScalar && !base::IsBlank(text.text);
    if (!is_text && !text.is_damaged)
      Report(text.place, "\"" + std::string(row.name) + "\" has an entry that is not a text");
  };
  for (const YamlNode& item : value.items) check(item);
  for (const YamlMember& member : value.members) check(member.value);
  return true;
}

Text PackFiller::TextOf(const KeyRow& row, const YamlNode& value) {
  Text text{value.text, value.place};
  while (text.text.ends_with('\n')) text.text.pop_back();
  CheckForm(row, text);
  return text;
}

std::vector<Text> PackFiller::TextsOf(const KeyRow& row, const YamlNode& value) {
  std::vector<Text> texts;
  for (const YamlNode& item : value.items) {
    if (item.kind != YamlNode::Kind::kScalar || base::IsBlank(item.text)) continue;
    texts.push_back(TextOf(row, item));
    const auto same = std::find_if(texts.begin(), texts.end() - 1,
                                   [&](const Text& text) { return text.text == texts.back().text; });
    if (same != texts.end() - 1)
      Report(item.place, Quoted(item.text) + " stands twice in \"" + std::string(row.name) + '"');
  }
  return texts;
}

Text PackFiller::NameOf(const KeyRow& row, const YamlMember& member) {
  Text name{member.name, member.place};
  CheckForm(row, name);
  return name;
}

void PackFiller::CheckForm(const KeyRow& row, const Text& text) {
  const TextForm* const form = row.form;
  if (form == nullptr) return;
  if (!form->choices.empty()) {
    if (!IsChoice(form->choices, text.text)) {
      Report(text.place, Quoted(text.text) + " is none of " + std::string(form->says),
             "one of " + ChoiceList(form->choices));
    }
  } else if (!form->matches(text.text)) {
    Report(text.place, Quoted(text.text) + " is not " + std::string(form->says));
  }
}

ResourceNode PackFiller::ResourceOf(const YamlNode& value) {
  ResourceNode node;
  node.place = value.place;
  switch (value.kind) {
    case YamlNode::Kind::kNone:
      if (!value.is_damaged)
        Report(value.place, "a member of a resource has no value", "leave the member out");
      break;
    case YamlNode::Kind::kScalar:
      node.scalar = {value.text, value.place};
      if (base::IsBlank(value.text))
        Report(value.place, "a resource holds no empty text", "leave the member out");
      break;
    case YamlNode::Kind::kMap:
      node.kind = ResourceNode::Kind::kObject;
      if (value.members.empty() && !value.is_damaged)
        Report(value.place, "a resource holds no empty map", "leave the member out");
      for (const YamlMember& member : value.members) {
        if (member.value.is_damaged && member.value.kind == YamlNode::Kind::kNone) continue;
        node.members.emplace_back(Text{member.name, member.place}, ResourceOf(member.value));
      }
      break;
    case YamlNode::Kind::kList:
      node.kind = ResourceNode::Kind::kArray;
      if (value.items.empty() && !value.is_damaged)
        Report(value.place, "a resource holds no empty list", "leave the member out");
      for (const YamlNode& item : value.items) {
        if (item.is_damaged && item.kind == YamlNode::Kind::kNone) continue;
        node.items.push_back(ResourceOf(item));
      }
      break;
  }
  return node;
}

}  // namespace osteon::cards
