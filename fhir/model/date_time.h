// FHIR R4 date, dateTime and instant, with the precision they were written in, as the whole days they may
// mean. Source: http://hl7.org/fhir/R4/datatypes.html#date, #dateTime, #instant.
#pragma once

#include <optional>
#include <string_view>

#include "fhir/base/instant.h"
#include "fhir/json/tree.h"

namespace osteon::model {

enum class DatePrecision : std::uint8_t { kYear, kMonth, kDay, kTime };

// first <= last; equal for full dates and times. "2026-05" means any day of that month.
struct DateSpan {
  base::Day first;
  base::Day last;
  DatePrecision precision = DatePrecision::kDay;
  std::optional<base::Instant> instant;  // present when a time with an offset was written
};

// A time is placed on its day in `zone`; a time without an offset (illegal in FHIR, seen in the wild) keeps
// its written day. Absent, malformed or impossible (2026-02-30) text gives nullopt.
std::optional<DateSpan> ParseDate(std::string_view text, const base::TimeZone& zone);

// The date in a choice element, whichever type it came in: dateTime, instant and date as such; Period from
// the first day of start to the last day of end (an open end leaves only the start); Age, Range, string and
// Timing: nullopt. `start`: the span in which a Period began; for other types the date itself.
std::optional<DateSpan> StartOf(json::Value element, const base::TimeZone& zone);
// The span in which a Period ended, or the date itself; nullopt for an open end.
std::optional<DateSpan> EndOf(json::Value element, const base::TimeZone& zone);

}  // namespace osteon::model
