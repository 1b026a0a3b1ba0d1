#include "tests/fhir/cql/suite.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "tests/testing/evidence.h"

namespace osteon::cql {
namespace {

std::string Unescaped(std::string_view text) {
  struct Entity {
    std::string_view name;
    char character;
  };
  constexpr Entity kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string out;
  while (!text.empty()) {
    const auto* const entity =
        std::find_if(std::begin(kEntities), std::end(kEntities),
                     [&](const Entity& candidate) { return text.starts_with(candidate.name); });
    if (entity != std::end(kEntities)) {
      out.push_back(entity->character);
      text.remove_prefix(entity->name.size());
    } else if (text.starts_with("&#")) {
      out.push_back(static_cast<char>(std::strtol(std::string(text.substr(2)).c_str(), nullptr, 10)));
      text.remove_prefix(std::min(text.find(';') + 1, text.size()));
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string AttributeOf(std::string_view tag, std::string_view name) {
  const std::string key = " " + std::string(name) + "=\"";
  const std::size_t at = tag.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return Unescaped(tag.substr(begin, tag.find('"', begin) - begin));
}

// Enough XML for these files: tags with attributes, text, comments, CDATA.
class Reader {
 public:
  Reader(std::string_view xml, std::string file, std::vector<SuiteTest>& tests)
      : xml_(xml), file_(std::move(file)), tests_(tests) {}

  void Run() {
    while (at_ < xml_.size()) {
      const std::size_t open = std::min(xml_.find('<', at_), xml_.size());
      text_ += Unescaped(xml_.substr(at_, open - at_));
      if (open == xml_.size()) return;
      if (xml_.substr(open).starts_with("<!--")) {
        at_ = xml_.find("-->", open) + 3;
      } else if (xml_.substr(open).starts_with("<![CDATA[")) {
        const std::size_t end = xml_.find("]]>", open);
        text_ += xml_.substr(open + 9, end - open - 9);
        at_ = end + 3;
      } else {
        at_ = xml_.find('>', open) + 1;
        std::string tag(xml_.substr(open + 1, at_ - open - 2));
        std::replace_if(
            tag.begin(), tag.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
        Tag(tag);
      }
    }
  }

 private:
  void Tag(std::string_view tag) {
    if (tag.starts_with("group ")) group_ = AttributeOf(tag, "name");
    if (tag.starts_with("test ")) {
      SuiteTest& test = tests_.emplace_back();
      test.file = file_;
      test.group = group_;
      test.name = AttributeOf(tag, "name");
    }
    if (tag.starts_with("expression")) tests_.back().invalid = AttributeOf(tag, "invalid");
    if (tag == "/expression") tests_.back().expression = text_;
    if (tag == "/output") tests_.back().outputs.push_back(text_);
    text_.clear();
  }

  std::string_view xml_;
  std::size_t at_ = 0;
  std::string file_;
  std::string group_;
  std::string text_;
  std::vector<SuiteTest>& tests_;
};

}  // namespace

std::vector<SuiteTest> ReadSuite() {
  std::vector<SuiteTest> tests;
  const auto folder = testing::EvidenceFolder();
  if (!folder) return tests;
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(*folder / "suites/cql/cql", error)) {
    if (entry.path().extension() == ".xml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const std::string xml = testing::ReadFile(file);
    Reader(xml, file.stem(), tests).Run();
  }
  return tests;
}

}  // namespace osteon::cql
