#include "fhir/json/key_lookup.h"

#include <array>
#include <bit>
#include <cstring>

namespace osteon::json::internal {
namespace {

static_assert(std::endian::native == std::endian::little, "the table is hashed with little-endian loads");

constexpr int kSlotBits = 13;
constexpr std::size_t kSlotCount = std::size_t{1} << kSlotBits;
static_assert(kKeyCount * 3 <= kSlotCount,
              "a third full at most: nearly every look-up ends at its first slot");

constexpr std::size_t kWord = sizeof(std::uint64_t);

// The first and the last eight bytes of a name, overlapping when it is shorter than 16; of a name of up to
// eight bytes only the first word, zero-filled. Together with the length they determine every name of up to
// 16 bytes.
struct Ends {
  std::uint64_t first;
  std::uint64_t last;
};

constexpr std::size_t Slot(Ends ends, std::size_t length) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
  const std::uint64_t mixed = ends.first ^ std::rotl(ends.last, 29) ^ (length << 57);
  return (mixed * kMultiplier) >> (64 - kSlotBits);
}

constexpr std::uint64_t LowBytes(std::uint64_t word, std::size_t count) {
  return count >= kWord ? word : word & ((std::uint64_t{1} << (8 * count)) - 1);
}

constexpr std::uint64_t LoadAtCompileTime(const char* text) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < kWord; ++i) {
    word |= std::uint64_t{static_cast<std::uint8_t>(text[i])} << (8 * i);
  }
  return word;
}

std::uint64_t Load(const char* text) {
  std::uint64_t word;
  std::memcpy(&word, text, kWord);
  return word;
}

constexpr auto kSlots = [] {
  std::array<std::uint16_t, kSlotCount> slots{};
  for (std::uint16_t id = 1; id <= kKeyCount; ++id) {
    const char* name = kKeyText + kKeyOffset[id - 1];
    const std::size_t length = kKeyLength[id - 1];
    Ends ends{LowBytes(LoadAtCompileTime(name), length), 0};
    if (length > kWord) ends.last = LoadAtCompileTime(name + length - kWord);
    std::size_t slot = Slot(ends, length);
    while (slots[slot] != kNoKey) slot = (slot + 1) % kSlotCount;
    slots[slot] = id;
  }
  return slots;
}();

Ends LoadEnds(const char* name, std::size_t length) {
  if (length <= kWord) return {LowBytes(Load(name), length), 0};
  return {Load(name), Load(name + length - kWord)};
}

}  // namespace

std::uint16_t LookUpKey(const char* name, std::size_t length) {
  const Ends ends = LoadEnds(name, length);
  std::size_t slot = Slot(ends, length);
  for (std::uint16_t id = kSlots[slot]; id != kNoKey; id = kSlots[slot]) {
    if (kKeyLength[id - 1] == length) {
      const char* candidate = kKeyText + kKeyOffset[id - 1];
      const Ends found = LoadEnds(candidate, length);
      if (found.first == ends.first && found.last == ends.last &&
          (length <= 2 * kWord || std::memcmp(candidate + kWord, name + kWord, length - 2 * kWord) == 0)) {
        return id;
      }
    }
    slot = (slot + 1) % kSlotCount;
  }
  return kNoKey;
}

}  // namespace osteon::json::internal
