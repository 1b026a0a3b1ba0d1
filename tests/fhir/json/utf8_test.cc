#include "fhir/json/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace osteon::json {
namespace {

TEST(IsUtf8, TakesWellFormedTextAndNothingElse) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("plain"));
  EXPECT_TRUE(IsUtf8("\xC3\xA9 \xE2\x89\xA5 \xF0\x9F\x98\x80"));
  EXPECT_FALSE(IsUtf8("\xFF"));
  EXPECT_FALSE(IsUtf8("\xC3"));
  EXPECT_FALSE(IsUtf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsUtf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  const std::string long_text(1'000, 'x');
  EXPECT_TRUE(IsUtf8(long_text));
  EXPECT_FALSE(IsUtf8(long_text + "\xE2\x89"));
}

}  // namespace
}  // namespace osteon::json
