#include "tests/conformance/fixture_index.h"

#include "tests/testing/document.h"
#include "tests/testing/evidence.h"

namespace osteon::testing {

std::vector<Fixture> FixturesOfKind(std::string_view kind) {
  const auto evidence = EvidenceFolder();
  if (!evidence) return {};
  const auto folder = *evidence / "spec" / "fixtures";
  const Document index(ReadFile(folder / "index.json"));
  std::vector<Fixture> fixtures;
  for (const json::Value record : index.root().Find("records")) {
    if (record.Find("kind").string() != kind) continue;
    Fixture fixture;
    fixture.file = record.Find("file").string();
    fixture.hook = record.Find("hook").string();
    fixture.text = ReadFile(folder / fixture.file);
    for (const json::Value finding : record.Find("verdict")) {
      const std::string_view level = finding.At(0).string();
      if (level == "E") fixture.errors.emplace(finding.At(1).string());
      if (level == "E" || level == "W") fixture.violations.emplace(finding.At(1).string());
    }
    fixtures.push_back(std::move(fixture));
  }
  return fixtures;
}

}  // namespace osteon::testing
