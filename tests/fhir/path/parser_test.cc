#include "fhir/path/parser.h"

#include <gtest/gtest.h>

namespace osteon::path {
namespace {

// The tree with every bracket written.
std::string Print(const Expr& expr) {
  const std::string input = expr.input != nullptr ? Print(*expr.input) + "." : "";
  std::string list;
  for (const Expr* operand : expr.operands) list += (list.empty() ? "" : ", ") + Print(*operand);
  const std::string op(OperatorText(expr.op));
  switch (expr.kind) {
    case ExprKind::kBinary:
    case ExprKind::kUnary:
      return "[" + op + " " + list + "]";
    case ExprKind::kTypeOperator:
      return "[" + op + " " + Print(*expr.input) + ", " + expr.type_name.space + ":" + expr.type_name.name +
             "]";
    case ExprKind::kCall:
      return input + expr.text + "(" + list + ")";
    case ExprKind::kIndexer:
      return input + "[" + list + "]";
    case ExprKind::kThis:
      return "$this";
    case ExprKind::kEmptyLiteral:
      return "{}";
    case ExprKind::kVariable:
      return "%" + expr.text;
    case ExprKind::kQuantity:
      return expr.text + (expr.calendar_unit ? " " + expr.unit : "'" + expr.unit + "'");
    default:
      return input + expr.text;
  }
}

std::string Tree(std::string_view text) {
  std::vector<Diagnostic> diagnostics;
  const Ast ast = Parse(text, diagnostics);
  if (!diagnostics.empty()) return Render(diagnostics[0], text);
  return Print(*ast.root);
}

std::vector<Diagnostic> Faults(std::string_view text) {
  std::vector<Diagnostic> diagnostics;
  Parse(text, diagnostics);
  return diagnostics;
}

TEST(Parser, PrecedenceIsTheSpecifications) {
  EXPECT_EQ(Tree("1+2*3-4"), "[- [+ 1, [* 2, 3]], 4]");
  EXPECT_EQ(Tree("-1.abs()"), "[- 1.abs()]");
  EXPECT_EQ(Tree("-a*b"), "[* [- a], b]");
  EXPECT_EQ(Tree("1 > 2 is Boolean"), "[> 1, [is 2, :Boolean]]");
  EXPECT_EQ(Tree("1 | 1 is Integer"), "[| 1, [is 1, :Integer]]");
  EXPECT_EQ(Tree("a or b and c implies d"), "[implies [or a, [and b, c]], d]");
  EXPECT_EQ(Tree("true and 'a' in ('a' | 'b')"), "[and true, [in a, [| a, b]]]");
}

TEST(Parser, ChainsOfOneAssociativeOperatorAreOneNode) {
  EXPECT_EQ(Tree("a | b | c"), "[| a, b, c]");
  EXPECT_EQ(Tree("a and b and c or d"), "[or [and a, b, c], d]");
  std::string text = "0";
  for (int i = 1; i < 2000; ++i) text += "|" + std::to_string(i);
  EXPECT_TRUE(Faults(text).empty());
}

TEST(Parser, StepsCallsAndIndexers) {
  EXPECT_EQ(Tree("Patient.name[0].given.where($this = 'a')"), "Patient.name.[0].given.where([= $this, a])");
  EXPECT_EQ(Tree("%context.`div`"), "%context.div");
  EXPECT_EQ(Tree("a.is(FHIR.Patient)"), "a.is(FHIR.Patient)");
  EXPECT_EQ(Tree("a.contains('b') contains c.as"), "[contains a.contains(b), c.as]");
}

TEST(Parser, QuantitiesByWordAndByCode) {
  EXPECT_EQ(Tree("4 days + 2.5 'mg'"), "[+ 4 days, 2.5'mg']");
}

TEST(Parser, SortKeysHaveADirection) {
  EXPECT_EQ(Tree("a.sort(-b, c desc, d asc)"), "a.sort([- b], [desc c], d)");
}

TEST(Parser, OneFindingForEachBrokenPart) {
  EXPECT_EQ(Faults("a.where(b = ) and c.first(d, * 2)").size(), 2);
  EXPECT_EQ(Faults("2 + 2 /").size(), 1);
  EXPECT_EQ(Faults("").size(), 1);
  EXPECT_EQ(Faults("a b").size(), 1);
  EXPECT_EQ(Faults("(a").size(), 1);
  EXPECT_EQ(Faults("a.").size(), 1);
  EXPECT_EQ(Faults("div.a").size(), 1);
}

TEST(Parser, AFindingIsShownWithACaret) {
  EXPECT_EQ(Tree("name\n  .where(= 1)"),
            "error: an operand is missing before '=' (line 2, column 10)\n    .where(= 1)\n           ^");
}

TEST(Parser, HostileNestingIsRefused) {
  EXPECT_EQ(Faults(std::string(50000, '(')).size(), 1);
  EXPECT_EQ(Faults(std::string(50000, '-')).size(), 1);
  std::string chain = "a";
  for (int i = 0; i < 20000; ++i) chain += ".a";
  EXPECT_EQ(Faults(chain).size(), 1);
  EXPECT_EQ(Faults(std::string(kMaxTextBytes + 1, ' ')).size(), 1);
}

}  // namespace
}  // namespace osteon::path
