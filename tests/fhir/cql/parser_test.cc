#include "fhir/cql/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fhir/cql/suite.h"

namespace osteon::cql {
namespace {

// The tree as text: (Add 1 (Multiply 2 3)).
std::string Sketch(const Syntax& node) {
  switch (node.kind) {
    case SyntaxKind::kNull:
      return "null";
    case SyntaxKind::kIdentifier:
    case SyntaxKind::kBoolean:
    case SyntaxKind::kInteger:
    case SyntaxKind::kDecimal:
      return std::string(node.text);
    case SyntaxKind::kLong:
      return std::string(node.text) + "L";
    case SyntaxKind::kString:
      return "'" + std::string(node.text) + "'";
    case SyntaxKind::kQuantity:
      return std::string(node.text) + "'" + std::string(node.unit) + "'";
    default:
      break;
  }
  std::string out = "(" + std::string(node.text.empty() ? "?" : node.text);
  if (!node.precision.empty()) out += ":" + std::string(node.precision);
  for (const Syntax* const child : node.children) out += " " + Sketch(*child);
  return out + ")";
}

std::string SketchOf(std::string text) {
  const Source source{"test", std::move(text)};
  Diagnostics diagnostics(source);
  const auto library = ParseExpression(source, "E", diagnostics);
  if (!diagnostics.empty()) return Render(diagnostics.found().front(), source);
  return Sketch(*library->definitions.front().body);
}

TEST(Parser, EveryExpressionOfTheSuiteParsesUnlessItIsASyntaxError) {
  const auto tests = ReadSuite();
  if (tests.empty()) GTEST_SKIP() << "no evidence folder";
  EXPECT_EQ(tests.size(), 1823U);
  for (const SuiteTest& test : tests) {
    const Source source{test.name, test.expression};
    Diagnostics diagnostics(source);
    (void)ParseExpression(source, "E", diagnostics);
    for (const std::string& output : test.outputs) {
      const Source expected{test.name, output};
      Diagnostics output_diagnostics(expected);
      (void)ParseExpression(expected, "E", output_diagnostics);
      EXPECT_TRUE(output_diagnostics.empty()) << test.file << " " << test.name << ": " << output;
    }
    if (!test.invalid.empty()) continue;
    EXPECT_TRUE(diagnostics.empty()) << test.file << "\n"
                                     << (diagnostics.empty() ? ""
                                                             : Render(diagnostics.found().front(), source));
  }
}

TEST(Parser, OperatorsBindAsTheGrammarOrdersThem) {
  EXPECT_EQ(SketchOf("1 + 2 * 3 ^ 4"), "(Add 1 (Multiply 2 (Power 3 4)))");
  EXPECT_EQ(SketchOf("not a = b and c or d implies e"), "(Implies (Or (And (Equal (Not a) b) c) d) e)");
  EXPECT_EQ(SketchOf("exists A union B"), "(Union (Exists A) B)");
  EXPECT_EQ(SketchOf("not x is null"), "(Not (IsNull x))");
  EXPECT_EQ(SketchOf("x between 1 and 2 and y"), "(And (Between x 1 2) y)");
  EXPECT_EQ(SketchOf("-2 ^ 2"), "(Power (Negate 2) 2)");
  EXPECT_EQ(SketchOf("start of x.y + 1 day"), "(Add (Start (y x)) 1'day')");
}

TEST(Parser, PhrasesBecomeOperatorsWithTheirPrecision) {
  EXPECT_EQ(SketchOf("years between a and b"), "(DurationBetween:year a b)");
  EXPECT_EQ(SketchOf("difference in days between a and b"), "(DifferenceBetween:day a b)");
  EXPECT_EQ(SketchOf("month from x"), "(DateTimeComponentFrom:month x)");
  EXPECT_EQ(SketchOf("x in day of y"), "(In:day x y)");
  EXPECT_EQ(SketchOf("a starts 3 days or less before day of start b"), "(?:day a b 3'days')");
  EXPECT_EQ(SketchOf("a during b and c"), "(And (? a b) c)");
}

TEST(Parser, AliasMakesAQuery) {
  EXPECT_EQ(SketchOf("[Condition: \"X\"] c with [Encounter] e such that e.id = c.id where c.a is null"),
            "(? (? X) (?) (Equal (id e) (id c)) (IsNull (a c)))");
  EXPECT_EQ(SketchOf("from A a, B b let c: 1 return all a sort desc"), "(? A B 1 a)");
  EXPECT_EQ(SketchOf("({1}) X aggregate all R starting 1: R + X"), "(? (? 1) 1 (Add R X))");
}

TEST(Parser, EveryBrokenDefinitionIsReportedAndTheOthersAreKept) {
  const Source source{"file.cql",
                      "library Test version '1'\n"
                      "using FHIR version '4.0.1'\n"
                      "define A: 1 +\n"
                      "define B: 2\n"
                      "define C: (3\n"
                      "define function f(x Integer): x\n"
                      "context Patient\n"
                      "valueset \"V\" 'urn:v'\n"
                      "define D: 4\n"};
  Diagnostics diagnostics(source);
  const auto library = ParseLibrary(source, diagnostics);
  ASSERT_EQ(diagnostics.found().size(), 3U);
  EXPECT_EQ(Render(diagnostics.found()[0], source),
            "Test:4:1: expected an expression, found 'define'\n"
            "  define B: 2\n"
            "  ^\n"
            "  hint: 'define' is a reserved word; as a name, write it in double quotes\n");
  EXPECT_EQ(diagnostics.found()[1].line, 6U);
  EXPECT_EQ(diagnostics.found()[2].line, 8U);
  std::string names;
  for (const DefinitionSyntax& definition : library->definitions) {
    names += definition.name + (definition.broken ? "! " : " ");
  }
  EXPECT_EQ(names, "FHIR A! B C! f Patient V! D ");
}

TEST(Parser, DeepNestingIsAFindingNotACrash) {
  EXPECT_NE(SketchOf(std::string(100000, '(')).find("nested too deeply"), std::string::npos);
  EXPECT_NE(SketchOf(std::string(100000, '-')).find("nested too deeply"), std::string::npos);
  std::string chain = "1";
  for (int i = 0; i < 100000; ++i) chain += "+1";
  EXPECT_NE(SketchOf(chain).find("nested too deeply"), std::string::npos);
}

}  // namespace
}  // namespace osteon::cql
