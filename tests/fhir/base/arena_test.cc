#include "fhir/base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace osteon::base {
namespace {

TEST(Arena, AlignsWhatItGives) {
  Arena arena(64);
  for (std::size_t round = 0; round < 200; ++round) {
    for (const std::size_t alignment : {1, 2, 4, 8, 16}) {
      void* memory = arena.Allocate(1 + round % 7, alignment);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0u);
      std::memset(memory, 0x5A, 1 + round % 7);
    }
  }
}

TEST(Arena, KeepsCopiesApart) {
  Arena arena(16);
  const std::string original = "ng/mL";
  const std::string_view first = arena.Copy(original);
  const std::string_view second = arena.Copy(std::string(100'000, 'x'));
  const std::string_view empty = arena.Copy("");
  EXPECT_EQ(first, original);
  EXPECT_NE(first.data(), original.data());
  EXPECT_EQ(second.size(), 100'000u);
  EXPECT_TRUE(empty.empty());
}

TEST(Arena, StartsAnewAfterReset) {
  Arena arena(1024);
  arena.AllocateArray<std::uint64_t>(100'000);
  EXPECT_GE(arena.used_bytes(), 800'000u);
  arena.Reset();
  EXPECT_EQ(arena.used_bytes(), 0u);
  EXPECT_EQ(arena.Copy("again"), "again");
}

}  // namespace
}  // namespace osteon::base
