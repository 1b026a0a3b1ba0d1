#include "fhir/model/quantity.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

// "comparator value unit", or "none".
std::string Read(std::string_view text) {
  const Document document(text);
  const auto quantity = QuantityOf(document.root());
  if (!quantity) return "none";
  constexpr std::string_view kSigns[] = {"", "<", "<=", ">=", ">"};
  return std::string(kSigns[static_cast<std::size_t>(quantity->comparator)]) + quantity->value.ToString() +
         " " + std::string(quantity->unit);
}

TEST(QuantityOf, KeepsTheValueAsWritten) {
  EXPECT_EQ(Read(R"({"value": 1.50, "unit": "ng/mL"})"), "1.50 ng/mL");
  EXPECT_EQ(Read(R"({"value": -2.5, "code": "{T-score}", "system": "http://unitsofmeasure.org"})"),
            "-2.5 {T-score}");
  EXPECT_EQ(Read(R"({"value": 0})"), "0 ");
}

TEST(QuantityOf, PrefersTheUcumCodeThenTheUnitTextThenAnyCode) {
  EXPECT_EQ(Read(R"({"value": 1, "unit": "inch", "code": "[in_i]", "system": "http://unitsofmeasure.org"})"),
            "1 [in_i]");
  EXPECT_EQ(
      Read(R"({"value": 1, "unit": "tablet", "code": "732936001", "system": "http://snomed.info/sct"})"),
      "1 tablet");
  EXPECT_EQ(Read(R"({"value": 1, "code": "mg"})"), "1 mg");
  EXPECT_EQ(Read(R"({"value": 1, "unit": "mg", "system": "http://unitsofmeasure.org"})"), "1 mg");
  EXPECT_EQ(Read(R"({"value": 1, "unit": " ", "code": "mg", "system": "x"})"), "1 mg");
}

TEST(QuantityOf, ReadsComparators) {
  EXPECT_EQ(Read(R"({"value": 4, "comparator": "<", "unit": "ng/mL"})"), "<4 ng/mL");
  EXPECT_EQ(Read(R"({"value": 4, "comparator": "<="})"), "<=4 ");
  EXPECT_EQ(Read(R"({"value": 4, "comparator": ">="})"), ">=4 ");
  EXPECT_EQ(Read(R"({"value": 4, "comparator": ">"})"), ">4 ");
  EXPECT_EQ(Read(R"({"value": 4, "comparator": null})"), "4 ");
}

TEST(QuantityOf, RefusesValuesThatMeanSomethingUnknown) {
  EXPECT_EQ(Read(R"({"value": 4, "comparator": "ad"})"), "none");
  EXPECT_EQ(Read(R"({"value": 4, "comparator": ["<"]})"), "none");
  EXPECT_EQ(Read(R"({"value": "4", "unit": "mg"})"), "none");
  EXPECT_EQ(Read(R"({"unit": "mg"})"), "none");
  EXPECT_EQ(Read(R"({"value": 1e400, "unit": "mg"})"), "none");
  EXPECT_EQ(Read(R"({"value": null})"), "none");
  EXPECT_EQ(Read(R"([{"value": 4}])"), "none");
  EXPECT_EQ(Read("4"), "none");
}

}  // namespace
}  // namespace osteon::model
