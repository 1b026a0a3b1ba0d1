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

constexpr std::uint64_t kLowBytes[kWord + 1] = {
    0x0,          0xFF,           0xFFFF,           0xFFFFFF,           0xFFFFFFFF,
    0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
};

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

// Whether the bytes that Ends does not hold are equal. No call of memcmp: it would cost all other names a
// frame.
bool SameBetweenEnds(const char* a, const char* b, std::size_t length) {
  for (std::size_t at = kWord; at + kWord < length; at += kWord) {
    if (Load(a + at) != Load(b + at)) return false;
  }
  return true;
}

constexpr auto kEnds = [] {
  std::array<Ends, kKeyCount + 1> ends{};
  for (std::size_t id = 1; id <= kKeyCount; ++id) {
    const char* const name = kKeyText + kKeyOffset[id - 1];
    const std::size_t length = kKeyLength[id - 1];
    if (length <= kWord) {
      ends[id] = {LoadAtCompileTime(name) & kLowBytes[length], 0};
    } else {
      ends[id] = {LoadAtCompileTime(name), LoadAtCompileTime(name + length - kWord)};
    }
  }
  return ends;
}();

// These come first, so that they are at the first slot looked at.
constexpr std::string_view kFrequentNames[] = {
    "resourceType",
    "id",
    "coding",
    "system",
    "code",
    "display",
    "text",
    "reference",
    "value",
    "unit",
    "status",
    "subject",
    "extension",
    "url",
    "resource",
    "fullUrl",
    "meta",
    "identifier",
    "type",
    "use",
    "period",
    "start",
    "end",
    "profile",
    "category",
    "div",
    "encounter",
    "entry",
    "search",
    "mode",
    "name",
    "valueQuantity",
    "valueString",
    "valueCode",
    "issued",
    "recorder",
    "authoredOn",
    "lastUpdated",
    "line",
    "valueCoding",
    "component",
    "performer",
    "intent",
    "verificationStatus",
    "clinicalStatus",
    "effectiveDateTime",
};

constexpr auto kSlots = [] {
  std::array<std::uint16_t, kSlotCount> slots{};
  std::array<bool, kKeyCount + 1> placed{};
  const auto place = [&](std::uint16_t id) {
    if (id == kNoKey || placed[id]) return;
    placed[id] = true;
    std::size_t slot = Slot(kEnds[id], kKeyLength[id - 1]);
    while (slots[slot] != kNoKey) slot = (slot + 1) % kSlotCount;
    slots[slot] = id;
  };
  for (const std::string_view name : kFrequentNames) place(FindKey(name).id());
  for (std::uint16_t id = 1; id <= kKeyCount; ++id) place(id);
  return slots;
}();

}  // namespace

std::uint16_t LookUpKey(const char* name, std::size_t length) {
  const Ends ends = length <= kWord ? Ends{Load(name) & kLowBytes[length], 0}
                                    : Ends{Load(name), Load(name + length - kWord)};
  std::size_t slot = Slot(ends, length);
  for (std::uint16_t id = kSlots[slot]; id != kNoKey; id = kSlots[slot]) {
    if (kEnds[id].first == ends.first && kEnds[id].last == ends.last && kKeyLength[id - 1] == length) {
      if (length <= 2 * kWord || SameBetweenEnds(kKeyText + kKeyOffset[id - 1], name, length)) return id;
    }
    slot = (slot + 1) % kSlotCount;
  }
  return kNoKey;
}

}  // namespace osteon::json::internal
