#include "server/admin/admin_token.h"

#include <gtest/gtest.h>

namespace osteon::server {
namespace {

// printf %s test | sha256sum
const std::vector<AdminToken> kTokens = {
    {"other", "admin", std::string(64, '0')},
    {"ops", "viewer", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}};

TEST(AdminToken, TheHashOfTheTokenNamesItsOwner) {
  ASSERT_NE(FindToken(kTokens, "Bearer test"), nullptr);
  EXPECT_EQ(FindToken(kTokens, "Bearer test")->name, "ops");
  EXPECT_NE(FindToken(kTokens, "bearer test "), nullptr);
}

TEST(AdminToken, EverythingElseIsNobody) {
  for (const char* header : {"", "Bearer", "Bearer ", "test", "Basic test", "Bearer tes", "Bearer testt",
                             "Bearer 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}) {
    EXPECT_EQ(FindToken(kTokens, header), nullptr) << header;
  }
  EXPECT_EQ(FindToken({}, "Bearer test"), nullptr);
}

}  // namespace
}  // namespace osteon::server
