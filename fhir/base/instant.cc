#include "fhir/base/instant.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace osteon::base {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int32_t kMinYear = 1;
constexpr std::int32_t kMaxYear = 9999;
constexpr std::int64_t kMinInstantMs = -62'135'596'800'000;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kMaxInstantMs = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z
constexpr std::int32_t kMaxOffsetS = 14 * 3600;

constexpr std::int64_t FloorDiv(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Zeros in front up to `width` characters, the sign counted among them. Days are on every card: no printf
// here.
void AppendPadded(std::string& text, std::int32_t value, std::size_t width) {
  if (value < 0) text += '-';
  const std::size_t digits_wanted = value < 0 ? width - 1 : width;
  std::array<char, 12> digits{};
  const std::uint32_t magnitude =
      value < 0 ? 0U - static_cast<std::uint32_t>(value) : static_cast<std::uint32_t>(value);
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude).ptr;
  const auto length = static_cast<std::size_t>(end - digits.data());
  if (length < digits_wanted) text.append(digits_wanted - length, '0');
  text.append(digits.data(), length);
}

void AppendDay(std::string& text, Day day) {
  const CivilDate date = CivilFromDay(day);
  AppendPadded(text, date.year, 4);
  text += '-';
  AppendPadded(text, date.month, 2);
  text += '-';
  AppendPadded(text, date.day, 2);
}

// Reads fixed-width fields off the front of a text; any miss makes it fail for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::int32_t Digits(std::size_t count) {
    std::int32_t value = 0;
    if (rest_.size() < count) return Fail();
    for (std::size_t i = 0; i < count; ++i) {
      if (!IsDigit(rest_[i])) return Fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void Expect(char c) {
    if (!Take(c)) Fail();
  }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // The first three digits of a fraction as milliseconds; the others must be digits.
  std::int32_t FractionMs() {
    if (rest_.empty() || !IsDigit(rest_.front())) return Fail();
    std::int32_t ms = 0;
    for (std::int32_t weight = 100; !rest_.empty() && IsDigit(rest_.front()); weight /= 10) {
      ms += (rest_.front() - '0') * weight;
      rest_.remove_prefix(1);
    }
    return ms;
  }
  bool AtEnd() const { return rest_.empty(); }
  bool ok() const { return ok_; }
  std::int32_t Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  std::string_view rest_;
  bool ok_ = true;
};

CivilDate ScanDate(Scanner& scanner) {
  CivilDate date;
  date.year = scanner.Digits(4);
  scanner.Expect('-');
  date.month = scanner.Digits(2);
  scanner.Expect('-');
  date.day = scanner.Digits(2);
  if (!scanner.ok() || date.year < kMinYear || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > DaysInMonth(date.year, date.month)) {
    scanner.Fail();
  }
  return date;
}

void ScanTime(Scanner& scanner, WrittenDateTime& written) {
  const std::int32_t hour = scanner.Digits(2);
  scanner.Expect(':');
  const std::int32_t minute = scanner.Digits(2);
  std::int32_t ms = 0;
  if (scanner.Take(':')) {
    written.has_seconds = true;
    const std::int32_t second = scanner.Digits(2);
    ms = second * 1000 + (scanner.Take('.') ? scanner.FractionMs() : 0);
    if (second > 60) scanner.Fail();
    ms = std::min(ms, 59'999);
  }
  if (hour > 23 || minute > 59) scanner.Fail();
  written.ms_of_day = (hour * 60 + minute) * 60'000 + ms;
}

void ScanOffset(Scanner& scanner, WrittenDateTime& written) {
  if (scanner.Take('Z') || scanner.Take('z')) {
    written.offset_s = 0;
    return;
  }
  const bool west = scanner.Take('-');
  if (!west) scanner.Expect('+');
  const std::int32_t hours = scanner.Digits(2);
  scanner.Expect(':');
  const std::int32_t minutes = scanner.Digits(2);
  const std::int32_t offset_s = (hours * 60 + minutes) * 60;
  if (minutes > 59 || offset_s > kMaxOffsetS) scanner.Fail();
  written.offset_s = west ? -offset_s : offset_s;
}

}  // namespace

// Both conversions count years from 1 March, so that the leap day is the last of its year, in eras of 400
// years.
Day DayFromCivil(CivilDate date) {
  const std::int64_t year = std::int64_t{date.year} - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = FloorDiv(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Day{static_cast<std::int32_t>(era * 146'097 + day_of_era - 719'468)};
}

CivilDate CivilFromDay(Day day) {
  const std::int64_t shifted = std::int64_t{day.number} + 719'468;
  const std::int64_t era = FloorDiv(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  CivilDate date;
  date.year = static_cast<std::int32_t>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  date.month = static_cast<std::int32_t>(month);
  date.day = static_cast<std::int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  return date;
}

bool IsLeapYear(std::int32_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int32_t DaysInMonth(std::int32_t year, std::int32_t month) {
  constexpr std::array<std::int32_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month == 2 && IsLeapYear(year)) return 29;
  return kDays[static_cast<std::size_t>(month - 1)];
}

std::string FormatDay(Day day) {
  std::string text;
  text.reserve(10);
  AppendDay(text, day);
  return text;
}

std::int32_t TimeZone::OffsetAt(Instant instant) const {
  const std::int64_t at_s = FloorDiv(instant.ms, kMsPerSecond);
  const auto after = std::upper_bound(transitions.begin(), transitions.end(), at_s,
                                      [](std::int64_t s, const Transition& t) { return s < t.from_s; });
  return after == transitions.begin() ? first_offset_s : std::prev(after)->offset_s;
}

Day DayOf(Instant instant, const TimeZone& zone) {
  const std::int64_t utc_ms = std::clamp(instant.ms, kMinInstantMs, kMaxInstantMs);
  return Day{static_cast<std::int32_t>(FloorDiv(utc_ms + zone.OffsetAt(instant) * kMsPerSecond, kMsPerDay))};
}

std::optional<CivilDate> ParseCivilDate(std::string_view text) {
  Scanner scanner(text);
  const CivilDate date = ScanDate(scanner);
  if (!scanner.ok() || !scanner.AtEnd()) return std::nullopt;
  return date;
}

std::optional<Instant> WrittenDateTime::At(std::int32_t offset) const {
  const std::int64_t ms = DayFromCivil(date).number * kMsPerDay + ms_of_day - offset * kMsPerSecond;
  if (ms < kMinInstantMs || ms > kMaxInstantMs) return std::nullopt;
  return Instant{ms};
}

std::optional<WrittenDateTime> ParseDateTime(std::string_view text) {
  Scanner scanner(text);
  WrittenDateTime written;
  written.date = ScanDate(scanner);
  if (!scanner.Take('t')) scanner.Expect('T');
  ScanTime(scanner, written);
  if (scanner.ok() && !scanner.AtEnd()) ScanOffset(scanner, written);
  if (!scanner.ok() || !scanner.AtEnd()) return std::nullopt;
  return written;
}

std::optional<Instant> ParseInstant(std::string_view text) {
  const auto written = ParseDateTime(text);
  if (!written || !written->has_seconds || !written->offset_s) return std::nullopt;
  return written->At(*written->offset_s);
}

std::string FormatInstant(Instant instant) {
  const std::int64_t ms = std::clamp(instant.ms, kMinInstantMs, kMaxInstantMs);
  const std::int64_t day = FloorDiv(ms, kMsPerDay);
  const auto of_day = static_cast<std::int32_t>(ms - day * kMsPerDay);
  std::string text;
  text.reserve(24);
  AppendDay(text, Day{static_cast<std::int32_t>(day)});
  text += 'T';
  AppendPadded(text, of_day / 3'600'000, 2);
  text += ':';
  AppendPadded(text, of_day / 60'000 % 60, 2);
  text += ':';
  AppendPadded(text, of_day / 1000 % 60, 2);
  if (of_day % 1000 != 0) {
    text += '.';
    AppendPadded(text, of_day % 1000, 3);
  }
  text += 'Z';
  return text;
}

}  // namespace osteon::base
