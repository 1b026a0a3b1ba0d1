#include "fhir/base/arena.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace osteon::base {

Arena::Arena(std::size_t first_block_bytes) {
  Grow(first_block_bytes);
}

void Arena::Grow(std::size_t at_least_bytes) {
  const std::size_t size =
      blocks_.empty() ? at_least_bytes : std::max(at_least_bytes, 2 * blocks_.back().size);
  // for_overwrite: zeroing memory that the parser is about to fill costs more than the parse of a small body.
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  next_ = blocks_.back().memory.get();
  end_ = next_ + size;
}

void* Arena::Allocate(std::size_t bytes, std::size_t alignment) {
  const auto misalignment = reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
  const std::size_t padding = misalignment == 0 ? 0 : alignment - misalignment;
  if (static_cast<std::size_t>(end_ - next_) < bytes + padding) {
    Grow(bytes + alignment);
    return Allocate(bytes, alignment);
  }
  std::byte* result = next_ + padding;
  next_ = result + bytes;
  used_bytes_ += bytes + padding;
  return result;
}

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* copy = AllocateArray<char>(text.size());
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

void Arena::Reset() {
  blocks_.resize(1);
  next_ = blocks_.front().memory.get();
  end_ = next_ + blocks_.front().size;
  used_bytes_ = 0;
}

}  // namespace osteon::base
