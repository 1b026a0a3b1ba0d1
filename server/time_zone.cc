#include "server/time_zone.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace osteon::server {
namespace {

constexpr std::int32_t kLastRuleYear = 2100;
constexpr std::int64_t kDaySeconds = 86'400;

base::Error BadZone(const std::string& name, std::string_view why) {
  return base::Error{base::ErrorCode::kInvalidConfig, "time zone \"" + name + "\": " + std::string(why), "",
                     ""};
}

// Names are paths below the zone folder and nothing else.
bool IsZoneName(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.size() > 64 || name.find("..") != name.npos) return false;
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
         name.npos;
}

// Big-endian numbers from the front; past the end everything is zero and ok() false.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  std::string_view Take(std::size_t count) {
    if (bytes_.size() < count) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    const auto taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  std::int64_t Signed(std::size_t width) {
    std::uint64_t value = 0;
    for (const char c : Take(width)) value = (value << 8) | static_cast<unsigned char>(c);
    return width == 4 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value);
  }
  std::size_t Count() { return static_cast<std::size_t>(static_cast<std::uint32_t>(Signed(4))); }
  std::string_view rest() const { return bytes_; }
  bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

struct Header {
  std::size_t utc_indicators = 0, standard_indicators = 0, leaps = 0, times = 0, types = 0, characters = 0;

  std::size_t BlockBytes(std::size_t time_width) const {
    return times * (time_width + 1) + types * 6 + characters + leaps * (time_width + 4) +
           standard_indicators + utc_indicators;
  }
};

std::optional<Header> ReadHeader(Cursor& cursor) {
  const auto start = cursor.Take(20);
  if (start.size() < 20 || start.substr(0, 4) != "TZif" || start[4] < '2') return std::nullopt;
  Header header;
  for (std::size_t* field : {&header.utc_indicators, &header.standard_indicators, &header.leaps,
                             &header.times, &header.types, &header.characters}) {
    *field = cursor.Count();
    if (*field > 10'000) return std::nullopt;
  }
  return cursor.ok() && header.types > 0 ? std::optional(header) : std::nullopt;
}

// "Mm.w.d[/time]": the only form zone files use for seasonal rules.
struct SeasonStart {
  std::int32_t month = 0, week = 0, weekday = 0;
  std::int64_t local_s = 7'200;

  // Seconds since the epoch, local time, of the change in that year.
  std::int64_t LocalSeconds(std::int32_t year) const {
    const base::Day first = base::DayFromCivil({year, month, 1});
    const std::int32_t first_weekday = ((first.number + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
    std::int32_t day = 1 + (weekday - first_weekday + 7) % 7 + (week - 1) * 7;
    while (day > base::DaysInMonth(year, month)) day -= 7;
    return (first.number + day - 1) * kDaySeconds + local_s;
  }
};

struct Rule {
  std::int32_t standard_s = 0;
  std::int32_t daylight_s = 0;
  std::optional<SeasonStart> daylight_start, daylight_end;
};

class RuleParser {
 public:
  explicit RuleParser(std::string_view text) : text_(text) {}

  std::optional<Rule> Parse() {
    Rule rule;
    std::int64_t offset = 0;
    if (!Name() || !Time(offset)) return std::nullopt;
    rule.standard_s = static_cast<std::int32_t>(-offset);
    if (text_.empty()) return rule;
    if (!Name()) return std::nullopt;
    rule.daylight_s = rule.standard_s + 3'600;
    if (!text_.empty() && text_.front() != ',') {
      if (!Time(offset)) return std::nullopt;
      rule.daylight_s = static_cast<std::int32_t>(-offset);
    }
    rule.daylight_start = Season();
    rule.daylight_end = Season();
    if (!rule.daylight_start || !rule.daylight_end || !text_.empty()) return std::nullopt;
    return rule;
  }

 private:
  bool Eat(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool Number(std::int64_t& value) {
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0 || value > 10'000) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return true;
  }
  bool Name() {
    if (Eat('<')) {
      const auto end = text_.find('>');
      if (end == text_.npos) return false;
      text_.remove_prefix(end + 1);
      return true;
    }
    std::size_t length = 0;
    while (length < text_.size() && ((text_[length] | 0x20) >= 'a') && ((text_[length] | 0x20) <= 'z'))
      ++length;
    text_.remove_prefix(length);
    return length >= 3;
  }
  // [+-]hh[:mm[:ss]] in seconds.
  bool Time(std::int64_t& seconds) {
    const bool negative = Eat('-');
    if (!negative) Eat('+');
    std::int64_t part = 0;
    if (!Number(part)) return false;
    seconds = part * 3'600;
    for (const std::int64_t unit : {60, 1}) {
      if (!Eat(':')) break;
      if (!Number(part)) return false;
      seconds += part * unit;
    }
    if (negative) seconds = -seconds;
    return true;
  }
  std::optional<SeasonStart> Season() {
    std::int64_t month = 0, week = 0, weekday = 0;
    if (!Eat(',') || !Eat('M') || !Number(month) || !Eat('.') || !Number(week) || !Eat('.') ||
        !Number(weekday)) {
      return std::nullopt;
    }
    if (month < 1 || month > 12 || week < 1 || week > 5 || weekday > 6) return std::nullopt;
    SeasonStart start{static_cast<std::int32_t>(month), static_cast<std::int32_t>(week),
                      static_cast<std::int32_t>(weekday)};
    if (Eat('/') && !Time(start.local_s)) return std::nullopt;
    return start;
  }

  std::string_view text_;
};

void AppendRule(base::TimeZone& zone, const Rule& rule) {
  if (!rule.daylight_start) return;
  const std::int64_t last = zone.transitions.empty() ? 0 : zone.transitions.back().from_s;
  for (std::int32_t year = 1970; year <= kLastRuleYear; ++year) {
    base::TimeZone::Transition on{rule.daylight_start->LocalSeconds(year) - rule.standard_s, rule.daylight_s};
    base::TimeZone::Transition off{rule.daylight_end->LocalSeconds(year) - rule.daylight_s, rule.standard_s};
    // South of the equator summer ends before it begins.
    if (off.from_s < on.from_s) std::swap(on, off);
    if (on.from_s > last) zone.transitions.push_back(on);
    if (off.from_s > last) zone.transitions.push_back(off);
  }
}

}  // namespace

base::Result<base::TimeZone> ReadTimeZone(const std::string& name, std::string_view tzif) {
  Cursor cursor(tzif);
  const auto first = ReadHeader(cursor);
  if (!first) return BadZone(name, "not a zone file of version 2 or later");
  cursor.Take(first->BlockBytes(4));  // the same in 32 bits, for older readers
  const auto header = ReadHeader(cursor);
  if (!header) return BadZone(name, "the zone file is damaged");

  base::TimeZone zone;
  zone.name = name;
  zone.transitions.resize(header->times);
  for (auto& transition : zone.transitions) transition.from_s = cursor.Signed(8);
  const auto type_of = cursor.Take(header->times);
  std::vector<std::int32_t> offsets;
  for (std::size_t i = 0; i < header->types; ++i) {
    offsets.push_back(static_cast<std::int32_t>(cursor.Signed(4)));
    cursor.Take(2);  // daylight flag and abbreviation
  }
  cursor.Take(header->characters + header->leaps * 12 + header->standard_indicators + header->utc_indicators);
  if (!cursor.ok()) return BadZone(name, "the zone file is cut off");
  for (std::size_t i = 0; i < header->times; ++i) {
    const auto type = static_cast<unsigned char>(type_of[i]);
    if (type >= offsets.size()) return BadZone(name, "the zone file is damaged");
    zone.transitions[i].offset_s = offsets[type];
  }
  zone.first_offset_s = offsets.front();

  std::string_view footer = cursor.rest();
  if (footer.size() >= 2 && footer.front() == '\n') footer.remove_prefix(1);
  footer = footer.substr(0, footer.find('\n'));
  if (footer.empty()) return zone;
  const auto rule = RuleParser(footer).Parse();
  if (!rule) return BadZone(name, "the zone file's rule is of an unknown form");
  AppendRule(zone, *rule);
  return zone;
}

base::Result<base::TimeZone> LoadTimeZone(const std::string& name, std::string_view folder) {
  if (!IsZoneName(name)) return BadZone(name, "not a name such as \"Europe/Berlin\"");
  std::ifstream file(std::string(folder) + "/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (bytes.empty()) {
    // A container without zone files still knows UTC.
    if (name == "UTC") return base::TimeZone{};
    return BadZone(name, "there is no such zone in " + std::string(folder) + " (package tzdata)");
  }
  return ReadTimeZone(name, bytes);
}

}  // namespace osteon::server
