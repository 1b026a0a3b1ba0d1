#include "fhir/json/tree_builder.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <new>
#include <string>

#include "fhir/json/key_lookup.h"
#include "fhir/json/scan.h"

namespace osteon::json {
namespace {

const char* FindBackslash(const char* begin, const char* end) {
  const void* found = std::memchr(begin, '\\', static_cast<std::size_t>(end - begin));
  return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace

TreeBuilder::TreeBuilder(std::string_view text, const internal::StructuralIndex& index, base::Arena& arena,
                         const ReadLimits& limits)
    : text_(text.data()),
      text_size_(text.size()),
      positions_(index.positions),
      positions_end_(index.positions + index.count),
      cursor_(index.positions),
      arena_(arena),
      limits_(limits),
      next_backslash_(FindBackslash(text.data(), text.data() + text.size())) {
  limits_.max_depth = std::min(limits_.max_depth, kGreatestDepth);
  // Every value but the root follows a '[', ',' or ':', and every container also has its end, so n structural
  // positions hold (n + 1) / 2 values; of an unfinished text at most one more per open container.
  const std::size_t bound = (index.count + 1) / 2 + limits_.max_depth + 1;
  const std::size_t room = std::min(bound, limits_.max_nodes);
  nodes_ = arena_.AllocateArray<Node>(room);
  next_node_ = nodes_;
  nodes_end_ = nodes_ + room;
  frames_ = arena_.AllocateArray<Frame>(limits_.max_depth + 1);
  frame_ = frames_;
  last_frame_ = frames_ + limits_.max_depth;
}

base::Result<const Tree*> TreeBuilder::Build() {
  if (!BuildNodes()) return std::move(error_);
  return Finish();
}

bool TreeBuilder::BuildNodes() {
  // A container's text ends with its closing bracket. With that known, no position is read past the last one:
  // a closing bracket is taken by Close only, which looks for the end of the text itself.
  const char first = Current();
  const char last = text_[positions_end_[-1]];
  if ((first == '{' && last != '}') || (first == '[' && last != ']')) TerminateText();
  if (!TakeValue(kNoKey)) return false;
  while (frame_ != frames_) {
    const bool is_object = frame_->container->kind == Kind::kObject;
    if (!(is_object ? TakeMembers() : TakeElements())) return false;
  }
  return cursor_ == positions_end_ || FailHere("text after the end of the document");
}

// For a text that cannot be right, whose error is yet to be found: what follows its end becomes a byte that
// no token starts with.
void TreeBuilder::TerminateText() {
  char* const copy = arena_.AllocateArray<char>(text_size_ + kReadPadding);
  std::memcpy(copy, text_, text_size_);
  std::memset(copy + text_size_, 0, kReadPadding);
  text_ = copy;
  next_backslash_ = FindBackslash(text_, text_ + text_size_);
}

// Members of the innermost object, until it or the value of one of its members changes the nesting.
bool TreeBuilder::TakeMembers() {
  Frame* const frame = frame_;
  Node& object = *frame->container;
  while (frame_ == frame) {
    char c = Current();
    if (c == '}') return Close();
    if (object.count != 0) {
      if (c != ',') return FailHere("',' or '}' expected");
      ++cursor_;
      c = Current();
    }
    if (c != '"') return FailHere("member name expected");
    std::uint16_t key = kNoKey;
    if (!TakeName(key)) return false;
    const std::uint64_t bit = std::uint64_t{1} << (key & 63);
    frame->may_repeat |= (frame->seen_keys & bit) != 0;
    frame->seen_keys |= bit;
    ++object.count;
    if (!TakeValue(key)) return false;
  }
  return true;
}

// The same for the elements of the innermost array.
bool TreeBuilder::TakeElements() {
  Frame* const frame = frame_;
  Node& array = *frame->container;
  while (frame_ == frame) {
    if (Current() == ']') return Close();
    if (array.count != 0) {
      if (Current() != ',') return FailHere("',' or ']' expected");
      ++cursor_;
    }
    ++array.count;
    if (!TakeValue(kNoKey)) return false;
  }
  return true;
}

bool TreeBuilder::TakeName(std::uint16_t& key) {
  const char* const begin = text_ + cursor_[0] + 1;
  const char* const end = internal::WithoutTrailingSpace(begin, text_ + cursor_[1]) - 1;
  if (text_[cursor_[1]] != ':') return Fail("':' expected", cursor_[1]);
  cursor_ += 2;
  key = internal::LookUpKey(begin, static_cast<std::size_t>(end - begin));
  return key != kNoKey || LookUpRareName(begin, end, key);
}

bool TreeBuilder::TakeValue(std::uint16_t key) {
  if (next_node_ == nodes_end_) return FailLimit("more values than", limits_.max_nodes);
  Node& node = *next_node_++;
  node = {key, Kind::kNull, 0, 1, text_ + *cursor_, 0, 0};
  switch (Current()) {
    case '"':
      return TakeString(node);
    case '{':
      return Open(node, Kind::kObject);
    case '[':
      return Open(node, Kind::kArray);
    case 't':
      return TakeLiteral(node, "true", Kind::kTrue);
    case 'f':
      return TakeLiteral(node, "false", Kind::kFalse);
    case 'n':
      return TakeLiteral(node, "null", Kind::kNull);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
      return TakeNumber(node);
    default:
      return FailHere("value expected");
  }
}

bool TreeBuilder::TakeString(Node& node) {
  const char* const begin = node.text + 1;
  ++cursor_;
  // Only white space can be between the closing quote and the next position.
  const char* const end = internal::WithoutTrailingSpace(begin, text_ + *cursor_) - 1;
  assert(*end == '"');
  node.kind = Kind::kString;
  node.text = begin;
  node.length = static_cast<std::uint32_t>(end - begin);
  if (next_backslash_ >= end) return true;
  std::string_view resolved;
  if (!ResolveEscapes(begin, end, resolved)) return false;
  node.text = resolved.data();
  node.length = static_cast<std::uint32_t>(resolved.size());
  return true;
}

bool TreeBuilder::TakeNumber(Node& node) {
  const char* const end = internal::WithoutTrailingSpace(node.text, text_ + cursor_[1]);
  if (!internal::IsNumber(node.text, end)) return FailHere("malformed number");
  ++cursor_;
  node.kind = Kind::kNumber;
  node.length = static_cast<std::uint32_t>(end - node.text);
  return true;
}

bool TreeBuilder::TakeLiteral(Node& node, std::string_view literal, Kind kind) {
  const char* const end = internal::WithoutTrailingSpace(node.text, text_ + cursor_[1]);
  if (std::string_view(node.text, static_cast<std::size_t>(end - node.text)) != literal) {
    return FailHere("value expected");
  }
  ++cursor_;
  node.kind = kind;
  node.length = static_cast<std::uint32_t>(literal.size());
  return true;
}

bool TreeBuilder::Open(Node& node, Kind kind) {
  if (frame_ == last_frame_) return FailLimit("arrays and objects nested deeper than", limits_.max_depth);
  node.kind = kind;
  *++frame_ = {&node, 0, false};
  ++cursor_;
  return true;
}

bool TreeBuilder::Close() {
  Node& container = *frame_->container;
  container.skip = static_cast<std::uint32_t>(next_node_ - &container);
  container.length = static_cast<std::uint32_t>(text_ + *cursor_ + 1 - container.text);
  if (frame_->may_repeat && !CheckNamesDiffer(container)) return false;
  ++cursor_;
  --frame_;
  return frame_ == frames_ || cursor_ != positions_end_ ||
         Fail("text ends inside an array or object", text_size_);
}

bool TreeBuilder::ResolveEscapes(const char* begin, const char* end, std::string_view& resolved) {
  // LookUpKey may load eight bytes from the start of a name.
  char* const to = arena_.AllocateArray<char>(static_cast<std::size_t>(end - begin) + 8);
  const internal::Unescaped result = internal::Unescape(begin, end, to);
  if (result.error != nullptr) {
    return Fail("malformed escape in a string", static_cast<std::size_t>(result.error - text_));
  }
  next_backslash_ = FindBackslash(end, text_ + text_size_);
  resolved = {to, result.length};
  return true;
}

bool TreeBuilder::LookUpRareName(const char* begin, const char* end, std::uint16_t& key) {
  std::string_view name(begin, static_cast<std::size_t>(end - begin));
  if (next_backslash_ < end) {
    if (!ResolveEscapes(begin, end, name)) return false;
    key = internal::LookUpKey(name.data(), name.size());
    if (key != kNoKey) return true;
  }
  if (local_names_.size() == kMaxLocalNames && !local_keys_.contains(name)) {
    return FailLimit("more different member names unknown to FHIR than", kMaxLocalNames);
  }
  const auto id = static_cast<std::uint16_t>(kFirstLocalKey + local_names_.size());
  const auto [entry, is_new] = local_keys_.try_emplace(name, id);
  if (is_new) local_names_.push_back(name);
  key = entry->second;
  return true;
}

// Exact, where the bloom filter could not tell; linear, whatever names an attacker sends.
bool TreeBuilder::CheckNamesDiffer(const Node& object) {
  static thread_local std::array<std::uint64_t, 65536 / 64> seen{};  // all zero between calls
  const Node* const end = &object + object.skip;
  const Node* repeated = nullptr;
  for (const Node* member = &object + 1; member != end && repeated == nullptr; member += member->skip) {
    std::uint64_t& word = seen[member->key / 64];
    const std::uint64_t bit = std::uint64_t{1} << (member->key % 64);
    if ((word & bit) != 0) repeated = member;
    word |= bit;
  }
  for (const Node* member = &object + 1; member != end; member += member->skip) seen[member->key / 64] = 0;
  return repeated == nullptr || Fail("member name repeated in its object", OffsetOfName(*repeated));
}

// Nodes do not know where their names are; this finds it again by counting the values. For the error message.
std::size_t TreeBuilder::OffsetOfName(const Node& member) const {
  std::ptrdiff_t values_before = &member - nodes_;
  for (const std::uint32_t* position = positions_; position < positions_end_; ++position) {
    const char c = text_[*position];
    const bool is_name = c == '"' && position + 1 < positions_end_ && text_[position[1]] == ':';
    if (c == ',' || c == ':' || c == ']' || c == '}' || is_name) continue;
    if (values_before-- == 0) return position[-2];
  }
  return text_size_;
}

bool TreeBuilder::Fail(std::string_view what, std::size_t offset) {
  error_.code = base::ErrorCode::kMalformedJson;
  error_.public_text = "malformed JSON: ";
  error_.public_text.append(what).append(" at byte ").append(std::to_string(offset));
  return false;
}

bool TreeBuilder::FailLimit(std::string_view what, std::size_t limit) {
  error_.code = base::ErrorCode::kBodyTooLarge;
  error_.public_text = "JSON over the limit: ";
  error_.public_text.append(what).append(" ").append(std::to_string(limit));
  return false;
}

const Tree* TreeBuilder::Finish() {
  Tree* const tree = new (arena_.Allocate(sizeof(Tree), alignof(Tree))) Tree();
  tree->nodes_ = nodes_;
  tree->node_count_ = static_cast<std::size_t>(next_node_ - nodes_);
  tree->text_ = {text_, text_size_};
  if (!local_names_.empty()) {
    auto* const names = arena_.AllocateArray<std::string_view>(local_names_.size());
    std::uninitialized_copy(local_names_.begin(), local_names_.end(), names);
    tree->local_names_ = names;
    tree->local_name_count_ = static_cast<std::uint32_t>(local_names_.size());
  }
  return tree;
}

}  // namespace osteon::json
