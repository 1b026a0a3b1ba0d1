// Broken and half-broken variants of valid JSON, the same in every run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace osteon::json {

// Valid documents of the shapes osteon receives, and of the shapes that are hard to read.
std::span<const std::string_view> SeedDocuments();

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : state_(seed) {}
  // A seed document with one to four changes: bytes, tokens and ranges replaced, removed, repeated or
  // exchanged.
  std::string Next();

 private:
  std::size_t Below(std::size_t bound);
  void Change(std::string& text);

  std::uint64_t state_;
};

}  // namespace osteon::json
