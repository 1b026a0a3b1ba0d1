#include "fhir/base/uuid.h"

#include <gtest/gtest.h>

namespace osteon::base {
namespace {

// RFC 4122 appendix C.
constexpr std::string_view kDnsNameSpace = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

TEST(Uuid, DerivesVersionFiveFromNames) {
  const Uuid dns = *Uuid::Parse(kDnsNameSpace);
  // The widely published version 5 UUIDs of these DNS names.
  EXPECT_EQ(Uuid::FromName(dns, "python.org").ToString(), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
  EXPECT_EQ(Uuid::FromName(dns, "www.example.com").ToString(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(Uuid, DependsOnParentAndName) {
  const Uuid dns = *Uuid::Parse(kDnsNameSpace);
  EXPECT_EQ(Uuid::FromName(dns, "a"), Uuid::FromName(dns, "a"));
  EXPECT_FALSE(Uuid::FromName(dns, "a") == Uuid::FromName(dns, "b"));
  EXPECT_FALSE(Uuid::FromName(dns, "a") == Uuid::FromName(Uuid{}, "a"));
  EXPECT_FALSE(Uuid::FromName(dns, "") == Uuid::FromName(Uuid{}, ""));
}

TEST(Uuid, ReadsEitherCaseAndWritesLowerCase) {
  const auto uuid = Uuid::Parse("6BA7B810-9DAD-11d1-80B4-00C04FD430C8");
  ASSERT_TRUE(uuid.has_value());
  EXPECT_EQ(uuid->ToString(), kDnsNameSpace);
  EXPECT_EQ(Uuid{}.ToString(), "00000000-0000-0000-0000-000000000000");
}

TEST(Uuid, RefusesOtherForms) {
  for (const char* text : {"", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8a",
                           "6ba7b8109dad11d180b400c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430}",
                           "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "6ba7b81-09dad-11d1-80b4-00c04fd430c8",
                           "6ba7b810+9dad-11d1-80b4-00c04fd430c8", "------------------------------------"}) {
    EXPECT_FALSE(Uuid::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace osteon::base
