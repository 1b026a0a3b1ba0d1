// Monotonic memory of one request: everything a request needs is taken from it and given back at once.
// Not thread-safe; one arena belongs to one request at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace osteon::base {

class Arena {
 public:
  explicit Arena(std::size_t first_block_bytes = 64 * 1024);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `alignment` is a power of two, at most alignof(std::max_align_t). Never null: std::bad_alloc is left to
  // the transport's entry, which answers kUnavailable.
  void* Allocate(std::size_t bytes, std::size_t alignment);

  // Uninitialised room for `count` objects that need no destructor.
  template <typename T>
  T* AllocateArray(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(Allocate(count * sizeof(T), alignof(T)));
  }

  // A copy of `text` that lives as long as the arena's contents.
  std::string_view Copy(std::string_view text);

  // Gives everything back; keeps the first block, and drops the others so that one huge request does not
  // stay.
  void Reset();

  std::size_t used_bytes() const { return used_bytes_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size = 0;
  };
  void Grow(std::size_t at_least_bytes);

  std::vector<Block> blocks_;
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  std::size_t used_bytes_ = 0;
};

}  // namespace osteon::base
