#include "fhir/model/date_time.h"

namespace osteon::model {
namespace {

constexpr std::size_t kYearLength = 4;
constexpr std::size_t kMonthLength = 7;
constexpr std::size_t kDayLength = 10;

std::optional<DateSpan> YearSpan(std::string_view text) {
  const auto first = base::ParseCivilDate(std::string(text) + "-01-01");
  if (!first) return std::nullopt;
  const base::Day last = base::DayFromCivil({first->year, 12, 31});
  return DateSpan{base::DayFromCivil(*first), last, DatePrecision::kYear, std::nullopt};
}

std::optional<DateSpan> MonthSpan(std::string_view text) {
  const auto first = base::ParseCivilDate(std::string(text) + "-01");
  if (!first) return std::nullopt;
  const base::Day day = base::DayFromCivil(*first);
  return DateSpan{day, day + (base::DaysInMonth(first->year, first->month) - 1), DatePrecision::kMonth,
                  std::nullopt};
}

std::optional<DateSpan> DaySpan(std::string_view text) {
  const auto date = base::ParseCivilDate(text);
  if (!date) return std::nullopt;
  const base::Day day = base::DayFromCivil(*date);
  return DateSpan{day, day, DatePrecision::kDay, std::nullopt};
}

std::optional<DateSpan> TimeSpan(std::string_view text, const base::TimeZone& zone) {
  const auto written = base::ParseDateTime(text);
  if (!written) return std::nullopt;
  if (!written->offset_s) {
    const base::Day day = base::DayFromCivil(written->date);
    return DateSpan{day, day, DatePrecision::kTime, std::nullopt};
  }
  const auto instant = written->At(*written->offset_s);
  if (!instant) return std::nullopt;
  const base::Day day = base::DayOf(*instant, zone);
  return DateSpan{day, day, DatePrecision::kTime, instant};
}

}  // namespace

std::optional<DateSpan> ParseDate(std::string_view text, const base::TimeZone& zone) {
  if (text.size() == kYearLength) return YearSpan(text);
  if (text.size() == kMonthLength) return MonthSpan(text);
  if (text.size() == kDayLength) return DaySpan(text);
  return TimeSpan(text, zone);
}

std::optional<DateSpan> StartOf(json::Value element, const base::TimeZone& zone) {
  using json::operator""_key;
  if (element.is_string()) return ParseDate(element.string(), zone);
  return ParseDate(element["start"_key].string(), zone);
}

std::optional<DateSpan> EndOf(json::Value element, const base::TimeZone& zone) {
  using json::operator""_key;
  if (element.is_string()) return ParseDate(element.string(), zone);
  return ParseDate(element["end"_key].string(), zone);
}

}  // namespace osteon::model
