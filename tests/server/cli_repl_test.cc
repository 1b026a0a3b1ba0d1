// Expressions typed one after the other, without the terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/cli/repl.h"

namespace osteon::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

Repl Session(ExpressionLanguage language) {
  ExpressionRequest request;
  request.language = language;
  return Repl(request, {base::Instant{1781517600000}, 120});
}

TEST(Repl, AnExpressionIsAnsweredWithItsValue) {
  Repl cql = Session(ExpressionLanguage::kCql);
  EXPECT_EQ(cql.Answer("1 + 2").value, "3\n");
  EXPECT_EQ(cql.Answer("{ 1, 2 }").value, "{ 1, 2 }\n");
  EXPECT_EQ(cql.Answer(" ").value, "");
  Repl path = Session(ExpressionLanguage::kFhirPath);
  EXPECT_EQ(path.Answer("1 | 2").value, "1\n2\n");
  EXPECT_EQ(path.Answer("{}").value, "{ }\n");
}

TEST(Repl, AnErrorIsReportedAndTheSessionGoesOn) {
  for (const auto language : {ExpressionLanguage::kCql, ExpressionLanguage::kFhirPath}) {
    Repl repl = Session(language);
    const Repl::Reply reply = repl.Answer("1 + )");
    EXPECT_EQ(reply.value, "");
    EXPECT_THAT(reply.report, HasSubstr("^"));
    EXPECT_EQ(repl.Answer("2").value, "2\n");
  }
}

TEST(Repl, DefinitionsStayWhenNothingIsWrongWithThem) {
  Repl repl = Session(ExpressionLanguage::kCql);
  EXPECT_EQ(repl.Answer("define \"The Answer\": 41").report, "");
  EXPECT_EQ(repl.Answer("define function More(x Integer): x + 1").report, "");
  EXPECT_EQ(repl.Answer("More(\"The Answer\")").value, "42\n");
  EXPECT_THAT(repl.Answer("define Wrong: Mroe(1)").report, HasSubstr("statement:1:15: "));
  EXPECT_EQ(repl.Answer("More(1)").value, "2\n");
}

TEST(Repl, NamesOfFunctionsAndDefinitionsAreCompleted) {
  Repl cql = Session(ExpressionLanguage::kCql);
  (void)cql.Answer("define \"The Answer\": 41");
  (void)cql.Answer("define AgeLimit: 50");
  EXPECT_THAT(cql.Completions("\"The"), ElementsAre("\"The Answer\""));
  EXPECT_THAT(cql.Completions("AgeL"), ElementsAre("AgeLimit"));
  EXPECT_THAT(cql.Completions("Coal"), ElementsAre("Coalesce"));
  const Repl path = Session(ExpressionLanguage::kFhirPath);
  EXPECT_THAT(path.Completions("whe"), ElementsAre("where"));
  EXPECT_THAT(path.Completions("%"), Contains("%resource"));
}

}  // namespace
}  // namespace osteon::server
