// "osteon eval --cql ... --explain": the value and why.
#include <gtest/gtest.h>

#include "server/cli/eval_language.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::server {
namespace {

constexpr std::string_view kData = R"({"resourceType": "Bundle", "entry": [
  {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1960-03-04"}},
  {"resource": {"resourceType": "Condition", "id": "c", "code": {"text": "x"}}}]})";

class Explain : public testing::Test {
 protected:
  Explain() {
    request_.language = ExpressionLanguage::kCql;
    request_.expression = "Old and exists [Condition]";
    request_.library =
        "library Test\nusing FHIR version '4.0.1'\ncontext Patient\ndefine Old: AgeInYears() > 60\n";
    request_.explanation = Explanation::kWanted;
    request_.data = (*json::Tree::Read(data_.view(), arena_))->root();
  }
  ExpressionOutcome Evaluate() {
    return EvaluateExpression(request_, {base::Instant{1781517600000}, 0}, arena_);
  }

  json::PaddedText data_{kData};
  base::Arena arena_;
  ExpressionRequest request_;
};

TEST_F(Explain, AsTextTheExpressionComesFirst) {
  EXPECT_EQ(ExplanationText(request_, Evaluate()),
            "\nTest.\"osteon eval: expression\": true\n"
            "  reads Condition/c (entry[1].resource)\n"
            "  uses Test.\"Old\"\n"
            "\nTest.\"Old\": true\n"
            "  reads Patient/p (entry[0].resource)\n");
}

TEST_F(Explain, AsJsonEveryDefinitionHasItsResourcesAndUses) {
  json::Writer out;
  WriteExplained(request_, Evaluate(), out);
  EXPECT_EQ(
      out.text(),
      R"({"value":[{"type":"System.Boolean","value":true}],"definitions":[)"
      R"({"library":"Test","name":"osteon eval: expression","value":[{"type":"System.Boolean","value":true}],)"
      R"("resources":[{"path":"entry[1].resource","reference":"Condition/c"}],)"
      R"("uses":[{"library":"Test","name":"Old"}]},)"
      R"({"library":"Test","name":"Old","value":[{"type":"System.Boolean","value":true}],)"
      R"("resources":[{"path":"entry[0].resource","reference":"Patient/p"}],"uses":[]}]})");
}

TEST_F(Explain, WithoutTheWishThereIsNoTrace) {
  request_.explanation = Explanation::kNone;
  const ExpressionOutcome outcome = Evaluate();
  EXPECT_EQ(outcome.trace, nullptr);
  EXPECT_EQ(ExplanationText(request_, outcome), "");
}

}  // namespace
}  // namespace osteon::server
