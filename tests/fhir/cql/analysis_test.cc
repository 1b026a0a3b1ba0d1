// What is wrong with a library is told in full: place, caret, hint; overloads that were tried.
#include "fhir/cql/analysis.h"

#include <gtest/gtest.h>

#include <string>

#include "fhir/cql/operator_table.h"
#include "fhir/cql/overload.h"

namespace osteon::cql {
namespace {

std::string Report(const std::string& text) {
  return AnalyzeLibrary({"file.cql", text}).report;
}

// The type of an expression over FHIR, or the report.
std::string TypeOfExpression(const std::string& expression) {
  const Analysis analysis = AnalyzeExpression({"x", expression});
  return analysis.program == nullptr ? analysis.report
                                     : ShortNameOf(*analysis.program->main().defines.front().type);
}

TEST(CqlAnalysis, TheNamesOfTypesAreCqlAgain) {
  constexpr std::string_view kHeader = "library Types\nusing FHIR version '4.0.1'\ncontext Patient\n";
  constexpr std::string_view kExpressions[] = {
      "1",
      "1L",
      "1.5",
      "'a'",
      "true",
      "@2020",
      "@2020T",
      "@T10",
      "1 'mg'",
      "1 'mg' : 2 'mL'",
      "{ 1, 'a' }",
      "{ { 1 } }",
      "Interval[1, 2]",
      "Interval[null, null]",
      "null",
      "Tuple { a: 1, \"b c\": Patient.name, code: 'x', where: { Tuple { q: 1 'mg' } }, \"q\\\"t\": 2 }",
      "Code { code: 'a' }",
      "Concept { codes: { Code { code: 'a' } } }",
      "[Observation]",
      "First([Observation]).value",
      "First([Observation]).component",
      "Patient.gender",
      "Patient.contact",
      "Patient.contact.relationship",
      "First([Observation]).referenceRange",
      "First([MedicationRequest]).dosageInstruction",
      "First([Observation]).value as FHIR.Quantity",
      "First([Claim]).item.detail.subDetail",
      "from [Condition] C, [Encounter] E",
      "First([ValueSet]).compose.\"include\"",
      "Patient.birthDate",
      "FHIR.Quantity { unit: string { value: 'a' } }"};
  std::string text(kHeader);
  for (std::size_t i = 0; i < std::size(kExpressions); ++i) {
    text += "define D" + std::to_string(i) + ": " + std::string(kExpressions[i]) + "\n";
  }
  const Analysis analysis = AnalyzeLibrary({"types.cql", text});
  ASSERT_NE(analysis.program, nullptr) << analysis.report;
  std::string functions(kHeader);
  for (const DefineIr& define : analysis.program->main().defines) {
    functions += "define function F" + define.name + "(x " + NameOf(*define.type) + "): x\n";
  }
  const Analysis again = AnalyzeLibrary({"again.cql", functions});
  ASSERT_NE(again.program, nullptr) << again.report;
  for (std::size_t i = 0; i < std::size(kExpressions); ++i) {
    const Type& written = *again.program->main().functions[i].operands.front().second;
    const Type& type = *analysis.program->main().defines[i].type;
    EXPECT_TRUE(SameType(written, type))
        << kExpressions[i] << ": " << NameOf(type) << ", read as " << NameOf(written);
  }
}

TEST(CqlAnalysis, ReportsEveryFindingWithItsPlaceCaretAndHint) {
  EXPECT_EQ(Report("library Test\n"
                   "using FHIR version '4.0.1'\n"
                   "context Patient\n"
                   "define A: Patient.birthdate\n"
                   "define Bee: 1\n"
                   "define C: Be + 1\n"
                   "define D: 1 + 'x'\n"
                   "define E: Foo(1)\n"),
            "Test:4:11: FHIR.Patient has no element 'birthdate'\n"
            "  define A: Patient.birthdate\n"
            "            ^\n"
            "  hint: did you mean 'birthDate'?\n"
            "Test:6:11: there is nothing named 'Be' here\n"
            "  define C: Be + 1\n"
            "            ^\n"
            "  hint: did you mean 'Bee'?\n"
            "Test:7:11: Add takes no (Integer, String)\n"
            "  define D: 1 + 'x'\n"
            "            ^\n"
            "  hint: tried (Integer, Integer), (Long, Long), (Decimal, Decimal), (Quantity, Quantity), "
            "(String, String), (Date, Quantity) and 2 more\n"
            "Test:8:11: there is no function 'Foo'\n"
            "  define E: Foo(1)\n"
            "            ^\n"
            "  hint: did you mean 'Floor'?\n");
}

TEST(CqlAnalysis, CirclesAreFindings) {
  EXPECT_NE(Report("define A: B\ndefine B: A").find("is defined by itself"), std::string::npos);
  EXPECT_NE(Report("define function f(x Integer): f(x)").find("depends on itself"), std::string::npos);
}

TEST(CqlAnalysis, WhatIsNotSupportedIsRefusedByName) {
  EXPECT_NE(Report("define function f(x Integer) returns Integer: external").find("'f' is external"),
            std::string::npos);
  EXPECT_NE(Report("using QDM").find("there is no model 'QDM' here"), std::string::npos);
  EXPECT_NE(Report("using FHIR version '3.0.0'").find("FHIR 3.0.0 is not supported"), std::string::npos);
  EXPECT_NE(Report("include Missing version '2'").find("cannot be included"), std::string::npos);
}

TEST(CqlAnalysis, ImplicitConversionsFollowTheirPrecedence) {
  EXPECT_EQ(TypeOfExpression("1 + 1"), "Integer");
  EXPECT_EQ(TypeOfExpression("1 + 1L"), "Long");
  EXPECT_EQ(TypeOfExpression("1 + 1.0"), "Decimal");
  EXPECT_EQ(TypeOfExpression("1 / 2"), "Decimal");
  EXPECT_EQ(TypeOfExpression("1 + 2 'mg'"), "Quantity");
  EXPECT_EQ(TypeOfExpression("null + 1"), "Integer");
  EXPECT_EQ(TypeOfExpression("{ 1, 2.0 }"), "List<Decimal>");
  EXPECT_EQ(TypeOfExpression("{ 1, 'a' }"), "List<Choice<Integer, String>>");
  EXPECT_EQ(TypeOfExpression("{ 1 } union { 'a' }"), "List<Choice<Integer, String>>");
  EXPECT_EQ(TypeOfExpression("if true then 1 else 2.0"), "Decimal");
  EXPECT_EQ(TypeOfExpression("Interval[1, 2.0]"), "Interval<Decimal>");
  EXPECT_EQ(TypeOfExpression("Tuple { a: 1 }.a"), "Integer");
  EXPECT_EQ(TypeOfExpression("Patient.name.given"), "List<FHIR.string>");
  EXPECT_EQ(TypeOfExpression("[Observation] O return O.value"),
            "List<" + TypeOfExpression("First([Observation]).value") + ">");
  EXPECT_EQ(TypeOfExpression("from [Condition] C, [Encounter] E"),
            "List<Tuple{C FHIR.Condition, E FHIR.Encounter}>");
}

TEST(CqlAnalysis, EveryOperatorOfTheTableHasSignaturesAndAnImplementation) {
  for (const Operator& op : Operators()) {
    EXPECT_FALSE(op.signatures.empty()) << op.row->name;
    EXPECT_TRUE(IsImplemented(op.row->name)) << op.row->name;
    EXPECT_EQ(FindOperator(op.row->name), &op) << "twice: " << op.row->name;
  }
}

TEST(CqlAnalysis, ChainsOfDefinitionsAreLimitedAndDoNotCrash) {
  std::string text = "define D0: 1\n";
  for (int i = 5000; i > 0; --i) {
    text += "define D" + std::to_string(i) + ": D" + std::to_string(i - 1) + " + 1\n";
  }
  (void)Report(text);
  std::string sum = "1";
  for (int i = 0; i < 150; ++i) sum = "(" + sum + ") + 1";
  EXPECT_EQ(Report("define A: " + sum), "");
}

}  // namespace
}  // namespace osteon::cql
