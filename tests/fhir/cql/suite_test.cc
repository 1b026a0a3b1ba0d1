// The official CQL suite, from source text. floor.yaml pins how many tests of each group pass, so that none
// is lost; exclusions.yaml tells why each other one fails.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "fhir/cql/evaluate.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_text.h"
#include "tests/fhir/cql/suite.h"

namespace osteon::cql {
namespace {

struct Outcome {
  bool failed = false;
  std::string text;  // the value as a literal, or the finding
};

// 2026-06-15T10:00:00Z
constexpr base::Instant kNow{1781517600000};

class Evaluated {
 public:
  explicit Evaluated(const std::string& expression) {
    Analysis analysis = AnalyzeExpression({"suite", expression}, ExpressionModel::kSystem);
    if (analysis.program == nullptr) {
      outcome_ = {true, analysis.report};
      return;
    }
    library_.emplace(std::move(analysis.program));
    inputs_.now = kNow;
    evaluation_.emplace(*library_, inputs_, arena_);
    value_ = evaluation_->Define("Expression");
    if (evaluation_->error()) {
      outcome_ = {true, evaluation_->error()->message};
    } else {
      outcome_ = {false, model::ToLiteral(value_)};
    }
  }

  const Outcome& outcome() const { return outcome_; }
  const model::Val& value() const { return value_; }
  const model::ValueContext& context() const { return evaluation_->values(); }

 private:
  base::Arena arena_;
  Inputs inputs_;
  std::optional<CompiledLibrary> library_;
  std::optional<Evaluation> evaluation_;
  model::Val value_;
  Outcome outcome_;
};

bool SameValue(const model::Val& a, const model::Val& b, const model::ValueContext& context) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  // The suite writes an uncertain number as an interval.
  if (a.is(model::Kind::kUncertainty) && b.is(model::Kind::kInterval)) {
    const model::IntervalValue& range = b.interval();
    return range.low.is(model::Kind::kInteger) && range.low.integer() == a.uncertainty().low &&
           range.high.integer() == a.uncertainty().high;
  }
  if (model::ToLiteral(a) == model::ToLiteral(b)) return true;
  // A Date is a DateTime of its precision where the two meet.
  const auto is_date = [](const model::Val& value) {
    return value.is(model::Kind::kDate) || value.is(model::Kind::kDateTime);
  };
  if (a.kind() != b.kind() && !(is_date(a) && is_date(b))) return false;
  if (a.is(model::Kind::kList)) {
    const auto left = a.list();
    const auto right = b.list();
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [&](const model::Val& x, const model::Val& y) { return SameValue(x, y, context); });
  }
  if (a.is(model::Kind::kInterval)) {
    return SameValue(a.interval().low, b.interval().low, context) &&
           SameValue(a.interval().high, b.interval().high, context) &&
           a.interval().low_closed == b.interval().low_closed &&
           a.interval().high_closed == b.interval().high_closed;
  }
  if (a.is(model::Kind::kTuple)) return model::Equivalent(a, b, context);
  return model::Equal(a, b, context) == model::Truth::kTrue;
}

// Empty when the test passes; otherwise what came out.
std::string Failure(const SuiteTest& test) {
  const Evaluated actual(test.expression);
  if (!test.invalid.empty()) {
    return actual.outcome().failed ? "" : "no error, but " + actual.outcome().text;
  }
  if (actual.outcome().failed) return actual.outcome().text;
  if (test.outputs.size() != 1) return "the test has no output";
  const Evaluated expected(test.outputs.front());
  if (expected.outcome().failed) return "its output: " + expected.outcome().text;
  if (SameValue(actual.value(), expected.value(), actual.context())) return "";
  return actual.outcome().text + " instead of " + expected.outcome().text;
}

std::map<std::string, std::string> ReadExclusions() {
  std::map<std::string, std::string> exclusions;
  const YAML::Node file = YAML::LoadFile(OSTEON_SOURCE_DIR "/tests/fhir/cql/exclusions.yaml");
  for (const auto& test : file) exclusions[test.first.as<std::string>()] = test.second.as<std::string>();
  return exclusions;
}

TEST(CqlSuite, EveryTestPassesThatIsNotExcluded) {
  const auto tests = ReadSuite();
  if (tests.empty()) GTEST_SKIP() << "no evidence folder";
  const auto exclusions = ReadExclusions();
  std::map<std::string, std::pair<int, int>> files;  // passed, all
  int passed = 0;
  for (const SuiteTest& test : tests) {
    const std::string failure = Failure(test);
    const std::string name = test.file + "/" + test.name;
    const bool passes = failure.empty();
    auto& [file_passed, file_all] = files[test.file];
    file_passed += passes ? 1 : 0;
    passed += passes ? 1 : 0;
    ++file_all;
    EXPECT_EQ(passes, !exclusions.contains(name)) << name << "\n" << test.expression << "\n" << failure;
  }
  for (const auto& [file, counts] : files) {
    std::printf("%-40s %4d of %4d\n", file.c_str(), counts.first, counts.second);
  }
  std::printf("%-40s %4d of %4zu\n", "all", passed, tests.size());
  EXPECT_EQ(tests.size(), 1823U);
}

}  // namespace
}  // namespace osteon::cql
