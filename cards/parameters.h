// Named options of a rule pack: default, range and unit in one row each; a value outside its range is
// refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base/decimal.h"
#include "fhir/base/result.h"

namespace osteon::cards {

enum class ParameterKind : std::uint8_t {
  kInteger,
  kDecimal,
  kBoolean,
  kChoice,
  kText
};  // kText: taken as it is

struct ParameterRow {
  std::string_view key;  // exact key of the pack's document, e.g. "a.lateGA"
  ParameterKind kind = ParameterKind::kInteger;
  std::string_view default_value;
  std::string_view low;   // numbers: smallest allowed; choices: "all|half|none"; booleans: empty
  std::string_view high;  // numbers: largest allowed
  std::string_view unit;  // UCUM code, or empty
  std::string_view meaning;
};

class Parameters {
 public:
  // All defaults, then `overrides` by key. Errors (kInvalidConfig): unknown key (the nearest known one is
  // named), malformed value, value outside its range.
  //   table: static storage; its order gives the index that the getters take.
  static base::Result<Parameters> Create(std::span<const ParameterRow> table,
                                         const std::map<std::string, std::string>& overrides);
  // The same for rows that come with a pack; what they view outlives the result.
  static base::Result<Parameters> Create(std::shared_ptr<const std::vector<ParameterRow>> table,
                                         const std::map<std::string, std::string>& overrides);

  // `index` is the row's position in the table. REQUIRES: the row is of that kind (integers may be read as
  // decimals).
  std::int64_t Integer(std::size_t index) const { return values_[index].integer; }
  const base::Decimal& Number(std::size_t index) const { return values_[index].decimal; }
  bool Flag(std::size_t index) const { return values_[index].integer != 0; }
  std::string_view Choice(std::size_t index) const { return values_[index].text; }

  std::span<const ParameterRow> rows() const { return table_; }
  std::string_view TextOf(std::size_t index) const { return values_[index].text; }

 private:
  struct Value {
    std::string text;
    base::Decimal decimal;
    std::int64_t integer = 0;
  };
  static base::Result<Value> ParseValue(const ParameterRow& row, std::string_view text);

  std::span<const ParameterRow> table_;
  std::shared_ptr<const std::vector<ParameterRow>> owned_table_;
  std::vector<Value> values_;
};

}  // namespace osteon::cards
