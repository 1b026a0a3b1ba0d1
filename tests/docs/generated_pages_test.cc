// docs/config.md and docs/parameters.md are what the program prints.
#include <gtest/gtest.h>

#include "server/app.h"
#include "server/cli/parameters_page.h"
#include "tests/testing/evidence.h"

namespace osteon::testing {
namespace {

std::string Page(const char* name) {
  return ReadFile(std::filesystem::path(OSTEON_SOURCE_DIR) / "docs" / name);
}

// Compared as a whole, told by the first line that differs: the pages are long.
void ExpectSame(const std::string& page, const std::string& printed, const char* command) {
  if (page == printed) return;
  std::size_t at = 0;
  while (at < page.size() && at < printed.size() && page[at] == printed[at]) ++at;
  const auto start = at == 0 ? std::string::npos : printed.rfind('\n', at - 1);
  const auto from = start == std::string::npos ? 0 : start + 1;
  ADD_FAILURE() << "stale; write it again with: " << command
                << "\nfirst difference: " << printed.substr(from, printed.find('\n', from) - from);
}

TEST(GeneratedPages, ConfigIsWhatTheProgramPrints) {
  ExpectSame(Page("config.md"), server::ConfigMarkdown(), "build/osteon config --markdown > docs/config.md");
}

TEST(GeneratedPages, ParametersIsWhatTheProgramPrints) {
  const auto catalog = server::LoadCatalog(server::Config{});
  ASSERT_TRUE(catalog.ok());
  ExpectSame(Page("parameters.md"), server::ParametersMarkdown((*catalog)->pack()),
             "build/osteon config --parameters --markdown > docs/parameters.md");
}

}  // namespace
}  // namespace osteon::testing
