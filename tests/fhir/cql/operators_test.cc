// Operators where the official suite is silent and another engine, or the specification, said otherwise once.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "fhir/cql/evaluate.h"
#include "fhir/model/value_text.h"

namespace osteon::cql {
namespace {

std::string Value(std::string_view expression) {
  const Analysis analysis =
      AnalyzeLibrary({"test", "library Test\ndefine \"X\": " + std::string(expression)}, {});
  if (analysis.program == nullptr) return analysis.report;
  const CompiledLibrary library(analysis.program);
  Inputs inputs;
  inputs.now = base::Instant{1781517600000};
  base::Arena arena;
  Evaluation evaluation(library, inputs, arena);
  const model::Val value = evaluation.Define("X");
  return evaluation.error() ? "error: " + evaluation.error()->message : model::ToLiteral(value);
}

TEST(Operators, ANullIntervalHoldsNoPointWhetherInOrDuringIsWritten) {
  EXPECT_EQ(Value("5 in (null as Interval<Integer>)"), "false");
  EXPECT_EQ(Value("5 during (null as Interval<Integer>)"), "false");
  EXPECT_EQ(Value("Interval[1, 5] during (null as Interval<Integer>)"), "null");
}

TEST(Operators, TheUnionOfTwoNullListsIsAnEmptyList) {
  EXPECT_EQ(Value("(null as List<Integer>) union (null as List<Integer>)"), "{ }");
  EXPECT_EQ(Value("(null as List<Integer>) union { 1 }"), "{ 1 }");
  EXPECT_EQ(Value("(null as Interval<Integer>) union Interval[1, 2]"), "null");
}

TEST(Operators, TheGeometricMeanIsTheRootOfTheProductWhateverTheSignsOfItsFactors) {
  EXPECT_EQ(Value("GeometricMean({ 2.0, 8.0 })"), "4");
  EXPECT_EQ(Value("GeometricMean({ -2.0, -8.0 })"), "4");
  EXPECT_EQ(Value("GeometricMean({ 2.0, -8.0 })"), "null");
  EXPECT_EQ(Value("GeometricMean({ -2.0, 0.0 })"), "0");
}

TEST(Operators, TheBoundariesOfANegativeNumberAreInOrder) {
  EXPECT_EQ(Value("LowBoundary(-2.5, 4)"), "-2.5999");
  EXPECT_EQ(Value("HighBoundary(-2.5, 4)"), "-2.5000");
  EXPECT_EQ(Value("LowBoundary(2.5, 4)"), "2.5000");
  EXPECT_EQ(Value("HighBoundary(2.5, 4)"), "2.5999");
}

TEST(Operators, ADateTimeAsTextEndsInItsOffset) {
  EXPECT_EQ(Value("ToString(@2012-03-04T10:15:30.000Z)"), "'2012-03-04T10:15:30.000+00:00'");
  EXPECT_EQ(Value("ToString(@2012-03-04T10:15:30.000-05:00)"), "'2012-03-04T10:15:30.000-05:00'");
}

TEST(Operators, CollapseKeepsIntervalsThatBeginOrEndAtAnUnknownPoint) {
  EXPECT_EQ(Value("collapse { Interval[2, null) }"), "{ Interval[2, null) }");
  EXPECT_EQ(Value("collapse { Interval[10, 20], Interval[2, null), Interval[15, 30] }"),
            "{ Interval[2, null), Interval[10, 30] }");
  EXPECT_EQ(Value("collapse { Interval[10, 20], Interval(null, 4] }"),
            "{ Interval(null, 4], Interval[10, 20] }");
  EXPECT_EQ(Value("collapse { Interval[2, null], Interval[10, 20] }"), "{ Interval[2, 2147483647] }");
}

TEST(Operators, AnOffsetSmallerThanTheKnownPrecisionIsNoError) {
  EXPECT_EQ(Value("@2024-02-29 1 day or less after @2014"), "false");
  EXPECT_EQ(Value("@2014-02-28 1 day or less after @2014"), "null");
  EXPECT_EQ(Value("@2013-02-28 less than 3 days before @2014"), "false");
  EXPECT_EQ(Value("@2014-03-02 3 days or less after @2014-03-01"), "true");
  EXPECT_EQ(Value("@2014-03-01 3 days or less after @2014-03-01"), "false");
  EXPECT_EQ(Value("@2014-03-01 3 days or less on or after @2014-03-01"), "true");
  EXPECT_EQ(Value("@T00:00:00.000 within 40 minutes of @T23:59:59.999"), "false");
  EXPECT_EQ(Value("Interval[@2014-03-01, @2014-03-05] within 3 days of @2014-03-03"), "true");
  EXPECT_EQ(Value("@2014-03-01 within 3 days of (null as Date)"), "false");
}

}  // namespace
}  // namespace osteon::cql
