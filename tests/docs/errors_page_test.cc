// docs/errors.md is compared with the one error table, both ways.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "fhir/base/error.h"

namespace osteon::base {
namespace {

std::string Page() {
  std::ifstream file(std::string(OSTEON_SOURCE_DIR) + "/docs/errors.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ErrorsPage, HoldsEveryRowOfTheTable) {
  const std::string page = Page();
  for (const ErrorRow& row : kErrorTable) {
    const std::string start = "| `" + std::string(row.name) + "` | " + std::to_string(row.http_status) +
                              " | " + std::to_string(row.grpc_status) + " | " + std::string(row.issue_type) +
                              " | ";
    EXPECT_NE(page.find("\n" + start), std::string::npos) << "docs/errors.md lacks: " << start;
  }
}

TEST(ErrorsPage, HoldsNothingElse) {
  std::istringstream lines(Page());
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) rows += line.starts_with("| `");
  EXPECT_EQ(rows, std::size(kErrorTable));
}

}  // namespace
}  // namespace osteon::base
