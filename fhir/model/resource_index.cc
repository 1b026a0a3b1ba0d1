#include "fhir/model/resource_index.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "fhir/json/key.h"
#include "fhir/model/r4_model.h"
#include "fhir/model/reference.h"
#include "fhir/model/value_node.h"

namespace osteon::model {
namespace {

using json::operator""_key;

constexpr std::uint32_t kFirstRoom = 64;
// Bundles in Bundles and arrays in prefetch: real data nests twice.
constexpr int kMaxDepth = 4;

// Eight bytes at a time: the texts are URLs and ids, and there are three for each resource.
std::uint64_t HashText(std::uint64_t seed, std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = seed ^ text.size() * kFactor;
  while (!text.empty()) {
    std::uint64_t word = 0;
    const std::size_t length = std::min<std::size_t>(text.size(), sizeof word);
    std::memcpy(&word, text.data(), length);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 29;
    text.remove_prefix(length);
  }
  return hash;
}

std::uint32_t HashUrl(std::string_view url) {
  const std::uint64_t hash = HashText(1, url);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

std::uint32_t HashId(TypeId type, std::string_view id) {
  const std::uint64_t hash = HashText(static_cast<std::uint64_t>(type), id);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

bool IsAbsolute(std::string_view reference) {
  return reference.find("://") != std::string_view::npos || reference.starts_with("urn:");
}

std::string_view WithoutVersion(std::string_view url) {
  return url.substr(0, url.find("/_history/"));
}

// Gathers (system, code) pairs of the values at a path.
// The last eight bytes, zero-filled.
std::uint64_t LastWord(std::string_view text) {
  std::uint64_t word = 0;
  const std::size_t length = std::min<std::size_t>(text.size(), sizeof word);
  if (length != 0) std::memcpy(&word, text.data() + (text.size() - length), length);
  return word;
}

// Of the ends only: they differ enough, and a chain that someone makes long on purpose costs no more than
// looking at all rows.
std::uint32_t HashCode(std::string_view system, std::string_view code) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = (LastWord(system) ^ system.size()) * kFactor;
  hash ^= hash >> 29;
  hash = (hash ^ LastWord(code) ^ code.size() << 56) * kFactor;
  return static_cast<std::uint32_t>(hash >> 32);
}

// One name of a path, looked up once for all resources.
struct PathName {
  std::string_view name;
  json::Key key{json::kNoKey};  // kNoKey when key.h's table lacks it
};

std::span<const PathName> NamesOf(std::string_view path, base::Arena& arena) {
  const auto count = static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) + 1;
  auto* names = arena.AllocateArray<PathName>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string_view name = path.substr(0, dot);
    new (names + i) PathName{name, json::FindKey(name)};
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return {names, count};
}

class CodeReader {
 public:
  CodeReader(base::Arena& arena, json::Value resource, std::uint32_t ordinal)
      : arena_(&arena), resource_(resource), ordinal_(ordinal) {}

  // emit(CodedResource) for each code.
  template <typename Emit>
  void Read(const Val& node, std::span<const PathName> path, Emit&& emit) const {
    if (node.is(Kind::kList)) {
      for (const Val& item : node.list()) Read(item, path, emit);
      return;
    }
    if (!node.is(Kind::kNode)) return;
    if (path.empty()) {
      ReadCode(node.node(), emit);
      return;
    }
    const PathName& next = path.front();
    Read(next.key.id() != json::kNoKey ? Member(node, next.key, *arena_) : Member(node, next.name, *arena_),
         path.subspan(1), emit);
  }

 private:
  template <typename Emit>
  void ReadCode(json::Value value, Emit& emit) const {
    if (value.is_string()) {
      emit(CodedResource{{}, value.string(), resource_, ordinal_});
      return;
    }
    if (const json::Value codings = value[kCoding]; codings.is_array()) {
      for (const json::Value coding : codings) ReadCode(coding, emit);
      return;
    }
    if (const std::string_view code = value[kCode].string(); !code.empty()) {
      emit(CodedResource{value[kSystem].string(), code, resource_, ordinal_});
    }
  }

  // clang 14 emits calls of consteval functions inside templates.
  static constexpr json::Key kCoding = "coding"_key;
  static constexpr json::Key kCode = "code"_key;
  static constexpr json::Key kSystem = "system"_key;

  base::Arena* arena_;
  json::Value resource_;
  std::uint32_t ordinal_;
};

template <typename T>
class Vector {
 public:
  explicit Vector(base::Arena& arena) : arena_(&arena) {}
  void Add(const T& item) {
    if (size_ == room_) {
      room_ = room_ == 0 ? 16 : 2 * room_;
      T* grown = arena_->AllocateArray<T>(room_);
      std::uninitialized_copy(items_, items_ + size_, grown);
      items_ = grown;
    }
    new (items_ + size_++) T(item);
  }
  std::span<const T> items() const { return {items_, size_}; }

 private:
  base::Arena* arena_;
  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace

void ResourceIndex::Add(json::Value value) {
  AddTree(value, 0);
}

void ResourceIndex::AddTree(json::Value value, int depth) {
  if (depth > kMaxDepth) return;
  if (value.is_object() && value["resourceType"_key].is_string()) {
    AddResource(value, {}, depth);
  } else if (value.is_object() || value.is_array()) {
    for (const json::Value member : value) AddTree(member, depth + 1);
  }
}

// Bundles hold runs of one type.
TypeId ResourceIndex::TypeOf(std::string_view resource_type) {
  if (resource_type != last_name_) {
    last_name_ = resource_type;
    last_type_ = FindResourceType(resource_type);
  }
  return last_type_;
}

void ResourceIndex::AddResource(json::Value resource, std::string_view full_url, int depth) {
  Entry entry;
  entry.resource = resource;
  entry.type = TypeOf(resource["resourceType"_key].string());
  entry.id = resource["id"_key].string();
  entry.full_url = full_url;
  entry.id_hash = HashId(entry.type, entry.id);
  if (entry.type == TypeId::kNone || depth > kMaxDepth) return;
  if (!HoldsAlready(entry)) {
    if (count_ == room_) Grow();
    const std::uint32_t index = count_++;
    std::uint32_t& id_slot = by_id_[entry.id_hash & (room_ - 1)];
    entry.next_by_id = id_slot;
    id_slot = index + 1;
    new (entries_ + index) Entry(entry);
    by_url_ = nullptr;
  }
  if (entry.type != "Bundle"_type) return;
  for (const json::Value bundle_entry : resource["entry"_key]) {
    const json::Value inner = bundle_entry["resource"_key];
    if (inner.is_object()) AddResource(inner, bundle_entry["fullUrl"_key].string(), depth + 1);
  }
}

void ResourceIndex::Grow() {
  const std::uint32_t room = room_ == 0 ? kFirstRoom : 2 * room_;
  Entry* grown = arena_->AllocateArray<Entry>(room);
  std::uninitialized_copy(entries_, entries_ + count_, grown);
  entries_ = grown;
  room_ = room;
  by_id_ = arena_->AllocateArray<std::uint32_t>(room);
  std::fill(by_id_, by_id_ + room, 0);
  for (std::uint32_t i = 0; i < count_; ++i) {
    std::uint32_t& id_slot = by_id_[entries_[i].id_hash & (room - 1)];
    entries_[i].next_by_id = id_slot;
    id_slot = i + 1;
  }
}

void ResourceIndex::IndexUrls() const {
  by_url_ = arena_->AllocateArray<std::uint32_t>(room_);
  std::fill(by_url_, by_url_ + room_, 0);
  for (std::uint32_t i = 0; i < count_; ++i) {
    std::uint32_t& url_slot = by_url_[HashUrl(entries_[i].full_url) & (room_ - 1)];
    entries_[i].next_by_url = url_slot;
    url_slot = i + 1;
  }
}

bool ResourceIndex::HoldsAlready(const Entry& entry) const {
  if (room_ == 0) return false;
  for (std::uint32_t at = by_id_[entry.id_hash & (room_ - 1)]; at != 0; at = entries_[at - 1].next_by_id) {
    const Entry& known = entries_[at - 1];
    if (known.resource == entry.resource) return true;
    if (entry.id.empty() || known.type != entry.type || known.id != entry.id) continue;
    if (known.full_url.empty() || entry.full_url.empty() || known.full_url == entry.full_url) return true;
  }
  return false;
}

// The chains run from the last added; the first added wins.
const ResourceIndex::Entry* ResourceIndex::FindId(TypeId type, std::string_view id) const {
  const Entry* found = nullptr;
  if (room_ == 0 || id.empty()) return found;
  for (std::uint32_t at = by_id_[HashId(type, id) & (room_ - 1)]; at != 0; at = entries_[at - 1].next_by_id) {
    const Entry& entry = entries_[at - 1];
    if (entry.id == id && entry.type == type) found = &entry;
  }
  return found;
}

const ResourceIndex::Entry* ResourceIndex::FindUrl(std::string_view url) const {
  const Entry* found = nullptr;
  if (room_ == 0 || url.empty()) return found;
  if (by_url_ == nullptr) IndexUrls();
  for (std::uint32_t at = by_url_[HashUrl(url) & (room_ - 1)]; at != 0; at = entries_[at - 1].next_by_url) {
    if (entries_[at - 1].full_url == url) found = &entries_[at - 1];
  }
  return found;
}

std::span<const json::Value> ResourceIndex::OfType(TypeId type) const {
  for (const CachedType* cached = types_; cached != nullptr; cached = cached->next) {
    if (cached->type == type) return cached->resources;
  }
  Vector<json::Value> resources(*arena_);
  const bool has_derived_types = type == "Resource"_type || type == "DomainResource"_type;
  for (std::uint32_t i = 0; i < count_; ++i) {
    if (entries_[i].type == type || (has_derived_types && IsA(entries_[i].type, type))) {
      resources.Add(entries_[i].resource);
    }
  }
  types_ = new (arena_->Allocate(sizeof(CachedType), alignof(CachedType)))
      CachedType{type, resources.items(), types_};
  return types_->resources;
}

json::Value ResourceIndex::Resolve(std::string_view reference, json::Value from) const {
  if (reference.starts_with('#')) {
    const std::string_view id = reference.substr(1);
    if (id.empty()) return from;
    for (const json::Value contained : from["contained"_key]) {
      if (contained["id"_key].string() == id) return contained;
    }
    return {};
  }
  if (const Entry* entry = FindUrl(WithoutVersion(reference))) return entry->resource;
  const ReferenceParts parts = SplitReference(reference);
  const Entry* entry = parts.type.empty() ? nullptr : FindId(FindType(parts.type), parts.id);
  if (entry == nullptr || (IsAbsolute(reference) && !entry->full_url.empty())) return {};
  return entry->resource;
}

const CodeIndex& ResourceIndex::Codes(TypeId type, std::string_view path) {
  for (CachedCodes* cached = codes_; cached != nullptr; cached = cached->next) {
    if (cached->type == type && cached->path == path) return cached->index;
  }
  Vector<CodedResource> rows(*arena_);
  std::uint32_t ordinal = 0;
  const auto names = NamesOf(path, *arena_);
  for (const json::Value resource : OfType(type)) {
    const CodeReader reader(*arena_, resource, ordinal++);
    reader.Read(ResourceNode(resource), names, [&](const CodedResource& row) { rows.Add(row); });
  }
  auto* cached = new (arena_->Allocate(sizeof(CachedCodes), alignof(CachedCodes))) CachedCodes;
  cached->type = type;
  cached->path = arena_->Copy(path);
  cached->next = codes_;
  codes_ = cached;
  CodeIndex& index = cached->index;
  index.arena_ = arena_;
  index.rows_ = rows.items();
  std::uint32_t slots = 16;
  while (slots < 2 * index.rows_.size()) slots *= 2;
  auto* first = arena_->AllocateArray<std::uint32_t>(slots);
  auto* next = arena_->AllocateArray<std::uint32_t>(index.rows_.size());
  std::fill(first, first + slots, 0);
  // From the end, so that the chains run forward.
  for (auto row = static_cast<std::uint32_t>(index.rows_.size()); row != 0; --row) {
    const CodedResource& coded = index.rows_[row - 1];
    std::uint32_t& slot = first[HashCode(coded.system, coded.code) & (slots - 1)];
    next[row - 1] = slot;
    slot = row;
  }
  index.slots_ = first;
  index.next_ = next;
  index.slot_mask_ = slots - 1;
  return index;
}

std::span<const json::Value> CodeIndex::Find(std::string_view system, std::string_view code) const {
  if (slots_ == nullptr) return {};
  Vector<json::Value> found(*arena_);
  std::uint32_t previous = UINT32_MAX;
  for (std::uint32_t at = slots_[HashCode(system, code) & slot_mask_]; at != 0; at = next_[at - 1]) {
    const CodedResource& row = rows_[at - 1];
    if (row.system != system || row.code != code || row.ordinal == previous) continue;
    previous = row.ordinal;
    found.Add(row.resource);
  }
  return found.items();
}

}  // namespace osteon::model
