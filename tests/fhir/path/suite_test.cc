// The official FHIRPath suite for R4, whole: values, their types, and the phase in which invalid expressions
// fail. It is read from the evidence folder; see exclusions.yaml for what is not followed.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <iostream>
#include <list>
#include <map>
#include <set>

#include "fhir/base/text.h"
#include "fhir/model/r4_model.h"
#include "fhir/model/value_node.h"
#include "tests/fhir/path/run.h"
#include "tests/testing/evidence.h"

namespace osteon::path {
namespace {

using json::operator""_key;

// A wanted or real result: type as the suite writes it, value as text.
struct Item {
  std::string type;
  std::string value;
};

bool SameText(const Item& real, const Item& wanted) {
  if (real.value == wanted.value) return true;
  // The suite writes "-0.0"; a Decimal has no negative zero.
  return wanted.value == "-0.0" && real.value == "0.0";
}

bool Matches(const Item& real, const Item& wanted) {
  return (wanted.type.empty() || base::AsciiEqualsIgnoreCase(real.type, wanted.type)) &&
         SameText(real, wanted);
}

std::string Describe(const std::vector<Item>& items) {
  std::string text;
  for (const Item& item : items) text += " " + item.type + ":" + item.value;
  return text.empty() ? " (empty)" : text;
}

class Suite {
 public:
  explicit Suite(std::filesystem::path folder) : folder_(std::move(folder)) {
    text_ = testing::ReadFile(folder_ / "tests-r4.json") + std::string(json::kReadPadding, '\0');
    const auto tree =
        json::Tree::Read(std::string_view(text_).substr(0, text_.size() - json::kReadPadding), arena_);
    EXPECT_TRUE(tree.ok());
    if (tree.ok()) tests_ = (*tree)->root();
  }
  json::Value tests() const { return tests_; }

  // Empty when the test passes, else why not.
  std::string RunOne(json::Value test) {
    const std::string_view invalid = test.Find("invalid").string();
    const std::string_view expression = test["expression"_key].string();
    base::Arena arena;
    RunOptions options;
    options.strict = test["mode"_key].string() == "strict";
    const Ran ran = RunExpression(expression, Resource(test), arena, options);
    if (!invalid.empty()) return JudgeInvalid(invalid, ran);
    if (!ran.error.empty()) return ran.error;
    return JudgeValue(test, ran);
  }

 private:
  model::Val Resource(json::Value test) {
    std::string name(test.Find("inputfile").string());
    if (name.empty()) return {};
    if (name.ends_with(".xml")) name.replace(name.size() - 3, 3, "json");
    const auto found = resources_.find(name);
    if (found != resources_.end()) return found->second;
    texts_.push_back(testing::ReadFile(folder_ / name) + std::string(json::kReadPadding, '\0'));
    const std::string& text = texts_.back();
    const auto tree =
        json::Tree::Read(std::string_view(text).substr(0, text.size() - json::kReadPadding), arena_);
    EXPECT_TRUE(tree.ok()) << name;
    return resources_[name] = tree.ok() ? model::ResourceNode((*tree)->root()) : model::Val();
  }

  static std::string JudgeInvalid(std::string_view invalid, const Ran& ran) {
    if (ran.error.empty())
      return "invalid (" + std::string(invalid) + "), but gives" + Describe(ItemsOf(ran));
    const int wanted = invalid == "syntax" ? 0 : (invalid == "semantic" ? 1 : 2);
    if (static_cast<int>(ran.phase) > wanted) return "found too late: " + ran.error;
    return {};
  }

  static std::vector<Item> ItemsOf(const Ran& ran) {
    std::vector<Item> items;
    for (const model::Val& item : model::Items(ran.value)) items.push_back({TypeOf(item), ValueText(item)});
    return items;
  }

  static std::string JudgeValue(json::Value test, const Ran& ran) {
    std::vector<Item> real = ItemsOf(ran);
    if (test.Find("predicate").string() == "true") {
      // The suite asks whether there is anything.
      real = {{"boolean", real.empty() ? "false" : "true"}};
    }
    std::vector<Item> wanted;
    for (const json::Value output : test.Find("outputs")) {
      wanted.push_back({std::string(output["type"_key].string()), std::string(output["value"_key].string())});
    }
    const bool same =
        test.Find("ordered").string() == "false"
            ? std::is_permutation(real.begin(), real.end(), wanted.begin(), wanted.end(), Matches)
            : std::equal(real.begin(), real.end(), wanted.begin(), wanted.end(), Matches);
    if (same) return {};
    return "wanted" + Describe(wanted) + ", got" + Describe(real);
  }

  std::filesystem::path folder_;
  base::Arena arena_;
  std::string text_;
  json::Value tests_;
  std::map<std::string, model::Val> resources_;
  std::list<std::string> texts_;
};

// "group/name": names repeat between groups. A reason and the specification's text stand with each.
std::set<std::string> Exclusions() {
  std::set<std::string> names;
  for (const YAML::Node& entry :
       YAML::LoadFile(std::string(OSTEON_SOURCE_DIR) + "/tests/fhir/path/exclusions.yaml")["exclusions"]) {
    EXPECT_TRUE(entry["reason"].IsDefined() && entry["specification"].IsDefined()) << entry["name"];
    names.insert(entry["name"].as<std::string>());
  }
  return names;
}

TEST(FhirPathSuite, AllTestsPassExceptTheExcludedOnes) {
  const auto evidence = testing::EvidenceFolder();
  if (!evidence) GTEST_SKIP() << "the evidence folder is not there: set OSTEON_SHARED";
  Suite suite(*evidence / "suites" / "fhirpath" / "r4");
  std::set<std::string> excluded = Exclusions();
  int passed = 0;
  int excluded_count = 0;
  int total = 0;
  for (const json::Value test : suite.tests()) {
    ++total;
    const std::string name =
        std::string(test["group"_key].string()) + "/" + std::string(test["name"_key].string());
    const std::string failure = suite.RunOne(test);
    if (excluded.contains(name)) {
      ++excluded_count;
      EXPECT_FALSE(failure.empty()) << name << " is excluded, but passes: take it off the list";
      continue;
    }
    if (failure.empty()) ++passed;
    EXPECT_TRUE(failure.empty()) << name << ": " << test["expression"_key].string() << "\n  " << failure;
  }
  std::cout << "FHIRPath R4 suite: " << passed << " of " << total << " pass, " << excluded_count
            << " excluded\n";
  EXPECT_EQ(total, 935);
}

}  // namespace
}  // namespace osteon::path
