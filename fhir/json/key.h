// Interned member names: every element name of FHIR R4 and every member of CDS Hooks has a number, so that finding
// a member is comparing 16-bit integers. Other names are numbered per document (see Tree).
#pragma once

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

// The table's entry for a name; Key(kNoKey) when the table does not hold it.
constexpr Key FindKey(std::string_view name);

// "birthDate"_key: a name that is in neither FHIR R4 nor CDS Hooks does not compile.
consteval Key operator""_key(const char* name, std::size_t length);

}  // namespace osteon::json
