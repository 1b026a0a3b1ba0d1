#include "fhir/json/tree.h"

#include <cstring>
#include <string>

#include "fhir/json/key_lookup.h"
#include "fhir/json/structural_index.h"
#include "fhir/json/tree_builder.h"

namespace osteon::json {
namespace {

// LookUpKey loads eight bytes, which a caller's name may not have.
std::uint16_t LookUpUnpadded(std::string_view name) {
  if (name.size() >= 8) return internal::LookUpKey(name.data(), name.size());
  char padded[8] = {};
  name.copy(padded, name.size());
  return internal::LookUpKey(padded, name.size());
}

base::Error NotIndexed(internal::StructuralIndex::Outcome outcome, std::string_view text) {
  using Outcome = internal::StructuralIndex::Outcome;
  base::Error error;
  if (outcome == Outcome::kTooLarge) {
    error.code = base::ErrorCode::kBodyTooLarge;
    error.public_text = "JSON over the limit: more bytes than the reader can count";
  } else if (outcome == Outcome::kNoMemory) {
    error.code = base::ErrorCode::kUnavailable;
    error.public_text = "out of memory";
  } else {
    const internal::LexicalError found = internal::LocateLexicalError(text);
    error.code = base::ErrorCode::kMalformedJson;
    error.public_text = "malformed JSON: ";
    error.public_text.append(found.what).append(" at byte ").append(std::to_string(found.offset));
  }
  return error;
}

}  // namespace

Value Value::Find(std::string_view name) const {
  if (!is_object()) return {};
  const std::uint16_t id = LookUpUnpadded(name);
  if (id != kNoKey) return (*this)[Key(id)];
  for (Value member : *this) {
    if (member.node_->key >= kFirstLocalKey && member.name() == name) return member;
  }
  return {};
}

Value Value::At(std::size_t index) const {
  if (!is_array() || index >= node_->count) return {};
  // Elements without children lie side by side.
  if (node_->skip == node_->count + 1) return {tree_, node_ + 1 + index};
  const internal::Node* element = node_ + 1;
  for (; index > 0; --index) element += element->skip;
  return {tree_, element};
}

std::string_view Value::name() const {
  if (node_ == nullptr) return {};
  if (node_->key >= kFirstLocalKey) return tree_->local_names_[node_->key - kFirstLocalKey];
  return KeyName(Key(node_->key));
}

base::Result<const Tree*> Tree::Read(std::string_view text, base::Arena& arena, const ReadLimits& limits) {
  const internal::StructuralIndex index = internal::IndexStructure(text);
  if (index.outcome != internal::StructuralIndex::Outcome::kIndexed) return NotIndexed(index.outcome, text);
  return TreeBuilder::Build(text, index, arena, limits);
}

}  // namespace osteon::json
