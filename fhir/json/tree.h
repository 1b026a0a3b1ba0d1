// The one representation of JSON that arrived from outside: a flat, read-only tree in the request's arena.
// Every view, FHIRPath and CQL read this tree; nothing copies it into another shape.
//
// Source: RFC 8259; FHIR R4 json.html (number text is kept as written, since decimals are exact).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/base/result.h"
#include "fhir/json/key.h"

namespace osteon::json {

enum class Kind : std::uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

// What the reader accepts; beyond it the answer is kBodyTooLarge (nodes, depth) or kMalformedJson.
struct ReadLimits {
  std::size_t max_depth = 64;       // nested arrays and objects; more than kGreatestDepth is kGreatestDepth
  std::size_t max_nodes = 1 << 20;  // values in the document
};

// A greater ReadLimits::max_depth would let a small body cost much memory.
inline constexpr std::size_t kGreatestDepth = 1024;

// Different member names outside key.h's table that one document can hold.
inline constexpr std::size_t kMaxLocalNames = 65536 - kFirstLocalKey;

// Bytes that must be readable after the last byte of a text given to Tree::Read (vector loads run over the
// end).
inline constexpr std::size_t kReadPadding = 64;

namespace internal {
// 24 bytes. `skip` is the distance in nodes to the next sibling, so siblings and descendants are linear
// scans.
struct Node {
  std::uint16_t key;  // Key::id of the member name; kNoKey in arrays and at the root
  Kind kind;
  std::uint8_t flags;
  std::uint32_t skip;
  const char* text;      // string: unescaped; number: as written; array, object: first byte of the raw text
  std::uint32_t length;  // bytes at `text`
  std::uint32_t count;   // array, object: number of elements or members
};
static_assert(sizeof(Node) == 24);
}  // namespace internal

class Tree;

// A value of the tree, or its absence. Cheap to copy; valid as long as the tree, its arena and its text.
// Absence propagates: every look-up in an absent value, or in one of another kind, is absent.
class Value {
 public:
  constexpr Value() = default;

  explicit operator bool() const { return node_ != nullptr; }
  bool exists() const { return node_ != nullptr; }
  bool is_null() const { return node_ != nullptr && node_->kind == Kind::kNull; }
  bool is_bool() const {
    return node_ != nullptr && (node_->kind == Kind::kTrue || node_->kind == Kind::kFalse);
  }
  bool is_true() const { return node_ != nullptr && node_->kind == Kind::kTrue; }
  bool is_number() const { return node_ != nullptr && node_->kind == Kind::kNumber; }
  bool is_string() const { return node_ != nullptr && node_->kind == Kind::kString; }
  bool is_array() const { return node_ != nullptr && node_->kind == Kind::kArray; }
  bool is_object() const { return node_ != nullptr && node_->kind == Kind::kObject; }

  // The string's characters, unescaped UTF-8; empty when this is no string.
  std::string_view string() const {
    return is_string() ? std::string_view(node_->text, node_->length) : std::string_view();
  }
  // The number as written ("1.50"); empty when this is no number.
  std::string_view number() const {
    return is_number() ? std::string_view(node_->text, node_->length) : std::string_view();
  }
  // The exact bytes of the value as received; for a string, its unescaped content instead.
  std::string_view raw() const {
    return node_ != nullptr ? std::string_view(node_->text, node_->length) : std::string_view();
  }

  // Elements of an array or members of an object; 0 for everything else.
  std::size_t size() const { return is_array() || is_object() ? node_->count : 0; }
  bool empty() const { return size() == 0; }

  // The member of that name, or absent. `"birthDate"_key` makes a Key at compile time.
  Value operator[](Key key) const;
  // The same by text, for names known only at run time.
  Value Find(std::string_view name) const;
  // The element of an array, or absent.
  Value At(std::size_t index) const;

  // The member's name, as written; empty in arrays and at the root.
  std::string_view name() const;
  // The same as a number: kNoKey in arrays and at the root; from kFirstLocalKey on it means something in this
  // document only.
  Key key() const { return Key(node_ != nullptr ? node_->key : kNoKey); }

  // for (Value v : value): elements of an array, or members of an object with their name(); nothing
  // otherwise.
  class Iterator {
   public:
    Iterator(const Tree* tree, const internal::Node* node) : tree_(tree), node_(node) {}
    Value operator*() const { return Value(tree_, node_); }
    Iterator& operator++() {
      node_ += node_->skip;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.node_ == b.node_; }

   private:
    const Tree* tree_;
    const internal::Node* node_;
  };
  Iterator begin() const;
  Iterator end() const;

  // Identity: the same place of the same tree.
  friend bool operator==(const Value& a, const Value& b) { return a.node_ == b.node_; }

 private:
  friend class Tree;
  friend class Iterator;
  Value(const Tree* tree, const internal::Node* node) : tree_(tree), node_(node) {}

  const Tree* tree_ = nullptr;
  const internal::Node* node_ = nullptr;
};

class Tree {
 public:
  // Reads a whole document. Duplicate member names, invalid UTF-8, lone surrogates, trailing text and
  // everything else outside RFC 8259 are kMalformedJson with the byte offset in public_text ("... at byte
  // 17", the first byte is 0); limits are kBodyTooLarge, and so are more than kMaxLocalNames different names
  // that key.h's table lacks.
  //   text: stays alive and unchanged as long as the tree; kReadPadding bytes after it are readable.
  //   arena: holds the nodes and unescaped strings.
  // The result is in the arena and stays valid until its Reset.
  static base::Result<const Tree*> Read(std::string_view text, base::Arena& arena,
                                        const ReadLimits& limits = {});

  Value root() const { return Value(this, nodes_); }
  std::size_t node_count() const { return node_count_; }
  std::string_view text() const { return text_; }

 private:
  friend class Value;
  friend class TreeBuilder;  // fhir/json/tree_builder.h

  const internal::Node* nodes_ = nullptr;
  std::size_t node_count_ = 0;
  std::string_view text_;
  // Names that key.h's table does not hold, by Key::id - kFirstLocalKey, in order of appearance.
  const std::string_view* local_names_ = nullptr;
  std::uint32_t local_name_count_ = 0;
};

inline Value Value::operator[](Key key) const {
  if (!is_object()) return {};
  const internal::Node* const end = node_ + node_->skip;
  for (const internal::Node* member = node_ + 1; member != end; member += member->skip) {
    if (member->key == key.id()) return {tree_, member};
  }
  return {};
}

inline Value::Iterator Value::begin() const {
  return {tree_, node_ != nullptr ? node_ + 1 : nullptr};
}
// A node without children is followed by its sibling, so begin and end coincide.
inline Value::Iterator Value::end() const {
  return {tree_, node_ != nullptr ? node_ + node_->skip : nullptr};
}

}  // namespace osteon::json
