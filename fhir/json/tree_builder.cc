#include "fhir/json/tree_builder.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "fhir/json/key_lookup.h"
#include "fhir/json/scan.h"

namespace osteon::json {
namespace {

using internal::Node;

const char* FindBackslash(const char* begin, const char* end) {
  const void* found = std::memchr(begin, '\\', static_cast<std::size_t>(end - begin));
  return found == nullptr ? end : static_cast<const char*>(found);
}

// Of a string that ends before the next structural position: only white space can be between the two.
const char* ClosingQuote(const char* next_position) {
  const char* at = next_position - 1;
  while (*at != '"') --at;
  return at;
}

// Reads one document; used once. Its functions are called for every token, so that this file is written for
// the compiler to melt them into two loops: TakeMembers and TakeElements.
class NodeReader {
 public:
  NodeReader(std::string_view text, const internal::StructuralIndex& index, base::Arena& arena,
             const ReadLimits& limits);

  // False after an error.
  bool Read();

  const Node* nodes() const { return nodes_; }
  std::size_t node_count() const { return static_cast<std::size_t>(next_node_ - nodes_); }
  const std::vector<std::string_view>& local_names() const { return local_names_; }
  base::Error&& TakeError() { return std::move(error_); }

 private:
  // An array or object whose end has not been seen.
  struct Frame {
    Node* container;
    std::uint64_t seen_keys;  // bloom filter of the members' keys
    bool may_repeat;          // two members fell into the same bit
  };

  void TerminateText();
  bool TakeMembers();
  bool TakeElements();
  bool TakeName(std::uint16_t& key);
  [[gnu::always_inline]] bool TakeValue(std::uint16_t key);
  // Of a value that starts at `begin`; of a string, the content starts there.
  [[gnu::always_inline]] bool TakeString(std::uint16_t key, const char* begin);
  bool TakeNumber(std::uint16_t key, const char* begin);
  bool TakeLiteral(std::uint16_t key, Kind kind, const char* begin, std::string_view literal);
  bool Open(std::uint16_t key, Kind kind, const char* begin);
  void Append(std::uint16_t key, Kind kind, std::string_view text);
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

NodeReader::NodeReader(std::string_view text, const internal::StructuralIndex& index, base::Arena& arena,
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

bool NodeReader::Read() {
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
void NodeReader::TerminateText() {
  char* const copy = arena_.AllocateArray<char>(text_size_ + kReadPadding);
  std::memcpy(copy, text_, text_size_);
  std::memset(copy + text_size_, 0, kReadPadding);
  text_ = copy;
  next_backslash_ = FindBackslash(text_, text_ + text_size_);
}

// Members of the innermost object, until it or the value of one of its members changes the nesting.
bool NodeReader::TakeMembers() {
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
    if ((frame->seen_keys & bit) != 0) frame->may_repeat = true;
    frame->seen_keys |= bit;
    ++object.count;
    if (!TakeValue(key)) return false;
  }
  return true;
}

// The same for the elements of the innermost array.
bool NodeReader::TakeElements() {
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

bool NodeReader::TakeName(std::uint16_t& key) {
  const char* const begin = text_ + cursor_[0] + 1;
  const char* const end = ClosingQuote(text_ + cursor_[1]);
  if (text_[cursor_[1]] != ':') return Fail("':' expected", cursor_[1]);
  cursor_ += 2;
  key = internal::LookUpKey(begin, static_cast<std::size_t>(end - begin));
  return key != kNoKey || LookUpRareName(begin, end, key);
}

inline bool NodeReader::TakeValue(std::uint16_t key) {
  if (next_node_ == nodes_end_) return FailLimit("more values than", limits_.max_nodes);
  const char* const begin = text_ + *cursor_;
  if (*begin == '"') return TakeString(key, begin + 1);
  switch (*begin) {
    case '{':
      return Open(key, Kind::kObject, begin);
    case '[':
      return Open(key, Kind::kArray, begin);
    case 't':
      return TakeLiteral(key, Kind::kTrue, begin, "true");
    case 'f':
      return TakeLiteral(key, Kind::kFalse, begin, "false");
    case 'n':
      return TakeLiteral(key, Kind::kNull, begin, "null");
    default:
      return TakeNumber(key, begin);
  }
}

inline void NodeReader::Append(std::uint16_t key, Kind kind, std::string_view text) {
  *next_node_++ = {key, kind, 0, 1, text.data(), static_cast<std::uint32_t>(text.size()), 0};
}

inline bool NodeReader::TakeString(std::uint16_t key, const char* begin) {
  ++cursor_;
  const char* const end = ClosingQuote(text_ + *cursor_);
  assert(end >= begin);
  std::string_view content(begin, static_cast<std::size_t>(end - begin));
  if (next_backslash_ < end && !ResolveEscapes(begin, end, content)) return false;
  Append(key, Kind::kString, content);
  return true;
}

bool NodeReader::TakeNumber(std::uint16_t key, const char* begin) {
  if (*begin != '-' && !internal::IsDigit(*begin)) return FailHere("value expected");
  const char* const end = internal::WithoutTrailingSpace(begin, text_ + cursor_[1]);
  if (!internal::IsNumber(begin, end)) return FailHere("malformed number");
  ++cursor_;
  Append(key, Kind::kNumber, {begin, static_cast<std::size_t>(end - begin)});
  return true;
}

bool NodeReader::TakeLiteral(std::uint16_t key, Kind kind, const char* begin, std::string_view literal) {
  const char* const end = internal::WithoutTrailingSpace(begin, text_ + cursor_[1]);
  const std::string_view found(begin, static_cast<std::size_t>(end - begin));
  if (found != literal) return FailHere("value expected");
  ++cursor_;
  Append(key, kind, found);
  return true;
}

bool NodeReader::Open(std::uint16_t key, Kind kind, const char* begin) {
  if (frame_ == last_frame_) return FailLimit("arrays and objects nested deeper than", limits_.max_depth);
  *++frame_ = {next_node_, 0, false};
  Append(key, kind, {begin, 0});
  ++cursor_;
  return true;
}

bool NodeReader::Close() {
  Node& container = *frame_->container;
  container.skip = static_cast<std::uint32_t>(next_node_ - &container);
  container.length = static_cast<std::uint32_t>(text_ + *cursor_ + 1 - container.text);
  if (frame_->may_repeat && !CheckNamesDiffer(container)) return false;
  ++cursor_;
  --frame_;
  return frame_ == frames_ || cursor_ != positions_end_ ||
         Fail("text ends inside an array or object", text_size_);
}

bool NodeReader::ResolveEscapes(const char* begin, const char* end, std::string_view& resolved) {
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

bool NodeReader::LookUpRareName(const char* begin, const char* end, std::uint16_t& key) {
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
bool NodeReader::CheckNamesDiffer(const Node& object) {
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
std::size_t NodeReader::OffsetOfName(const Node& member) const {
  std::ptrdiff_t values_before = &member - nodes_;
  for (const std::uint32_t* position = positions_; position < positions_end_; ++position) {
    const char c = text_[*position];
    const bool is_name = c == '"' && position + 1 < positions_end_ && text_[position[1]] == ':';
    if (c == ',' || c == ':' || c == ']' || c == '}' || is_name) continue;
    if (values_before-- == 0) return position[-2];
  }
  return text_size_;
}

bool NodeReader::Fail(std::string_view what, std::size_t offset) {
  error_.code = base::ErrorCode::kMalformedJson;
  error_.public_text = "malformed JSON: ";
  error_.public_text.append(what).append(" at byte ").append(std::to_string(offset));
  return false;
}

bool NodeReader::FailLimit(std::string_view what, std::size_t limit) {
  error_.code = base::ErrorCode::kBodyTooLarge;
  error_.public_text = "JSON over the limit: ";
  error_.public_text.append(what).append(" ").append(std::to_string(limit));
  return false;
}

}  // namespace

base::Result<const Tree*> TreeBuilder::Build(std::string_view text, const internal::StructuralIndex& index,
                                             base::Arena& arena, const ReadLimits& limits) {
  NodeReader reader(text, index, arena, limits);
  if (!reader.Read()) return reader.TakeError();
  Tree* const tree = new (arena.Allocate(sizeof(Tree), alignof(Tree))) Tree();
  tree->nodes_ = reader.nodes();
  tree->node_count_ = reader.node_count();
  tree->text_ = text;
  const std::vector<std::string_view>& local_names = reader.local_names();
  if (!local_names.empty()) {
    auto* const names = arena.AllocateArray<std::string_view>(local_names.size());
    std::uninitialized_copy(local_names.begin(), local_names.end(), names);
    tree->local_names_ = names;
    tree->local_name_count_ = static_cast<std::uint32_t>(local_names.size());
  }
  return tree;
}

}  // namespace osteon::json
