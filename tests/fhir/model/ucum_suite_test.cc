// The public UCUM functional tests (UcumFunctionalTests.xml, 573 cases), read in place.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fhir/model/ucum_unit.h"
#include "tests/testing/evidence.h"

namespace osteon::model::ucum {
namespace {

struct Case {
  std::string section;
  std::map<std::string, std::string> attributes;
  const std::string& operator[](const std::string& name) const { return attributes.at(name); }
};

std::string Unescaped(std::string text) {
  for (const auto& [entity, character] : std::map<std::string, std::string>{
           {"&#232;", "\xC3\xA8"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity)) {
      text.replace(at, entity.size(), character);
    }
  }
  return text;
}

std::string WithoutComments(std::string xml) {
  for (std::size_t from = xml.find("<!--"); from != std::string::npos; from = xml.find("<!--")) {
    const std::size_t end = xml.find("-->", from);
    xml.erase(from, end == std::string::npos ? std::string::npos : end + 3 - from);
  }
  return xml;
}

// Enough XML for this file: elements with attributes.
std::vector<Case> ReadCases(const std::filesystem::path& path) {
  const std::string xml = WithoutComments(testing::ReadFile(path));
  std::vector<Case> cases;
  std::string section;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::size_t name_end = xml.find_first_of(" >/", at + 1);
    const std::string name = xml.substr(at + 1, name_end - at - 1);
    if (name != "case") {
      if (!name.empty()) section = name;
      continue;
    }
    Case found{section, {}};
    std::size_t cursor = name_end;
    const std::size_t end = xml.find("/>", at);
    while ((cursor = xml.find_first_not_of(" \t\r\n", cursor)) < end) {
      const std::size_t equals = xml.find('=', cursor);
      const std::size_t open = xml.find('"', equals);
      const std::size_t close = xml.find('"', open + 1);
      found.attributes[xml.substr(cursor, equals - cursor)] =
          Unescaped(xml.substr(open + 1, close - open - 1));
      cursor = close + 1;
    }
    cases.push_back(std::move(found));
  }
  return cases;
}

// The digits that a decimal literal shows: "0.160" three, "1.05e-18" three; whole numbers all.
int SignificantDigits(const std::string& literal) {
  std::string digits = literal.substr(0, literal.find_first_of("eE"));
  std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
  digits.erase(0, digits.find_first_not_of('0'));
  return static_cast<int>(digits.size());
}

// The literal as ConvertToText writes it.
std::string Scientific(const std::string& literal) {
  const std::size_t e = literal.find_first_of("eE");
  int exponent = e == std::string::npos ? 0 : std::stoi(literal.substr(e + 1));
  std::string digits = literal.substr(0, e);
  const std::size_t point = digits.find('.');
  exponent += static_cast<int>(point == std::string::npos ? digits.size() : point) - 1;
  std::erase(digits, '.');
  const std::size_t zeros = digits.find_first_not_of('0');
  digits.erase(0, zeros);
  exponent -= static_cast<int>(zeros);
  if (digits.size() > 1) digits.insert(1, ".");
  return digits + (exponent < 0 ? "e" : "e+") + std::to_string(exponent);
}

// `outcome` shows how many digits the suite means; rounding there hides nothing that it asks for.
std::string ConvertsTo(const base::Decimal& value, const std::string& from, const std::string& to,
                       const std::string& outcome) {
  base::Arena arena;
  const Unit* source = Find(from, arena);
  const Unit* target = Find(to, arena);
  if (source == nullptr || target == nullptr) return "invalid unit";
  const auto text = ConvertToText(value, *source, *target, SignificantDigits(outcome));
  if (!text) return "not comparable";
  return *text == Scientific(outcome) ? "" : *text + " instead of " + Scientific(outcome);
}

std::string Combined(const Case& test, bool divide) {
  const auto v1 = base::Decimal::Of(test["v1"]);
  const auto v2 = base::Decimal::Of(test["v2"]);
  const auto code = divide ? DivideCodes(test["u1"], test["u2"]) : MultiplyCodes(test["u1"], test["u2"]);
  const auto value = divide ? v1.DividedBy(v2, 28) : v1.Times(v2);
  return code && value ? ConvertsTo(*value, *code, test["uRes"], test["vRes"]) : "no result";
}

// Empty when the case passes.
std::string FailureOf(const Case& test) {
  if (test.section == "validation") {
    const std::string why = WhyInvalid(test["unit"]);
    return why.empty() == (test["valid"] == "true") ? "" : "valid=" + test["valid"] + ", found: " + why;
  }
  if (test.section == "displayNameGeneration") {
    const std::string name = DisplayName(test["unit"]);
    return name == test["display"] ? "" : name;
  }
  if (test.section == "conversion") {
    return ConvertsTo(base::Decimal::Of(test["value"]), test["srcUnit"], test["dstUnit"], test["outcome"]);
  }
  return Combined(test, test.section == "division");
}

TEST(UcumFunctionalTests, PassExceptTheExcludedOnes) {
  const auto evidence = testing::EvidenceFolder();
  if (!evidence) GTEST_SKIP() << "no evidence folder with suites/ucum";
  const auto path = *evidence / "suites" / "ucum" / "UcumFunctionalTests.xml";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no UcumFunctionalTests.xml in the evidence folder";
  std::map<std::string, std::string> excluded;
  const YAML::Node list = YAML::LoadFile(OSTEON_SOURCE_DIR "/tests/fhir/model/ucum_suite_exclusions.yaml");
  for (const YAML::Node& entry : list["exclusions"]) {
    excluded[entry["section"].as<std::string>() + " " + entry["id"].as<std::string>()] =
        entry["reason"].as<std::string>();
  }
  const std::vector<Case> cases = ReadCases(path);
  std::map<std::string, int> count;
  int passed = 0;
  for (const Case& test : cases) {
    ++count[test.section];
    const std::string key = test.section + " " + test["id"];
    const std::string failure = FailureOf(test);
    passed += failure.empty() ? 1 : 0;
    EXPECT_EQ(failure.empty(), !excluded.contains(key)) << key << ": " << failure;
  }
  RecordProperty("passed", passed);
  EXPECT_EQ(count["validation"], 529);
  EXPECT_EQ(cases.size(), 573U);
  EXPECT_EQ(static_cast<std::size_t>(passed), cases.size() - excluded.size());
}

}  // namespace
}  // namespace osteon::model::ucum
