// What the files of a pack say about each other: ids that are unique, names that lead somewhere, and nothing
// that nobody uses. Private to cards/pack_reader.
#pragma once

#include <string_view>
#include <vector>

#include "cards/pack_reader_fill.h"
#include "cards/pack_source.h"

namespace osteon::cards {

// Files in which something could not be read, with their texts. A name that stands in one of them besides the
// place where it leads nowhere may be what could not be read, and is no finding.
class SourceDamage {
 public:
  void Add(std::string_view path, std::string_view bytes) { files_.push_back({path, bytes}); }
  void LosePackFile() { lost_pack_file_ = true; }

  bool lost_pack_file() const { return lost_pack_file_; }
  bool Has(std::string_view path) const;
  // Whether `name` stands in them; its own place does not count.
  bool MayHold(const Text& name) const;

 private:
  struct File {
    std::string_view path;
    std::string_view bytes;
  };
  std::vector<File> files_;
  bool lost_pack_file_ = false;
};

void CheckReferences(const PackSource& source, const SourceDamage& damage, PackFiller& filler);

}  // namespace osteon::cards
