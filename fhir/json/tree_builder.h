// Stage 2 of reading: from the positions of the structural characters to the nodes of a Tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "fhir/base/arena.h"
#include "fhir/base/result.h"
#include "fhir/json/structural_index.h"
#include "fhir/json/tree.h"

namespace osteon::json {

// Builds one tree; used once.
class TreeBuilder {
 public:
  // `index` is of `text`. The rest is as in Tree::Read.
  TreeBuilder(std::string_view text, const internal::StructuralIndex& index, base::Arena& arena,
              const ReadLimits& limits);
  base::Result<const Tree*> Build();

 private:
  using Node = internal::Node;

  // An array or object whose end has not been seen.
  struct Frame {
    Node* container;
    std::uint64_t seen_keys;  // bloom filter of the members' keys
    bool may_repeat;          // two members fell into the same bit
  };

  bool BuildNodes();
  void TerminateText();
  bool TakeMembers();
  bool TakeElements();
  bool TakeName(std::uint16_t& key);
  bool TakeValue(std::uint16_t key);
  bool TakeString(Node& node);
  bool TakeNumber(Node& node);
  bool TakeLiteral(Node& node, std::string_view literal, Kind kind);
  bool Open(Node& node, Kind kind);
  bool Close();

  // [begin, end) without its escapes; false after Fail.
  bool ResolveEscapes(const char* begin, const char* end, std::string_view& resolved);
  bool LookUpRareName(const char* begin, const char* end, std::uint16_t& key);
  bool CheckNamesDiffer(const Node& object);
  std::size_t OffsetOfName(const Node& member) const;

  char Current() const { return text_[*cursor_]; }
  bool Fail(std::string_view what, std::size_t offset);
  bool FailHere(std::string_view what) { return Fail(what, *cursor_); }
  bool FailLimit(std::string_view what, std::size_t limit);
  const Tree* Finish();

  const char* text_;
  std::size_t text_size_;
  const std::uint32_t* positions_;  // of the structural characters
  const std::uint32_t* positions_end_;
  const std::uint32_t* cursor_;
  base::Arena& arena_;
  ReadLimits limits_;

  Node* nodes_ = nullptr;
  Node* next_node_ = nullptr;
  Node* nodes_end_ = nullptr;
  Frame* frames_ = nullptr;
  Frame* frame_ = nullptr;  // the innermost open container; frames_ itself is none
  Frame* last_frame_ = nullptr;

  // The first backslash not yet resolved, or the end of the text: most strings end before it and need no
  // look.
  const char* next_backslash_;

  std::map<std::string_view, std::uint16_t>
      local_keys_;  // no hashing: names come from whoever sends the body
  std::vector<std::string_view> local_names_;

  base::Error error_;
};

}  // namespace osteon::json
