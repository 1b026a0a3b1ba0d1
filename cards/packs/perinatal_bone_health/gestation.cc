#include "cards/packs/perinatal_bone_health/gestation.h"

#include "cards/packs/perinatal_bone_health/state.h"
#include "fhir/base/text.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

std::string FormatGestation(std::int32_t days) {
  return std::to_string(days / 7) + "w" + std::to_string(days % 7) + "d";
}

namespace internal {
namespace {

constexpr std::int32_t kLongestGestation = 45 * 7;

// Reads `text` from the left; what does not fit is left where it is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { SkipSpace(); }

  std::optional<std::int32_t> Number() {
    std::int32_t number = 0;
    std::size_t length = 0;
    while (length < text_.size() && length < 4 && text_[length] >= '0' && text_[length] <= '9') {
      number = number * 10 + (text_[length++] - '0');
    }
    if (length == 0) return std::nullopt;
    Skip(length);
    return number;
  }
  bool Take(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
      if (!base::AsciiEqualsIgnoreCase(text_.substr(0, word.size()), word)) continue;
      Skip(word.size());
      return true;
    }
    return false;
  }
  bool AtEnd() const { return text_.empty(); }

 private:
  void Skip(std::size_t length) {
    text_.remove_prefix(length);
    SkipSpace();
  }
  void SkipSpace() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == ',')) text_.remove_prefix(1);
  }
  std::string_view text_;
};

std::optional<std::int32_t> Plausible(std::int64_t days) {
  if (days < 0 || days > kLongestGestation) return std::nullopt;
  return static_cast<std::int32_t>(days);
}

}  // namespace

std::optional<std::int32_t> ParseGestation(std::string_view text) {
  Scanner scanner(text);
  const auto weeks = scanner.Number();
  if (!weeks) return std::nullopt;
  const bool has_unit = scanner.Take({"weeks", "week", "wks", "wk", "w"});
  const bool has_plus = scanner.Take({"+", "and"});
  const auto days = scanner.Number();
  if (!days) return has_unit && !has_plus && scanner.AtEnd() ? Plausible(*weeks * 7) : std::nullopt;
  const bool has_day_unit = scanner.Take({"/7", "days", "day", "d"});
  if (!has_unit && !has_plus && !has_day_unit) return std::nullopt;
  if (*days > 6 || !scanner.AtEnd()) return std::nullopt;
  return Plausible(*weeks * 7 + *days);
}

std::optional<std::int32_t> GestationOf(const model::Quantity& quantity, WithoutUnit without_unit) {
  std::string_view unit = quantity.unit;
  if (unit.empty() && without_unit == WithoutUnit::kWeeks) unit = "wk";
  if (unit.empty()) return std::nullopt;
  if (quantity.comparator != model::Comparator::kNone) return std::nullopt;
  const auto days = model::Convert(quantity.value, unit, "d");
  // 31.2857 wk is 31w2d: the nearest day.
  const auto whole = days ? days->Rounded(0).ToInteger() : std::nullopt;
  return whole ? Plausible(*whole) : std::nullopt;
}

}  // namespace internal
}  // namespace osteon::cards::perinatal
