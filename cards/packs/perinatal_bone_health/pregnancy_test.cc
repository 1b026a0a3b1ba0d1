#include "cards/packs/perinatal_bone_health/pregnancy_test.h"

#include <algorithm>
#include <initializer_list>

#include "fhir/base/text.h"

namespace osteon::cards::perinatal::internal {

using json::operator""_key;

namespace {

// SNOMED CT, LOINC answers and v3 ObservationInterpretation; none of these codes means anything else
// elsewhere.
constexpr std::string_view kPositiveCodes[] = {"10828004",  "260373001", "LA6576-8",
                                               "LA11882-0", "POS",       "DET"};
constexpr std::string_view kNegativeCodes[] = {"260385009", "260415000", "LA6577-6",
                                               "LA11883-8", "NEG",       "ND"};

TestResult ResultOfText(std::string_view text) {
  const auto has = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return base::ContainsWord(text, word); });
  };
  const bool negative = has({"negative", "neg", "not detected"});
  const bool positive = has({"positive", "pos", "detected"}) && !has({"not", "no"});
  if (positive == negative) return TestResult::kUnclear;
  return positive ? TestResult::kPositive : TestResult::kNegative;
}

TestResult ResultOfConcept(json::Value concept_value) {
  for (const json::Value coding : concept_value["coding"_key]) {
    const std::string_view code = coding["code"_key].string();
    if (std::ranges::find(kPositiveCodes, code) != std::end(kPositiveCodes)) return TestResult::kPositive;
    if (std::ranges::find(kNegativeCodes, code) != std::end(kNegativeCodes)) return TestResult::kNegative;
  }
  return ResultOfText(model::LabelOf(concept_value));
}

bool IsIuPerLitre(std::string_view unit) {
  for (const std::string_view known : {"[IU]/L", "IU/L", "U/L", "m[IU]/mL", "mIU/mL", "mU/mL"}) {
    if (base::AsciiEqualsIgnoreCase(unit, known)) return true;
  }
  return false;
}

TestResult ResultOfQuantity(const model::Quantity& quantity, const base::Decimal& cutoff) {
  if (!IsIuPerLitre(quantity.unit)) return TestResult::kUnclear;
  using enum model::Comparator;
  const bool may_be_lower = quantity.comparator == kLess || quantity.comparator == kLessOrEqual;
  const bool may_be_higher = quantity.comparator == kGreater || quantity.comparator == kGreaterOrEqual;
  if (quantity.value >= cutoff) {
    // "< 25" with a cut-off of 25 is below it.
    if (quantity.comparator == kLess && quantity.value == cutoff) return TestResult::kNegative;
    return may_be_lower ? TestResult::kUnclear : TestResult::kPositive;
  }
  return may_be_higher ? TestResult::kUnclear : TestResult::kNegative;
}

}  // namespace

TestResult ResultOfTest(const model::Observation& observation, const GroupSet& groups, std::int32_t cutoff) {
  TestResult result = TestResult::kUnclear;
  if (const auto quantity = observation.value_quantity()) {
    if (groups.Has(Group::kHcgQuantitative)) result = ResultOfQuantity(*quantity, base::Decimal(cutoff));
  } else if (observation.value_concept()) {
    result = ResultOfConcept(observation.value_concept());
  } else {
    result = ResultOfText(observation.value_string());
  }
  if (result != TestResult::kUnclear) return result;
  const json::Value interpretation = observation.json["interpretation"_key];
  return ResultOfConcept(interpretation.is_array() ? interpretation.At(0) : interpretation);
}

}  // namespace osteon::cards::perinatal::internal
