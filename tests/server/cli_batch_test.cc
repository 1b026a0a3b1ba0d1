// "osteon eval --batch": what each line is answered with.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/cli/eval_batch.h"

namespace osteon::server {
namespace {

constexpr std::string_view kPatient =
    R"({"resourceType":"Patient","id":"p","active":true,"birthDate":"1960-03-04",)"
    R"("_birthDate":{"id":"b"},"name":[{"family":"A","given":["B","C"]}]})";

// 2026-06-15T10:00:00Z, at +02:00.
std::string Answer(const std::string& line) {
  BatchEvaluator evaluator({base::Instant{1781517600000}, 120});
  return evaluator.Answer(line);
}

// What follows the id in the answer to an expression. `expression` is written into JSON as it is.
std::string Of(const std::string& language, const std::string& expression, std::string_view data = {},
               const std::string& variables = {}) {
  std::string line = R"({"id":"1","language":")" + language + R"(","expression":")" + expression + '"';
  if (!data.empty()) line.append(R"(,"data":)").append(data);
  if (!variables.empty()) line += R"(,"variables":)" + variables;
  const std::string answer = Answer(line + '}');
  const std::string start = R"({"id":"1",)";
  EXPECT_TRUE(answer.starts_with(start)) << answer;
  EXPECT_EQ(answer.find('\n'), std::string::npos);
  return answer.substr(std::min(start.size(), answer.size()));
}

std::string Path(const std::string& expression, std::string_view data = {},
                 const std::string& variables = {}) {
  return Of("fhirpath", expression, data, variables);
}

std::string Cql(const std::string& expression, std::string_view data = {},
                const std::string& variables = {}) {
  return Of("cql", expression, data, variables);
}

TEST(BatchFhirPath, SystemValuesAreWrittenAsTheLanguageWritesThem) {
  EXPECT_EQ(Path("1 + 2"), R"("result":[{"type":"System.Integer","value":3}]})");
  EXPECT_EQ(Path("1.50"), R"("result":[{"type":"System.Decimal","value":"1.50"}]})");
  EXPECT_EQ(Path("true"), R"("result":[{"type":"System.Boolean","value":true}]})");
  EXPECT_EQ(Path("'a\\\\'b'"), R"("result":[{"type":"System.String","value":"a'b"}]})");
  EXPECT_EQ(Path("@2026-06"), R"("result":[{"type":"System.Date","value":"2026-06"}]})");
  EXPECT_EQ(Path("@T10:30"), R"("result":[{"type":"System.Time","value":"10:30"}]})");
  EXPECT_EQ(Path("now()"),
            R"("result":[{"type":"System.DateTime","value":"2026-06-15T12:00:00.000+02:00"}]})");
  EXPECT_EQ(Path("5.5 'mg'"), R"("result":[{"type":"System.Quantity","value":"5.5 'mg'"}]})");
  EXPECT_EQ(Path("4 days"), R"("result":[{"type":"System.Quantity","value":"4 days"}]})");
}

TEST(BatchFhirPath, FhirElementsAreTheirJson) {
  EXPECT_EQ(Path("name", kPatient),
            R"("result":[{"type":"FHIR.HumanName","value":{"family":"A","given":["B","C"]}}]})");
  EXPECT_EQ(Path("name.given", kPatient),
            R"("result":[{"type":"FHIR.string","value":"B"},{"type":"FHIR.string","value":"C"}]})");
  EXPECT_EQ(Path("birthDate", kPatient),
            R"("result":[{"type":"FHIR.date","value":"1960-03-04","extension":{"id":"b"}}]})");
  EXPECT_EQ(Path("name.where(family = 'X')", kPatient), R"("result":[]})");
}

TEST(BatchFhirPath, DataWrittenOverSeveralLinesIsAnsweredOnOne) {
  const auto file = std::filesystem::temp_directory_path() / "osteon_cli_batch_test.json";
  std::ofstream(file) << "{\n \"resourceType\": \"Patient\",\n \"name\": [\n  {\"family\": \"A\"}]\n}\n";
  EXPECT_EQ(Path("name", '"' + file.string() + '"'),
            R"("result":[{"type":"FHIR.HumanName","value":{"family":"A"}}]})");
  std::filesystem::remove(file);
}

TEST(BatchFhirPath, VariablesAreSeenByTheirName) {
  EXPECT_EQ(Path("%n + 1", "", R"({"n":41})"), R"("result":[{"type":"System.Integer","value":42}]})");
  EXPECT_EQ(Path("%s & 'b'", "", R"({"s":"a"})"), R"("result":[{"type":"System.String","value":"ab"}]})");
  EXPECT_EQ(Path("%d", "", R"({"d":1.0})"), R"("result":[{"type":"System.Decimal","value":"1.0"}]})");
  EXPECT_EQ(Path("%l.count()", "", R"({"l":[1,2,3]})"), R"("result":[{"type":"System.Integer","value":3}]})");
}

TEST(BatchFhirPath, ErrorsTellPhaseAndPlace) {
  const std::string parse = Path("1 +\\n  )");
  EXPECT_NE(parse.find(R"("error":{"phase":"parse")"), std::string::npos) << parse;
  EXPECT_NE(parse.find(R"("line":2,"column":3})"), std::string::npos) << parse;
  const std::string check = Path("Patient.nmae", kPatient);
  EXPECT_NE(check.find(R"("phase":"check")"), std::string::npos) << check;
  EXPECT_NE(check.find(R"("line":1,"column":9})"), std::string::npos) << check;
  const std::string run = Path("name.given.single()", kPatient);
  EXPECT_NE(run.find(R"("phase":"run")"), std::string::npos) << run;
}

TEST(BatchCql, SystemValuesAreWrittenAsTheLanguageWritesThem) {
  EXPECT_EQ(Cql("1 + 2"), R"("result":[{"type":"System.Integer","value":3}]})");
  EXPECT_EQ(Cql("5L"), R"("result":[{"type":"System.Long","value":"5"}]})");
  EXPECT_EQ(Cql("1.50"), R"("result":[{"type":"System.Decimal","value":"1.50"}]})");
  EXPECT_EQ(Cql("null"), R"("result":[]})");
  EXPECT_EQ(Cql("Today()"), R"("result":[{"type":"System.Date","value":"2026-06-15"}]})");
  EXPECT_EQ(Cql("DateTime(2026, 6)"), R"("result":[{"type":"System.DateTime","value":"2026-06"}]})");
  EXPECT_EQ(Cql("Interval[1, 5)"),
            R"x("result":[{"type":"Interval<System.Integer>","value":"Interval[1, 5)"}]})x");
  EXPECT_EQ(Cql("Tuple { a: 1 }"),
            R"("result":[{"type":"Tuple","value":{"a":{"type":"System.Integer","value":1}}}]})");
  EXPECT_EQ(Cql("Code { code: 'c', system: 's' }"),
            R"("result":[{"type":"System.Code","value":{"code":"c","system":"s"}}]})");
  EXPECT_EQ(Cql("1 'mg' : 2 'dL'"), R"("result":[{"type":"System.Ratio","value":"1 'mg':2 'dL'"}]})");
}

TEST(BatchCql, AListIsItsItemsAndSaysSo) {
  EXPECT_EQ(
      Cql("{ 1, null }"),
      R"("result":[{"type":"System.Integer","value":1},{"type":"System.Any","value":null}],"list":true})");
  EXPECT_EQ(Cql("List<Integer>{}"), R"("result":[],"list":true})");
  EXPECT_EQ(Cql("{ { 1 } }"),
            R"("result":[{"type":"List","value":[{"type":"System.Integer","value":1}]}],"list":true})");
}

TEST(BatchCql, DataIsThePatientAndWhatRetrievesFind) {
  const std::string bundle = R"({"resourceType":"Bundle","entry":[{"resource":)" + std::string(kPatient) +
                             R"(},{"resource":{"resourceType":"Observation","id":"o","status":"final"}}]})";
  EXPECT_EQ(Cql("AgeInYears()", bundle), R"("result":[{"type":"System.Integer","value":66}]})");
  EXPECT_EQ(Cql("First([Observation])", bundle),
            R"("result":[{"type":"FHIR.Observation","value":)"
            R"({"resourceType":"Observation","id":"o","status":"final"}}]})");
  EXPECT_EQ(Cql("Patient.birthDate", kPatient),
            R"("result":[{"type":"FHIR.date","value":"1960-03-04","extension":{"id":"b"}}]})");
}

TEST(BatchCql, VariablesAreDefinitions) {
  EXPECT_EQ(Cql("n + 1", "", R"({"n":41})"), R"("result":[{"type":"System.Integer","value":42}]})");
  EXPECT_EQ(Cql("\\\"a \\\\\\\"b\\\" & 'x'", "", R"({"a \"b":"it's\n"})"),
            R"("result":[{"type":"System.String","value":"it's\nx"}]})");
  EXPECT_NE(Cql("1", "", R"({"n":{}})").find(R"("phase":"check")"), std::string::npos);
}

TEST(BatchCql, ErrorsTellPhaseAndPlaceInTheExpression) {
  for (const char* const variables : {"", R"({"n":1})"}) {
    const std::string parse = Cql("1 +\\n  )", "", variables);
    EXPECT_NE(parse.find(R"("error":{"phase":"parse")"), std::string::npos) << parse;
    EXPECT_NE(parse.find(R"("line":2,"column":3})"), std::string::npos) << parse;
    const std::string end = Cql("1 +", "", variables);
    EXPECT_NE(end.find(R"("line":1,"column":4})"), std::string::npos) << end;
    const std::string check = Cql("1 +\\n Paitent.name", kPatient, variables);
    EXPECT_NE(check.find(R"("phase":"check")"), std::string::npos) << check;
    EXPECT_NE(check.find(R"("line":2,"column":2})"), std::string::npos) << check;
    const std::string run = Cql("1 +\\n  singleton from { 1, 2 }", "", variables);
    EXPECT_NE(run.find(R"("phase":"run")"), std::string::npos) << run;
    EXPECT_NE(run.find(R"("line":2,"column":3})"), std::string::npos) << run;
  }
}

TEST(BatchLines, ABadLineIsAnsweredWithItsIdWhenThereIsOne) {
  EXPECT_TRUE(Answer("{").starts_with(R"({"id":null,"error":{"phase":"parse")")) << Answer("{");
  EXPECT_TRUE(Answer("[1]").starts_with(R"({"id":null,"error":)"));
  EXPECT_TRUE(Answer("\xff").starts_with(R"({"id":null,"error":)"));
  EXPECT_TRUE(Answer(R"({"id":7,"language":"sql"})").starts_with(R"({"id":7,"error":{"phase":"parse")"));
  EXPECT_TRUE(Answer(R"({"id":"x","language":"cql"})").starts_with(R"({"id":"x","error":{"phase":"parse")"));
  EXPECT_TRUE(Answer(R"({"id":{},"language":"cql","expression":"1"})")
                  .starts_with(R"({"id":null,"result":[{"type":"System.Integer")"));
  for (const char* const data : {R"("no/such/file.json")", "7", "[]", R"("/")"}) {
    EXPECT_NE(Path("1", data).find(R"("phase":"run")"), std::string::npos) << data;
    EXPECT_NE(Cql("1", data).find(R"("phase":"run")"), std::string::npos) << data;
  }
}

TEST(BatchLines, DeepNestingIsAnError) {
  const std::string deep(100'000, '(');
  for (const std::string language : {"fhirpath", "cql"}) {
    EXPECT_NE(Of(language, deep).find(R"("phase":"parse")"), std::string::npos);
    EXPECT_NE(Of(language, deep, "", R"({"n":1})").find(R"("phase":"parse")"), std::string::npos);
  }
}

TEST(BatchLines, EachLineOfTheInputHasOneAnswerInItsOrder) {
  std::istringstream in(
      "{\"id\":1,\"language\":\"fhirpath\",\"expression\":\"1\"}\n\nnonsense\n"
      "{\"id\":3,\"language\":\"cql\",\"expression\":\"1\"}");
  std::ostringstream out;
  RunBatch(in, out, {base::Instant{1781517600000}, 0});
  std::istringstream answers(out.str());
  std::string line;
  std::getline(answers, line);
  EXPECT_EQ(line, R"({"id":1,"result":[{"type":"System.Integer","value":1}]})");
  std::getline(answers, line);
  EXPECT_TRUE(line.starts_with(R"({"id":null,"error":)")) << line;
  std::getline(answers, line);
  EXPECT_EQ(line, R"({"id":3,"result":[{"type":"System.Integer","value":1}]})");
  EXPECT_FALSE(std::getline(answers, line));
}

}  // namespace
}  // namespace osteon::server
