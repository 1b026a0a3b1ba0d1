#include "fhir/model/quantity.h"

#include "fhir/base/text.h"

namespace osteon::model {
namespace {

using json::operator""_key;

constexpr std::string_view kUcumSystem = "http://unitsofmeasure.org";

// nullopt for a comparator that is not R4's: it modifies the value, which then means something unknown.
std::optional<Comparator> ComparatorOf(json::Value comparator) {
  if (!comparator.exists() || comparator.is_null()) return Comparator::kNone;
  const std::string_view text = comparator.string();
  if (text == "<") return Comparator::kLess;
  if (text == "<=") return Comparator::kLessOrEqual;
  if (text == ">=") return Comparator::kGreaterOrEqual;
  if (text == ">") return Comparator::kGreater;
  return std::nullopt;
}

std::string_view UnitOf(json::Value quantity) {
  const std::string_view code = base::Trim(quantity["code"_key].string());
  const std::string_view unit = base::Trim(quantity["unit"_key].string());
  const bool is_ucum = quantity["system"_key].string() == kUcumSystem;
  return !code.empty() && (is_ucum || unit.empty()) ? code : unit;
}

}  // namespace

std::optional<Quantity> QuantityOf(json::Value quantity) {
  const auto value = base::Decimal::Parse(quantity["value"_key].number());
  const auto comparator = ComparatorOf(quantity["comparator"_key]);
  if (!value || !comparator) return std::nullopt;
  return Quantity{*value, *comparator, UnitOf(quantity)};
}

}  // namespace osteon::model
