#include "fhir/path/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "fhir/model/value_node.h"
#include "fhir/path/function_table.h"
#include "tests/fhir/path/run.h"

namespace osteon::path {
namespace {

using ::testing::HasSubstr;

// A document that lives as long as the test.
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)) {
    const std::size_t size = text_.size();
    text_.append(json::kReadPadding, '\0');
    const auto tree = json::Tree::Read(std::string_view(text_).substr(0, size), arena_);
    EXPECT_TRUE(tree.ok());
    if (tree.ok()) node_ = model::ResourceNode((*tree)->root());
  }
  const model::Val& node() const { return node_; }

 private:
  std::string text_;
  base::Arena arena_;
  model::Val node_;
};

std::string TextOf(std::string_view expression, const model::Val& context, const RunOptions& options = {}) {
  base::Arena arena;
  const Ran ran = RunExpression(expression, context, arena, options);
  if (!ran.error.empty()) return ran.error;
  std::string text;
  for (const model::Val& item : model::Items(ran.value)) text += (text.empty() ? "" : ", ") + ValueText(item);
  return text;
}

TEST(Program, AllErrorsAreReportedNotOnlyTheFirst) {
  CheckOptions options;
  options.context = model::FindType("Patient");
  const Compilation compilation = Compile("name.famly.wher(use) and brthDate < 'a' + 1", options);
  EXPECT_EQ(compilation.program, nullptr);
  ASSERT_EQ(compilation.diagnostics.size(), 4);
  EXPECT_EQ(compilation.diagnostics[0].hint, "did you mean 'family'?");
  EXPECT_EQ(compilation.diagnostics[2].hint, "did you mean 'birthDate'?");
  EXPECT_EQ(Render(compilation.diagnostics[0], "name.famly.wher(use) and brthDate < 'a' + 1"),
            "error: no element 'famly' in HumanName (line 1, column 6)\n"
            "  name.famly.wher(use) and brthDate < 'a' + 1\n"
            "       ^~~~~\n"
            "  did you mean 'family'?");
}

// The number of descendants is found without making them; lone twins, nulls, nested arrays and names that R4
// does not know count as they do when they are made.
TEST(Program, CountedDescendantsAreThoseThatAreMade) {
  const Document document(R"({"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01",
    "_birthDate": {"id": "b", "extension": [{"url": "u", "valueString": "v"}]}, "_gender": {"id": "g"},
    "name": [{"given": ["A", null, "B"], "_given": [null, {"id": "n"}, {"id": "m"}]}, null],
    "odd": [[1, [2]], {"_odd": 1, "x": null}], "_other": {"y": {"z": [true]}}, "active": null,
    "contained": [{"resourceType": "Observation", "status": "final", "valueQuantity": {"value": 1}}, 5]})");
  const std::string made = TextOf("descendants().where(true).count()", document.node());
  EXPECT_EQ(TextOf("descendants().count()", document.node()), made);
  EXPECT_EQ(TextOf("(name | contained).descendants().count()", document.node()),
            TextOf("(name | contained).descendants().where(true).count()", document.node()));
  EXPECT_EQ(TextOf("repeat(children()).where($this is Quantity).count()", document.node()),
            TextOf("descendants().where($this is Quantity).count()", document.node()));
}

// "a.b.c" is one step of the program, with ways for usual data and for unusual; both give the same.
TEST(Program, PathsThroughUnusualDataGiveWhatStepsGive) {
  const Document document(R"({"resourceType": "Bundle", "entry": [null, {"resource": null}, {"resource": 5},
    {"resource": {"resourceType": "Observation", "id": "o", "code": {"coding": [{"code": "1"}, null, {"code": "2"}]},
      "valueQuantity": {"value": 1}, "valueString": "both"}},
    {"resource": {"resourceType": "Observation", "code": {"coding": {"code": "3"}}, "_valueString": {"id": "t"}}},
    {"resource": {"resourceType": "Nonsense", "code": {"coding": [{"code": "4"}]}}},
    {"resource": {"id": "untyped", "code": {"coding": []}}}]})");
  for (const std::string_view path :
       {"entry.resource.code.coding.code", "entry.resource.id", "entry.resource.ofType(Observation).value",
        "entry.resource.ofType(Observation).code.coding.code", "entry.resource.ofType(Observation).value.id",
        "entry.resource.ofType(Patient).name.given", "entry[3].resource.code.coding.code.first()"}) {
    std::string stepwise;
    for (const char c : path) stepwise += c == '.' ? std::string(".select($this).") : std::string(1, c);
    // select() ends a path.
    RunOptions loose;
    EXPECT_EQ(TextOf(path, document.node(), loose), TextOf(stepwise, document.node(), loose)) << path;
  }
}

TEST(Program, StepsAreBounded) {
  RunOptions options;
  options.limits.steps = 1000;
  const std::string error = TextOf("1.repeat(iif($this < 100000, $this + 1, {}))", {}, options);
  EXPECT_THAT(error, HasSubstr("more steps than it may"));
  EXPECT_THAT(error, HasSubstr("line 1, column"));
}

TEST(Program, MemoryIsBounded) {
  RunOptions options;
  options.limits.arena_bytes = 100'000;
  EXPECT_THAT(
      TextOf("('aaaaaaaaaa' | 'b' | 'c' | 'd' | 'e').aggregate($total.replace('a', 'aaaaaaaaaaaaaaaaaaaa'),"
             " %x.first())",
             {},
             [&] {
               options.variables = {{"x", model::Val::String("aaaaaaaaaaaaaa")}};
               return options;
             }()),
      HasSubstr("more memory than it may"));
}

TEST(Program, HostVariablesAreSeen) {
  RunOptions options;
  const model::Val two[] = {model::Val::Integer(3), model::Val::Integer(4)};
  options.variables = {{"one", model::Val::String("x")}, {"list", model::Val::List(two)}};
  EXPECT_EQ(TextOf("%one & %list.count().toString()", {}, options), "x2");
}

TEST(Program, ResourceAndRootResourceAreTheHosts) {
  const Document root(
      R"({"resourceType":"Patient","id":"p","contained":[{"resourceType":"Organization","id":"o"}]})");
  const Document inner(R"({"resourceType":"Organization","id":"o","partOf":{"reference":"#o"}})");
  RunOptions options;
  options.root_resource = root.node();
  EXPECT_EQ(TextOf("%resource.id | %rootResource.id | partOf.resolve().type().name", inner.node(), options),
            "o, p, Organization");
}

TEST(Program, MemberOfAsksTheLoadedValueSets) {
  terminology::Definitions definitions;
  terminology::ValueSetDefinition value_set;
  value_set.url = "http://example.org/vs";
  value_set.include.push_back({"http://example.org/cs", {"a", "b"}, {}, {}});
  definitions.value_sets.push_back(value_set);
  const auto built = terminology::Build(definitions);
  ASSERT_NE(built.index, nullptr);
  RunOptions options;
  options.terminology = built.index.get();
  const Document condition(
      R"({"resourceType":"Condition","code":{"coding":[{"system":"http://example.org/other","code":"a"},)"
      R"({"system":"http://example.org/cs","code":"b"}]}})");
  EXPECT_EQ(TextOf("code.memberOf('http://example.org/vs')", condition.node(), options), "true");
  EXPECT_EQ(TextOf("code.coding.select(memberOf('http://example.org/vs'))", condition.node(), options),
            "false, true");
  EXPECT_EQ(TextOf("code.coding.first().code.memberOf('http://example.org/vs')", condition.node(), options),
            "true");
  EXPECT_THAT(TextOf("code.memberOf('http://example.org/vx')", condition.node(), options),
              HasSubstr("is not loaded"));
  EXPECT_EQ(TextOf("code.subsumes(code)", condition.node(), options), "true");
}

class Recorder : public TraceHook {
 public:
  void OnValue(std::string_view name, Span span, const model::Val& value) override {
    seen += std::string(name) + "@" + std::to_string(span.begin) + "=" +
            std::to_string(model::Items(value).size()) + ";";
  }
  std::string seen;
};

TEST(Program, TraceGoesToTheHook) {
  Recorder recorder;
  RunOptions options;
  options.trace = &recorder;
  EXPECT_EQ(TextOf("(1 | 2).trace('all').where($this > 1).trace('some', $this | 9)", {}, options), "2");
  EXPECT_EQ(recorder.seen, "all@8=2;some@38=2;");
}

TEST(Program, EverySubexpressionCanBeSeen) {
  const Document patient(R"({"resourceType":"Patient","name":[{"given":["A","B"]},{"given":["C"]}]})");
  CheckOptions options;
  options.explanation = Explanation::kEverySubexpression;
  const Compilation compilation = Compile("name.given.count() > 2", options);
  ASSERT_NE(compilation.program, nullptr);
  Recorder recorder;
  base::Arena arena;
  Input input;
  input.context = patient.node();
  input.trace = &recorder;
  EXPECT_TRUE(compilation.program->Evaluate(input, arena).value.boolean());
  EXPECT_EQ(recorder.seen, "@0=2;@0=3;@0=1;@0=1;");
}

TEST(Program, NestedRepeatsAreCheckedInReasonableTime) {
  std::string expression = "item";
  for (int i = 0; i < 100; ++i) expression = "repeat(" + expression + ")";
  EXPECT_NE(Compile(expression, {}).program, nullptr);
}

TEST(Program, ThreadsShareOneProgram) {
  const Document patient(R"({"resourceType":"Patient","name":[{"given":["A","B"]},{"given":["C"]}]})");
  const Compilation compilation = Compile("name.given.where($this.matches('[AC]')).count()", {});
  ASSERT_NE(compilation.program, nullptr);
  std::vector<std::thread> threads;
  std::vector<std::int32_t> counts(4);
  for (std::int32_t& count : counts) {
    threads.emplace_back([&] {
      base::Arena arena;
      Input input;
      input.context = patient.node();
      for (int i = 0; i < 200; ++i) {
        count += compilation.program->Evaluate(input, arena).value.integer();
        arena.Reset();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counts, std::vector<std::int32_t>(4, 400));
}

TEST(Program, OddDataIsNoError) {
  const Document odd(R"({"resourceType":"Patient","name":"x","birthDate":7,"gender":["a",null,{"b":1}],)"
                     R"("active":{"x":1},"_birthDate":[null],"unknown":{"deep":[[1]]}})");
  EXPECT_EQ(TextOf("name.given | birthDate.toString() | gender.first().given", odd.node()).substr(0, 5),
            "error");
  for (const char* expression : {"name.given", "birthDate.toString()", "gender.count()", "active = true",
                                 "descendants().count()", "birthDate < today()", "name = name"}) {
    EXPECT_EQ(TextOf(expression, odd.node()).find("error"), std::string::npos) << expression;
  }
}

TEST(FunctionTable, EveryRowIsWholeAndOnce) {
  std::set<std::string_view> names;
  for (const auto& family : FunctionFamilies()) {
    for (const FunctionRow& row : family) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_LE(row.min_arguments, row.max_arguments) << row.name;
      EXPECT_NE(row.anchor.find('#'), std::string_view::npos) << row.name;
      EXPECT_NE(row.is_implemented(), !row.refusal.empty()) << row.name;
    }
  }
  EXPECT_GT(names.size(), 90);
}

}  // namespace
}  // namespace osteon::path
