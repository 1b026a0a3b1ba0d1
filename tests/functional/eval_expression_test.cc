// "osteon eval" with expressions: the program itself, its output and exit status.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/functional/running_app.h"

namespace osteon::functional {
namespace {

struct Ran {
  int status = -1;
  std::string output;  // of both streams
};

// `arguments`: as a shell reads them; `input`: nothing that a shell would change between single quotes.
Ran RunEval(const std::string& arguments, const std::string& input = {}) {
  const std::string command =
      "printf '%s' '" + input + "' | '" OSTEON_BINARY_DIR "/osteon' eval " + arguments + " 2>&1";
  Ran ran;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  char chunk[4096];
  for (std::size_t count = 0; (count = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) {
    ran.output.append(chunk, count);
  }
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

class EvalExpression : public testing::Test {
 protected:
  EvalExpression() : folder_(FreshFolder()) {
    std::ofstream(Path("p.json")) << R"({"resourceType": "Patient", "name": [{"family": "A"}]})" << '\n';
    std::ofstream(Path("l.cql")) << "library L\nusing FHIR version '4.0.1'\ncontext Patient\n"
                                    "define \"Family\": First(Patient.name.family)\n";
  }
  ~EvalExpression() override { std::filesystem::remove_all(folder_); }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

TEST_F(EvalExpression, FhirPathPrintsAnItemALine) {
  const Ran ran = RunEval("--fhirpath 'name.family | %x' --var x=b --data " + Path("p.json"));
  EXPECT_EQ(ran.output, "'A'\n'b'\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(RunEval("--fhirpath '-5'").output, "-5\n");
}

TEST_F(EvalExpression, CqlMayUseALibrary) {
  const Ran ran =
      RunEval("--cql '\"Family\" & x' --var x=1b --data " + Path("p.json") + " --library " + Path("l.cql"));
  EXPECT_EQ(ran.output, "'A1b'\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(RunEval("--cql '[Observation]' --data " + Path("p.json")).output, "{ }\n");
  EXPECT_EQ(RunEval("--cql 'Today()' --clock 2026-06-15T10:00:00Z").output, "@2026-06-15\n");
}

TEST_F(EvalExpression, ErrorsShowTheirPlaceAndExitWithTwo) {
  const Ran path = RunEval("--fhirpath 'name.familiy' --data " + Path("p.json"));
  EXPECT_EQ(path.status, 2);
  EXPECT_NE(path.output.find("\n       ^"), std::string::npos) << path.output;
  const Ran cql = RunEval("--cql 'Familiy' --data " + Path("p.json") + " --library " + Path("l.cql"));
  EXPECT_EQ(cql.status, 2);
  EXPECT_NE(cql.output.find("expression:1:1: "), std::string::npos) << cql.output;
  EXPECT_EQ(RunEval("--cql 1 --data " + Path("absent.json")).status, 2);
  EXPECT_EQ(RunEval("--cql 1 --fhirpath").status, 2);
}

TEST_F(EvalExpression, BatchAnswersEachLine) {
  const Ran ran = RunEval("--batch", R"({"id":1,"language":"fhirpath","expression":"name.family","data":")" +
                                         Path("p.json") + "\"}\n{\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.output.starts_with(
      "{\"id\":1,\"result\":[{\"type\":\"FHIR.string\",\"value\":\"A\"}]}\n{\"id\":null,\"error\":"))
      << ran.output;
}

TEST_F(EvalExpression, WithoutAnExpressionLinesAreAnswered) {
  const Ran ran = RunEval("--cql", "define X: 41\nX + 1\n");
  EXPECT_EQ(ran.output, "42\n");
  EXPECT_EQ(ran.status, 0);
}

}  // namespace
}  // namespace osteon::functional
