#include "cards/parameters.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "fhir/base/text.h"

namespace osteon::cards {
namespace {

base::Error ConfigError(std::string_view key, std::string text) {
  return base::Error{base::ErrorCode::kInvalidConfig, std::move(text), {}, std::string(key)};
}

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool IsChoice(std::string_view choices, std::string_view text) {
  while (true) {
    const std::size_t bar = choices.find('|');
    if (choices.substr(0, bar) == text) return true;
    if (bar == std::string_view::npos) return false;
    choices.remove_prefix(bar + 1);
  }
}

std::string_view NearestKey(std::span<const ParameterRow> table, std::string_view key) {
  std::string_view nearest;
  std::size_t best = 0;
  for (const ParameterRow& row : table) {
    const std::size_t distance = base::EditDistance(key, row.key);
    if (nearest.empty() || distance < best) {
      nearest = row.key;
      best = distance;
    }
  }
  return nearest;
}

std::string Quoted(std::string_view key) {
  return "parameter \"" + std::string(key) + "\"";
}

base::Error UnknownKey(std::span<const ParameterRow> table, const std::string& key) {
  std::string text = Quoted(key) + " is unknown";
  if (const std::string_view nearest = NearestKey(table, key); !nearest.empty()) {
    text += "; the nearest known one is \"" + std::string(nearest) + "\"";
  }
  return ConfigError(key, std::move(text));
}

base::Error NotAllowed(const ParameterRow& row, std::string_view text, std::string_view what) {
  std::string message =
      Quoted(row.key) + " is \"" + std::string(text) + "\"; allowed is " + std::string(what);
  switch (row.kind) {
    case ParameterKind::kInteger:
    case ParameterKind::kDecimal:
      message += " from " + std::string(row.low) + " to " + std::string(row.high);
      if (!row.unit.empty()) message += " " + std::string(row.unit);
      break;
    case ParameterKind::kBoolean:
    case ParameterKind::kText:
      break;
    case ParameterKind::kChoice:
      message += " " + std::string(row.low);
      break;
  }
  return ConfigError(row.key, std::move(message));
}

bool InRange(const ParameterRow& row, const base::Decimal& value) {
  const auto low = base::Decimal::Parse(row.low);
  const auto high = base::Decimal::Parse(row.high);
  return low && high && *low <= value && value <= *high;
}

}  // namespace

base::Result<Parameters> Parameters::Create(std::span<const ParameterRow> table,
                                            const std::map<std::string, std::string>& overrides) {
  for (const auto& [key, text] : overrides) {
    const auto is_key = [&key = key](const ParameterRow& row) { return row.key == key; };
    if (std::none_of(table.begin(), table.end(), is_key)) return UnknownKey(table, key);
  }
  Parameters parameters;
  parameters.table_ = table;
  parameters.values_.reserve(table.size());
  for (const ParameterRow& row : table) {
    const auto found = overrides.find(std::string(row.key));
    OSTEON_ASSIGN_OR_RETURN(Value value,
                            ParseValue(row, found == overrides.end() ? row.default_value : found->second));
    parameters.values_.push_back(std::move(value));
  }
  return parameters;
}

base::Result<Parameters> Parameters::Create(std::shared_ptr<const std::vector<ParameterRow>> table,
                                            const std::map<std::string, std::string>& overrides) {
  OSTEON_ASSIGN_OR_RETURN(Parameters parameters, Create(std::span(*table), overrides));
  parameters.owned_table_ = std::move(table);
  return parameters;
}

base::Result<Parameters::Value> Parameters::ParseValue(const ParameterRow& row, std::string_view text) {
  Value value;
  value.text = text;
  switch (row.kind) {
    case ParameterKind::kInteger: {
      const auto integer = ParseInteger(text);
      if (!integer || !InRange(row, base::Decimal(*integer))) return NotAllowed(row, text, "a whole number");
      value.integer = *integer;
      value.decimal = base::Decimal(*integer);
      break;
    }
    case ParameterKind::kDecimal: {
      const auto decimal = base::Decimal::Parse(text);
      if (!decimal || !InRange(row, *decimal)) return NotAllowed(row, text, "a decimal number");
      value.decimal = *decimal;
      break;
    }
    case ParameterKind::kBoolean:
      if (text != "true" && text != "false") return NotAllowed(row, text, "true or false");
      value.integer = text == "true" ? 1 : 0;
      break;
    case ParameterKind::kChoice:
      if (!IsChoice(row.low, text)) return NotAllowed(row, text, "one of");
      break;
    case ParameterKind::kText:
      break;
  }
  return value;
}

}  // namespace osteon::cards
