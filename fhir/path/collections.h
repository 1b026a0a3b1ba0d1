// Collections as sets: what union, distinct, intersect and their kin share.
#pragma once

#include "fhir/path/node.h"

namespace osteon::path {

// Gathers items, each once (by equality), in the order of their first appearance. Beyond a few items a hash
// table keeps the cost linear.
class DistinctItems {
 public:
  DistinctItems(Evaluation& run, Span span) : run_(run), span_(span), items_(run.arena), values_(run.arena) {}

  // False when the evaluation has failed; `added()` says whether the item was new.
  bool Add(const model::Val& item);
  bool Contains(const model::Val& item);
  bool added() const { return added_; }
  std::span<const model::Val> items() const { return items_.items(); }
  model::Val Finish() const { return items_.FinishCollection(); }

 private:
  model::Val ValueOf(const model::Val& item) const;
  bool ContainsValue(const model::Val& value) const;
  // The place of the item in the table, or of the gap where it belongs.
  std::size_t Find(const model::Val& value, std::uint64_t hash) const;
  void Rehash(std::size_t capacity);

  Evaluation& run_;
  Span span_;
  model::ListBuilder items_;
  model::ListBuilder values_;        // the items as System values where they have one: what is compared
  std::uint64_t* hashes_ = nullptr;  // by item, in the arena
  std::uint32_t* table_ = nullptr;   // index + 1 of the item, 0 for a gap
  std::size_t capacity_ = 0;         // of the table, a power of two; hashes_ has room for half of it
  bool added_ = false;
};

// REQUIRES: item is a single item.
bool ContainsItem(Evaluation& run, const model::Val& collection, const model::Val& item);

}  // namespace osteon::path
