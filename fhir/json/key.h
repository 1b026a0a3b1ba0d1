// Interned member names: every element name of FHIR R4 and every member of CDS Hooks has a number, so that
// finding a member is comparing 16-bit integers. Other names are numbered per document (see Tree).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace osteon::json {

class Key {
 public:
  constexpr explicit Key(std::uint16_t id) : id_(id) {}
  constexpr std::uint16_t id() const { return id_; }
  friend constexpr bool operator==(Key, Key) = default;

 private:
  std::uint16_t id_;
};

inline constexpr std::uint16_t kNoKey = 0;             // no name: array elements, the root
inline constexpr std::uint16_t kFirstLocalKey = 8192;  // from here: names of one document only

namespace internal {

// The names one after another, sorted by bytes; name i (from 1) is the bytes [kKeyOffset[i - 1],
// kKeyOffset[i]). One literal and one array of lengths: 2,650 string_views would slow down everybody's
// compiler.
#define OSTEON_KEY(name, length) name
inline constexpr char kKeyText[] =
#include "fhir/json/key_table.inc"
    "\0\0\0\0\0\0\0";  // eight bytes can be loaded from the start of every name
#undef OSTEON_KEY

#define OSTEON_KEY(name, length) length,
inline constexpr std::uint8_t kKeyLength[] = {
#include "fhir/json/key_table.inc"
};
#undef OSTEON_KEY

inline constexpr std::size_t kKeyCount = sizeof(kKeyLength);
static_assert(kKeyCount < kFirstLocalKey);

inline constexpr auto kKeyOffset = [] {
  std::array<std::uint16_t, kKeyCount + 1> offsets{};
  for (std::size_t i = 0; i < kKeyCount; ++i) {
    offsets[i + 1] = static_cast<std::uint16_t>(offsets[i] + kKeyLength[i]);
  }
  return offsets;
}();

}  // namespace internal

// The name of a key of the table; empty for kNoKey and for keys of one document only.
constexpr std::string_view KeyName(Key key) {
  if (key.id() == kNoKey || key.id() > internal::kKeyCount) return {};
  const std::size_t from = internal::kKeyOffset[key.id() - 1];
  return {internal::kKeyText + from, internal::kKeyOffset[key.id()] - from};
}

// The table's entry for a name; Key(kNoKey) when the table does not hold it. Meant for compile time and for
// start-up; while a request runs, Value::Find is faster.
constexpr Key FindKey(std::string_view name) {
  std::uint16_t low = 1;
  std::uint16_t high = internal::kKeyCount;
  while (low <= high) {
    const auto middle = static_cast<std::uint16_t>((low + high) / 2);
    const int order = KeyName(Key(middle)).compare(name);
    if (order == 0) return Key(middle);
    if (order < 0) {
      low = static_cast<std::uint16_t>(middle + 1);
    } else {
      high = static_cast<std::uint16_t>(middle - 1);
    }
  }
  return Key(kNoKey);
}

namespace internal {
// Not constexpr on purpose: the compiler names it when it refuses a key.
inline void NameIsNeitherInFhirR4NorInCdsHooks() {}
}  // namespace internal

// clang 14, which builds the fuzzers, leaves calls of a consteval function inside templates to the linker.
#if defined(__clang__) && __clang_major__ < 15
#define OSTEON_CONSTEVAL constexpr
#else
#define OSTEON_CONSTEVAL consteval
#endif

// "birthDate"_key: a name that is in neither FHIR R4 nor CDS Hooks does not compile.
OSTEON_CONSTEVAL Key operator""_key(const char* name, std::size_t length) {
  const Key key = FindKey({name, length});
  if (key.id() == kNoKey) internal::NameIsNeitherInFhirR4NorInCdsHooks();
  return key;
}

}  // namespace osteon::json
