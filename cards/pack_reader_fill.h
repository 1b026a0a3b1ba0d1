// From a YAML tree to the structs of a pack source, along the key tables. Private to cards/pack_reader.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cards/pack_reader_keys.h"
#include "cards/pack_source.h"

namespace osteon::cards {

class PackFiller {
 public:
  explicit PackFiller(std::vector<PackFinding>& findings) : findings_(findings) {}

  void Report(const Place& place, std::string message, std::string hint = {});
  // Of the file that is read now: the lines that could not be read. A key that stands there is not missing.
  void SetLost(std::string lost) { lost_ = std::move(lost); }

  // Reads `value`, which must be a map of the table's keys, into `target`.
  void Fill(const KeyTable& table, const YamlNode& value, void* target);

  // Checked against the row's form; line ends at the end of a block text are dropped.
  Text TextOf(const KeyRow& row, const YamlNode& value);
  std::vector<Text> TextsOf(const KeyRow& row, const YamlNode& value);
  Text NameOf(const KeyRow& row, const YamlMember& member);
  ResourceNode ResourceOf(const YamlNode& value);
  void CheckForm(const KeyRow& row, const Text& text);

 private:
  bool HasShape(const KeyRow& row, const YamlNode& value);
  bool AreTexts(const KeyRow& row, const YamlNode& value);
  bool HaveKind(const KeyRow& row, const YamlNode& value, YamlNode::Kind kind);
  // The known key that may be meant, or empty.
  std::string_view ReportUnknown(const KeyTable& table, const YamlMember& member);

  std::vector<PackFinding>& findings_;
  std::string lost_;
};

// Whether `name` stands in `text` as a whole word.
bool Mentions(std::string_view text, std::string_view name);

namespace fill {

template <typename M>
struct MemberOf;
template <typename C, typename V>
struct MemberOf<V C::*> {
  using Class = C;
  using Value = V;
};
template <auto kMember>
auto& Target(void* target) {
  return static_cast<typename MemberOf<decltype(kMember)>::Class*>(target)->*kMember;
}

template <auto kMember>
void OneText(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  Target<kMember>(target) = filler.TextOf(row, value);
}
template <auto kMember>
void ManyTexts(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  Target<kMember>(target) = filler.TextsOf(row, value);
}
template <auto kMember>
void Objects(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlNode& item : value.items)
    filler.Fill(*row.inner, item, &Target<kMember>(target).emplace_back());
}
// kName: the member that takes the key.
template <auto kMember, auto kName>
void Named(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  for (const YamlMember& member : value.members) {
    auto& item = Target<kMember>(target).emplace_back();
    item.*kName = filler.NameOf(row, member);
    filler.Fill(*row.inner, member.value, &item);
  }
}

}  // namespace fill

}  // namespace osteon::cards
