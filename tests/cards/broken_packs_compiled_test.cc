// What the reader finds in a broken pack, the compiler passes on; no broken pack is loaded.
#include <gtest/gtest.h>

#include <string>

#include "cards/pack_compiler.h"
#include "tests/cards/broken_packs.h"
#include "tests/cards/pack_folder.h"

namespace osteon::testing {
namespace {

class CompiledBrokenPack : public ::testing::TestWithParam<Mistake> {};

TEST_P(CompiledBrokenPack, IsRefusedWithEveryFindingOfTheReader) {
  cards::PackFiles files = SmallPack();
  ASSERT_TRUE(Apply(GetParam(), files));
  const cards::PackCompilation compiled = cards::CompilePack(files);
  EXPECT_FALSE(compiled.pack.has_value());
  const std::string told = Told(compiled.findings);
  std::string_view rest = GetParam().told;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    EXPECT_NE(told.find(line), std::string::npos) << line << "is not in\n" << told;
    rest.remove_prefix(line.size());
  }
  for (const cards::PackFinding& finding : compiled.findings)
    EXPECT_FALSE(cards::RenderFinding(finding, files).empty());
}

INSTANTIATE_TEST_SUITE_P(Mistakes, CompiledBrokenPack, ::testing::ValuesIn(AllMistakes()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace osteon::testing
