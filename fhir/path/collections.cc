#include "fhir/path/collections.h"

#include <algorithm>

#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"

namespace osteon::path {

using model::Val;

namespace {
constexpr std::size_t kFewItems = 8;  // up to here every pair is compared
}  // namespace

std::size_t DistinctItems::Find(const Val& value, std::uint64_t hash) const {
  std::size_t at = hash & (capacity_ - 1);
  for (; table_[at] != 0; at = (at + 1) & (capacity_ - 1)) {
    const std::size_t index = table_[at] - 1;
    if (hashes_[index] == hash && model::SameItem(values_.items()[index], value, run_.values)) break;
  }
  return at;
}

void DistinctItems::Rehash(std::size_t capacity) {
  capacity_ = capacity;
  table_ = run_.arena.AllocateArray<std::uint32_t>(capacity);
  std::fill(table_, table_ + capacity, 0);
  auto* hashes = run_.arena.AllocateArray<std::uint64_t>(capacity / 2 + 1);
  const std::size_t count = items_.size();
  for (std::size_t i = 0; i < count; ++i) {
    hashes[i] = hashes_ != nullptr ? hashes_[i] : model::HashOf(values_.items()[i], run_.values);
    std::size_t at = hashes[i] & (capacity - 1);
    while (table_[at] != 0) at = (at + 1) & (capacity - 1);
    table_[at] = static_cast<std::uint32_t>(i + 1);
  }
  hashes_ = hashes;
}

bool DistinctItems::ContainsValue(const Val& value) const {
  if (table_ != nullptr) return table_[Find(value, model::HashOf(value, run_.values))] != 0;
  return std::any_of(values_.items().begin(), values_.items().end(),
                     [&](const Val& other) { return model::SameItem(other, value, run_.values); });
}

// A primitive that has extensions only stays what it is: it equals nothing.
Val DistinctItems::ValueOf(const Val& item) const {
  const Val value = model::ToSystem(item, run_.values);
  return value.is_null() ? item : value;
}

bool DistinctItems::Contains(const Val& item) {
  return ContainsValue(ValueOf(item));
}

bool DistinctItems::Add(const Val& item) {
  added_ = false;
  if (!run_.Spend(span_)) return false;
  const Val value = ValueOf(item);
  if (table_ == nullptr && items_.size() < kFewItems) {
    if (ContainsValue(value)) return true;
    items_.Add(item);
    values_.Add(value);
    added_ = true;
    return true;
  }
  if (table_ == nullptr || items_.size() + 1 > capacity_ / 2) {
    Rehash(std::max<std::size_t>(64, capacity_ * 2));
  }
  const std::uint64_t hash = model::HashOf(value, run_.values);
  const std::size_t at = Find(value, hash);
  // Quantities of one dimension share a hash: looking through them is paid for.
  const std::size_t probes = (at - (hash & (capacity_ - 1))) & (capacity_ - 1);
  if (!run_.Spend(span_, probes / 4)) return false;
  if (table_[at] != 0) return true;
  hashes_[items_.size()] = hash;
  items_.Add(item);
  values_.Add(value);
  table_[at] = static_cast<std::uint32_t>(items_.size());
  added_ = true;
  return true;
}

bool ContainsItem(Evaluation& run, const Val& collection, const Val& item) {
  const auto items = model::Items(collection);
  return std::any_of(items.begin(), items.end(),
                     [&](const Val& other) { return model::SameItem(other, item, run.values); });
}

}  // namespace osteon::path
