#include "fhir/model/temporal.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace osteon::model {
namespace {

constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kMsPerDay = 86'400'000;

// Reads digits at the front of a text; the whole grammar of dates and times is digits and single characters.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool AtEnd() const { return text_.empty(); }
  bool Take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Exactly `count` digits, or nullopt.
  std::optional<std::int32_t> Digits(std::size_t count) {
    if (text_.size() < count) return std::nullopt;
    std::int32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }
  // One or more digits after the decimal point, as milliseconds.
  std::optional<std::int32_t> Fraction() {
    std::int32_t value = 0;
    std::size_t count = 0;
    for (; count < text_.size() && text_[count] >= '0' && text_[count] <= '9'; ++count) {
      if (count < 3) value = value * 10 + (text_[count] - '0');
    }
    if (count == 0) return std::nullopt;
    text_.remove_prefix(count);
    for (std::size_t i = count; i < 3; ++i) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
};

struct Components {
  Precision precision = Precision::kYear;
  std::array<std::int32_t, 7> values = {1, 1, 1, 0, 0, 0, 0};
  std::int16_t offset_minutes = kNoOffset;
};

bool ReadDate(Scanner& scanner, Components& read) {
  const auto year = scanner.Digits(4);
  if (!year) return false;
  read.values[0] = *year;
  read.precision = Precision::kYear;
  for (const std::size_t component : {std::size_t{1}, std::size_t{2}}) {
    if (!scanner.Take('-')) return true;
    const auto value = scanner.Digits(2);
    if (!value) return false;
    read.values[component] = *value;
    read.precision = static_cast<Precision>(component);
  }
  return true;
}

bool ReadTime(Scanner& scanner, Components& read) {
  for (const std::size_t component : {std::size_t{3}, std::size_t{4}, std::size_t{5}}) {
    if (component != 3 && !scanner.Take(':')) return true;
    const auto value = scanner.Digits(2);
    if (!value) return false;
    read.values[component] = *value;
    read.precision = static_cast<Precision>(component);
  }
  if (!scanner.Take('.')) return true;
  const auto fraction = scanner.Fraction();
  if (!fraction) return false;
  read.values[6] = *fraction;
  read.precision = Precision::kMillisecond;
  return true;
}

bool ReadOffset(Scanner& scanner, Components& read) {
  if (scanner.AtEnd()) return true;
  if (scanner.Take('Z')) {
    read.offset_minutes = 0;
    return true;
  }
  const bool west = scanner.Take('-');
  if (!west && !scanner.Take('+')) return false;
  const auto hours = scanner.Digits(2);
  if (!hours || !scanner.Take(':')) return false;
  const auto minutes = scanner.Digits(2);
  if (!minutes || *hours > 14 || *minutes > 59) return false;
  const std::int32_t offset = *hours * 60 + *minutes;
  read.offset_minutes = static_cast<std::int16_t>(west ? -offset : offset);
  return true;
}

std::optional<Temporal> Build(TemporalKind kind, const Components& read) {
  const auto& v = read.values;
  return MakeTemporal(kind, read.precision, v[0], v[1], v[2], v[3], v[4], v[5], v[6], read.offset_minutes);
}

void AppendNumber(std::string& out, std::int32_t value, int width) {
  char digits[12];
  const int length = std::snprintf(digits, sizeof digits, "%0*d", width, value);
  out.append(digits, static_cast<std::size_t>(length));
}

void AppendTime(std::string& out, const Temporal& value) {
  AppendNumber(out, value.hour, 2);
  if (value.precision >= Precision::kMinute) AppendNumber(out += ':', value.minute, 2);
  if (value.precision >= Precision::kSecond) AppendNumber(out += ':', value.second, 2);
  if (value.precision >= Precision::kMillisecond) AppendNumber(out += '.', value.millisecond, 3);
}

void AppendOffset(std::string& out, std::int16_t offset) {
  if (offset == kNoOffset) return;
  if (offset == 0) {
    out += 'Z';
    return;
  }
  out += offset < 0 ? '-' : '+';
  const std::int32_t size = offset < 0 ? -offset : offset;
  AppendNumber(out, size / 60, 2);
  AppendNumber(out += ':', size % 60, 2);
}

// Two digits, or something above 99.
unsigned TwoDigits(const char* text) {
  const unsigned tens = static_cast<unsigned char>(text[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(text[1]) - unsigned{'0'};
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

constexpr unsigned kDaysOfEveryMonth = 28;

// "2014-05-06", of any month's days; nullopt for every other text, which may be right as well.
std::optional<Temporal> UsualDate(std::string_view text) {
  constexpr std::size_t kLength = 10;
  if (text.size() != kLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  const unsigned century = TwoDigits(text.data());
  const unsigned year_of_century = TwoDigits(text.data() + 2);
  const unsigned year = century * 100 + year_of_century;
  const unsigned month = TwoDigits(text.data() + 5);
  const unsigned day = TwoDigits(text.data() + 8);
  if (century > 99 || year_of_century > 99 || year < 1 || month < 1 || month > 12 || day < 1 ||
      day > kDaysOfEveryMonth) {
    return std::nullopt;
  }
  Temporal date;
  date.year = static_cast<std::int16_t>(year);
  date.month = static_cast<std::uint8_t>(month);
  date.day = static_cast<std::uint8_t>(day);
  return date;
}

// A date and time in the form that nearly all data has, "2014-05-06T10:00:00" and "Z" or "+02:00"; nullopt
// for every other, which may be right as well.
std::optional<Temporal> UsualDateTime(std::string_view text) {
  constexpr std::size_t kTimeEnd = 19;
  constexpr std::size_t kOffsetEnd = 25;
  const bool is_utc = text.size() == kTimeEnd + 1 && text[kTimeEnd] == 'Z';
  const bool has_offset =
      text.size() == kOffsetEnd && (text[19] == '+' || text[19] == '-') && text[22] == ':';
  if (!is_utc && !has_offset) return std::nullopt;
  const char* const at = text.data();
  if (at[10] != 'T' || at[13] != ':' || at[16] != ':') return std::nullopt;
  auto value = UsualDate(text.substr(0, 10));
  const unsigned hour = TwoDigits(at + 11);
  const unsigned minute = TwoDigits(at + 14);
  const unsigned second = TwoDigits(at + 17);
  const unsigned offset_hours = has_offset ? TwoDigits(at + 20) : 0;
  const unsigned offset_minutes = has_offset ? TwoDigits(at + 23) : 0;
  if (!value || hour > 23 || minute > 59 || second > 59 || offset_hours > 14 || offset_minutes > 59) {
    return std::nullopt;
  }
  const auto offset = static_cast<std::int16_t>(offset_hours * 60 + offset_minutes);
  value->hour = static_cast<std::uint8_t>(hour);
  value->minute = static_cast<std::uint8_t>(minute);
  value->second = static_cast<std::uint8_t>(second);
  value->offset_minutes = has_offset && at[kTimeEnd] == '-' ? static_cast<std::int16_t>(-offset) : offset;
  value->precision = Precision::kSecond;
  value->kind = TemporalKind::kDateTime;
  return value;
}

std::int64_t MsOfDay(const Temporal& value) {
  return ((value.hour * 60LL + value.minute) * 60 + value.second) * 1000 + value.millisecond;
}

}  // namespace

std::optional<Temporal> ParseDateText(std::string_view text) {
  if (const auto usual = UsualDate(text)) return usual;
  Scanner scanner(text);
  Components read;
  if (!ReadDate(scanner, read) || !scanner.AtEnd()) return std::nullopt;
  return Build(TemporalKind::kDate, read);
}

std::optional<Temporal> ParseDateTimeText(std::string_view text) {
  if (const auto usual = UsualDateTime(text)) return usual;
  Scanner scanner(text);
  Components read;
  if (!ReadDate(scanner, read)) return std::nullopt;
  if (scanner.Take('T') && !scanner.AtEnd()) {
    if (read.precision != Precision::kDay || !ReadTime(scanner, read) || !ReadOffset(scanner, read)) {
      return std::nullopt;
    }
  }
  return scanner.AtEnd() ? Build(TemporalKind::kDateTime, read) : std::nullopt;
}

std::optional<Temporal> ParseTimeText(std::string_view text) {
  Scanner scanner(text);
  Components read;
  scanner.Take('T');
  if (!ReadTime(scanner, read) || !scanner.AtEnd()) return std::nullopt;
  return Build(TemporalKind::kTime, read);
}

std::string ToText(const Temporal& value) {
  std::string out;
  if (value.kind == TemporalKind::kTime) {
    AppendTime(out, value);
    return out;
  }
  AppendNumber(out, value.year, 4);
  if (value.precision >= Precision::kMonth) AppendNumber(out += '-', value.month, 2);
  if (value.precision >= Precision::kDay) AppendNumber(out += '-', value.day, 2);
  if (value.precision < Precision::kHour) return out;
  AppendTime(out += 'T', value);
  AppendOffset(out, value.offset_minutes);
  return out;
}

std::optional<Temporal> MakeTemporal(TemporalKind kind, Precision precision, std::int32_t year,
                                     std::int32_t month, std::int32_t day, std::int32_t hour,
                                     std::int32_t minute, std::int32_t second, std::int32_t millisecond,
                                     std::int16_t offset_minutes) {
  if (kind == TemporalKind::kDate && precision > Precision::kDay) return std::nullopt;
  if (kind == TemporalKind::kTime && precision < Precision::kHour) return std::nullopt;
  const bool has_date = kind != TemporalKind::kTime;
  if (!has_date) year = 1;
  if (!has_date || precision < Precision::kMonth) month = 1;
  if (!has_date || precision < Precision::kDay) day = 1;
  if (precision < Precision::kHour) hour = 0;
  if (precision < Precision::kMinute) minute = 0;
  if (precision < Precision::kSecond) second = 0;
  if (precision < Precision::kMillisecond) millisecond = 0;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > base::DaysInMonth(year, month)) {
    return std::nullopt;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || millisecond < 0 ||
      millisecond > 999) {
    return std::nullopt;
  }
  const bool keeps_offset = kind == TemporalKind::kDateTime;
  return Temporal{static_cast<std::int16_t>(year),
                  static_cast<std::uint8_t>(month),
                  static_cast<std::uint8_t>(day),
                  static_cast<std::uint8_t>(hour),
                  static_cast<std::uint8_t>(minute),
                  static_cast<std::uint8_t>(second),
                  static_cast<std::uint16_t>(millisecond),
                  keeps_offset ? offset_minutes : kNoOffset,
                  precision,
                  kind};
}

Temporal FromInstant(base::Instant instant, std::int16_t offset_minutes) {
  const std::int64_t local = instant.ms + offset_minutes * kMsPerMinute;
  std::int64_t days = local / kMsPerDay;
  std::int64_t ms = local % kMsPerDay;
  if (ms < 0) {
    ms += kMsPerDay;
    --days;
  }
  const base::CivilDate date = base::CivilFromDay(base::Day{static_cast<std::int32_t>(days)});
  return {static_cast<std::int16_t>(date.year),
          static_cast<std::uint8_t>(date.month),
          static_cast<std::uint8_t>(date.day),
          static_cast<std::uint8_t>(ms / 3'600'000),
          static_cast<std::uint8_t>(ms / 60'000 % 60),
          static_cast<std::uint8_t>(ms / 1000 % 60),
          static_cast<std::uint16_t>(ms % 1000),
          offset_minutes,
          Precision::kMillisecond,
          TemporalKind::kDateTime};
}

base::Instant ToInstant(const Temporal& value, std::int16_t default_offset) {
  const std::int64_t days = base::DayFromCivil({value.year, value.month, value.day}).number;
  const std::int16_t known = value.has_offset() ? value.offset_minutes : default_offset;
  const std::int64_t offset = known == kNoOffset ? 0 : known;
  return {days * kMsPerDay + MsOfDay(value) - offset * kMsPerMinute};
}

std::optional<Temporal> AtOffset(const Temporal& value, std::int16_t offset_minutes) {
  if (!value.has_offset()) return std::nullopt;
  Temporal moved = FromInstant(ToInstant(value, 0), offset_minutes);
  if (moved.year < 1 || moved.year > 9999) return std::nullopt;
  return MakeTemporal(value.kind, value.precision, moved.year, moved.month, moved.day, moved.hour,
                      moved.minute, moved.second, moved.millisecond, offset_minutes);
}

Temporal ToDateTime(const Temporal& date, std::int16_t offset_minutes) {
  Temporal result = date;
  result.kind = TemporalKind::kDateTime;
  result.offset_minutes = offset_minutes;
  return result;
}

Temporal ToDate(const Temporal& date_time) {
  Temporal result = LowBoundary(date_time, std::min(date_time.precision, Precision::kDay));
  result.kind = TemporalKind::kDate;
  result.offset_minutes = kNoOffset;
  return result;
}

std::optional<Temporal> ToTime(const Temporal& date_time) {
  return MakeTemporal(TemporalKind::kTime, date_time.precision, 1, 1, 1, date_time.hour, date_time.minute,
                      date_time.second, date_time.millisecond, kNoOffset);
}

}  // namespace osteon::model
