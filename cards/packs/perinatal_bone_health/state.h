// Pregnancy, gestational age, postpartum days, lactation, intention and childbearing potential.
// Source: rules.md section 2 with clarifications 1 to 20 and 57 to 60.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cards/chart.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

// Partial dates and ties on one day are read so that the fact is true (safety rules C, F, G) or false (nudge
// rules A, B, D, E). Source: rules.md 0.1, 2.2; clarifications 13, 16.
enum class Reading : std::uint8_t { kSafety, kNudge };

enum class Pregnancy : std::uint8_t { kPregnant, kPossiblyPregnant, kPostpartum, kNotPregnant, kUnknown };
enum class Lactation : std::uint8_t { kYes, kPossible, kNo, kUnknown };
enum class Intention : std::uint8_t { kYes, kNo, kAmbivalent, kUnsure, kUnknown };
// kLow: female sterilisation without failure; rows treat it as effective contraception.
enum class Childbearing : std::uint8_t { kNo, kLow, kYes };

// A fact with its date and source, for the card's text ("pregnant (observation 2026-06-01)").
struct Evidence {
  std::string text;  // what, for a person, without the date
  std::optional<base::Day> date;
};

struct State {
  // --- demographics (0.3)
  bool male_recorded = false;  // gender male and no statement of female sex: not eligible, see rules.md 0.3
  std::optional<std::int32_t> age_years;
  // --- pregnancy (2.2)
  Pregnancy pregnancy = Pregnancy::kUnknown;
  bool conflict = false;  // possibly pregnant because newer evidence contradicts, or EDDs disagree
  std::vector<Evidence> conflict_items;      // what contradicts what
  std::vector<Evidence> pregnancy_evidence;  // what the state rests on, newest first
  // --- dates (2.3)
  std::optional<std::int32_t> gestational_days;  // pregnant, when known
  std::optional<base::Day> edd;                  // the active estimated delivery date, or derived from GA
  // Pregnant or conflicting: now - GA, or now - 280 when GA is unknown (clarifications 59, 60).
  std::optional<base::Day> lmp;
  std::optional<base::Day> delivery;            // postpartum, when known or presumed
  std::optional<std::int32_t> days_postpartum;  // now - delivery
  bool delivery_presumed = false;               // T5
  // Start of the current pregnancy or postpartum window: lmp, or delivery - 280; absent when neither.
  std::optional<base::Day> window_start;
  // --- lactation (2.4)
  Lactation lactation = Lactation::kUnknown;
  std::optional<base::Day> weaned;  // weaning date, when known
  // --- intention (2.5), childbearing potential and contraception (2.6)
  Intention intention = Intention::kUnknown;
  Childbearing childbearing = Childbearing::kNo;
  bool fertility_reduced = false;        // premature menopause: reduced, not absent
  bool effective_contraception = false;  // without pills
  bool pill_contraception = false;       // combined pill, ring or patch active
  bool dmpa = false;                     // DMPA within 15 weeks: lowers BMD itself
  std::vector<Evidence> contraception_evidence;
  std::optional<base::Day> newest_negative_hcg;

  bool planning() const { return intention == Intention::kYes; }
};

// Reads patient, pregObs, conditions, procedures, meds (contraception) through `reader`, which records the
// gaps.
// Worked out once per input, which keeps it.
const State& ResolveState(const RuleInput& input, ChartReader& reader, Reading reading);

// "31w2d"; "6 wk postpartum" is composed by the cards.
std::string FormatGestation(std::int32_t days);

}  // namespace osteon::cards::perinatal
