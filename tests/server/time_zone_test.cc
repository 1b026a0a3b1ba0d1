#include "server/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace osteon::server {
namespace {

std::int32_t OffsetAt(const base::TimeZone& zone, const char* instant) {
  return zone.OffsetAt(*base::ParseInstant(instant));
}

TEST(TimeZone, BerlinHasSummerAndWinterAndGoesOnAfterTheTable) {
  if (!std::filesystem::exists("/usr/share/zoneinfo/Europe/Berlin"))
    GTEST_SKIP() << "no zone files (package tzdata)";
  const auto zone = LoadTimeZone("Europe/Berlin");
  ASSERT_TRUE(zone.ok());
  EXPECT_EQ(OffsetAt(*zone, "2026-06-15T10:00:00Z"), 7200);
  EXPECT_EQ(OffsetAt(*zone, "2026-01-15T10:00:00Z"), 3600);
  EXPECT_EQ(OffsetAt(*zone, "2026-03-29T00:59:59Z"), 3600);
  EXPECT_EQ(OffsetAt(*zone, "2026-03-29T01:00:00Z"), 7200);
  EXPECT_EQ(OffsetAt(*zone, "2090-07-01T00:00:00Z"), 7200);
}

TEST(TimeZone, AgreesWithTheSystemsOwnReaderEverywhere) {
  for (const char* name : {"America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo",
                           "Pacific/Auckland", "Africa/Casablanca", "Europe/Dublin", "Pacific/Kiritimati"}) {
    if (!std::filesystem::exists(std::string("/usr/share/zoneinfo/") + name)) GTEST_SKIP() << "no zone files";
    const auto zone = LoadTimeZone(name);
    ASSERT_TRUE(zone.ok()) << name;
    ::setenv("TZ", name, 1);
    ::tzset();
    for (std::int64_t second = 0; second < 4'000'000'000; second += 86'400 * 9 + 3'607) {
      const std::time_t time = second;
      std::tm parts{};
      ::localtime_r(&time, &parts);
      ASSERT_EQ(zone->OffsetAt(base::Instant{second * 1000}), parts.tm_gmtoff) << name << " " << second;
    }
  }
  ::unsetenv("TZ");
  ::tzset();
}

TEST(TimeZone, UnknownOrOddNamesAreRefused) {
  for (const char* name :
       {"", "Nowhere/City", "../etc/passwd", "/etc/localtime", "Europe/Ber lin", "tzdata.zi"}) {
    const auto zone = LoadTimeZone(name);
    ASSERT_FALSE(zone.ok()) << name;
    EXPECT_EQ(zone.error().code, base::ErrorCode::kInvalidConfig);
  }
}

TEST(TimeZone, UtcNeedsNoFiles) {
  const auto zone = LoadTimeZone("UTC", "/nonexistent");
  ASSERT_TRUE(zone.ok());
  EXPECT_EQ(OffsetAt(*zone, "2026-06-15T10:00:00Z"), 0);
}

TEST(TimeZone, DamagedFilesAreRefused) {
  EXPECT_FALSE(ReadTimeZone("x", "TZif2").ok());
  EXPECT_FALSE(ReadTimeZone("x", std::string(200, 'T')).ok());
  EXPECT_FALSE(ReadTimeZone("x", "TZif2" + std::string(15, '\0') + std::string(24, '\xff')).ok());
}

}  // namespace
}  // namespace osteon::server
