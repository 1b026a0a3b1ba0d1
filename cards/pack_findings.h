// Gathers the findings of a pack. Private to cards/pack_compiler.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cards/pack_places.h"
#include "cards/pack_source.h"

namespace osteon::cards {

class PackFindings {
 public:
  PackFindings(const PackFiles& files, std::vector<PackFinding> found)
      : files_(files), found_(std::move(found)), read_(found_.size()) {}

  // The same message at the same place is kept once, and what the reader has told of a text is not told
  // again.
  void Add(const Place& place, std::string message, std::string hint = {});
  void Add(const Text& text, std::string message, std::string hint = {}) {
    Add(text.place, std::move(message), std::move(hint));
  }
  // At byte `offset` of the text.
  void AddWithin(const Text& text, std::size_t offset, std::string message, std::string hint = {}) {
    Add(PlaceWithin(files_, text, offset), std::move(message), std::move(hint));
  }

  bool empty() const { return found_.empty(); }
  const PackFiles& files() const { return files_; }
  // In the order of files and places.
  std::vector<PackFinding> Take() &&;

 private:
  const PackFiles& files_;
  std::vector<PackFinding> found_;
  std::size_t read_;  // the first so many are the reader's
};

}  // namespace osteon::cards
