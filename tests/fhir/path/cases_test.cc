// The cases of cases/*.yaml, one file for each section of the specification.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <list>
#include <map>

#include "fhir/model/value_node.h"
#include "tests/fhir/path/run.h"
#include "tests/testing/evidence.h"

namespace osteon::path {
namespace {

class Data {
 public:
  model::Val Find(const std::string& name) {
    if (const auto found = resources_.find(name); found != resources_.end()) return found->second;
    const std::string path = std::string(OSTEON_SOURCE_DIR) + "/tests/fhir/path/cases/data/" + name + ".json";
    texts_.push_back(testing::ReadFile(path));
    const std::size_t size = texts_.back().size();
    texts_.back().append(json::kReadPadding, '\0');
    const auto tree = json::Tree::Read(std::string_view(texts_.back()).substr(0, size), arena_);
    EXPECT_TRUE(tree.ok()) << path;
    return resources_[name] = tree.ok() ? model::ResourceNode((*tree)->root()) : model::Val();
  }

 private:
  base::Arena arena_;
  std::list<std::string> texts_;
  std::map<std::string, model::Val> resources_;
};

std::string PlaceOf(const Ran& ran, std::string_view expression) {
  const Position at = PositionOf(expression, ran.diagnostics.back().span.begin);
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

void ExpectError(const YAML::Node& one, const Ran& ran, const std::string& expression) {
  ASSERT_FALSE(ran.error.empty()) << "no error: " << expression;
  EXPECT_NE(ran.error.find(one["error"].as<std::string>()), std::string::npos) << expression << "\n"
                                                                               << ran.error;
  EXPECT_EQ(PhaseName(ran.phase), one["phase"].as<std::string>()) << expression;
  if (one["hint"]) {
    EXPECT_NE(ran.error.find(one["hint"].as<std::string>()), std::string::npos) << expression << "\n"
                                                                                << ran.error;
  }
  if (one["at"]) {
    EXPECT_EQ(PlaceOf(ran, expression), one["at"].as<std::string>()) << expression;
  }
}

void RunCase(const YAML::Node& one, Data& data) {
  const auto expression = one["expression"].as<std::string>();
  base::Arena arena;
  RunOptions options;
  options.strict = one["strict"] && one["strict"].as<bool>();
  const model::Val context = one["data"] ? data.Find(one["data"].as<std::string>()) : model::Val();
  const Ran ran = RunExpression(expression, context, arena, options);
  if (one["error"]) return ExpectError(one, ran, expression);
  EXPECT_EQ(ran.error, "") << expression;
  std::vector<std::string> real;
  for (const model::Val& item : model::Items(ran.value)) real.push_back(TypeOf(item) + " " + ValueText(item));
  EXPECT_EQ(real, one["result"].as<std::vector<std::string>>()) << expression;
}

TEST(FhirPathCases, EachExpressionGivesWhatItsSectionSays) {
  Data data;
  const std::filesystem::path folder = std::string(OSTEON_SOURCE_DIR) + "/tests/fhir/path/cases";
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".yaml") continue;
    SCOPED_TRACE(file.path().filename().string());
    for (const YAML::Node& one : YAML::LoadFile(file.path().string())["cases"]) {
      RunCase(one, data);
      ++count;
    }
  }
  EXPECT_GT(count, 300);
}

}  // namespace
}  // namespace osteon::path
